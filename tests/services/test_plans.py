"""A store gets our pictures: planned, approved, applied, rolled back; the merchant's hand is seen and respected."""

import hashlib
import io
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chalicelib.domain.presets import key
from chalicelib.models import plan_lines, pushed
from chalicelib.services import indexing, shop_schedule
from chalicelib.services.shop_files import AT_ONCE
from tests.builders import Shop, a_photo, deliver_all
from tests.plans import Killer, Playing, playing
from tests.policies import acting_as
from tests.stores import Counter, a_counter


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with a_counter(tmp_path) as found:
        yield found
        assert found.violations == []


@pytest.fixture
def play(shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Playing]:
    with playing(shop, counter, monkeypatch) as found:
        yield found


@pytest.mark.requirement("R34")
@pytest.mark.requirement("R35")
def test_pictures_are_planned_approved_applied_and_a_second_plan_has_nothing_to_do(play: Playing) -> None:
    product, _ = play.counter.product("TS-100-S", "TS-100-L", title="Tee")
    play.mirror()
    for name in ("TS-100-S_02_back.jpg", "TS-100-S_01_front.jpg", "TS-100-L_front.jpg"):
        play.picture(name)
    play.picture("TS-100-S_03_detail.jpg", approved=False)
    play.picture("IMG_1234.jpg")
    play.picture("TS-100-XL.jpg", skus=("TS-100-S", "GONE"))

    plan = play.plan()

    assert plan["state"] == "ready"
    assert plan["counts"] == {
        "matched": 3,
        "unmatched": 1,
        "ambiguous": 1,
        "blocked": 1,
        "unchanged": 0,
        "conflicts": 0,
    }
    assert plan["minutes"] == 1
    assert not [
        one for one in play.counter.journal if one["operation"] in ("fileCreate", "fileUpdate", "StagedUploads")
    ]
    play.turn(plan, "approve")
    done = play.turn(plan, "apply")
    assert done["state"] == "applied", [one["result"] for one in play.lines(plan)]
    assert play.shown(product) == ["TS-100-S_01_front.jpg", "TS-100-L_front.jpg", "TS-100-S_02_back.jpg"]
    again = play.plan()
    assert again["counts"]["matched"] == 0
    assert again["counts"]["unchanged"] == 3


@pytest.mark.requirement("R35")
def test_a_plan_asked_for_right_after_connecting_waits_for_the_catalogue_and_is_ready_then(play: Playing) -> None:
    play.counter.product("TS-100-S", title="Tee")
    play.picture("TS-100-S_01_front.jpg")

    reply = play.shop.call("POST", f"/v1/connections/{play.id}/plans", {})
    play.step(reply.body["job_id"])
    begun = play.read(reply.body["plan_id"])
    play.tick()
    made = play.read(reply.body["plan_id"])

    assert (begun["state"], made["state"]) == ("computing", "ready")
    assert made["counts"]["matched"] == 1


@pytest.mark.requirement("R35")
def test_a_plan_of_a_store_that_cannot_be_read_says_why(play: Playing) -> None:
    play.counter.control("revoke")

    plan = play.plan()

    assert plan["state"] == "failed"
    assert plan["because"] == (
        "The store's catalogue could not be read. The store does not accept these credentials any more. Enter new ones."
    )


@pytest.mark.requirement("R35")
def test_a_product_that_came_since_the_last_reading_is_in_the_next_plan(play: Playing) -> None:
    play.counter.product("TS-100-S", title="Tee")
    play.tick()
    play.counter.product("CAP-1", title="Cap")
    play.picture("CAP-1_front.jpg")

    plan = play.plan()

    assert plan["counts"]["matched"] == 1


