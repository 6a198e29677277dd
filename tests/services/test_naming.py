"""What file names say of SKU, position and shot type: tried, applied as files come in, and read anew."""

from typing import Any

import pytest

from chalicelib.domain import naming
from chalicelib.domain.naming import DEFAULT, Rule
from chalicelib.handlers.jobs import WORKS
from chalicelib.services import jobs
from tests.builders import Shop, a_photo


@pytest.mark.requirement("R33")
@pytest.mark.parametrize(
    ("name", "skus", "position", "shot"),
    [
        ("TS-100_02_back.jpg", ("TS-100",), 2, "back"),
        ("TS-100_front.jpg", ("TS-100",), None, "front"),
        ("TS-100_front_1.png", ("TS-100",), 1, "front"),
        ("TS-100-03-detail.jpg", ("TS-100",), 3, "detail"),
        ("ts-100_2.JPG", ("ts-100",), 2, None),
        ("AB 12_34_007.jpg", ("AB 12_34",), 7, None),
        ("TS-100_02_back (1).jpg", ("TS-100",), 2, "back"),
        ("TS-1+TS-2_1.jpg", ("TS-1", "TS-2"), 1, None),
        ("00123_4_zoom.jpg", ("00123",), 4, "zoom"),
        ("IMG_1234.jpg", (), None, None),
        ("IMG_12.jpg", (), None, None),
        ("IMG_20260101_12.jpg", (), None, None),
        ("PXL_20260101_front.jpg", (), None, None),
        ("beach_front.jpg", (), None, None),
        ("TS-100.jpg", (), None, None),
        ("TS-100_00.jpg", (), None, None),
        ("2025-06-01.jpg", (), None, None),
        ("", (), None, None),
    ],
)  # fmt: skip
def test_a_name_says_what_is_clear_and_no_more(name: str, skus: Any, position: Any, shot: Any) -> None:
    said = naming.read(name, DEFAULT)

    assert (said.skus, said.position, said.shot_type) == (skus, position, shot)


def test_names_are_tried_by_other_rules_without_changing_anything(shop: Shop) -> None:
    asked = {"names": ["MUG.jpg", "nope_1.jpg"], "rules": [{"pattern": "{sku}"}]}

    own = shop.call("POST", "/v1/naming/try", {"names": ["TS-100_02_back.jpg", "beach.jpg"]}).body["items"]
    tried = shop.call("POST", "/v1/naming/try", asked).body["items"]

    assert own[0] == {"name": "TS-100_02_back.jpg", "skus": ["TS-100"], "position": 2, "shot_type": "back",
                      "rule": "{sku}_{position}_{shot}"}  # fmt: skip
    assert own[1] == {"name": "beach.jpg", "skus": [], "position": None, "shot_type": None, "rule": None}
    assert [one["skus"] for one in tried] == [["MUG"], ["nope_1"]]
    assert len(shop.call("GET", "/v1/naming").body["rules"]) == len(DEFAULT)


@pytest.mark.parametrize(
    "pattern", ["{position}", "{sku}{sku}", "{sku}[_{position}", "{sku}]", "[{sku}]", "{colour}", "{sku}{", "[[{sku}]]"]
)
def test_a_rule_that_cannot_be_read_is_named(shop: Shop, pattern: str) -> None:
    reply = shop.call("PUT", "/v1/naming", {"rules": [{"pattern": "{sku}"}, {"pattern": pattern}]})

    assert (reply.status, reply.body["code"], list(reply.body["fields"])) == (
        422, "bad_naming_rule", ["rules.1.pattern"])  # fmt: skip


def test_a_long_name_is_read_in_no_time() -> None:
    rule = Rule("{any}-{sku}_{position}_{shot}")

    assert naming.read("-_" * 5_000, [rule]).skus == ()


@pytest.mark.requirement("R33")
def test_a_dropped_file_has_what_its_name_says_unless_its_metadata_says_more(shop: Shop) -> None:
    shop.drop("TS-100_02_back.jpg", a_photo(1))
    shop.drop("TS-200_03_back.jpg", a_photo(2), skus="X-9")

    found = {one["name"]: shop.call("GET", f"/v1/assets/{one['id']}").body for one in shop.assets(collection_id="root")}

    read, told = found["TS-100_02_back.jpg"], found["TS-200_03_back.jpg"]
    assert (read["skus"], read["position"], read["shot_type"]) == (["TS-100"], 2, "back")
    assert (told["skus"], told["position"], told["shot_type"]) == (["X-9"], None, None)


@pytest.mark.requirement("R33")
def test_new_rules_read_the_names_anew_where_nobody_set_the_sku(shop: Shop) -> None:
    shop.drop("MUG-blue.jpg", a_photo(1))
    shop.drop("CUP-red.jpg", a_photo(2))
    mug, cup = sorted(shop.assets(collection_id="root"), key=lambda one: one["name"], reverse=True)
    shop.call("PATCH", f"/v1/assets/{cup['id']}", {"skus": ["KEPT"]})

    reply = shop.call("PUT", "/v1/naming", {"rules": [{"pattern": "{sku}-{any}"}]})
    jobs.run(shop.ctx, WORKS, shop.workspace, reply.body["job_id"])

    job = shop.call("GET", f"/v1/jobs/{reply.body['job_id']}").body
    skus = [shop.call("GET", f"/v1/assets/{one['id']}").body["skus"] for one in (mug, cup)]
    assert (reply.status, job["state"], job["result"]) == (202, "done", {"read": 2, "changed": 1})
    assert skus == [["MUG"], ["KEPT"]]
