"""Visual tags from the drop to the search: the sure is shown, the likely only found, and people have the last word."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import sight
from chalicelib.domain.access import ALL, Grant, Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.errors import UpstreamUnavailable
from chalicelib.handlers.jobs import WORKS
from chalicelib.models import assets as rows, base, outbox as told_rows, versions
from chalicelib.models.outbox import Message
from chalicelib.services import indexing, jobs, learning, relooking, sighting, signing, similar
from tests.builders import Shop, call, deliver_all
from tests.libraries import an_asset
from tests.media import drawn
from tests.principals import a_key
from tests.services.test_duplicates import another

SHOES = [[770, 0.81], [514, 0.06], [423, 0.22], [151, 0.03], [885, 0.9]]
"""Trainers, surely; cowboy boots, hardly; a barber chair, perhaps; a dog, hardly; velvet, which is never said."""


class Seeing:
    """The picture function, but for what it sees."""

    def __init__(self, workspace: str, plain: Any, classes: list[list[Any]] | None) -> None:
        self.workspace, self.plain, self.classes, self.looked = workspace, plain, classes, 0
        self.is_away = False
        self.broken: set[str] = set()
        self.damaged: set[str] = set()
        self.meanwhile: Callable[[int], None] = lambda _: None
        self.views: dict[str, str] = {}
        self.facts: dict[str, Any] = {}

    def make(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        if "sight" not in message.get("recipe", {}) and not ("near" in message and self.is_away):
            return self.plain.make(message)
        if self.is_away:
            raise UpstreamUnavailable("The picture function is away.")
        self.looked += self.workspace in str(message)  # the outbox is everybody's
        self.meanwhile(self.looked)
        if message["id"] in self.damaged:
            return {"outcome": "corrupt", "reason": "This WebP is damaged and cannot be opened.", "facts": {}}
        if message["id"] in self.broken:
            raise UpstreamUnavailable("This one cannot be looked at.")
        seen = {"model": "m", "model_version": "0" * 12, "classes": self.classes}
        seen["view"] = self.views.get(message["id"])
        is_seen = self.classes is not None and message["recipe"]["sight"]["classes"]
        return {"outcome": "ok", "facts": {"width_px": 300, **self.facts}, "sight": seen if is_seen else None}


def seeing(shop: Shop, classes: list[list[Any]] | None = SHOES) -> tuple[Shop, Seeing]:
    eyes = Seeing(shop.workspace, shop.ctx.media, classes)
    settings = shop.ctx.settings.model_copy(update={"visual_tags": True})
    return replace(shop, ctx=replace(shop.ctx, settings=settings, media=eyes)), eyes


def caught_up(shop: Shop) -> None:
    deliver_all(shop.ctx)
    indexing.catch_up(shop.ctx, shop.workspace)


def untold(shop: Shop) -> list[str]:
    return [one.kind for one in told_rows.untold(shop.workspace, shop.ctx.now() + timedelta(seconds=1))]


def names(shop: Shop, q: str) -> list[str]:
    return [one["name"] for one in shop.call("GET", f"/v1/search?q={q}").body["items"]]


def the_asset(shop: Shop) -> dict[str, Any]:
    found = shop.assets(collection_id="root")[0]["id"]
    return dict(shop.call("GET", f"/v1/assets/{found}").body)


@pytest.mark.requirement("R01")
def test_a_photo_without_a_word_is_found_by_what_is_seen_in_it(shop: Shop) -> None:
    shop, _ = seeing(shop)
    shop.drop("IMG_1.png", another(1))
    before = the_asset(shop)
    caught_up(shop)
    asset = the_asset(shop)

    assert before["auto_tags"] == []
    assert asset["auto_tags"] == [
        {"name": "footwear", "confidence": 0.87, "model": "m/000000000000", "level": "sure"},
        {"name": "trainers", "confidence": 0.81, "model": "m/000000000000", "level": "sure"},
    ]
    assert (asset["keywords"], asset["etag"]) == ([], before["etag"])
    found = {q: names(shop, q) for q in (
        "sneakers", "footwear", "auto_tag:trainers", "chair", "auto_tag:chair", "velvet", "dog")}  # fmt: skip
    assert found == {
        "sneakers": ["IMG_1.png"], "footwear": ["IMG_1.png"], "auto_tag:trainers": ["IMG_1.png"],
        "chair": ["IMG_1.png"], "auto_tag:chair": [], "velvet": [], "dog": [],
    }  # fmt: skip
    facet = shop.call("GET", "/v1/search?facets=auto_tag").body["facets"]["auto_tag"]
    assert {one["value"] for one in facet} == {"footwear", "trainers"}


@pytest.mark.requirement("R01")
def test_a_search_says_through_which_seen_words_it_found_a_picture(shop: Shop) -> None:
    shop, _ = seeing(shop)
    shop.drop("IMG_1.png", another(1), keywords="summer")
    caught_up(shop)

    told = {
        q: shop.call("GET", f"/v1/search?q={q}").body["items"][0]["seen"]
        for q in ("sneakers", "snaekers", "running+shoe", '"running+shoes"', "runn*", "auto_tag:Trainers",
                  "footwear+IMG", "summer", "summer+-keyword:trainers", "IMG_1")
    }  # fmt: skip

    assert told == {
        "sneakers": ["trainers"], "snaekers": ["trainers"], "running+shoe": ["trainers"],
        '"running+shoes"': ["trainers"], "runn*": ["trainers"], "auto_tag:Trainers": ["trainers"],
        "footwear+IMG": ["footwear"], "summer": [], "summer+-keyword:trainers": [], "IMG_1": [],
    }  # fmt: skip


def test_what_people_wrote_ranks_above_what_a_machine_saw(shop: Shop) -> None:
    shop, _ = seeing(shop)
    shop.drop("b.png", another(2), keywords="trainers")
    shop.drop("a.png", another(1))
    caught_up(shop)

    assert names(shop, "trainers&sort=relevance") == ["b.png", "a.png"]


@pytest.mark.requirement("R01")
def test_an_accepted_tag_is_a_keyword_and_a_rejected_one_never_comes_back(shop: Shop) -> None:
    shop, eyes = seeing(shop)
    shop.drop("a.png", another(1))
    caught_up(shop)
    path = f"/v1/assets/{the_asset(shop)['id']}"

    told = shop.call("POST", f"{path}/auto-tags", {"accept": ["Trainers"], "reject": ["footwear"]})
    again = shop.call("POST", f"{path}/auto-tags", {"reject": ["footwear"]})
    unseen = shop.call("POST", f"{path}/auto-tags", {"accept": ["aeroplane"]})
    eyes.classes = [[770, 0.95]]
    shop.drop("a.png", another(3))
    caught_up(shop)
    asset = the_asset(shop)
    allowed = shop.call("POST", f"{path}/auto-tags", {"allow": ["footwear"]}).body

    assert (told.body["keywords"], told.body["auto_tags"]) == (["trainers"], [])
    assert (again.status, again.body["etag"]) == (200, told.body["etag"])
    assert unseen.status == 422
    assert (asset["newest_version"], asset["keywords"], asset["auto_tags"]) == (2, ["trainers"], [])
    assert [one["name"] for one in allowed["auto_tags"]] == ["footwear"]


def test_a_collection_can_want_none_of_it(shop: Shop) -> None:
    shop, eyes = seeing(shop)
    made = shop.call("POST", "/v1/collections", {"name": "Private"}).body
    shop.call("PATCH", f"/v1/collections/{made['id']}", {"policy": {"auto_tags": False}})
    shop.drop("Private/a.png", another(1))
    caught_up(shop)

    assert eyes.looked == 0
    assert names(shop, "footwear") == []


def test_without_the_model_everything_else_works(shop: Shop) -> None:
    shop, eyes = seeing(shop, None)
    shop.drop("a.png", another(1))
    shop.drop("notes.txt", b"no picture")
    caught_up(shop)

    assert eyes.looked == 1
    assert sorted(names(shop, "")) == ["a.png", "notes.txt"]


def test_every_class_has_its_place_in_the_vocabulary() -> None:
    told = dict(sight.words())

    assert set(range(1000)) - set(told) == {885, 911, 916, 981, 982, 983}
    assert told[770].others[:2] == ("sneakers", "running shoes")
    assert (told[200].name, told[200].is_shown) == ("dog", False)
    assert all(one.name and one.parent for one in told.values())
    assert len(sight.vocabulary_version()) == 12


def test_the_real_function_answers_what_it_sees_or_that_it_cannot(shop: Shop) -> None:
    settings = shop.ctx.settings.model_copy(update={"visual_tags": True})
    shop = replace(shop, ctx=replace(shop.ctx, settings=settings))
    shop.drop("a.png", drawn.saved(drawn.noise(400, 300), "PNG"))
    caught_up(shop)

    assert the_asset(shop)["name"] == "a.png"
    assert untold(shop) == []


def test_looking_twice_or_after_the_function_was_away_ends_the_same(shop: Shop) -> None:
    shop, eyes = seeing(shop)
    shop.drop("a.png", another(1))
    asset = the_asset(shop)["id"]
    message = Message(shop.workspace, shop.ctx.new_id(), sighting.ARRIVED, f"version:{asset}:1", shop.ctx.now())
    eyes.is_away = True
    with pytest.raises(UpstreamUnavailable):
        sighting.picture_arrived(shop.ctx, message)
    assert sighting.picture_arrived(shop.ctx, replace(message, at=message.at - timedelta(hours=2))), "given up"
    eyes.is_away = False

    told = [sighting.picture_arrived(shop.ctx, message) for _ in range(2)]
    gone = sighting.picture_arrived(shop.ctx, replace(message, subject=f"version:{asset}:7"))

    assert [*told, gone] == [True] * 3
    assert [one["name"] for one in the_asset(shop)["auto_tags"]] == ["footwear", "trainers"]


def run_job(shop: Shop, do: str) -> dict[str, Any]:
    job = shop.call("POST", "/v1/auto-tags", {"do": do}).body["job_id"]
    jobs.run(shop.ctx, WORKS, shop.workspace, job)
    indexing.catch_up(shop.ctx, shop.workspace)
    return dict(shop.call("GET", f"/v1/jobs/{job}").body)


@pytest.mark.requirement("R01")
def test_another_model_looks_again_and_all_that_was_seen_can_be_forgotten(shop: Shop) -> None:
    shop.drop("before.png", another(1))
    indexing.catch_up(shop.ctx, shop.workspace)
    shop, eyes = seeing(shop)
    shop.drop("after.png", another(2))
    caught_up(shop)

    looked = run_job(shop, "look")
    both = names(shop, "auto_tag:trainers&sort=name")
    path = f"/v1/assets/{shop.call('GET', '/v1/search?q=before').body['items'][0]['id']}"
    shop.call("POST", f"{path}/auto-tags", {"accept": ["trainers"]})
    forgotten = run_job(shop, "forget")

    assert (looked["state"], both) == ("done", ["after.png", "before.png"])
    assert eyes.looked == 2, "the job passes over what this model has seen"
    assert (looked["done"], looked["total"], looked["errors"]) == (2, 2, [])
    assert forgotten["state"] == "done"
    assert names(shop, "auto_tag:footwear") == []
    assert shop.call("GET", path).body["keywords"] == ["trainers"]


def as_it_came_before(shop: Shop, asset_id: str) -> None:
    """Take away what is seen in a picture on its way in, as if it had come before anything was."""
    bare: Any = {"width_px": 300, "height_px": 300, "frames": 1}
    asset = rows.get(shop.workspace, AssetId(asset_id))
    base.transact([rows.change(shop.workspace, asset, replace(asset, newest=replace(asset.newest, facts=bare)))])
    row = versions.VersionRecord.get(base.place(shop.workspace, asset_id), 1)
    row.version = {**row.version, "facts": bare}
    row.save()


@pytest.mark.requirement("R01")
@pytest.mark.parametrize("is_on", [True, False], ids=["visual tags on", "visual tags off"])
def test_pictures_that_came_before_get_colours_ground_and_print_by_the_job(shop: Shop, *, is_on: bool) -> None:
    for seed in (1, 2, 3):
        shop.drop(f"{seed}.png", another(seed))
    known = {one["name"]: one["id"] for one in shop.assets(collection_id="root")}
    for one in known.values():
        as_it_came_before(shop, one)
    shop, eyes = seeing(shop)
    settings = shop.ctx.settings.model_copy(update={"visual_tags": is_on})
    shop = replace(shop, ctx=replace(shop.ctx, settings=settings))
    eyes.facts = {"background": "plain", "colors": [{"name": "red", "hex": "#ff0000", "share": 1}], "phash": "a5" * 32}
    eyes.broken = {str(rows.get(shop.workspace, AssetId(known["3.png"])).newest.id)}

    told = run_job(shop, "look")
    eyes.broken = set()
    looked = eyes.looked
    again, once_more = run_job(shop, "look"), run_job(shop, "look")
    asset = shop.call("GET", f"/v1/assets/{known['1.png']}").body

    assert (told["state"], told["done"], told["result"]) == ("done", 3, {
        "looked_at": 3, "seen": 2 * is_on, "facts": 2})  # fmt: skip
    assert [one["subject"] for one in told["errors"]] == [f"asset:{known['3.png']}"]
    assert (again["result"]["facts"], once_more["result"]["facts"], eyes.looked) == (
        1, 0, looked + 1 + 2 * is_on), "each run looks once to know the model"  # fmt: skip
    assert (asset["background"], asset["colors"][0]["name"], asset["width_px"]) == ("plain", "red", 300)
    assert names(shop, "color:red+background:plain&sort=name") == ["1.png", "2.png", "3.png"]
    assert len(names(shop, "footwear")) == 3 * is_on
    kept = versions.get(shop.workspace, AssetId(known["1.png"]), 1)
    assert kept is not None
    assert kept.facts["phash"] == "a5" * 32, "also for the day when this version is approved"


@pytest.mark.requirement("RF3")
@pytest.mark.parametrize("is_on", [True, False], ids=["visual tags on", "visual tags off"])
def test_pictures_that_get_their_print_by_the_job_enter_the_inbox_once(shop: Shop, *, is_on: bool) -> None:
    for seed, name in enumerate(("a", "b", "c")):
        shop.drop(f"{name}.png", another(seed + 1))
        indexing.catch_up(shop.ctx, shop.workspace)
    known = {one["name"]: one["id"] for one in shop.assets(collection_id="root")}
    for one in known.values():
        as_it_came_before(shop, one)
    shop, eyes = seeing(shop)
    shop = replace(shop, ctx=replace(
        shop.ctx, settings=shop.ctx.settings.model_copy(update={"visual_tags": is_on})))  # fmt: skip
    eyes.facts = {"background": "plain", "colors": [{"name": "red", "hex": "#ff0000", "share": 1}], "phash": "a5" * 32}

    def waiting() -> list[set[str]]:
        return [{one["name"] for one in pair["assets"]} for pair in shop.call("GET", "/v1/duplicates").body["items"]]

    before = waiting()
    run_job(shop, "look")
    first = waiting()
    pair = shop.call("GET", "/v1/duplicates").body["items"][0]
    shop.call("POST", f"/v1/duplicates/{pair['id']}", {"decision": "ignore"})
    left = waiting()
    run_job(shop, "look")
    for one in known.values():
        shop.call("PATCH", f"/v1/assets/{one}", {"title": "touched"})
    indexing.catch_up(shop.ctx, shop.workspace)

    assert before == []
    assert sorted(map(sorted, first)) == [["a.png", "b.png"], ["a.png", "c.png"], ["b.png", "c.png"]]
    assert (len(left), sorted(map(sorted, waiting()))) == (2, sorted(map(sorted, left))), "decided is not asked again"


@pytest.mark.requirement("RF4")
def test_broken_and_lost_previews_have_no_tag_are_named_and_hold_nothing_up(shop: Shop) -> None:
    """More of them in a row than make the job believe that the picture function is away."""
    shop, eyes = seeing(shop)
    shop.drop("whole.png", another(1))
    for number in range(7):
        shop.drop(f"x{number}.png", another(2 + number))
    known = {one["name"]: one["id"] for one in shop.assets(collection_id="root")}
    versions_of = {name: rows.get(shop.workspace, AssetId(one)).newest for name, one in known.items()}
    eyes.damaged = {str(versions_of["x0.png"].id)}
    eyes.broken = {str(versions_of[f"x{number}.png"].id) for number in range(1, 7)}
    for number in range(1, 7):
        medium = next(one for one in versions_of[f"x{number}.png"].renditions if one.name == "medium")
        shop.ctx.store.delete("renditions", medium.key, None)

    caught_up(shop)
    told = run_job(shop, "look")

    assert untold(shop) == [], "what cannot be looked at is told, and never comes again"
    assert (told["state"], told["done"]) == ("done", 8)
    details = {one["subject"]: one["detail"] for one in told["errors"]}
    assert set(details) == {f"asset:{known[f'x{number}.png']}" for number in range(7)}
    assert "damaged" in details[f"asset:{known['x0.png']}"]
    assert "preview of this picture is gone" in details[f"asset:{known['x1.png']}"]
    assert names(shop, "auto_tag:trainers") == ["whole.png"]


def test_a_cancelled_look_keeps_what_it_has_done_and_the_next_does_the_rest(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relooking, "_STEP", 2)
    for number in range(7):
        shop.drop(f"{number}.png", another(number))
    shop, eyes = seeing(shop)
    job = shop.call("POST", "/v1/auto-tags", {"do": "look"}).body["job_id"]

    def stop(looked: int) -> None:
        if looked == 5:
            assert shop.call("POST", f"/v1/jobs/{job}/cancel").status == 200

    eyes.meanwhile = stop
    jobs.run(shop.ctx, WORKS, shop.workspace, job)
    cancelled = shop.call("GET", f"/v1/jobs/{job}").body
    indexing.catch_up(shop.ctx, shop.workspace)
    seen = names(shop, "auto_tag:trainers")
    jobs.run(shop.ctx, WORKS, shop.workspace, job)
    looked = eyes.looked
    rest = run_job(shop, "look")

    assert (cancelled["state"], cancelled["done"], len(seen)) == ("cancelled", 4, 6), "a step under way is kept"
    assert (looked, rest["state"], rest["result"]["seen"]) == (6, "done", 2)
    assert len(names(shop, "auto_tag:trainers")) == 7


def a_view(*numbers: int) -> str:
    return base64.b64encode(bytes(number % 256 for number in numbers) + bytes(128 - len(numbers))).decode()


@pytest.mark.requirement("R59")
def test_similar_pictures_are_the_same_kind_of_thing_where_a_model_has_looked(shop: Shop) -> None:
    shop, eyes = seeing(shop)
    for seed, home in ((1, ""), (2, "Web/"), (3, ""), (4, ""), (5, "")):
        shop.drop(f"{home}{seed}.png", another(seed))
    known = {one["name"]: one["id"] for one in shop.call("GET", "/v1/assets?collection_id=root").body["items"]}
    indexing.catch_up(shop.ctx, shop.workspace)
    known |= {one["name"]: one["id"] for one in shop.call("GET", "/v1/search").body["items"]}
    looks = {"1.png": (100, 0), "2.png": (100, 20), "3.png": (100, -60), "4.png": (-100, 0), "5.png": (100, 1)}
    eyes.views = {
        str(rows.get(shop.workspace, AssetId(known[name])).newest.id): a_view(*look) for name, look in looks.items()
    }
    caught_up(shop)
    path = f"/v1/assets/{known['1.png']}/similar"
    shop.call("DELETE", f"/v1/assets/{known['5.png']}")
    indexing.catch_up(shop.ctx, shop.workspace)

    all_ = [(one["name"], one["distance"]) for one in shop.call("GET", path).body["items"]]
    web = CollectionId(next(
        one["id"] for one in shop.call("GET", "/v1/collections").body["items"] if one["path"] == "Web"))  # fmt: skip
    blind = a_key(shop, Grant(allow=ALL), Grant(collection_id=web, deny=Right.SEE.bit))
    theirs = [one["name"] for one in call("GET", path, Authorization=f"Bearer {blind}").body["items"]]
    one = [one["name"] for one in shop.call("GET", f"{path}?limit=1").body["items"]]
    eyes.is_away = True
    caller = signing.caller_of(shop.ctx, shop.key, None)
    alone = similar.similar(shop.ctx, caller, rows.get(shop.workspace, AssetId(known["1.png"])), 20)

    assert all_ == [("2.png", 0.019), ("3.png", 0.143)]
    assert (theirs, one) == (["3.png"], ["2.png"])
    assert alone == [], "prints alone tell, and no error"


def taught(shop: Shop, eyes: Seeing, *, reds: int = 12, blues: int = 12) -> dict[str, str]:
    """Assets of two kinds with a keyword each, and one of the first kind that nobody has tagged; name to id."""
    made: dict[str, Asset] = {}
    channels = indexing.channels_of(shop.workspace)
    for kind, count in (("red", reds), ("blue", blues), ("new", 1)):
        for number in range(count):
            words = () if kind == "new" else (kind, "picture")
            asset = an_asset(1000 * len(kind) + number, name=f"{kind}{number}", keywords=words)
            asset = replace(asset, id=AssetId(shop.ctx.new_id()))
            shade = (90, number, 7 - number) if kind != "blue" else (-90, number, 5)
            known = {"model": "m", "model_version": "0" * 12, "classes": SHOES, "view": a_view(*shade)}
            asset = replace(asset, seen={asset.newest.id: known})
            base.transact([rows.add(shop.workspace, asset), versions.add(shop.workspace, asset.id, asset.newest)])
            made[asset.fields.name] = asset
    shop.ctx.search.build(shop.workspace, [indexing.document(one, channels) for one in made.values()])
    return {name: str(one.id) for name, one in made.items()}


@pytest.mark.requirement("R01")
def test_a_shop_s_own_words_are_learnt_measured_and_never_mixed_with_keywords(shop: Shop) -> None:
    shop, eyes = seeing(shop)
    known = taught(shop, eyes)
    path = f"/v1/assets/{known['new0']}"
    before = shop.call("GET", "/v1/auto-tags/learnt").body

    told, again = run_job(shop, "learn"), run_job(shop, "learn")
    learnt = shop.call("GET", "/v1/auto-tags/learnt").body
    asset = shop.call("GET", path).body
    teacher = shop.call("GET", f"/v1/assets/{known['red0']}").body
    found = shop.call("GET", "/v1/search?q=auto_tag:red").body["items"]
    shop.call("POST", f"{path}/auto-tags", {"reject": ["red"]})
    run_job(shop, "learn")
    rejected = shop.call("GET", path).body
    run_job(shop, "forget")

    assert (before["state"], before["words"]) == ("off", [])
    assert (told["state"], told["result"]["words"], again["result"]["called"]) == ("done", 2, 0)
    assert (learnt["state"], learnt["because"], learnt["examples"]) == ("on", None, 24)
    words = {one["name"]: one for one in learnt["words"]}
    assert set(words) == {"red", "blue"}, "a word that every picture has tells nothing"
    assert all(one["is_used"] and one["right"] == one["told"] >= 5 and one["precision"] == 1 for one in words.values())
    own = {"name": "red", "confidence": 1.0, "model": f"own-tags/{learnt['version']}", "level": "sure"}
    assert own in asset["auto_tags"]
    assert asset["keywords"] == []
    assert "red" not in {one["name"] for one in teacher["auto_tags"]}, "it is a keyword there"
    assert [(one["name"], one["seen"]) for one in found] == [("new0", ["red"])]
    assert "red" not in {one["name"] for one in rejected["auto_tags"]}
    assert shop.call("GET", "/v1/auto-tags/learnt").body["state"] == "off"


def test_with_too_few_pictures_nothing_is_learnt_and_it_says_why(shop: Shop) -> None:
    shop, eyes = seeing(shop)
    known = taught(shop, eyes, reds=9, blues=9)

    run_job(shop, "learn")
    learnt = shop.call("GET", "/v1/auto-tags/learnt").body
    asset = shop.call("GET", f"/v1/assets/{known['new0']}").body

    assert (learnt["state"], learnt["words"], learnt["examples"]) == ("off", [], 18)
    assert "10 pictures" in learnt["because"]
    assert not [one for one in asset["auto_tags"] if one["model"].startswith("own-tags")]


def test_a_refit_is_queued_once_a_day_where_the_index_has_changed(shop: Shop) -> None:
    shop, eyes = seeing(shop)
    taught(shop, eyes, reds=1, blues=1)

    def queued() -> int:
        learning.refit_all(shop.ctx)
        return sum(one["kind"] == "auto_tags.learn" for one in shop.call("GET", "/v1/jobs").body["items"])

    first, second = queued(), queued()
    run_job(shop, "learn")

    assert (first, second) == (1, 1)
    assert learning.refit_all(replace(shop.ctx, settings=shop.ctx.settings.model_copy(
        update={"visual_tags": False}))) == 0  # fmt: skip
