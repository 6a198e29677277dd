"""A shop's own words, learnt from what the real model leaves of real pictures: used while they are right, else not."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain import recipes
from chalicelib.domain.ids import AssetId
from chalicelib.models import assets as rows, base, versions
from chalicelib.services import indexing, learning, sighting
from infra.local import sample
from media import tagger
from media.message import parse_limits
from media.supervise import Worker
from tests.builders import Shop
from tests.libraries import an_asset
from tests.media.conftest import LIMITS
from tests.services.test_visual_tags import run_job, seeing

pytestmark = [
    pytest.mark.skipif(not tagger.is_ready(), reason="the model's package could not be had"),
    pytest.mark.timeout(600),
]
KITCHEN, CHANCE = "our kitchen", "by chance"
ASKED = "AUR-MUG-01_angle.jpg"
"""A picture that nobody has tagged, of a product whose other pictures people have."""


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, dict[str, Any]]]:
    """The folder of each picture of the sample library's autumn, and what the model's look at it leaves."""
    out, eyes, found = tmp_path_factory.mktemp("looks"), Worker(), {}
    limits, sight = parse_limits(LIMITS), {"pipeline": recipes.PIPELINE, "sight": {"classes": sighting.CLASSES}}
    for path in sorted((sample.LIBRARY / "Autumn 26").rglob("AUR-*")):
        eyes.read(path, out, limits, recipes.recipe())
        told = eyes.read(out / "medium.webp", out, limits, sight)
        if told["sight"]["view"]:
            found[path.name] = (path.parent.name, told["sight"])
    eyes.close()
    return found


def library(shop: Shop, looks: dict[str, tuple[str, dict[str, Any]]], words: Any) -> dict[str, str]:
    """An asset of each picture with the words that `words(folder, place)` says, and its SKU; name to id."""
    made = []
    for place, (name, (folder, known)) in enumerate(looks.items()):
        tags = () if name == ASKED else tuple(words(folder, place))
        asset = an_asset(place, name=name, keywords=tags, skus=(name[:10],))
        asset = replace(asset, id=AssetId(shop.ctx.new_id()), seen={asset.newest.id: known})
        base.transact([rows.add(shop.workspace, asset), versions.add(shop.workspace, asset.id, asset.newest)])
        made.append(asset)
    channels = indexing.channels_of(shop.workspace)
    shop.ctx.search.build(shop.workspace, [indexing.document(one, channels) for one in made])
    return {Path(one.fields.name).name: str(one.id) for one in made}


def own(shop: Shop, asset_id: str) -> list[str]:
    tags = shop.call("GET", f"/v1/assets/{asset_id}").body["auto_tags"]
    return [one["name"] for one in tags if one["model"].startswith("own-tags")]


def learnt(shop: Shop) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    run_job(shop, "learn")
    told = dict(shop.call("GET", "/v1/auto-tags/learnt").body)
    return told, {one["name"]: one for one in told["words"]}


@pytest.mark.requirement("R01")
def test_a_range_of_the_shop_is_learnt_from_real_pictures_and_one_by_chance_is_not_used(
    shop: Shop, looks: dict[str, tuple[str, dict[str, Any]]]
) -> None:
    shop, _ = seeing(shop)
    known = library(shop, looks, lambda folder, place: [
        KITCHEN if folder == "Kitchen" else folder, *([CHANCE] if place % 2 else [])])  # fmt: skip

    told, words = learnt(shop)

    assert told["state"] == "on"
    assert words[KITCHEN]["is_used"]
    assert words[KITCHEN]["precision"] >= 0.9
    assert not words[CHANCE]["is_used"]
    assert own(shop, known[ASKED]) == [KITCHEN]
    assert shop.call("GET", f"/v1/assets/{known[ASKED]}").body["keywords"] == []


@pytest.mark.requirement("R01")
def test_a_word_that_only_chance_gave_is_switched_off_and_says_why(
    shop: Shop, looks: dict[str, tuple[str, dict[str, Any]]]
) -> None:
    shop, _ = seeing(shop)
    known = library(shop, looks, lambda _, place: [CHANCE if place % 2 else "other"])

    told, words = learnt(shop)

    assert (told["state"], told["because"]) == ("off", learning.UNSURE)
    assert words[CHANCE]["examples"] >= 10
    assert not any(own(shop, one) for one in known.values())


@pytest.mark.requirement("R01")
def test_a_word_goes_out_of_use_when_the_shop_takes_it_away_from_its_pictures(
    shop: Shop, looks: dict[str, tuple[str, dict[str, Any]]]
) -> None:
    shop, _ = seeing(shop)
    known = library(shop, looks, lambda folder, _: [KITCHEN if folder == "Kitchen" else folder])
    learnt(shop)
    before = own(shop, known[ASKED])
    for name in [one for one in known if looks[one][0] == "Kitchen" and one != ASKED][:3]:
        shop.call("PATCH", f"/v1/assets/{known[name]}", {"keywords": ["other"]})
    indexing.catch_up(shop.ctx, shop.workspace)

    _, words = learnt(shop)

    assert before == [KITCHEN]
    assert KITCHEN not in words, "it has fewer than ten pictures now"
    assert own(shop, known[ASKED]) == []
