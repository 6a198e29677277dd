"""A ZIP of a selection or a search: what may leave is in it, what may not is listed and written down.

Its address is judged anew at each read.
"""

from typing import Any

import pytest
from PIL import Image

from chalicelib.domain.access import Grant, Right
from chalicelib.domain.ids import CollectionId
from chalicelib.models import audit
from chalicelib.services import bundle_parts, bundles, indexing
from tests.builders import Shop, a_photo, a_shop, call
from tests.downloads import asked, downloaded, ran, seen, unpacked
from tests.handlers.people import may, somebody
from tests.shares import a_share, a_visitor


def filled(shop: Shop, *paths: str) -> dict[str, str]:
    """Assets dropped at these paths, by path: each with bytes of its own."""
    for shade, path in enumerate(paths):
        shop.drop(path, a_photo(shade + 1))
    indexing.catch_up(shop.ctx, shop.workspace)
    found = shop.call("GET", "/v1/search?limit=200").body["items"]
    places = {one["id"]: shop.call("GET", f"/v1/assets/{one['id']}").body for one in found}
    return {
        "/".join(filter(None, (one["collections"][0]["path"], one["name"]))): asset for asset, one in places.items()
    }  # fmt: skip


def actions(shop: Shop, asset_id: str) -> list[tuple[str, str]]:
    """What the audit trail says of downloads of this asset."""
    found = audit.of(shop.workspace, f"asset:{asset_id}")
    return [(one.action, one.result) for one in found if one.action.startswith("asset.download")]


@pytest.mark.requirement("R27", "R62")
def test_a_selection_leaves_as_one_zip_in_which_no_two_files_share_a_name(shop: Shop) -> None:
    ids = filled(shop, "Spring/a.jpg", "Summer/A.JPG", "Kleid – rot 👗.jpg")
    order = [ids["Spring/a.jpg"], ids["Summer/A.JPG"], ids["Kleid – rot 👗.jpg"]]

    job = downloaded(shop, shop.key, {"ids": [*order, order[0]]})

    assert (job["state"], job["done"], job["total"], job["errors"]) == ("done", 3, 3, [])
    assert unpacked(job) == {"a.jpg": a_photo(1), "A (2).JPG": a_photo(2), "Kleid – rot 👗.jpg": a_photo(3)}
    assert (job["result"]["files"], job["result"]["refused"]) == (3, 0)
    assert "file" not in job["result"]
    assert [actions(shop, one) for one in order] == [[("asset.downloaded", "ok")]] * 3


@pytest.mark.requirement("R57")
def test_what_a_search_finds_now_leaves_less_what_is_left_out(shop: Shop) -> None:
    ids = filled(shop, "a.jpg", "b.jpg", "c.png")
    job_id = asked(shop, shop.key, {"q": "a OR b OR c", "except": [ids["c.png"]]})
    shop.drop("a later.jpg", a_photo(9))
    indexing.catch_up(shop.ctx, shop.workspace)

    job = ran(shop, shop.key, job_id)

    assert list(unpacked(job)) == ["a.jpg", "b.jpg"]


@pytest.mark.requirement("R23", "R27")
def test_what_is_refused_is_listed_and_audited_with_its_reason_and_the_rest_goes_on(shop: Shop) -> None:
    ids = filled(shop, "Open/a.jpg", "Guidelines/b.jpg", "Secret/c.jpg", "Open/d.jpg")
    homes = {one["path"]: CollectionId(one["id"]) for one in shop.call("GET", "/v1/collections").body["items"]}
    shop.call("PATCH", f"/v1/assets/{ids['Open/d.jpg']}", {"restriction": {"reason": "legal"}})
    ann = somebody(
        shop,
        may(Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL, Right.EDIT, collection_id=homes["Open"]),
        may(Right.VIEW, collection_id=homes["Guidelines"]),
    )

    job = downloaded(shop, ann.key, {"ids": [*ids.values(), "nothing"]})

    told = {one["subject"].removeprefix("asset:"): one["code"] for one in job["errors"]}
    assert list(unpacked(job)) == ["a.jpg"]
    assert told == {
        ids["Guidelines/b.jpg"]: "not_allowed", ids["Secret/c.jpg"]: "not_found", "nothing": "not_found",
        ids["Open/d.jpg"]: "withheld",
    }  # fmt: skip
    assert (job["state"], job["result"]["files"], job["result"]["refused"]) == ("done", 1, 4)
    assert actions(shop, ids["Guidelines/b.jpg"]) == [("asset.download", "refused")]
    assert actions(shop, ids["Open/d.jpg"]) == [("asset.download", "refused")]
    assert actions(shop, ids["Secret/c.jpg"]) == []