@pytest.mark.requirement("R35")
def test_variants_are_found_by_sku_or_words_and_lines_name_their_product(play: Playing) -> None:
    play.counter.product("TS-100-S", "TS-100-L", title="Tee")
    play.counter.product("TS-100-S", title="Tee as a gift")
    play.counter.product("MUG-1", title="Mug")
    play.mirror()
    play.picture("TS-100-S_front.jpg")
    play.picture("MUG-1.jpg")
    plan = play.plan()

    (open_one,) = play.lines(plan, "ambiguous")
    asked = f"/v1/connections/{play.id}/variants?q="
    same = play.shop.call("GET", f"{asked}{open_one['sku']}").body["items"]
    by_words = play.shop.call("GET", f"{asked}gift%20TEE").body["items"]
    play.shop.call("PATCH", f"/v1/plans/{plan['id']}/lines/{open_one['id']}", {"variant_ids": [by_words[0]["id"]]})

    assert [(one["sku"], one["product_title"]) for one in same] == [("TS-100-S", "Tee"), ("TS-100-S", "Tee as a gift")]
    assert [one["product_title"] for one in by_words] == ["Tee as a gift"]
    assert {one["product_title"] for one in play.lines(plan, "matched")} == {"Tee as a gift", "Mug"}


@pytest.mark.requirement("R34")
def test_a_skipped_line_that_is_taken_back_is_to_be_done_again(play: Playing) -> None:
    play.counter.product("MUG-1", title="Mug")
    play.mirror()
    play.picture("MUG-1.jpg")
    plan = play.plan()
    (line,) = play.lines(plan, "matched")
    where = f"/v1/plans/{plan['id']}/lines/{line['id']}"

    play.shop.call("PATCH", where, {"skip": True})
    play.shop.call("PATCH", where, {"skip": False})

    assert play.lines(plan) == [line]
    assert play.read(plan["id"])["counts"]["matched"] == 1


@pytest.fixture
def tee(play: Playing) -> str:
    """A product with two variants, a picture of the merchant's, and three of ours that were pushed."""
    product, _ = play.counter.product("TS-100-S", "TS-100-L", title="Tee")
    play.counter.control("add", product=product, name="merchant.jpg")
    play.mirror()
    for name in (FRONT, BACK, LARGE):
        play.picture(name)
    assert play.push()["state"] == "applied"
    return product


FRONT, BACK, LARGE = "TS-100-S_01_front.jpg", "TS-100-S_02_back.jpg", "TS-100-L_front.jpg"


def file_of(play: Playing, name: str) -> str:
    (found,) = [key for key, one in play.dump()["files"].items() if play.name_of(one["name"]) == name]
    return str(found)


def line_of(play: Playing, plan: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in play.lines(plan) if one["asset_id"] == play.made[name]]
    return found


@pytest.mark.requirement("RP1")
def test_a_new_version_takes_the_place_behind_the_same_file(play: Playing, tee: str) -> None:
    before, file = play.dump(), file_of(play, FRONT)
    play.picture(FRONT, 2)

    plan = play.push()

    after = play.dump()
    assert plan["counts"]["matched"] == 1
    assert line_of(play, plan, FRONT)["actions"] == ["replace"]
    assert after["files"][file]["sha256"] != before["files"][file]["sha256"]
    assert after["products"] == before["products"]


@pytest.mark.requirement("RP1")
def test_another_format_is_a_new_file_in_the_same_place_shown_by_the_same_variants(play: Playing, tee: str) -> None:
    play.set_format("png")
    for name in (FRONT, BACK, LARGE):
        play.picture(name, 2)

    plan = play.push()

    assert plan["state"] == "applied", [one["result"] for one in play.lines(plan)]
    assert play.shown(tee) == ["merchant.jpg", FRONT, LARGE, BACK]
    assert {one["name"].rpartition(".")[2] for one in play.dump()["files"].values() if one["by"] == "app"} >= {"png"}
    (product,) = play.dump()["products"]
    shown = [play.dump()["files"][one["medium"]]["name"] for one in product["variants"]]
    assert [one.rpartition(".")[2] for one in shown] == ["png", "png"]
    assert play.plan()["counts"]["matched"] == 0
    play.turn(plan, "rollback")
    assert play.shown(tee) == ["merchant.jpg", FRONT, LARGE, BACK]
    assert not any(one["name"].endswith("png") for one in play.dump()["files"].values())


