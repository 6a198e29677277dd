"""Assets of many kinds for tests of search: made of few words, so that they meet often."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.assets import Asset, Fields, Restriction, Version
from chalicelib.domain.ids import ROOT, AssetId, CollectionId, VersionId, make_id
from chalicelib.domain.queries import (
    All,
    AnyOf,
    Between,
    Document,
    Everything,
    Has,
    Near,
    Node,
    Not,
    Term,
    Text,
)
from chalicelib.domain.reach import Reach, Sight

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
EVERYTHING = Reach(allow=None)
ALL_SIGHT = Sight(EVERYTHING, EVERYTHING, int(NOW.timestamp()))
COLLECTIONS = [ROOT, *(CollectionId(f"c{number}") for number in range(8))]
WORDS = (
    "red",
    "reds",
    "jeans",
    "jaens",
    "denim",
    "dress",
    "summer",
    "summers",
    "front",
    "Été",
    "blue",
    "blues",
    "shoulder",
    "sholuders",
)
SKUS = ("TS-100", "TS-1000", "ts100", "AB 7", "J_42")


def an_asset(number: int, **given: Any) -> Asset:
    """A live photo in the root; `given` replaces fields of the asset, or of its `fields`, `facts` or version."""
    at = given.pop("created_at", NOW - timedelta(minutes=number))
    version = Version(
        id=VersionId(make_id(number, b"v" * 11)), number=1, order=("", "", ""), at=at, by=None, note=None,
        file_name="a.jpg", sha256="0" * 64, size_bytes=given.pop("size_bytes", 1000 + number),
        kind=given.pop("kind", "image"), mime="image/jpeg", format=given.pop("format", "jpeg"),
        facts=given.pop("facts", {}), thumbhash=None, renditions=(), approval=given.pop("approval", "none"),
    )  # fmt: skip
    names = {name for name in Fields.__dataclass_fields__ if name in given}
    fields = Fields(**{"name": f"photo {number}.jpg", **{name: given.pop(name) for name in names}})
    asset = Asset(
        id=AssetId(make_id(1_700_000_000_000 + number, b"a" * 11)), revision=1, fields=fields, collection_ids=(ROOT,),
        sources=(), newest=version, versions=1, created_at=at, updated_at=at,
    )  # fmt: skip
    return replace(asset, **given)


def a_document(asset: Asset) -> Document:
    """The asset with a card that names it."""
    return Document(asset, {"id": asset.id, "name": asset.fields.name, "revision": asset.revision})


def any_asset(chance: random.Random, number: int) -> Asset:
    """Any asset at all."""

    def some(values: Sequence[Any], most: int) -> tuple[Any, ...]:
        return tuple(chance.sample(list(values), chance.randrange(most + 1)))

    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.4 else None

    def when() -> datetime:
        return NOW + timedelta(seconds=chance.choice([-90 * 86400, -3600, -1, 0, 1, 3600, 90 * 86400]))

    moments = ["2025-06-01T00:00:00", "2025-06-30T23:59:59+02:00", "2024-02-29", "1999-12-31T23:59:59Z", "nonsense"]
    odd = [7, 8.5, -3, "Linen", ["Linen", "Wool"], True, None, 10**15]
    facts = {
        "width_px": chance.choice([100, 2000, 3000]),
        "height_px": chance.choice([None, 100, 2000]),
        "captured_at": maybe(chance.choice(moments)),
        "gps": maybe({"lat": 48.85 + chance.randrange(-50, 50) / 100, "lon": 2.35 + chance.randrange(-50, 50) / 100}),
        "camera": maybe({"make": "Canon", "model": "EOS R5"}),
        "colors": [{"name": name} for name in some(("red", "blue"), 2)],
    }  # fmt: skip
    restriction = Restriction("why", maybe(when()), maybe(when())) if chance.random() < 0.2 else None
    asset = an_asset(
        number,
        name=" ".join(some(WORDS, 3) + some(SKUS, 1)) or "x",
        title=maybe(" ".join(some(WORDS, 3))),
        description=maybe(" ".join(some(WORDS, 5))),
        keywords=some((*WORDS, "red jeans", "Summer Été"), 4),
        skus=some(SKUS, 2),
        rating=maybe(chance.randrange(6)),
        position=maybe(chance.randrange(4)),
        shot_type=maybe(chance.choice(["front", "back detail"])),
        custom={name: chance.choice(odd) for name in some(("price", "fabric"), 2)},
        available_from=maybe(when()) if chance.random() < 0.4 else None,
        available_until=maybe(when()) if chance.random() < 0.4 else None,
        restriction=restriction,
        state=chance.choice(["live", "live", "live", "archived", "trashed"]),
        collection_ids=some(COLLECTIONS, 3) or (ROOT,),
        facts={name: value for name, value in facts.items() if value is not None},
        size_bytes=chance.choice([10, 1000, 5_000_000]),
        approval=chance.choice(["none", "pending"]),
        created_at=NOW - timedelta(hours=chance.randrange(100)),
    )  # fmt: skip
    return replace(asset, approved=replace(asset.newest, approval="approved")) if chance.random() < 0.3 else asset


def any_reach(chance: random.Random, ids: Sequence[AssetId]) -> Reach:
    """Any reach: everything, nothing, or what lies between."""
    if chance.random() < 0.2:
        return EVERYTHING

    def some(values: Sequence[Any], most: int) -> frozenset[Any]:
        return frozenset(chance.sample(list(values), min(len(values), chance.randrange(most + 1))))

    return Reach(
        allow=None if chance.random() < 0.2 else some(COLLECTIONS, 6),
        deny=some(COLLECTIONS, 2) if chance.random() < 0.4 else frozenset(),
        inside=None if chance.random() < 0.6 else some(COLLECTIONS, 6),
        own_allow=some(ids, 3) if chance.random() < 0.3 else frozenset(),
        own_deny=some(ids, 3) if chance.random() < 0.3 else frozenset(),
        only=some(ids, 20) if chance.random() < 0.2 else None,
    )


def any_sight(chance: random.Random, ids: Sequence[AssetId]) -> Sight:
    """Any caller."""
    hidden = frozenset(chance.sample(list(ids), min(2, len(ids)))) if chance.random() < 0.3 else frozenset()
    also = (any_reach(chance, ids),) if chance.random() < 0.2 else ()
    asked = any_node(chance) if chance.random() < 0.2 else None
    return Sight(any_reach(chance, ids), any_reach(chance, ids), int(NOW.timestamp()), hidden, also, asked)


def any_text(chance: random.Random) -> Text:
    """Any words, as documents have them or nearly."""
    known = (
        "red",
        "jeans",
        "jeens",
        "denim",
        "summer",
        "sumer",
        "shoulders",
        "ete",
        "blu",
        "dre",
        "ts",
        "100",
        "ts100",
        "nothing",
        "j42",
        "photo",
    )
    field = chance.choice([None, None, "name", "keyword", "sku", "title", "camera"])
    if chance.random() < 0.3:
        return Text(
            tuple(chance.choice(known) for _ in range(chance.randrange(1, 3))), field, True, chance.random() < 0.3
        )
    return Text((chance.choice(known),), field, False, chance.random() < 0.3)


def any_leaf(chance: random.Random) -> Node:
    """Any question without parts."""
    seconds = int(NOW.timestamp())
    low, high = sorted(chance.choice([0, 1, 3, 7, 8, 1000, 2000, 10**15]) for _ in range(2))
    bounds = [915148800, 946684799, 1748736000, 1751320799, seconds - 10**6, seconds - 7000, seconds]
    first, last = sorted(chance.choice(bounds) for _ in range(2))
    number = chance.choice(["rating", "width", "size", "position", "custom.price", "custom.fabric", "unknown"])
    moment = chance.choice(["taken", "uploaded", "changed"])
    exact = [
        "keyword",
        "sku",
        "state",
        "color",
        "custom.fabric",
        "custom.price",
        "approval",
        "year",
        "unknown",
        "camera",
    ]
    values = ["Red", "red jeans", "live", "TS-100", "linen", "7", "true", "approved", "2025", "canon eos r5", "été"]
    present = chance.choice(["rating", "keyword", "near", "sku", "custom.price", "camera", "taken", "unknown"])
    return chance.choice(
        [
            Everything(),
            any_text(chance),
            any_text(chance),
            Term(chance.choice(exact), tuple(chance.sample(values, 3))),
            Term("collection", tuple(chance.sample(COLLECTIONS, 2))),
            Between(number, chance.choice([None, low]), chance.choice([None, high])),
            Between(moment, chance.choice([None, first]), chance.choice([None, last])),
            Near(48.85, 2.35, chance.choice([1_000.0, 15_000.0, 40_000.0, 900_000.0])),
            Has(present),
        ]
    )


def any_node(chance: random.Random, depth: int = 3) -> Node:
    """Any question."""
    if depth == 0 or chance.random() < 0.4:
        return any_leaf(chance)
    parts = tuple(any_node(chance, depth - 1) for _ in range(chance.randrange(3)))
    return chance.choice([All(parts), AnyOf(parts), Not(any_node(chance, depth - 1))])
