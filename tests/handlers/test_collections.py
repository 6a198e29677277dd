"""Collections over the API: make, rename, move, rules, trash and restore, and who sees how much."""

from typing import Any

import pytest

from chalicelib.domain.access import Grant, Right
from tests.builders import Reply, Shop, a_photo
from tests.handlers.people import may, somebody


def make(shop: Shop, name: str, parent_id: str | None = None, **more: Any) -> dict[str, Any]:
    reply = shop.call("POST", "/v1/collections", {"name": name, "parent_id": parent_id, **more})
    assert reply.status == 201, reply.body
    return dict(reply.body)


def paths(shop: Shop) -> list[str]:
    return sorted(one["path"] for one in shop.call("GET", "/v1/collections").body["items"])


def home_of(shop: Shop, path: str) -> str:
    return str(next(one["id"] for one in shop.call("GET", "/v1/collections").body["items"] if one["path"] == path))


def only_asset(shop: Shop, collection_id: str) -> str:
    (asset,) = shop.assets(collection_id=collection_id)
    return str(asset["id"])


def refusal(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.body["code"]


@pytest.mark.requirement("R44")
def test_a_made_collection_stands_in_the_tree_with_path_rights_and_rules(shop: Shop) -> None:
    spring = make(shop, "Spring")
    front = make(shop, "Front", spring["id"], policy={"uploads": "pending"})

    read = shop.call("GET", f"/v1/collections/{front['id']}")

    assert read.body == front
    assert read.headers["etag"] == f'"{front["etag"]}"'
    assert (front["path"], front["parent_id"], front["asset_count"]) == ("Spring/Front", spring["id"], 0)
    assert front["policy"] == {
        "unapproved": "newest", "uploads": "pending", "required_fields": [], "auto_tags": True, "approved_to": None,
    }  # fmt: skip
    assert "manage" in front["rights"]
    assert shop.call("GET", f"/v1/collections/{spring['id']}").body["has_children"] is True


@pytest.mark.parametrize("second", ["spring", " SPRING ", "Spring"])
def test_siblings_never_have_the_same_name_whatever_its_case(shop: Shop, second: str) -> None:
    make(shop, "Spring")

    assert refusal(shop.call("POST", "/v1/collections", {"name": second})) == (409, "name_taken")


def test_two_spellings_of_one_accent_are_one_name(shop: Shop) -> None:
    make(shop, "Caf\u00e9")

    assert refusal(shop.call("POST", "/v1/collections", {"name": "Cafe\u0301"})) == (409, "name_taken")


@pytest.mark.parametrize("name", ["", "  ", "a/b", "..", "a\nb", "x" * 256])
def test_a_name_that_cannot_be_used_is_refused_by_name(shop: Shop, name: str) -> None:
    reply = shop.call("POST", "/v1/collections", {"name": name})

    assert (reply.status, list(reply.body["fields"])) == (422, ["name"])


@pytest.mark.parametrize("name", ["👗 Sommer", "ملابس", "100% + more", ".hidden", "CON", "a%2Fb", "x" * 255])
def test_odd_names_are_kept_as_they_are(shop: Shop, name: str) -> None:
    assert make(shop, name)["name"] == name


def test_collections_nest_fifty_deep(shop: Shop) -> None:
    at = None
    for depth in range(50):
        at = make(shop, f"level {depth}", at)["id"]

    assert refusal(shop.call("POST", "/v1/collections", {"name": "one more", "parent_id": at})) == (409, "too_deep")


@pytest.mark.requirement("R44")
def test_renaming_and_moving_keep_the_id_and_free_the_name(shop: Shop) -> None:
    spring, summer = make(shop, "Spring"), make(shop, "Summer")
    front = make(shop, "Front", spring["id"])

    moved = shop.call("PATCH", f"/v1/collections/{front['id']}", {"name": "Back", "parent_id": summer["id"]})

    assert (moved.status, moved.body["id"], moved.body["path"]) == (200, front["id"], "Summer/Back")
    assert make(shop, "Front", spring["id"])["path"] == "Spring/Front"
    to_top = shop.call("PATCH", f"/v1/collections/{front['id']}", {"parent_id": None})
    assert (to_top.body["path"], to_top.body["parent_id"]) == ("Back", "root")


def test_a_collection_never_comes_to_lie_below_itself(shop: Shop) -> None:
    spring = make(shop, "Spring")
    front = make(shop, "Front", spring["id"])

    replies = [
        shop.call("PATCH", f"/v1/collections/{spring['id']}", {"parent_id": where})
        for where in (front["id"], spring["id"])
    ]

    assert [refusal(one) for one in replies] == [(409, "below_itself")] * 2


def test_renaming_onto_a_sibling_is_refused_and_changing_only_case_is_not(shop: Shop) -> None:
    make(shop, "Spring")
    summer = make(shop, "Summer")

    taken = shop.call("PATCH", f"/v1/collections/{summer['id']}", {"name": "SPRING"})
    same = shop.call("PATCH", f"/v1/collections/{summer['id']}", {"name": "SUMMER"})

    assert (refusal(taken), same.status, same.body["name"]) == ((409, "name_taken"), 200, "SUMMER")


def test_rules_are_merged_and_null_gives_the_default_back(shop: Shop) -> None:
    spring = make(shop, "Spring", policy={"unapproved": "block", "required_fields": ["alt"]})
    path = f"/v1/collections/{spring['id']}"

    merged = shop.call("PATCH", path, {"policy": {"uploads": "pending", "unapproved": None}}).body["policy"]
    cleared = shop.call("PATCH", path, {"policy": None}).body["policy"]

    assert (merged["unapproved"], merged["uploads"], merged["required_fields"]) == ("newest", "pending", ["alt"])
    assert (cleared["uploads"], cleared["required_fields"]) == ("accept", [])
    assert shop.call("PATCH", path, {"policy": {"required_fields": ["size"]}}).status == 422


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"name": "x"}), ("DELETE", None)])
def test_the_root_stays_as_it_is(shop: Shop, method: str, body: Any) -> None:
    assert refusal(shop.call(method, "/v1/collections/root", body)) == (409, "is_root")


