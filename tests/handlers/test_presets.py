"""Presets: what a picture becomes for a place, and whether it can."""

import io
from typing import Any

import pytest
import requests
from PIL import Image

from chalicelib.domain.access import Right
from chalicelib.handlers.jobs import WORKS
from chalicelib.services import indexing, jobs
from infra.local.polling import await_true
from tests.builders import Shop, a_photo
from tests.handlers.people import may, somebody
from tests.shares import a_share, a_visitor

PLAIN = {"name": "Banner", "width_px": 300, "height_px": 100, "mode": "fill"}


def an_asset(shop: Shop, size: tuple[int, int] = (640, 480), *, approved: bool = True) -> str:
    shop.drop("a.jpg", a_photo(size=size))
    identifier = str(shop.assets(collection_id="root")[0]["id"])
    if approved:
        shop.call("PATCH", "/v1/workspace", {"self_approval": True})
        assert shop.call("POST", f"/v1/assets/{identifier}/versions/1/approve", {}).status == 200
    return identifier


def a_preset(shop: Shop, **change: Any) -> dict[str, Any]:
    reply = shop.call("POST", "/v1/presets", {**PLAIN, **change})
    assert reply.status == 201, reply.body
    return dict(reply.body)


def indexed(shop: Shop) -> None:
    """Let waiting rebuilds and changes reach the index."""
    for one in shop.call("GET", "/v1/jobs?state=queued").body["items"]:
        jobs.run(shop.ctx, WORKS, shop.workspace, one["id"])
    indexing.catch_up(shop.ctx, shop.workspace)


@pytest.mark.requirement("R28", "R49")
def test_a_download_by_preset_is_made_once_and_arrives_under_its_name(shop: Shop) -> None:
    identifier = an_asset(shop)
    shop.call("PATCH", f"/v1/assets/{identifier}", {"skus": ["TS-100"]})
    preset = a_preset(shop, file_name="{sku}_{name}_{width}x{height}")
    at = f"/v1/assets/{identifier}/download?redirect=false&preset={preset['id']}"

    first, second = shop.call("GET", at).body, shop.call("GET", at).body

    body = requests.get(first["url"], timeout=10).content
    assert Image.open(io.BytesIO(body)).size == (300, 100)
    assert first["file_name"] == "TS-100_a_300x100.jpg"
    assert first["size_bytes"] == second["size_bytes"] == len(body)
    assert requests.get(second["url"], timeout=10).content == body


@pytest.mark.requirement("R28")
def test_a_source_that_is_too_small_says_why(shop: Shop) -> None:
    identifier, preset = an_asset(shop), a_preset(shop, width_px=2000, height_px=100)

    reply = shop.call("GET", f"/v1/assets/{identifier}/download?redirect=false&preset={preset['id']}")

    assert (reply.status, reply.body["code"]) == (422, "too_small")
    assert "2000 × 100" in reply.body["detail"]


@pytest.mark.requirement("R27")
def test_a_preset_gives_only_the_approved_version_and_only_to_who_may_download(shop: Shop) -> None:
    identifier, preset = an_asset(shop), a_preset(shop)
    shop.drop("a.jpg", a_photo(7))
    at = f"/v1/assets/{identifier}/download?redirect=false&preset={preset['id']}"
    viewer, staff = somebody(shop, may(Right.VIEW)), somebody(shop, may(Right.DOWNLOAD))

    assert viewer.call("GET", at).status == 403
    assert staff.call("GET", at).body["version"] == 1
    assert staff.call("GET", f"{at}&version=2").status == 404
    assert shop.call("GET", f"{at}&original=true").status == 422


@pytest.mark.requirement("R15", "R28")
def test_a_link_of_previews_or_with_a_cap_gives_no_larger_preset(shop: Shop) -> None:
    identifier, preset = an_asset(shop, (1600, 1200)), a_preset(shop, width_px=900, height_px=900)
    switches, at = {"view": True, "download": True}, f"/v1/assets/{identifier}/download?redirect=false"

    def got(**more: Any) -> int:
        visitor = a_visitor(a_share(shop, {"asset_ids": [identifier]}, switches=switches, **more)["token"])
        return visitor.call("GET", f"{at}&preset={preset['id']}").status

    assert (got(), got(download="preview"), got(max_px=600), got(max_px=900)) == (200, 403, 403, 200)


