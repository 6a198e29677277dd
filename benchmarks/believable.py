"""A believable shop's library of any size: the same asset for the same number, on every machine.

Words, keywords, SKUs and collections are skewed as real ones are: few are everywhere, most are rare.
"""

import bisect
import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chalicelib.domain.assets import Asset, Fields, Version
from chalicelib.domain.ids import AssetId, CollectionId, VersionId, make_id, short_hash

END = datetime(2026, 11, 1, tzinfo=UTC)
COLLECTIONS, KEYWORDS, WORDS = 600, 4_000, 20_000
_DAYS = 8 * 365
_COLORS = ("black", "white", "grey", "blue", "red", "green", "beige", "brown", "pink", "yellow", "orange", "purple")
_SHOTS = ("front", "back", "side", "detail", "worn", "flat", "pack", "swatch")
_SYLLABLES = tuple(first + second for first in "bdfgklmnprstvz" for second in "aeiou")


class Skewed:
    """Draws places 0, 1, 2 … with a chance that falls as 1 / (place + 3)."""

    def __init__(self, count: int) -> None:
        self._sums = list(itertools.accumulate(1 / (place + 3) for place in range(count)))

    def draw(self, chance: random.Random) -> int:
        """One place."""
        return bisect.bisect(self._sums, chance.random() * self._sums[-1])


_words, _keywords, _collections = Skewed(WORDS), Skewed(KEYWORDS), Skewed(COLLECTIONS)


def word(place: int) -> str:
    """The word of a rank: pronounceable, and no two are the same."""
    signs = []
    left = place + len(_SYLLABLES)
    while left:
        left, one = divmod(left, len(_SYLLABLES))
        signs.append(_SYLLABLES[one])
    return "".join(signs)


def keyword(place: int) -> str:
    """The keyword of a rank; every third has two words."""
    return f"{word(place)} {word(place * 7 % 500)}" if place % 3 == 0 else word(place)


def collection_id(place: int) -> CollectionId:
    """The collection of a rank."""
    return CollectionId(short_hash("believable", str(place)))


def sku(number: int) -> str:
    """The SKU that an asset of this number shows; about five assets share one."""
    product = number // 5
    return f"{('TS', 'JN', 'DR', 'SH', 'AC')[product % 5]}-{product:06d}"


def asset(number: int, total: int) -> Asset:
    """The asset of a number among `total`: number 0 is the newest."""
    chance = random.Random(number * 2_654_435_761 + 7)
    at = END - timedelta(days=_DAYS * (number + 0.5) / total, seconds=chance.randrange(3600))
    version = _version(number, at, chance)
    fields = Fields(
        name=f"{sku(number).lower()}_{chance.choice(_SHOTS)}_{number % 5 + 1:02}.jpg",
        title=_text(chance, 2, 5),
        description=_text(chance, 4, 12) if chance.random() < 0.5 else None,
        keywords=tuple(dict.fromkeys(keyword(_keywords.draw(chance)) for _ in range(chance.randrange(2, 9)))),
        skus=(sku(number),) if chance.random() < 0.8 else (),
        position=number % 5 + 1,
        shot_type=chance.choice(_SHOTS) if chance.random() < 0.6 else None,
        custom={"price": chance.randrange(500, 30_000), "fabric": word(chance.randrange(40))},
        rating=chance.randrange(1, 6) if chance.random() < 0.3 else None,
        available_until=END + timedelta(days=chance.randrange(-300, 300)) if chance.random() < 0.02 else None,
    )
    places = {collection_id(_collections.draw(chance)) for _ in range(1 + (chance.random() < 0.25))}
    return Asset(
        id=AssetId(make_id(int(at.timestamp() * 1000), number.to_bytes(11, "big"))),
        revision=1,
        fields=fields,
        collection_ids=tuple(sorted(places)),
        sources=(),
        newest=version,
        versions=1,
        created_at=at,
        updated_at=at,
        approved=version if version.approval == "approved" else None,
        state=chance.choices(("live", "archived", "trashed"), (93, 5, 2))[0],
    )


def library(total: int) -> Iterator[Asset]:
    """All assets, newest first."""
    return (asset(number, total) for number in range(total))


def _version(number: int, at: datetime, chance: random.Random) -> Version:
    wide, high = chance.choice(((3000, 3000), (4000, 6000), (6000, 4000), (2000, 2500), (1200, 1200)))
    facts = {
        "width_px": wide,
        "height_px": high,
        "captured_at": (at - timedelta(days=chance.randrange(1, 60))).isoformat(),
        "camera": {"make": "Canon", "model": chance.choice(("EOS R5", "EOS R6", "EOS 5D"))},
        "colors": [{"name": one} for one in chance.sample(_COLORS, 2)],
        "orientation": "square" if wide == high else "portrait" if wide < high else "landscape",
    }
    if chance.random() < 0.2:
        facts["gps"] = {"lat": round(48 + chance.gauss(0, 2), 6), "lon": round(2 + chance.gauss(0, 3), 6)}
    return Version(
        id=VersionId(make_id(int(at.timestamp() * 1000), (number + 2**40).to_bytes(11, "big"))),
        number=1,
        order=("", "", ""),
        at=at,
        by=None,
        note=None,
        file_name=f"{number}.jpg",
        sha256="0" * 64,
        size_bytes=chance.randrange(200_000, 40_000_000),
        kind=chance.choices(("image", "video", "document"), (95, 3, 2))[0],
        mime="image/jpeg",
        format=chance.choices(("jpeg", "png", "tiff", "psd"), (80, 12, 4, 4))[0],
        facts=facts,
        thumbhash="1QcSHQRnh493V4dIh4eXh1h4kJUI",
        renditions=(),
        approval=chance.choices(("none", "approved", "pending"), (40, 50, 10))[0],
    )


def _text(chance: random.Random, fewest: int, most: int) -> str:
    return " ".join(word(_words.draw(chance)) for _ in range(chance.randrange(fewest, most + 1)))