@pytest.mark.requirement("R35")
def test_a_roll_back_brings_bytes_order_alt_texts_and_variants_back_exactly(play: Playing, tee: str) -> None:
    before = play.state()
    play.picture(FRONT, 2, alt="Another text")
    play.change(BACK, shot_type="main")
    play.picture("TS-100-S_04_detail.jpg")
    plan = play.push()
    assert plan["state"] == "applied", [one["result"] for one in play.lines(plan)]
    assert play.state() != before

    done = play.turn(plan, "rollback")

    assert done["state"] == "rolled_back"
    assert play.state() == before
    assert {one["result"]["state"] for one in play.lines(plan, "matched")} == {"rolled_back"}
    assert len(play.dump()["files"]) == 4


@pytest.mark.requirement("R35")
def test_a_roll_back_leaves_alone_what_the_merchant_changed_since_and_says_so(play: Playing, tee: str) -> None:
    play.picture(FRONT, 2, alt="Ours")
    play.picture(BACK, 2, alt="Ours too")
    plan = play.push()
    file = file_of(play, FRONT)
    play.counter.control("alt", file=file, alt="The merchant's")

    play.turn(plan, "rollback")

    assert play.dump()["files"][file]["alt"] == "The merchant's"
    assert play.dump()["files"][file_of(play, BACK)]["alt"] != "Ours too"
    assert line_of(play, plan, FRONT)["result"]["state"] == "drift"
    assert line_of(play, plan, BACK)["result"]["state"] == "rolled_back"


@pytest.mark.requirement("RP2")
def test_what_the_merchant_changed_is_told_and_overwritten_only_when_somebody_agrees(play: Playing, tee: str) -> None:
    file = file_of(play, FRONT)
    play.counter.control("remove", product=tee, file=file)
    play.counter.control("alt", file=file_of(play, BACK), alt="The merchant's")
    play.counter.control("add", product=tee, name="another.jpg")
    seen = play.state()

    plan = play.push()

    assert play.state() == seen
    told = play.shop.call("GET", f"/v1/connections/{play.id}/drift").body["items"]
    assert {one["kind"] for one in told} >= {"removed", "alt", "foreign"}
    line = line_of(play, plan, FRONT)
    assert (line["list"], line["actions"]) == ("blocked", [])
    assert "took this picture off" in line["because"]
    fresh = play.plan()
    reply = play.shop.call("PATCH", f"/v1/plans/{fresh['id']}/lines/{line['id']}", {"overwrite": True})
    assert reply.status == 200, reply.body
    assert "attach" in reply.body["actions"]
    play.turn(fresh, "approve")
    done = play.turn(fresh, "apply")
    assert done["state"] == "applied"
    assert FRONT in play.shown(tee)
    assert play.dump()["files"][file_of(play, BACK)]["alt"] == "The merchant's"


@pytest.mark.requirement("R34")
def test_a_decision_is_remembered_and_nobody_is_asked_twice(play: Playing, tee: str) -> None:
    _, (mug,) = play.counter.product("MUG", title="Mug")
    play.mirror()
    play.picture("Hand with a cup.jpg")
    play.picture("TS-100-BLUE.jpg")
    plan = play.plan()
    cup, blue = line_of(play, plan, "Hand with a cup.jpg"), line_of(play, plan, "TS-100-BLUE.jpg")
    assert (cup["list"], blue["list"]) == ("unmatched", "unmatched")

    def say(line: dict[str, Any], **said: Any) -> Any:
        return play.shop.call("PATCH", f"/v1/plans/{plan['id']}/lines/{line['id']}", said)

    assert say(cup, variant_ids=["gid://shopify/ProductVariant/0"]).status == 422
    assert say(cup).status == 422
    chosen = say(cup, variant_ids=[mug]).body
    skipped = say(blue, skip=True).body

    assert (chosen["list"], chosen["id"], chosen["variant_ids"]) == ("matched", cup["id"], [mug])
    assert skipped["list"] == "blocked"
    assert play.read(plan["id"])["counts"]["matched"] == 1
    again = play.plan()
    assert line_of(play, again, "Hand with a cup.jpg")["list"] == "matched"
    assert "decided" in line_of(play, again, "TS-100-BLUE.jpg")["because"]