def test_a_stale_etag_is_refused_in_both_forms_and_a_star_fits_any(shop: Shop) -> None:
    spring = make(shop, "Spring")
    path = f"/v1/collections/{spring['id']}"
    shop.call("PATCH", path, {"name": "Summer"})

    stale = [shop.call("PATCH", path, {"name": "x"}, If_Match=tag).status for tag in ("1", '"1"', 'W/"1"', "junk")]
    fresh = [shop.call("PATCH", path, {"name": "Summer"}, If_Match=tag).status for tag in ("2", '"2"', "*", '"1", "2"')]

    assert (stale, fresh) == ([412] * 4, [200] * 4)


def test_the_same_idempotency_key_makes_one_collection(shop: Shop) -> None:
    first = shop.call("POST", "/v1/collections", {"name": "Spring"}, Idempotency_Key="k")
    second = shop.call("POST", "/v1/collections", {"name": "Spring"}, Idempotency_Key="k")

    assert (first.status, second.status, first.body["id"]) == (201, 201, second.body["id"])


@pytest.mark.requirement("R44")
def test_deleting_trashes_what_is_only_there_and_restoring_brings_exactly_that_back(shop: Shop) -> None:
    for name in ("only", "elsewhere", "archived", "trashed"):
        shop.drop(f"Spring/Front/{name}.jpg", a_photo(len(name)))
    spring, front = home_of(shop, "Spring"), home_of(shop, "Spring/Front")
    kept = make(shop, "Kept")["id"]
    by_name = {one["name"].split(".")[0]: one["id"] for one in shop.assets(collection_id=front)}
    shop.call("PUT", f"/v1/collections/{kept}/assets/{by_name['elsewhere']}")
    shop.call("POST", f"/v1/assets/{by_name['archived']}/archive", {"reason": "old"})
    shop.call("DELETE", f"/v1/assets/{by_name['trashed']}")

    def states() -> dict[str, str]:
        return {name: shop.call("GET", f"/v1/assets/{one}").body["state"] for name, one in by_name.items()}

    gone = shop.call("DELETE", f"/v1/collections/{spring}")
    deleted, tree = states(), paths(shop)
    back = shop.call("POST", f"/v1/collections/{spring}/restore")

    assert (gone.status, back.status, back.body["path"]) == (204, 200, "Spring")
    assert tree == ["", "Kept"]
    assert deleted == {"only": "trashed", "elsewhere": "live", "archived": "trashed", "trashed": "trashed"}
    assert states() == {"only": "live", "elsewhere": "live", "archived": "archived", "trashed": "trashed"}
    assert paths(shop) == ["", "Kept", "Spring", "Spring/Front"]
    assert {one["name"] for one in shop.assets(collection_id=front)} == {"only.jpg", "elsewhere.jpg"}


