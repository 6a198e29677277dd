"""Labels of an outside service: only where a workspace agreed, never beyond its cap, metered once; people decide."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config

from chalicelib import wiring
from chalicelib.adapters.rekognition import RekognitionLabels
from chalicelib.domain import labels, sight
from chalicelib.domain.ids import AssetId
from chalicelib.errors import Busy, Conflict, UpstreamUnavailable
from chalicelib.models import assets as rows, labels as consents, usage
from chalicelib.models.outbox import Message
from chalicelib.services import indexing, labelling, sighting, signing
from standins.rekognition.server import SAYS, World, running
from tests.builders import Shop, a_photo, a_shop, deliver_all
from tests.faults.crashes import Crashed, dying
from tests.policies import at
from tests.services.test_duplicates import another
from tests.services.test_visual_tags import Seeing, run_job, seeing, untold

PATH = "/v1/auto-tags/service"


@dataclass(frozen=True)
class Studio:
    """A workspace whose pictures our own model looks at, and Rekognition played beside it."""

    shop: Shop
    eyes: Seeing
    world: World

    def agree(self, cents: int = 100) -> dict[str, Any]:
        return dict(self.shop.call("PUT", PATH, {"service": "rekognition", "monthly_cap_cents": cents}).body)

    def standing(self) -> dict[str, Any]:
        return dict(self.shop.call("GET", PATH).body)

    def arrive(self, seed: int, name: str = "") -> Message:
        """A picture is in; the message that says so, not told yet."""
        self.shop.drop(name or f"{seed}.png", another(seed))
        found = next(one for one in self.shop.assets(collection_id="root") if one["name"] == (name or f"{seed}.png"))
        number = rows.get(self.shop.workspace, AssetId(found["id"])).newest.number
        subject = f"version:{found['id']}:{number}"
        return Message(self.shop.workspace, self.shop.ctx.new_id(), sighting.ARRIVED, subject, self.shop.ctx.now())

    def told(self, message: Message) -> bool:
        return sighting.picture_arrived(self.shop.ctx, message)

    def tags(self, message: Message) -> dict[str, tuple[float, str]]:
        asset = self.shop.call("GET", f"/v1/assets/{message.subject.split(':')[1]}").body
        return {one["name"]: (one["confidence"], one["model"]) for one in asset["auto_tags"]}

    def metered(self) -> int:
        return sum(one.quantity for one in usage.acts(self.shop.workspace, labelling.METER))


def reached_at(shop: Shop, url: str) -> Shop:
    config = Config(read_timeout=10, retries={"total_max_attempts": 1})
    client = boto3.client("rekognition", endpoint_url=url, config=config)
    return replace(shop, ctx=replace(shop.ctx, labels=RekognitionLabels(client)))


def test_where_the_service_is_not_reached_nobody_can_agree_to_it(shop: Shop) -> None:
    outside = replace(shop.ctx, labels=RekognitionLabels(object(), is_there=False))
    caller = signing.caller_of(outside, shop.key, None)

    with pytest.raises(Conflict, match="does not reach Rekognition"):
        labelling.agree(outside, caller, "rekognition", 100)

    assert not labelling.standing(outside, caller).is_there
    assert labelling.agree(outside, caller, None, 0).consent.service is None


@pytest.fixture
def studio(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    world = World()
    with running(world) as url:
        shop, eyes = seeing(reached_at(shop, url))
        monkeypatch.setattr(wiring, "context", lambda: shop.ctx)
        yield Studio(shop, eyes, world)


@pytest.mark.requirement("R01")
def test_no_picture_is_sent_to_anybody_until_the_workspace_agrees(studio: Studio) -> None:
    before = studio.standing()

    studio.told(message := studio.arrive(1))

    assert studio.world.journal == []
    assert studio.metered() == 0
    assert set(studio.tags(message)) == {"footwear", "trainers"}
    assert (before["service"], before["state"], before["pictures"]) == (None, "off", 0)
    assert (before["price_cents"], before["price_source"], before["price_as_of"]) == (
        0.1, "https://aws.amazon.com/rekognition/pricing/", "2026-11")  # fmt: skip


@pytest.mark.requirement("R01")
def test_an_agreed_service_names_new_pictures_in_the_shop_s_own_words(studio: Studio) -> None:
    studio.eyes.classes = [[770, 0.3]]
    studio.world.says = [*SAYS, {"Name": "Velvet Rope", "Confidence": 88.0, "Parents": []},
                         {"Name": "Dog", "Confidence": 97.0, "Parents": [{"Name": "Animal"}]},
                         {"Name": "Woman", "Confidence": 99.9, "Parents": [{"Name": "Person"}]},
                         {"Name": "Velvet", "Confidence": 60.0, "Parents": []},
                         {"Name": "Silk", "Confidence": 12.0, "Parents": []}]  # fmt: skip
    agreed = studio.agree()

    studio.told(message := studio.arrive(1))
    indexing.catch_up(studio.shop.ctx, studio.shop.workspace)
    found = {
        q: studio.shop.call("GET", f"/v1/search?q={q}").body["total"]
        for q in ("sneakers", "auto_tag:footwear", "velvet", "auto_tag:velvet", "dog", "auto_tag:dog", "woman", "silk")
    }

    assert studio.tags(message) == {
        "clothing": (0.99, "rekognition/3.0"), "footwear": (0.99, "rekognition/3.0"),
        "trainers": (0.93, "rekognition/3.0"), "velvet rope": (0.88, "rekognition/3.0"),
    }  # fmt: skip
    assert found == {
        "sneakers": 1, "auto_tag:footwear": 1, "velvet": 1, "auto_tag:velvet": 0, "dog": 1, "auto_tag:dog": 0,
        "woman": 0, "silk": 0,
    }  # fmt: skip
    assert (agreed["state"], agreed["left_cents"]) == ("on", 100.0)
    assert [one["became"] for one in studio.world.journal] == ["ok"]
    kept = rows.get(studio.shop.workspace, AssetId(message.subject.split(":")[1]))
    assert "Woman" not in str(kept.seen), "nothing about people is kept"
    standing = studio.standing()
    assert (standing["pictures"], standing["used_cents"], standing["left_cents"]) == (1, 0.1, 99.9)
    assert studio.metered() == 1


def test_whoever_is_surer_of_a_word_says_it(studio: Studio) -> None:
    studio.world.says = [{"Name": "Shoe", "Confidence": 80.0, "Parents": []}]
    studio.agree()

    studio.told(message := studio.arrive(1))

    assert studio.tags(message) == {"footwear": (0.87, "m/000000000000"), "trainers": (0.81, "m/000000000000")}


@pytest.mark.requirement("R01")
def test_a_rejected_label_never_comes_back(studio: Studio) -> None:
    studio.agree()
    studio.told(message := studio.arrive(1, "a.png"))
    path = f"/v1/assets/{message.subject.split(':')[1]}"
    studio.shop.call("POST", f"{path}/auto-tags", {"reject": ["Clothing"], "accept": ["footwear"]})

    studio.told(again := studio.arrive(2, "a.png"))

    assert studio.world.charged == 2, "the next version is another picture"
    assert set(studio.tags(again)) == {"trainers"}
    assert studio.shop.call("GET", path).body["keywords"] == ["footwear"]


@pytest.mark.requirement("R01")
def test_a_picture_is_sent_and_metered_once_however_often_its_message_comes(studio: Studio) -> None:
    studio.agree()
    message = studio.arrive(1)

    told = [studio.told(message) for _ in range(3)]

    assert told == [True] * 3
    assert (studio.world.charged, studio.metered(), studio.standing()["pictures"], studio.eyes.looked) == (1, 1, 1, 1)


@pytest.mark.requirement("R01")
def test_the_cap_is_never_exceeded_and_our_own_tags_remain(studio: Studio) -> None:
    studio.agree(cents=1)
    messages = [studio.arrive(number) for number in range(12)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(studio.told, messages))

    standing = studio.standing()
    assert (studio.world.charged, studio.metered(), standing["pictures"]) == (10, 10, 10)
    assert (standing["state"], standing["left_cents"], standing["used_cents"]) == ("cap_reached", 0.0, 1.0)
    tagged = [set(studio.tags(one)) for one in messages]
    assert all({"footwear", "trainers"} <= one for one in tagged)
    assert sum("clothing" in one for one in tagged) == 10


def test_a_new_month_has_its_whole_cap_and_a_lower_cap_holds_at_once(studio: Studio) -> None:
    shop = studio.shop
    studio.agree(cents=1)
    august, september = datetime(2027, 8, 31, 23, tzinfo=UTC), datetime(2027, 9, 1, tzinfo=UTC)
    month = labels.month_of(august)

    sent = [consents.reserve(shop.workspace, consents.get(shop.workspace), month) for _ in range(11)]
    next_month = consents.reserve(shop.workspace, consents.get(shop.workspace), labels.month_of(september))
    back = consents.reserve(shop.workspace, consents.get(shop.workspace), month)
    read = consents.get(shop.workspace)
    studio.agree(cents=2)
    stale = consents.reserve(shop.workspace, read, labels.month_of(september))
    shop.call("PUT", PATH, {"service": None})
    withdrawn = consents.reserve(shop.workspace, replace(read, monthly_cap_cents=2), labels.month_of(september))

    assert sent == [True] * 10 + [False]
    assert (next_month, back, stale, withdrawn) == (True, False, False, False)
    told = labelling.standing(at(shop.ctx, september), type("Anybody", (), {"workspace": shop.workspace})())
    assert told.pictures == 1


@pytest.mark.requirement("R01")
@pytest.mark.parametrize("fault", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_a_throttled_picture_comes_later_and_costs_nothing_meanwhile(studio: Studio, fault: str) -> None:
    studio.agree(cents=1)
    studio.world.faults = [fault] * 20
    message = studio.arrive(1)

    for _ in range(20):
        with pytest.raises(Busy):
            studio.told(message)
    throttled = studio.standing()["pictures"]
    studio.told(message)

    assert throttled == 0
    assert (studio.world.charged, studio.metered(), studio.standing()["pictures"]) == (1, 1, 1)
    assert "clothing" in studio.tags(message)
    assert studio.eyes.looked == 1, "our own look is kept, and not done again"


def test_a_message_from_the_outbox_waits_for_a_throttled_service_and_is_told_then(studio: Studio) -> None:
    shop = studio.shop
    deliver_all(shop.ctx)  # the outbox is everybody's
    studio.agree()
    message = studio.arrive(1)
    studio.world.faults = ["ThrottlingException"]

    with pytest.raises(Busy):
        deliver_all(shop.ctx)
    waiting = untold(shop)
    deliver_all(at(shop.ctx, shop.ctx.now() + timedelta(seconds=2 * shop.ctx.settings.lease_s)))

    assert (waiting, untold(shop)) == ([sighting.ARRIVED], [])
    assert "clothing" in studio.tags(message)


@pytest.mark.parametrize("fault", ["cut", "lost", "InternalServerError", "AccessDeniedException"])
def test_an_answer_that_never_came_may_have_cost_its_price_and_so_counts(studio: Studio, fault: str) -> None:
    studio.agree()
    studio.world.faults = [fault]
    message = studio.arrive(1)

    with pytest.raises(UpstreamUnavailable):
        studio.told(message)
    studio.told(message)

    assert studio.standing()["pictures"] == 2 >= studio.world.charged
    assert studio.metered() == 1
    assert "clothing" in studio.tags(message)


def test_after_a_day_without_an_answer_our_own_tags_are_all_there_is(studio: Studio) -> None:
    studio.agree()
    studio.world.faults = ["ThrottlingException"]
    message = replace(studio.arrive(1), at=studio.shop.ctx.now() - timedelta(days=2))

    assert studio.told(message)
    assert set(studio.tags(message)) == {"footwear", "trainers"}
    assert studio.metered() == 0


@pytest.mark.parametrize("fault", ["InvalidImageFormatException", "ImageTooLargeException"])
def test_a_refused_picture_has_no_labels_says_why_and_is_not_sent_again(studio: Studio, fault: str) -> None:
    studio.agree()
    studio.world.faults = [fault]
    message = studio.arrive(1)

    told = [studio.told(message) for _ in range(2)]

    assert told == [True, True]
    assert len(studio.world.journal) == 1
    asset = rows.get(studio.shop.workspace, AssetId(message.subject.split(":")[1]))
    assert fault in asset.seen[asset.newest.id]["labels"]["because"]
    assert set(studio.tags(message)) == {"footwear", "trainers"}


def test_a_picture_too_small_for_the_service_is_not_sent_and_a_banner_goes_in_its_large_rendition(
    studio: Studio,
) -> None:
    studio.agree()
    studio.shop.drop("small.png", a_photo(1, (70, 300), "PNG"))
    studio.shop.drop("banner.png", a_photo(2, (1500, 150), "PNG"))

    for one in studio.shop.assets(collection_id="root"):
        subject = f"version:{one['id']}:1"
        now = studio.shop.ctx.now()
        studio.told(Message(studio.shop.workspace, studio.shop.ctx.new_id(), sighting.ARRIVED, subject, now))

    assert [one["became"] for one in studio.world.journal] == ["ok"]
    assert (studio.standing()["pictures"], studio.metered()) == (1, 1)


def test_what_another_look_of_ours_sees_leaves_the_labels_and_forgetting_takes_them(studio: Studio) -> None:
    studio.agree()
    studio.told(message := studio.arrive(1))
    asset = rows.get(studio.shop.workspace, AssetId(message.subject.split(":")[1]))
    newer = {"model": "m", "model_version": "1" * 12, "classes": [[409, 0.9]], "view": None}

    sighting.keep(studio.shop.ctx, studio.shop.workspace, asset.id, asset.newest, newer)
    both = studio.tags(message)
    run_job(studio.shop, "forget")

    assert {"clock", "clothing", "trainers"} <= set(both)
    assert studio.tags(message) == {}


def test_another_workspace_is_neither_sent_nor_counted(studio: Studio) -> None:
    other, _ = seeing(replace(studio.shop, **{"workspace": (fresh := a_shop()).workspace, "key": fresh.key}))
    theirs = Studio(other, studio.eyes, studio.world)
    studio.agree()

    theirs.told(theirs.arrive(1))
    studio.told(studio.arrive(2))

    assert studio.world.charged == 1
    assert (theirs.standing()["state"], theirs.standing()["pictures"], theirs.metered()) == ("off", 0, 0)
    assert (studio.standing()["pictures"], studio.metered()) == (1, 1)


def test_a_cap_is_part_of_agreeing_and_every_change_is_audited_once(studio: Studio) -> None:
    bad = [studio.shop.call("PUT", PATH, one).status for one in (
        {"service": "rekognition"}, {"service": "rekognition", "monthly_cap_cents": -1},
        {"service": "clarifai", "monthly_cap_cents": 5}, {"monthly_cap_cents": 5})]  # fmt: skip
    studio.agree()
    studio.agree()
    off = studio.shop.call("PUT", PATH, {"service": None}).body
    entries = studio.shop.call("GET", "/v1/audit?action=labels.agreed").body["items"]

    assert bad == [422] * 4
    assert (off["service"], off["state"]) == (None, "off")
    assert [one["detail"]["service"] for one in entries] == [None, "rekognition"]


@pytest.mark.requirement("R01", "RF3")
@pytest.mark.parametrize("before", [True, False])
def test_a_crash_at_any_aws_call_ends_with_the_labels_one_meter_and_no_picture_beyond_the_cap(
    studio: Studio, before: bool
) -> None:
    studio.agree(cents=1)
    tried = 0
    for number in range(1, 60):
        charged, pictures = studio.world.charged, studio.standing()["pictures"]
        if pictures >= 8:
            studio.agree(cents=1 + (pictures + 12) // 10)
        message = studio.arrive(number)
        metered = studio.metered()
        try:
            with dying(number, before=before):
                studio.told(message)
        except Crashed:
            tried += 1
            studio.told(message)

        assert studio.metered() == metered + 1, f"crashed at call {number}"
        assert "clothing" in studio.tags(message), f"crashed at call {number}"
        sent = studio.world.charged - charged
        assert 1 <= sent <= studio.standing()["pictures"] - pictures <= 2, f"crashed at call {number}"
        if tried < number:
            break
    assert tried > 5


def test_labels_fold_into_our_words_and_never_into_narrower_ones() -> None:
    said = ("Shoe", "Sneaker", "Dress", "Shirt", "Knife", "Jewelry", "Couch", "Sandal", "Backpack", "Nail Polish")
    known = {"classes": [], "labels": {"model": "r/1", "words": [[one, 0.9, []] for one in said]}}

    names = [one.name for one in sight._labels(known)]

    assert names == ["footwear", "trainers", "dress", "shirt", "knife", "jewellery", "sofa", "sandals", "backpack",
                     "nail polish"]  # fmt: skip