@pytest.mark.requirement("R35")
def test_a_line_that_is_left_out_on_approval_is_not_applied(play: Playing) -> None:
    product, _ = play.counter.product("TS-100-S", title="Tee")
    play.mirror()
    play.picture(FRONT)
    play.picture(BACK)
    plan = play.plan()
    assert play.shop.call("POST", f"/v1/plans/{plan['id']}/apply").status == 409
    back = line_of(play, plan, BACK)

    assert play.shop.call("POST", f"/v1/plans/{plan['id']}/approve", {"except_line_ids": ["nowhere"]}).status == 422
    play.turn(plan, "approve", {"except_line_ids": [back["id"]]})
    done = play.turn(plan, "apply")

    assert done["state"] == "applied"
    assert play.shown(product) == [FRONT]
    assert line_of(play, plan, BACK)["result"]["state"] == "skipped"
    assert play.shop.call("POST", f"/v1/plans/{plan['id']}/approve").status == 409


@pytest.mark.requirement("R36")
def test_a_job_that_dies_at_any_call_of_the_store_again_and_again_ends_like_one_that_never_died(play: Playing) -> None:
    product, _ = play.counter.product("TS-100-S", "TS-100-L", title="Tee")
    play.counter.control("add", product=product, name="merchant.jpg")
    play.mirror()
    for name in (BACK, FRONT, LARGE):
        play.picture(name)
    plan = play.plan()
    play.turn(plan, "approve")
    play.killer = Killer(0.2)

    done = play.turn(plan, "apply")
    while done["state"] != "applied":
        assert "several times" in done["because"], [one["result"] for one in play.lines(plan)]
        done = play.turn(plan, "apply")

    assert play.killer.kills > 10
    play.killer = None
    assert play.shown(product) == ["merchant.jpg", FRONT, LARGE, BACK]
    assert len(play.dump()["files"]) == 4
    again = play.plan()
    assert (again["counts"]["matched"], again["counts"]["unchanged"]) == (0, 3)


@pytest.mark.requirement("R35")
def test_a_product_that_goes_and_a_picture_that_the_store_will_not_have_are_said_on_their_lines(play: Playing) -> None:
    gone, _ = play.counter.product("GONE-1", title="Gone")
    full, _ = play.counter.product("FULL-1", title="Full")
    kept, _ = play.counter.product("TS-100-S", title="Tee")
    for _ in range(250):
        play.counter.control("add", product=full)
    play.mirror()
    play.picture("GONE-1_front.jpg")
    play.picture("FULL-1_front.jpg")
    play.picture(FRONT)
    play.picture(BACK)
    plan = play.plan()
    assert (plan["counts"]["matched"], plan["counts"]["blocked"]) == (3, 1)
    assert "250" in line_of(play, plan, "FULL-1_front.jpg")["because"]
    play.counter.control("delete_product", product=gone)
    play.shop.ctx.store.write("renditions", key_of(play, BACK), b"no picture at all", "image/jpeg")
    play.turn(plan, "approve")

    done = play.turn(plan, "apply")

    assert done["state"] == "partly_applied"
    assert line_of(play, plan, "GONE-1_front.jpg")["result"] == {
        "state": "failed", "detail": "The product is not in the store any more."}  # fmt: skip
    assert line_of(play, plan, BACK)["result"]["state"] == "failed"
    assert line_of(play, plan, FRONT)["result"]["state"] == "done"
    assert play.shown(kept) == [FRONT]
    assert "refused" in line_of(play, play.plan(), BACK)["because"]


@pytest.mark.requirement("R34", "R35")
def test_one_picture_of_two_products_is_one_file_that_hangs_on_both_and_is_taken_back_from_both(play: Playing) -> None:
    (tee, _), (mug, _) = play.counter.product("TS-100-S", title="Tee"), play.counter.product("MG-1", title="Mug")
    play.mirror()
    play.picture("together.jpg", skus=("TS-100-S", "MG-1"))

    done = play.push()

    assert (done["counts"]["matched"], done["state"]) == (2, "applied")
    assert (play.shown(tee), play.shown(mug)) == (["together.jpg"], ["together.jpg"])
    assert len(play.dump()["files"]) == 1
    assert play.plan()["counts"] | {"unchanged": 0} == dict.fromkeys(done["counts"], 0)
    play.turn(done, "rollback")
    assert (play.shown(tee), play.shown(mug), play.dump()["files"]) == ([], [], {})