@pytest.mark.requirement("R27")
def test_only_the_approved_version_is_in_a_zip(shop: Shop) -> None:
    shop.call("PATCH", "/v1/workspace", {"self_approval": True})
    ids = filled(shop, "a.jpg")
    assert shop.call("POST", f"/v1/assets/{ids['a.jpg']}/versions/1/approve", {}).status == 200
    shop.drop("a.jpg", a_photo(99))
    staff = somebody(shop, may(Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL))

    job = downloaded(shop, staff.key, {"ids": [ids["a.jpg"]]})

    assert unpacked(job) == {"a.jpg": a_photo(1)}


@pytest.mark.requirement("R27", "R23")
def test_a_zip_is_handed_out_only_while_all_in_it_may_leave(shop: Shop) -> None:
    shop.call("PATCH", "/v1/workspace", {"self_approval": True})
    ids = filled(shop, "a.jpg", "b.jpg")
    staff = somebody(shop, may(Right.DOWNLOAD, Right.DOWNLOAD_ORIGINAL))
    job = downloaded(shop, staff.key, {"ids": list(ids.values())})
    assert job["result"]["url"]

    shop.drop("a.jpg", a_photo(77))
    shop.call("POST", f"/v1/assets/{ids['a.jpg']}/versions/2/approve", {})

    after = seen(staff.key, job["id"])["result"]
    assert (after["url"], after["because"]["code"]) == (None, "contents_changed")
    assert seen(shop.key, job["id"])["result"]["url"], "the owner may have other versions"
    listed = staff.call("GET", "/v1/jobs").body["items"]
    assert [one["result"]["url"] for one in listed] == [None]
    handed = [(one.actor.partition(":")[0], one.result) for one in audit.of(shop.workspace, f"job:{job['id']}")
              if one.action == "download.handed_out"]  # fmt: skip
    assert handed == [("key", "ok"), ("key", "refused"), ("key", "ok")]


def test_a_job_whose_starter_lost_all_access_fails_and_says_so(shop: Shop) -> None:
    ids = filled(shop, "a.jpg")
    staff = somebody(shop, may(Right.DOWNLOAD))
    job_id = asked(shop, staff.key, {"ids": list(ids.values())})
    shop.call("DELETE", f"/v1/members/{staff.id}")

    job = ran(shop, shop.key, job_id)

    assert (job["state"], [one["code"] for one in job["errors"]]) == ("failed", ["access_over"])


@pytest.mark.requirement("R49")
def test_each_file_leaves_as_the_preset_makes_it_and_one_that_cannot_become_that_is_listed(shop: Shop) -> None:
    shop.drop("small.jpg", a_photo(1, (40, 30)))
    ids = filled(shop, "a.jpg")
    preset = shop.call("POST", "/v1/presets", {"name": "Web", "width_px": 64, "height_px": 64, "format": "png"}).body

    job = downloaded(shop, shop.key, {"ids": [ids["a.jpg"], ids["small.jpg"]]}, preset=preset["id"])

    ((name, body),) = unpacked(job).items()
    import io

    assert (name, Image.open(io.BytesIO(body)).size) == ("a-Web.png", (64, 48))
    assert [one["code"] for one in job["errors"]] == ["too_small"]


@pytest.mark.requirement("R11", "RS2")
def test_a_visitor_of_a_link_downloads_what_it_shows_and_each_file_counts(shop: Shop) -> None:
    ids = filled(shop, "a.jpg", "b.jpg", "c.jpg")
    share = a_share(
        shop, {"asset_ids": [ids["a.jpg"], ids["b.jpg"]]}, switches={"view": True, "download": True},
        download="original",
    )  # fmt: skip
    visitor = a_visitor(share["token"])

    job = downloaded(shop, visitor.session, {"ids": list(ids.values())})

    assert sorted(unpacked(job)) == ["a.jpg", "b.jpg"]
    assert [one["code"] for one in job["errors"]] == ["not_found"]
    assert shop.call("GET", f"/v1/shares/{share['id']}/stats").body["downloads"] == 2
    shop.call("DELETE", f"/v1/shares/{share['id']}")
    assert visitor.call("GET", f"/v1/jobs/{job['id']}").status == 410


@pytest.mark.requirement("R23")
def test_who_may_download_nothing_is_refused_at_once_and_that_is_written_down(shop: Shop) -> None:
    ids = filled(shop, "a.jpg")
    viewer = somebody(shop, may(Right.VIEW))

    reply = viewer.call("POST", "/v1/downloads", {"selection": {"ids": list(ids.values())}})

    (refused,) = [one for one in audit.day(shop.workspace, shop.ctx.now()) if one.result == "refused"]
    assert (reply.status, refused.action) == (403, "download_many")