def test_a_trashed_collection_is_gone_and_listed_in_the_trash(shop: Shop) -> None:
    spring = make(shop, "Spring")
    shop.call("DELETE", f"/v1/collections/{spring['id']}")

    read = shop.call("GET", f"/v1/collections/{spring['id']}")
    listed = shop.call("GET", "/v1/collections?state=trashed").body["items"]

    assert refusal(read) == (404, "not_found")
    assert [(one["id"], one["state"]) for one in listed] == [(spring["id"], "trashed")]


def test_a_name_is_free_after_deletion_and_restoring_onto_a_taken_one_is_refused(shop: Shop) -> None:
    first = make(shop, "Spring")
    shop.call("DELETE", f"/v1/collections/{first['id']}")
    second = make(shop, "spring")

    taken = shop.call("POST", f"/v1/collections/{first['id']}/restore")
    shop.call("PATCH", f"/v1/collections/{second['id']}", {"name": "Summer"})
    free = shop.call("POST", f"/v1/collections/{first['id']}/restore")
    again = shop.call("POST", f"/v1/collections/{first['id']}/restore")

    assert refusal(taken) == (409, "name_taken")
    assert (free.status, refusal(again)) == (200, (409, "not_trashed"))


def test_below_a_trashed_parent_nothing_is_restored_alone(shop: Shop) -> None:
    spring = make(shop, "Spring")
    front = make(shop, "Front", spring["id"])
    shop.call("DELETE", f"/v1/collections/{front['id']}")
    shop.call("DELETE", f"/v1/collections/{spring['id']}")

    alone = shop.call("POST", f"/v1/collections/{front['id']}/restore")
    shop.call("POST", f"/v1/collections/{spring['id']}/restore")

    assert refusal(alone) == (409, "parent_trashed")
    assert paths(shop) == ["", "Spring"]


def test_a_file_dropped_into_a_deleted_folder_makes_the_folder_anew(shop: Shop) -> None:
    shop.drop("Spring/Front/a.jpg", a_photo(1))
    old = home_of(shop, "Spring")
    shop.call("DELETE", f"/v1/collections/{old}")

    shop.drop("Spring/Front/a.jpg", a_photo(2))

    assert home_of(shop, "Spring") != old
    assert [one["name"] for one in shop.assets(collection_id=home_of(shop, "Spring/Front"))] == ["a.jpg"]
    shop.call("PATCH", f"/v1/collections/{home_of(shop, 'Spring')}", {"name": "Second"})
    shop.call("POST", f"/v1/collections/{old}/restore")
    assert [one["newest_version"] for one in shop.assets(collection_id=home_of(shop, "Spring/Front"))] == [1]