@pytest.mark.requirement("R34")
def test_a_picture_of_thirty_megapixels_goes_as_the_preset_makes_it_or_is_blocked_with_the_reason(
    play: Playing,
) -> None:
    tee, _ = play.counter.product("TS-100-S", title="Tee")
    play.mirror()
    play.picture(FRONT)
    old = play.asset(FRONT)
    huge = replace(old.newest, facts={"width_px": 6_000, "height_px": 5_000}, size_bytes=90_000_000)
    play.change(FRONT, asset={"newest": huge, "approved": huge})
    small = play.preset
    play.set_preset(width_px=6_000, height_px=6_000)

    (line,) = play.lines(play.plan())
    play.set_preset(width_px=small.width_px, height_px=small.height_px)

    assert (line["list"], "more than 20 megapixels" in line["because"]) == ("blocked", True)
    assert play.push()["state"] == "applied"
    assert play.shown(tee) == [FRONT]
    made = play.shop.ctx.store.read("renditions", key_of(play, FRONT))
    assert [one["sha256"] for one in play.dump()["files"].values()] == [hashlib.sha256(made).hexdigest()]


@pytest.mark.requirement("R34", "R36")
def test_a_picture_over_19_mb_and_one_over_20_megapixels_leave_within_the_channels_limits_or_say_why_not(
    play: Playing,
) -> None:
    tee, _ = play.counter.product("TS-100-S", title="Tee")
    play.mirror()
    heavy = noise(2_900)
    assert len(heavy) > 19_000_000
    for name, body in (("TS-100-S_01.jpg", heavy), ("TS-100-S_02.jpg", a_photo(5, (5_000, 4_100)))):
        play.shop.drop(name, body)
        (asset,) = [one for one in play.shop.assets(collection_id="root") if one["name"] == name]
        play.made[name] = asset["id"]
        assert play.shop.call("POST", f"/v1/assets/{asset['id']}/versions/1/approve", {}).status == 200

    play.set_preset(width_px=2_900, height_px=2_900, format="png", max_bytes=19_000_000)
    as_png = line_of(play, play.push(), "TS-100-S_01.jpg")["result"]
    play.set_preset(format="jpeg", quality=100, max_bytes=None)
    at_any_size = line_of(play, play.push(), "TS-100-S_01.jpg")["result"]
    play.set_preset(width_px=5_000, height_px=5_000)
    whole = line_of(play, play.plan(), "TS-100-S_02.jpg")
    before = play.shown(tee)
    play.set_preset(width_px=2_048, height_px=2_048, quality=90, max_bytes=19_000_000)
    fitting = play.push()

    assert as_png["state"] == "conflict"
    assert re.fullmatch(
        r"This picture takes 2\d\.\d MB even at the lowest quality; 19 MB are allowed\.", as_png["detail"]
    )
    assert at_any_size["state"] == "failed"
    assert re.fullmatch(r"It has \d\d\.\d MB; a store gets at most 19 MB\.", at_any_size["detail"])
    assert (whole["list"], "more than 20 megapixels" in whole["because"]) == ("blocked", True)
    assert before == ["TS-100-S_02.jpg"]
    assert (fitting["state"], play.shown(tee)) == ("applied", ["TS-100-S_01.jpg", "TS-100-S_02.jpg"])
    for one in (play.counter.store.files[each] for each in play.counter.store.products[tee]["_media"]):
        assert one["_width"] * one["_height"] <= 20_000_000
        assert len(play.counter.store.bytes_of(one["_digest"])) <= 19_000_000


def noise(side: int) -> bytes:
    """A picture that no coder makes small."""
    out = io.BytesIO()
    pixels = random.Random(1).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), pixels).save(out, "JPEG", quality=100, subsampling=0)
    return out.getvalue()


def key_of(play: Playing, name: str) -> str:
    asset_id = play.made[name]
    return key(play.shop.workspace, play.version_id(asset_id, 1), play.preset)