@pytest.mark.requirement("R28")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"width_px": 50_000}, "width_px"),
        ({"width_px": 0}, "width_px"),
        ({"width_px": 8_000, "height_px": 8_000}, "body"),
        ({"mode": "stretch"}, "mode"),
        ({"format": "gif"}, "format"),
        ({"quality": 101}, "quality"),
        ({"max_bytes": 1}, "max_bytes"),
        ({"background": "red"}, "background"),
        ({"file_name": "../{name}{"}, "file_name"),
        ({"file_name": "{secret}"}, "file_name"),
        ({"channel": "My Shop"}, "channel"),
    ],
)
def test_a_preset_that_cannot_be_is_refused(shop: Shop, change: dict[str, Any], field: str) -> None:
    reply = shop.call("POST", "/v1/presets", {**PLAIN, **change})

    assert (reply.status, list(reply.body["fields"])) == (422, [field])
    assert shop.call("GET", "/v1/presets").body["items"] == []


@pytest.mark.requirement("R43", "R28")
def test_the_template_brings_the_channels_once(shop: Shop) -> None:
    for _ in range(2):
        shop.call("POST", "/v1/workspace/template", {"name": "ecommerce"})

    found = {one["channel"]: (one["width_px"], one["height_px"], one["mode"], one["max_bytes"])
             for one in shop.call("GET", "/v1/presets").body["items"]}  # fmt: skip
    assert len(shop.call("GET", "/v1/presets").body["items"]) == 4
    assert found == {
        "story": (1080, 1920, "fill", None), "post": (1080, 1080, "fill", None),
        "newsletter": (1200, 1200, "fit", 1_000_000), "shopify": (2048, 2048, "fit", 19_000_000),
    }  # fmt: skip
    assert shop.call("POST", "/v1/presets", {**PLAIN, "channel": "shopify"}).status == 409


@pytest.mark.requirement("R29", "R57")
def test_one_verdict_says_whether_a_channel_may_use_an_asset_and_why_not(shop: Shop) -> None:
    identifier = an_asset(shop, (900, 900), approved=False)
    for name, side in (("small", 800), ("large", 2000)):
        a_preset(shop, name=name, width_px=side, height_px=side, channel=name)

    def verdicts() -> dict[str, list[str]]:
        told = shop.call("GET", f"/v1/assets/{identifier}").body["usable"]
        assert told == shop.call("GET", f"/v1/assets/{identifier}/usable").body["items"]
        assert all(one["usable"] == (not one["because"]) for one in told)
        return {one["channel"]: one["because"] for one in told}

    assert verdicts() == {"large": ["not_approved"], "small": ["not_approved"]}
    shop.call("PATCH", "/v1/workspace", {"self_approval": True})
    shop.call("POST", f"/v1/assets/{identifier}/versions/1/approve", {})
    assert verdicts() == {"large": ["too_small"], "small": []}
    shop.call("PATCH", f"/v1/assets/{identifier}", {"available_until": "2020-01-01T00:00:00Z"})
    assert verdicts() == {"large": ["too_small", "expired"], "small": ["expired"]}
    shop.call("PATCH", f"/v1/assets/{identifier}", {"available_until": None, "restriction": {"reason": "legal"}})
    assert verdicts() == {"large": ["too_small", "restricted"], "small": ["restricted"]}
    only = shop.call("GET", f"/v1/assets/{identifier}/usable?channel=small").body["items"]
    assert [one["channel"] for one in only] == ["small"]
    assert shop.call("GET", f"/v1/assets/{identifier}/usable?channel=moon").status == 404


@pytest.mark.requirement("R29", "R57")
def test_search_finds_what_a_channel_may_use_and_forgets_it_when_a_date_passes(shop: Shop) -> None:
    identifier = an_asset(shop, (900, 900))
    preset = a_preset(shop, width_px=800, height_px=800, channel="shop")
    indexed(shop)

    def found(q: str) -> int:
        return int(shop.call("GET", f"/v1/search?q={q}").body["total"])

    assert await_true(lambda: (found("usable:shop"), found("-usable:shop"), found("usable:moon")) == (1, 0, 0), 60)
    shop.call("PATCH", f"/v1/assets/{identifier}", {"available_until": "2020-01-01T00:00:00Z"})
    indexed(shop)
    assert await_true(lambda: (found("usable:shop"), found("-usable:shop")) == (0, 1), 60)
    shop.call("PATCH", f"/v1/assets/{identifier}", {"available_until": None})
    shop.call("PATCH", f"/v1/presets/{preset['id']}", {"width_px": 2000, "height_px": 2000})
    indexed(shop)
    assert await_true(lambda: found("usable:shop") == 0, 60)