@pytest.mark.requirement("R44")
def test_an_asset_lies_in_several_collections_and_always_in_one(shop: Shop) -> None:
    shop.drop("Spring/a.jpg", a_photo())
    spring, kept = home_of(shop, "Spring"), make(shop, "Kept")["id"]
    asset = only_asset(shop, spring)

    put = [shop.call("PUT", f"/v1/collections/{kept}/assets/{asset}") for _ in range(2)]
    out = [shop.call("DELETE", f"/v1/collections/{spring}/assets/{asset}") for _ in range(2)]
    last = shop.call("DELETE", f"/v1/collections/{kept}/assets/{asset}")

    assert [one.status for one in (*put, *out)] == [200, 200, 204, 204]
    assert [one["path"] for one in put[0].body["collections"]] == ["Spring", "Kept"]
    assert refusal(last) == (409, "last_collection")
    assert (shop.assets(collection_id=spring), only_asset(shop, kept)) == ([], asset)


def test_putting_a_trashed_folders_asset_elsewhere_brings_it_back(shop: Shop) -> None:
    shop.drop("Spring/a.jpg", a_photo())
    spring = home_of(shop, "Spring")
    asset = only_asset(shop, spring)
    shop.call("DELETE", f"/v1/collections/{spring}")

    alone = shop.call("POST", f"/v1/assets/{asset}/restore")
    put = shop.call("PUT", f"/v1/collections/root/assets/{asset}")

    assert refusal(alone) == (409, "collection_trashed")
    assert (put.status, put.body["state"], only_asset(shop, "root")) == (200, "live", asset)


@pytest.mark.requirement("R44")
def test_membership_needs_move_on_the_asset_and_upload_there(shop: Shop) -> None:
    shop.drop("Spring/a.jpg", a_photo())
    spring, kept = home_of(shop, "Spring"), make(shop, "Kept")["id"]
    path = f"/v1/collections/{kept}/assets/{only_asset(shop, spring)}"
    mover = somebody(shop, may(Right.MOVE), may(Right.UPLOAD, collection_id=kept))
    without_move = somebody(shop, may(Right.VIEW), may(Right.UPLOAD, collection_id=kept))
    without_upload = somebody(shop, may(Right.MOVE))
    blind = somebody(shop, may(Right.MOVE, collection_id=spring))

    statuses = [one.call("PUT", path).status for one in (without_move, without_upload, blind, mover)]

    assert statuses == [403, 403, 404, 200]


@pytest.mark.requirement("R18")
def test_collections_count_only_what_the_caller_may_see(shop: Shop) -> None:
    for name in ("open", "dated", "restricted", "shared", "hidden", "denied"):
        shop.drop(f"Spring/{name}.jpg", a_photo(len(name)))
    spring, secret = home_of(shop, "Spring"), make(shop, "Secret")["id"]
    by_name = {one["name"].split(".")[0]: one["id"] for one in shop.assets(collection_id=spring)}
    shop.call("PATCH", f"/v1/assets/{by_name['dated']}", {"available_until": "2020-01-01T00:00:00Z"})
    shop.call("PATCH", f"/v1/assets/{by_name['restricted']}", {"restriction": {"reason": "rights unclear"}})
    shop.call("PUT", f"/v1/collections/root/assets/{by_name['shared']}")
    shop.call("PUT", f"/v1/collections/{secret}/assets/{by_name['hidden']}")
    viewer = somebody(
        shop, may(Right.VIEW), Grant(collection_id=secret, deny=Right.SEE.bit),
        Grant(asset_id=by_name["denied"], deny=Right.SEE.bit),
    )  # fmt: skip

    seen = {one["path"]: one["asset_count"] for one in viewer.call("GET", "/v1/collections").body["items"]}
    listed = viewer.call("GET", f"/v1/assets?collection_id={spring}").body["items"]
    all_of_it = {one["path"]: one["asset_count"] for one in shop.call("GET", "/v1/collections").body["items"]}

    assert seen == {"": 1, "Spring": 2}
    assert {one["name"] for one in listed} == {"open.jpg", "shared.jpg"}
    assert all_of_it == {"": 1, "Spring": 6, "Secret": 1}