@pytest.mark.requirement("R36")
def test_many_pictures_of_one_product_are_handed_over_in_parts_each_within_a_lease(play: Playing) -> None:
    tee, _ = play.counter.product("TS-100-S", title="Tee")
    play.mirror()
    names = [f"TS-100-S_{number:02d}.jpg" for number in range(1, AT_ONCE + 6)]
    for name in names:
        play.picture(name)

    done = play.push()

    assert (done["state"], play.shown(tee)) == ("applied", names)
    made = [len(one["variables"]["files"]) for one in play.counter.journal if one["operation"] == "FileCreate"]
    assert made == [AT_ONCE, 5]


@pytest.mark.requirement("R36")
def test_credentials_that_end_in_the_middle_leave_a_plan_that_goes_on_later(play: Playing) -> None:
    product, _ = play.counter.product("TS-100-S", title="Tee")
    play.mirror()
    play.picture(FRONT)
    play.picture(BACK)
    plan = play.plan()
    play.turn(plan, "approve")
    play.counter.control("fault", kind="before", operation="FileCreate", do=[{"what": "revoke"}])

    stopped = play.turn(plan, "apply")

    assert stopped["state"] == "partly_applied"
    assert stopped["because"]
    play.reconnect()
    done = play.turn(plan, "apply")
    assert done["state"] == "applied"
    assert play.shown(product) == [FRONT, BACK]


@pytest.mark.requirement("R35")
def test_a_connection_whose_maker_left_plans_nothing_and_says_why(play: Playing, tee: str) -> None:
    keys = play.shop.call("GET", "/v1/keys").body["items"]
    other = play.shop.call("POST", "/v1/keys", {"name": "Another"}).body
    object.__setattr__(play.shop, "key", other["key"])
    play.shop.call("DELETE", f"/v1/keys/{keys[0]['id']}")

    plan = play.plan()

    assert plan["state"] == "failed"
    assert "not here any more" in plan["because"]


