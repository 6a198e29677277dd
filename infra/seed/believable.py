"""A believable shop's library of any size: the same asset for the same number, on every machine.

Words, keywords, SKUs and collections are skewed as real ones are: few are everywhere, most are rare. The seed of
`make seed`, the benchmarks and the tests at scale all take their assets from here.
"""

import bisect
import hashlib
import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.assets import Asset, Fields, Source, State, Version
from chalicelib.domain.ids import AssetId, CollectionId, VersionId, make_id, short_hash

END = datetime(2026, 11, 1, tzinfo=UTC)
COLLECTIONS, KEYWORDS, WORDS = 600, 4_000, 20_000
SOURCE = "seed"
"""What the source of these assets and their versions is called: they have no bytes."""
USUAL = 100_000
"""As dense as this many in eight years: an asset of `asset(number, USUAL)` stays the same however many there are."""
_AT_THE_TOP, _BELOW_EACH = 12, 6
_DAYS = 8 * 365
_BETWEEN_VERSIONS = timedelta(days=3)
HEX = {
    "black": "#2b2b2f", "white": "#f1eee8", "grey": "#9a9ba0", "blue": "#4a6fa5", "red": "#b5473f", "green": "#5f7f5c",
    "beige": "#d9c4a0", "brown": "#7a5a43", "pink": "#dba3aa", "yellow": "#e0bb52", "orange": "#d98147",
    "purple": "#76598f",
}  # fmt: skip
COLORS = tuple(HEX)
_KINDS = (
    ("image", "image/jpeg", "jpeg"), ("image", "image/png", "png"), ("image", "image/tiff", "tiff"),
    ("image", "image/vnd.adobe.photoshop", "psd"), ("video", "video/mp4", "mp4"),
    ("document", "application/pdf", "pdf"),
)  # fmt: skip
_KIND_WEIGHTS = (77, 11, 4, 3, 3, 2)
_SHOTS = ("front", "back", "side", "detail", "worn", "flat", "pack", "swatch")
_PLAIN = """
    shirt linen summer dress cotton front winter jacket studio denim lamp oak shoulder planter towel wool mug
    classic knit strap sneaker candle stripe cushion model outdoor print leather soap collar basket ribbed
    glass sleeve bowl cropped velvet backpack walnut scarf matte chair quilted silk bottle pocket spring
    kettle brushed throw ceramic boot organic belt pendant rain hood relaxed plate navy stool woven cap garden
    recycled slim blanket autumn tray zip teapot merino wide jar check oversized sandal brass swim travel
    lantern pleated mirror floral poncho soft
""".split()
"""The commonest words; none is made of our syllables."""
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
    """The word of a rank: the commonest are plain, all are pronounceable, and no two are the same."""
    if place < len(_PLAIN):
        return _PLAIN[place]
    signs = []
    left = place + len(_SYLLABLES)
    while left:
        left, one = divmod(left, len(_SYLLABLES))
        signs.append(_SYLLABLES[one])
    return "".join(signs)


def keyword(place: int) -> str:
    """The keyword of a rank; every third has two words."""
    return f"{word(place)} {word((place * 7 + 5) % 500)}" if place % 3 == 0 else word(place)


def collection_id(place: int) -> CollectionId:
    """The collection of a rank."""
    return CollectionId(short_hash("believable", str(place)))


def collection_name(place: int) -> str:
    """Its name, which no other collection has."""
    return word(place).capitalize()


def parent(place: int) -> int | None:
    """The rank of the collection it lies in; None for those at the top."""
    return None if place < _AT_THE_TOP else (place - _AT_THE_TOP) // _BELOW_EACH


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
    state: State = chance.choices(("live", "archived", "trashed"), (93, 5, 2))[0]
    places = {collection_id(_collections.draw(chance)) for _ in range(1 + (chance.random() < 0.25))}
    return Asset(
        id=AssetId(make_id(int(at.timestamp() * 1000), number.to_bytes(11, "big"))),
        revision=1,
        fields=fields,
        collection_ids=tuple(sorted(places)),
        sources=(Source(SOURCE, f"{number}.jpg"),),
        newest=version,
        versions=version.number,
        created_at=at,
        updated_at=version.at,
        approved=version if version.approval == "approved" else None,
        state=state,
        archived_because="No longer sold." if state == "archived" else None,
        keyword_sources=dict.fromkeys(fields.keywords, "source"),
    )


def number_of(made: Asset) -> int:
    """The number it was made by."""
    return int(made.sources[0].path.partition(".")[0])


def library(total: int) -> Iterator[Asset]:
    """All assets, newest first."""
    return (asset(number, total) for number in range(total))


def history(newest: Version) -> list[Version]:
    """All versions of the asset that has this newest one, oldest first."""
    older = (
        replace(
            newest,
            id=VersionId(short_hash(newest.id, str(number))),
            number=number,
            at=newest.at - _BETWEEN_VERSIONS * (newest.number - number),
            sha256=hashlib.sha256(f"{newest.id} {number}".encode()).hexdigest(),
            renditions=(),
            approval="none",
        )
        for number in range(1, newest.number)
    )
    return [*older, newest]


def _version(number: int, at: datetime, chance: random.Random) -> Version:
    kind, mime, form = chance.choices(_KINDS, _KIND_WEIGHTS)[0]
    wide, high = chance.choice(((3000, 3000), (4000, 6000), (6000, 4000), (2000, 2500), (1200, 1200)))
    version_id = VersionId(short_hash("believable version", str(number)))
    count = chance.choices((1, 2, 3), (85, 11, 4))[0]
    newest_at = at + _BETWEEN_VERSIONS * (count - 1)
    return Version(
        id=version_id,
        number=count,
        order=(newest_at.isoformat(), "", version_id),
        at=newest_at,
        by=None,
        note=None,
        file_name=f"{number}.{form}",
        sha256=hashlib.sha256(version_id.encode()).hexdigest(),
        size_bytes=chance.randrange(200_000, 40_000_000),
        kind=kind,
        mime=mime,
        format=form,
        facts={} if kind == "document" else _facts(wide, high, at, chance),
        thumbhash=None if kind == "document" else "1QcSHQRnh493V4dIh4eXh1h4kJUI",
        renditions=(),
        approval=chance.choices(("none", "approved", "pending"), (40, 50, 10))[0],
        source=SOURCE,
    )


def _facts(wide: int, high: int, at: datetime, chance: random.Random) -> dict[str, object]:
    facts: dict[str, object] = {
        "width_px": wide,
        "height_px": high,
        "captured_at": (at - timedelta(days=chance.randrange(1, 60))).isoformat(),
        "camera": {"make": "Canon", "model": chance.choice(("EOS R5", "EOS R6", "EOS 5D"))},
        "colors": [
            {"name": one, "hex": HEX[one], "share": share}
            for one, share in zip(chance.sample(COLORS, 2), (0.6, 0.4), strict=True)
        ],
    }
    if chance.random() < 0.2:
        facts["gps"] = {"lat": round(48 + chance.gauss(0, 2), 6), "lon": round(2 + chance.gauss(0, 3), 6)}
    return facts


def _text(chance: random.Random, fewest: int, most: int) -> str:
    return " ".join(word(_words.draw(chance)) for _ in range(chance.randrange(fewest, most + 1)))
