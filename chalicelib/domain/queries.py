"""What a search asks, as values: the tree that a query text becomes, and what its caller may see.

`domain/search.py` makes the tree from text, `services/search.py` resolves names in it to ids,
engines in `adapters/search_*.py` evaluate it. Nothing here knows an engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.assets import Asset
from chalicelib.domain.ids import AssetId
from chalicelib.domain.reach import Sight


@dataclass(frozen=True)
class Everything:
    """Matches every document."""


@dataclass(frozen=True)
class Text:
    """Words that a text holds; `field` None searches all weighted fields.

    `words` are folded tokens. One word unless `is_phrase`: then they follow each other.
    `is_prefix`: the last word may go on. A word of four or more letters also matches with a typo,
    below every exact match, unless it is a phrase or a prefix.
    """

    words: tuple[str, ...]
    field: str | None = None
    is_phrase: bool = False
    is_prefix: bool = False


@dataclass(frozen=True)
class Term:
    """A field has one of these values, compared folded; collections are ids by then."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Between:
    """A number of the field lies within; None leaves an end open. Dates are whole seconds since 1970.

    Both ends belong to the range.
    """

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Near:
    """Taken within `radius_m` metres of a place; degrees north and east."""

    latitude: float
    longitude: float
    radius_m: float


@dataclass(frozen=True)
class Alike:
    """The print of its picture has at least so many of these bands; more in common ranks higher.

    An engine may pass over bands that very many documents have.
    """

    bands: tuple[int, ...]
    at_least: int


@dataclass(frozen=True)
class Has:
    """The field is set."""

    field: str


@dataclass(frozen=True)
class Withheld:
    """At this moment a restriction or its dates keep it back."""

    at_s: int


@dataclass(frozen=True)
class All:
    """Every part matches; no parts match everything."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part matches; no parts match nothing."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """The part does not match."""

    part: "Node"


Node = Everything | Text | Term | Between | Near | Alike | Has | Withheld | All | AnyOf | Not


@dataclass(frozen=True)
class FacetAsk:
    """Count the values of one field over the documents of `query`; `only` keeps those the caller may know of.

    Values are told apart folded; those of fields in `documents.SPELLED` are told as they are written most often.
    """

    query: Node
    only: frozenset[str] | None = None
    limit: int = 50


@dataclass(frozen=True)
class Ask:
    """One question to an index: `sight` is always applied, to hits, total and facets alike.

    `skip` documents are left out at the front. `generation` asks that exact state of the index;
    `at_least` makes the index look at once for a newer state when what it has is older than that generation.
    """

    query: Node
    sight: Sight
    sort: str = "-uploaded"
    limit: int = 50
    skip: int = 0
    generation: int | None = None
    at_least: int = 0
    facets: Mapping[str, FacetAsk] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """An asset as an index holds it, with the card that a hit returns as it was stored."""

    asset: Asset
    card: Mapping[str, object]
    usable: tuple[str, ...] = ()
    """Channels that it fits, whatever the date."""


@dataclass(frozen=True)
class Found:
    """Cards in the order of the sort, the exact total, counts a field, and the state that answered.

    `is_newest`: the same question without a generation would have been answered from this state too.
    """

    cards: tuple[Mapping[str, object], ...]
    total: int
    facets: Mapping[str, tuple[tuple[str, int], ...]]
    generation: int
    is_newest: bool = True


@dataclass(frozen=True)
class IndexState:
    """How an index stands: `dead` documents are replaced ones that still take room.

    One that is not `is_sound` cannot be read, by damage or for its format, and is to be built anew.
    """

    generation: int
    documents: int
    dead: int
    segments: int
    size_bytes: int
    is_sound: bool = True


def document_id(document: Document) -> AssetId:
    """The asset's id: one document an asset."""
    return document.asset.id