@pytest.mark.requirement("R38")
def test_a_connection_that_may_applies_by_itself_what_is_approved_and_rests_when_nothing_is_to_do(
    shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with playing(shop, counter, monkeypatch, auto_apply=True) as play:
        product, _ = counter.product("TS-100-S", title="Tee")
        play.picture(FRONT)
        play.picture(BACK, approved=False)

        play.tick()

        assert play.shown(product) == [FRONT]
        (first,) = play.plans()
        assert (first["state"], first["approved_by"]) == ("applied", f"connection:{play.id}")
        play.tick(minutes=30)
        assert len(play.plans()) == 1
        play.picture(BACK, again=1)
        with acting_as("deliver_outbox"):
            shop_schedule.library_changed(play.ctx, shop.workspace)
        play.tick()
        assert play.shown(product) == [FRONT, BACK]
        play.counter.control("alt", file=file_of(play, FRONT), alt="The merchant's")
        play.tick(minutes=10)
        told = shop.call("GET", f"/v1/connections/{play.id}/drift").body["items"]
        assert [(one["kind"], one["theirs"]) for one in told] == [("alt", "The merchant's")]
        assert play.dump()["files"][file_of(play, FRONT)]["alt"] == "The merchant's"
        assert len(play.plans()) == 2


@pytest.mark.requirement("R35", "R38")
def test_a_plan_whose_job_was_stopped_keeps_no_later_plan_waiting(
    shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    tee, _ = counter.product("TS-100-S", title="Tee")
    with playing(shop, counter, monkeypatch, auto_apply=True) as play:
        play.mirror()
        play.picture(FRONT)
        plan = play.plan()
        play.turn(plan, "approve")
        job_id = shop.call("POST", f"/v1/plans/{plan['id']}/apply").body["job_id"]
        assert shop.call("POST", f"/v1/jobs/{job_id}/cancel").status == 200

        play.tick(minutes=40)

        assert play.read(plan["id"])["state"] == "partly_applied"
        assert play.shown(tee) == [FRONT]


@pytest.mark.requirement("R38")
def test_a_decision_about_a_version_asks_stores_for_a_plan(play: Playing, tee: str) -> None:
    play.tick(minutes=30)
    before = len(play.plans())
    play.shop.drop("TS-100-S_05_side.jpg", a_photo(5, (400, 300)))
    (asset,) = [one for one in play.shop.assets(collection_id="root") if one["name"] == "TS-100-S_05_side.jpg"]
    play.made["TS-100-S_05_side.jpg"] = asset["id"]
    assert play.shop.call("POST", f"/v1/assets/{asset['id']}/versions/1/approve", {}).status == 200
    deliver_all(play.ctx)

    play.tick()

    (plan, *_) = play.plans()
    assert len(play.plans()) == before + 1
    assert line_of(play, plan, "TS-100-S_05_side.jpg")["actions"][:2] == ["create", "attach"]
    play.turn(plan, "approve")
    assert play.turn(plan, "apply")["state"] == "applied"
    assert play.shown(tee)[-1] == "TS-100-S_05_side.jpg"


@pytest.mark.requirement("R34")
def test_what_is_approved_no_more_leaves_where_that_was_switched_on_and_can_come_back(
    shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with playing(shop, counter, monkeypatch, remove_withdrawn=True) as play:
        product, _ = counter.product("TS-100-S", title="Tee")
        play.mirror()
        play.picture(FRONT)
        play.picture(BACK)
        play.push()
        before = play.state()
        play.change(FRONT, asset={"approved": None})

        plan = play.push()

        assert plan["state"] == "applied", play.lines(plan)
        assert line_of(play, plan, FRONT)["actions"] == ["unlink"]
        assert play.shown(product) == [BACK]
        assert len(play.dump()["files"]) == 2
        assert play.plan()["counts"]["matched"] == 0
        play.turn(plan, "rollback")
        assert play.state() == before


@pytest.mark.requirement("R34")
def test_a_store_that_is_disconnected_keeps_its_pictures_and_leaves_no_plan_behind(play: Playing, tee: str) -> None:
    plan = play.plan()
    seen, workspace = play.state(), play.shop.workspace

    assert play.shop.call("DELETE", f"/v1/connections/{play.id}").status == 204
    play.work(kinds=("connection_left",))

    assert play.state() == seen
    assert play.shop.call("GET", f"/v1/plans/{plan['id']}").status == 404
    assert list(plan_lines.every(workspace, plan["id"])) == []
    assert (pushed.files(workspace, play.id), pushed.products(workspace, play.id)) == ({}, {})


@pytest.mark.requirement("R35")
def test_a_roll_back_that_dies_at_any_call_again_and_again_ends_like_one_that_never_died(
    play: Playing, tee: str
) -> None:
    before = play.state()
    play.picture(FRONT, 2, alt="Another text")
    play.change(BACK, shot_type="main")
    play.picture("TS-100-S_04_detail.jpg")
    plan = play.push()
    play.killer = Killer(0.15)

    done = play.turn(plan, "rollback")
    while done["state"] != "rolled_back":
        assert "several times" in done["because"]
        done = play.turn(plan, "rollback")

    assert play.killer.kills > 2
    assert play.state() == before
    assert {one["result"]["state"] for one in play.lines(plan, "matched")} == {"rolled_back"}


@pytest.mark.requirement("R34")
def test_a_plan_may_be_narrowed_to_what_a_search_finds(play: Playing, tee: str) -> None:
    play.counter.product("MUG-1", title="Mug")
    play.mirror()
    for number, name in enumerate(("MUG-1_front.jpg", "OTHER-9_front.jpg")):
        play.shop.drop(name, a_photo(number, (400, 300)))
    indexing.catch_up(play.shop.ctx, play.shop.workspace)
    for one in play.shop.assets(collection_id="root"):
        if "MUG" in one["name"]:
            play.shop.call("POST", f"/v1/assets/{one['id']}/versions/1/approve", {})

    plan = play.plan("MUG")

    assert (plan["q"], plan["counts"]["matched"], plan["counts"]["unmatched"]) == ("MUG", 1, 0)
    refused = play.shop.call("POST", f"/v1/connections/{play.id}/plans", {"q": "((("})
    assert (refused.status, refused.body["code"]) == (422, "bad_query")
