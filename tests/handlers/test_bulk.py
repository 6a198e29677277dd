"""One change to many assets: a dry run before it, errors by asset, one audit entry each, and an undo after it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.access import Grant, Right
from chalicelib.domain.ids import AssetId
from chalicelib.models import audit
from chalicelib.services import indexing, jobs as services
from tests.builders import Shop, call
from tests.bulk import asked, assets, changed, ran, undone
from tests.handlers.people import may, somebody
from tests.handlers.reviewing import an_asset, seen


def keywords(shop: Shop, ids: list[str]) -> list[list[str]]:
    return [seen(shop, one)["keywords"] for one in ids]


@pytest.mark.requirement("R05", "R46")
def test_three_keywords_are_added_and_one_removed_in_one_job_with_one_entry_each(shop: Shop) -> None:
    ids = assets(shop, 5)
    shop.call("PATCH", f"/v1/assets/{ids[0]}", {"keywords": ["OLD", "Red", "mine"]})

    job = changed(shop, shop.key, {"ids": ids}, add_keywords=["red", "linen", "summer"], remove_keywords=["Old"])

    assert (job["state"], job["done"], job["total"], job["errors"]) == ("done", 5, 5, [])
    assert job["result"] == {"changed": 5, "unchanged": 0, "refused": 0}
    assert keywords(shop, ids)[:2] == [["Red", "mine", "linen", "summer"], ["red", "linen", "summer"]]
    for one in ids:
        items = shop.call("GET", f"/v1/audit?subject=asset:{one}").body["items"]
        assert [each["action"] for each in items if each.get("batch_id") == job["id"]] == ["asset.edited"]


@pytest.mark.requirement("R05")
def test_a_dry_run_says_what_would_come_of_it_and_writes_nothing(shop: Shop) -> None:
    ids = assets(shop, 3)
    ann = somebody(
        shop, may(Right.VIEW, Right.EDIT), Grant(asset_id=AssetId(ids[1]), deny=Right.EDIT.bit),
        Grant(asset_id=AssetId(ids[2]), deny=Right.SEE.bit),
    )  # fmt: skip
    body = {"selection": {"ids": ids}, "change": {"set": {"title": "New"}, "add_keywords": ["x"]}, "dry_run": True}

    reply = ann.call("POST", "/v1/bulk", body)

    first, second, third = reply.body["sample"]
    assert (reply.status, reply.body["count"], reply.body["refused"]) == (200, 3, 2)
    assert {(one["code"], one["count"]) for one in reply.body["reasons"]} == {("not_allowed", 1), ("not_found", 1)}
    assert first["after"] == {"title": "New", "keywords": ["old", "x"]}
    assert first["before"] == {"keywords": ["old"]}
    assert (second["name"], second["refused"]["code"]) == ("1.txt", "not_allowed")
    assert (third["name"], third["refused"]["code"]) == (None, "not_found")
    assert seen(shop, ids[0])["title"] is None
    assert shop.call("GET", "/v1/jobs").body["items"] == []


@pytest.mark.requirement("R05", "R18")
def test_a_dry_run_without_a_change_says_how_many_have_which_keyword_and_lie_where(shop: Shop) -> None:
    ids = assets(shop, 4)
    home = shop.call("POST", "/v1/collections", {"name": "Spring"}).body["id"]
    shop.call("PATCH", f"/v1/assets/{ids[0]}", {"keywords": ["Old", "red"]})
    shop.call("PATCH", f"/v1/assets/{ids[3]}", {"keywords": ["hidden"]})
    shop.call("PUT", f"/v1/collections/{home}/assets/{ids[1]}")
    ann = somebody(shop, may(Right.VIEW), Grant(asset_id=AssetId(ids[3]), deny=Right.VIEW.bit))

    reply = ann.call("POST", "/v1/bulk", {"selection": {"ids": ids}, "dry_run": True})

    told = [[(one["value"], one["count"]) for one in reply.body[name]] for name in ("keywords", "collections")]
    assert (reply.status, reply.body["count"], reply.body["sample"]) == (200, 4, [])
    assert [(word.casefold(), count) for word, count in told[0]] == [("old", 3), ("red", 1)]
    assert told[1] == [("root", 3), (home, 1)]


@pytest.mark.requirement("R05", "R23")
def test_what_is_refused_is_listed_and_audited_and_the_rest_goes_on(shop: Shop) -> None:
    ids = assets(shop, 4)
    shop.call("POST", f"/v1/assets/{ids[3]}/archive", {"reason": "old"})
    ann = somebody(
        shop, may(Right.VIEW, Right.EDIT), Grant(asset_id=AssetId(ids[1]), deny=Right.EDIT.bit),
        Grant(asset_id=AssetId(ids[2]), deny=Right.SEE.bit),
    )  # fmt: skip

    job = changed(shop, ann.key, {"ids": ids}, set={"rating": 5})

    told = [(one["subject"], one["code"]) for one in job["errors"]]
    assert told == [
        (f"asset:{ids[1]}", "not_allowed"), (f"asset:{ids[2]}", "not_found"), (f"asset:{ids[3]}", "not_live"),
    ]  # fmt: skip
    assert job["result"] == {"changed": 1, "unchanged": 0, "refused": 3}
    assert [seen(shop, one)["rating"] for one in ids] == [5, None, None, None]
    (refused,) = [one for one in audit.of(shop.workspace, f"asset:{ids[1]}") if one.result == "refused"]
    assert (refused.detail or {})["batch_id"] == job["id"]


@pytest.mark.requirement("R05")
def test_the_set_of_a_search_is_fixed_when_it_is_asked_for(shop: Shop) -> None:
    ids = assets(shop, 3)
    for one in ids:
        shop.call("PATCH", f"/v1/assets/{one}", {"title": "Spring"})
    indexing.catch_up(shop.ctx, shop.workspace)
    job_id = asked(shop, shop.key, {"q": "title:Spring", "except": [ids[2]]}, set={"title": "Summer"})
    shop.call("PATCH", f"/v1/assets/{ids[0]}", {"title": "Autumn"})

    job = ran(shop, shop.key, job_id)

    assert job["total"] == 2
    assert [seen(shop, one)["title"] for one in ids] == ["Summer", "Summer", "Spring"]


@pytest.mark.requirement("R05")
def test_an_undo_leaves_every_asset_as_it_was(shop: Shop) -> None:
    ids = assets(shop, 3)
    homes = [shop.call("POST", "/v1/collections", {"name": name}).body["id"] for name in ("A", "B")]
    shop.call("PUT", f"/v1/collections/{homes[0]}/assets/{ids[0]}")
    before = [{**seen(shop, one), "updated_at": "", "etag": "", "usable": []} for one in ids]
    job = changed(
        shop, shop.key, {"ids": ids}, add_keywords=["x"], remove_keywords=["old"], add_to=homes, remove_from="root",
        set={"title": "T", "custom": {"price": 5}, "restriction": {"reason": "legal"}}, archive={"reason": "gone"},
    )  # fmt: skip
    assert [(seen(shop, one)["state"], seen(shop, one)["title"]) for one in ids] == [("archived", "T")] * 3

    undo = undone(shop, shop.key, job["id"])

    after = [{**seen(shop, one), "updated_at": "", "etag": "", "usable": []} for one in ids]
    for one in (*before, *after):
        one["collections"] = sorted(each["id"] for each in one["collections"])
    assert (undo["state"], undo["result"], undo["errors"]) == ("done", {"undone": 3, "refused": 0}, [])
    assert after == before
    assert call("POST", f"/v1/jobs/{job['id']}/undo", Authorization=f"Bearer {shop.key}").body == {"job_id": undo["id"]}


@pytest.mark.requirement("R05")
def test_an_undo_keeps_what_others_did_since_and_lists_it(shop: Shop) -> None:
    ids = assets(shop, 2)
    job = changed(shop, shop.key, {"ids": ids}, add_keywords=["x"], set={"title": "T"})
    shop.call("PATCH", f"/v1/assets/{ids[0]}", {"title": "Mine", "keywords": ["old", "x", "mine"]})

    undo = undone(shop, shop.key, job["id"])

    assert [(one["subject"], one["code"]) for one in undo["errors"]] == [(f"asset:{ids[0]}", "changed_since")]
    assert [(seen(shop, one)["title"], seen(shop, one)["keywords"]) for one in ids] == [
        ("Mine", ["old", "mine"]), (None, ["old"]),
    ]  # fmt: skip


def test_an_undo_takes_back_only_what_the_batch_did(shop: Shop) -> None:
    ids = assets(shop, 2)
    shop.call("PATCH", f"/v1/assets/{ids[0]}", {"keywords": ["old", "x"]})
    job = changed(shop, shop.key, {"ids": ids}, add_keywords=["x"])
    assert job["result"] == {"changed": 1, "unchanged": 1, "refused": 0}

    undone(shop, shop.key, job["id"])

    assert keywords(shop, ids) == [["old", "x"], ["old"]]


@pytest.mark.requirement("R05", "R44")
def test_many_go_to_the_trash_in_one_job_and_an_undo_brings_each_back_as_it_was(shop: Shop) -> None:
    ids = assets(shop, 4)
    shop.call("POST", f"/v1/assets/{ids[1]}/archive", {"reason": "old"})
    shop.call("DELETE", f"/v1/assets/{ids[2]}")

    job = changed(shop, shop.key, {"ids": ids}, trash=True)

    assert (job["result"], job["change"]) == ({"changed": 3, "unchanged": 1, "refused": 0}, ["trash"])
    assert [seen(shop, one)["state"] for one in ids] == ["trashed"] * 4
    items = shop.call("GET", f"/v1/audit?subject=asset:{ids[0]}").body["items"]
    assert [one["action"] for one in items if one.get("batch_id") == job["id"]] == ["asset.trashed"]

    shop.call("POST", f"/v1/assets/{ids[3]}/restore")
    undo = undone(shop, shop.key, job["id"])

    assert (undo["result"], undo["errors"]) == ({"undone": 2, "refused": 0}, [])
    assert [seen(shop, one)["state"] for one in ids] == ["live", "archived", "trashed", "live"]
    items = shop.call("GET", f"/v1/audit?subject=asset:{ids[0]}").body["items"]
    assert [one["action"] for one in items if one.get("batch_id") == undo["id"]] == ["asset.restored"]


@pytest.mark.requirement("R05", "R44")
def test_what_a_search_finds_in_the_trash_is_restored_in_one_job_and_an_undo_trashes_it_again(shop: Shop) -> None:
    home = shop.call("POST", "/v1/collections", {"name": "Spring"}).body["id"]
    ids = assets(shop, 3)
    shop.call("PUT", f"/v1/collections/{home}/assets/{ids[2]}")
    shop.call("DELETE", f"/v1/collections/root/assets/{ids[2]}")
    for one in ids:
        shop.call("DELETE", f"/v1/assets/{one}")
    shop.call("DELETE", f"/v1/collections/{home}")
    indexing.catch_up(shop.ctx, shop.workspace)

    job = changed(shop, shop.key, {"q": "state:trashed"}, restore=True)

    assert [(one["subject"], one["code"]) for one in job["errors"]] == [(f"asset:{ids[2]}", "collection_trashed")]
    assert [seen(shop, one)["state"] for one in ids] == ["live", "live", "trashed"]

    undo = undone(shop, shop.key, job["id"])

    assert undo["result"] == {"undone": 2, "refused": 0}
    assert [seen(shop, one)["state"] for one in ids] == ["trashed"] * 3


def test_what_cannot_be_undone_says_why(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    running = asked(shop, shop.key, {"ids": ["a"]}, add_keywords=["x"])
    other = services.start(shop.ctx, shop.workspace, "member:owner", "none", {})
    codes = [shop.call("POST", f"/v1/jobs/{one}/undo").body["code"] for one in (running, other)]
    ran(shop, shop.key, running)
    from chalicelib.services import undoing

    monkeypatch.setattr(undoing, "UNDO_WITHIN", timedelta(0))
    late = shop.call("POST", f"/v1/jobs/{running}/undo")

    assert codes == ["not_over", "not_undoable"]
    assert (late.status, late.body["code"]) == (409, "undo_over")


@pytest.mark.requirement("R54", "R05")
def test_assets_are_submitted_together_and_an_undo_withdraws_the_request(shop: Shop) -> None:
    ids = [an_asset(shop, path=f"{number}.jpg") for number in range(3)]
    shop.call("PATCH", "/v1/workspace", {"self_approval": True})
    shop.call("POST", f"/v1/assets/{ids[2]}/versions/1/approve", {})
    ann = somebody(shop, may(Right.VIEW, Right.APPROVE))

    job = changed(shop, shop.key, {"ids": ids}, submit={"approver_ids": [ann.id], "note": "please"}, set={"title": "T"})

    (request,) = ann.call("GET", "/v1/approvals?assigned=me&state=open").body["items"]
    assert sorted(one["asset_id"] for one in request["items"]) == sorted(ids[:2])
    assert [(one["subject"], one["code"]) for one in job["errors"]] == [(f"asset:{ids[2]}", "already_decided")]
    assert [seen(shop, one)["title"] for one in ids] == ["T", "T", None]
    undo = undone(shop, shop.key, job["id"])
    assert undo["errors"] == []
    assert ann.call("GET", f"/v1/approvals/{request['id']}").body["state"] == "withdrawn"
    assert [(seen(shop, one)["title"], seen(shop, one)["approval"]) for one in ids] == [
        (None, "none"), (None, "none"), (None, "approved"),
    ]  # fmt: skip


@pytest.mark.requirement("R17")
def test_a_change_of_rights_counts_from_the_next_asset_on(shop: Shop) -> None:
    ids = assets(shop, 2)
    ann = somebody(shop, may(Right.VIEW, Right.EDIT))
    job_id = asked(shop, ann.key, {"ids": ids}, add_keywords=["x"])
    shop.call("DELETE", f"/v1/members/{ann.id}")

    job = ran(shop, shop.key, job_id)

    assert (job["state"], [one["code"] for one in job["errors"]]) == ("failed", ["access_over"])
    assert keywords(shop, ids) == [["old"]] * 2


@pytest.mark.requirement("R17", "R44")
@pytest.mark.parametrize(
    ("right", "change"),
    [
        (Right.EDIT, {"add_keywords": ["x"]}),
        (Right.EDIT, {"remove_keywords": ["old"]}),
        (Right.EDIT, {"set": {"title": "x"}}),
        (Right.MOVE, {"add_to": "root"}),
        (Right.MOVE, {"remove_from": ["root"]}),
        (Right.ARCHIVE, {"archive": "old"}),
        (Right.SUBMIT, {"submit": {"approver_ids": ["x"]}}),
        (Right.DELETE, {"trash": True}),
        (Right.DELETE, {"restore": True}),
    ],
)
def test_each_act_needs_its_right_on_the_asset(shop: Shop, right: Right, change: dict[str, Any]) -> None:
    (asset,) = assets(shop, 1)
    others = [one for one in Right if one is not right]
    ann = somebody(shop, may(*others))

    job = changed(shop, ann.key, {"ids": [asset]}, **change)

    assert [(one["code"], str(right) in one["detail"]) for one in job["errors"]] == [("not_allowed", True)]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"selection": {"ids": ["a"]}},
        {"selection": {"ids": ["a"]}, "change": {}},
        {"selection": {"ids": ["a"]}, "change": {"set": {}}},
        {"selection": {"ids": ["a"]}, "change": {"set": {"rating": 9}}},
        {"selection": {"ids": ["a"]}, "change": {"add_keywords": [""]}},
        {"selection": {"ids": ["a"]}, "change": {"archive": {"reason": ""}}},
        {"selection": {"ids": ["a"]}, "change": {"trash": False}},
        {"selection": {"ids": ["a"]}, "change": {"trash": True, "restore": True}},
        {"selection": {"ids": ["a"]}, "change": {"trash": True, "add_keywords": ["x"]}},
        {"selection": {"ids": ["a"]}, "change": {"archive": "x", "submit": {"approver_ids": ["b"]}}},
        {"selection": {"ids": ["a"]}, "change": {"set": {"title": "x" * 19_000, "alt": "y" * 20_000,
                                                         "custom": {str(n): "z" * 4_000 for n in range(40)}}}},
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused(shop: Shop, given: dict[str, Any]) -> None:
    assert shop.call("POST", "/v1/bulk", given).status == 422


def test_a_collection_that_is_not_there_is_refused_at_once(shop: Shop) -> None:
    body = {"selection": {"ids": ["a"]}, "change": {"add_to": ["nowhere"]}}

    assert shop.call("POST", "/v1/bulk", body).status == 404