@pytest.mark.requirement("R18")
def test_a_visible_child_of_a_hidden_parent_stands_under_the_root(shop: Shop) -> None:
    spring = make(shop, "Spring")
    front = make(shop, "Front", spring["id"])
    viewer = somebody(shop, may(Right.VIEW, collection_id=front["id"]))

    everything = viewer.call("GET", "/v1/collections").body["items"]
    top = viewer.call("GET", "/v1/collections?parent_id=root")
    hidden = viewer.call("GET", f"/v1/collections?parent_id={spring['id']}")

    assert [(one["path"], one["parent_id"], one["rights"]) for one in everything] == [
        ("Front", "root", ["see", "view"])
    ]
    assert (top.status, hidden.status) == (404, 404)
    assert shop.call("GET", f"/v1/collections?parent_id={spring['id']}").body["items"][0]["id"] == front["id"]


def test_each_change_of_a_collection_needs_its_own_right(shop: Shop) -> None:
    spring, kept = make(shop, "Spring"), make(shop, "Kept")
    make(shop, "Front", spring["id"])
    path = f"/v1/collections/{spring['id']}"
    viewer, editor = somebody(shop, may(Right.VIEW)), somebody(shop, may(Right.EDIT))
    deleter = somebody(
        shop, may(Right.DELETE), Grant(collection_id=home_of(shop, "Spring/Front"), deny=Right.DELETE.bit)
    )

    statuses = [
        viewer.call("POST", "/v1/collections", {"name": "x"}).status,
        viewer.call("PATCH", path, {"name": "x"}).status,
        viewer.call("DELETE", path).status,
        deleter.call("DELETE", path).status,
        editor.call("PATCH", path, {"policy": {"uploads": "pending"}}).status,
        editor.call("PATCH", path, {"parent_id": kept["id"]}).status,
        editor.call("PATCH", path, {"name": "Renamed"}).status,
    ]

    assert statuses == [403, 403, 403, 403, 403, 403, 200]


def test_a_long_list_of_collections_comes_in_pages_parents_first(shop: Shop) -> None:
    spring = make(shop, "Spring")
    for name in ("a", "b", "c"):
        make(shop, name, spring["id"])

    first = shop.call("GET", "/v1/collections?limit=2").body
    second = shop.call("GET", f"/v1/collections?limit=2&cursor={first['next']}").body
    third = shop.call("GET", f"/v1/collections?limit=2&cursor={second['next']}").body

    read = [one["path"] for page in (first, second, third) for one in page["items"]]
    assert (read, third["next"]) == (["", "Spring", "Spring/a", "Spring/b", "Spring/c"], None)


@pytest.mark.requirement("R18")
def test_no_path_anywhere_names_an_ancestor_that_the_caller_may_not_see(shop: Shop) -> None:
    from chalicelib.domain.ids import CollectionId
    from chalicelib.services import indexing

    shop.drop("Secret/Spring/a.jpg", a_photo(), keywords="studio")
    indexing.catch_up(shop.ctx, shop.workspace)
    home = home_of(shop, "Secret/Spring")
    person = somebody(shop, may(Right.VIEW, collection_id=CollectionId(home)))
    (asset,) = person.call("GET", f"/v1/assets?collection_id={home}").body["items"]

    replies = [
        person.call("GET", path)
        for path in (
            "/v1/collections",
            f"/v1/assets/{asset['id']}",
            "/v1/search?q=studio&facets=collection",
            "/v1/search/suggest?q=spr",
        )
    ]
    replies[1].body.pop("sources")  # where the file came from, not where it stands
    guessed = person.call("GET", "/v1/search?q=collection:%22Secret/Spring%22").body["total"]
    known = person.call("GET", "/v1/search?q=collection:Spring").body["total"]

    assert [one.status for one in replies] == [200] * 4
    assert all("Spring" in str(one.body) and "Secret" not in str(one.body) for one in replies)
    assert (guessed, known) == (0, 1)