def test_a_zip_with_nothing_in_it_is_not_made(shop: Shop) -> None:
    job = downloaded(shop, shop.key, {"ids": ["nothing"]})

    assert (job["state"], job["done"], job["result"]) == ("done", 1, {"files": 0, "refused": 1})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"selection": {}},
        {"selection": {"ids": []}},
        {"selection": {"ids": ["a"] * 10_001}},
        {"selection": {"ids": ["a"], "q": "b"}},
        {"selection": {"ids": ["a"], "except": ["b"]}},
        {"selection": {"q": "width:>=("}},
        {"selection": {"q": "finds-nothing-at-all"}},
        {"selection": {"ids": ["a"]}, "preset": "unknown"},
        {"selection": {"ids": ["a"]}, "preset": "story", "original": True},
    ],
)
def test_what_cannot_be_downloaded_is_refused(shop: Shop, given: dict[str, Any]) -> None:
    assert shop.call("POST", "/v1/downloads", given).status == 422


def test_a_search_that_finds_more_than_one_zip_holds_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.services import selections

    filled(shop, "a.jpg", "b.jpg", "c.jpg")
    monkeypatch.setattr(selections, "MOST", 2)

    reply = shop.call("POST", "/v1/downloads", {"selection": {"q": ""}})

    assert (reply.status, reply.body["code"]) == (422, "too_many_assets")


def test_a_zip_beyond_what_one_holds_fails_in_words(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = filled(shop, "a.jpg")
    monkeypatch.setattr(bundles.bundles, "MOST_BYTES", 10)
    job_id = asked(shop, shop.key, {"ids": list(ids.values())})

    job = ran(shop, shop.key, job_id)

    assert (job["state"], [one["code"] for one in job["errors"]]) == ("failed", ["too_many_bytes"])


def test_asked_twice_under_one_key_it_is_one_job(shop: Shop) -> None:
    given = {"selection": {"ids": ["a"]}}

    replies = [shop.call("POST", "/v1/downloads", given, Idempotency_Key="once") for _ in range(2)]

    assert replies[0].body == replies[1].body


def test_a_zip_that_the_store_gave_up_is_begun_anew(shop: Shop) -> None:
    ids = filled(shop, "a.jpg")
    job_id = asked(shop, shop.key, {"ids": list(ids.values())})
    genuine = bundle_parts._cut

    def given_up(ctx: Any, lines: Any, layout: Any, number: int, size: int) -> bytes:
        bundle_parts._cut = genuine
        key = f"{shop.workspace}/downloads/{job_id}.zip"
        store: Any = ctx.store
        for one in store._s3.list_multipart_uploads(Bucket=ctx.settings.bucket("exports")).get("Uploads", []):
            if one["Key"] == key:
                ctx.store.drop_parts("exports", key, one["UploadId"])
        return genuine(ctx, lines, layout, number, size)

    bundle_parts._cut = given_up
    jobs_later(shop, job_id, times=1)
    job = jobs_later(shop, job_id, times=1, leases=2)

    assert job["state"] == "done"
    assert list(unpacked(job)) == ["a.jpg"]


def jobs_later(shop: Shop, job_id: str, *, times: int, leases: int = 0) -> dict[str, Any]:
    from datetime import timedelta

    from chalicelib.handlers.jobs import WORKS
    from chalicelib.services import jobs
    from tests import policies

    moment = shop.ctx.now() + timedelta(seconds=leases * shop.ctx.settings.lease_s)
    for _ in range(times):
        jobs.run(policies.at(shop.ctx, moment), WORKS, shop.workspace, job_id)
    return seen(shop.key, job_id)


def test_a_download_of_another_workspace_is_not_there(shop: Shop) -> None:
    job_id = asked(shop, shop.key, {"ids": ["a"]})

    assert call("GET", f"/v1/jobs/{job_id}", Authorization=f"Bearer {a_shop().key}").status == 404


def test_an_asset_that_is_denied_is_as_if_it_were_not_there(shop: Shop) -> None:
    ids = filled(shop, "a.jpg", "b.jpg")
    key = somebody(shop, may(Right.DOWNLOAD), Grant(asset_id=ids["b.jpg"], deny=Right.SEE.bit)).key  # type: ignore[arg-type]

    job = downloaded(shop, key, {"ids": list(ids.values())})

    assert {one["subject"]: one["code"] for one in job["errors"]} == {f"asset:{ids['b.jpg']}": "not_found"}
    assert list(unpacked(job)) == ["a.webp"]
