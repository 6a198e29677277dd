"""The words of a plan: what a store is to show, what we last put there, what the merchant changed since. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain.ids import short_hash

ListName = Literal["matched", "unmatched", "ambiguous", "blocked", "unchanged"]
LISTS: tuple[ListName, ...] = ("matched", "unmatched", "ambiguous", "blocked", "unchanged")
Action = Literal["create", "replace", "alt", "attach", "reorder", "assign", "unlink"]
PlanState = Literal[
    "computing", "ready", "approved", "applying", "partly_applied", "applied", "rolling_back", "rolled_back", "failed",
]  # fmt: skip
DriftKind = Literal["removed", "picture", "alt", "order", "variant_image", "foreign"]


@dataclass(frozen=True)
class Wanted:
    """One picture that a product is to have. `content` names its bytes, `variant_ids` the variants that it shows."""

    asset_id: str
    sku: str
    version: int
    content: str
    name: str
    alt: str
    variant_ids: tuple[str, ...]


@dataclass(frozen=True)
class Pushed:
    """What we know of an asset's file in the store. All but `making` is as the store last said it has it.

    `making` is the content that was on its way when the last run ended, `making_id` the file that it becomes;
    `refused` the content that the store would not have, and why. `leaving` is a file of another kind that `file_id`
    takes the place of.
    """

    asset_id: str
    name: str
    file_id: str | None = None
    content: str | None = None
    version: int | None = None
    alt: str | None = None
    url: str | None = None
    product_ids: tuple[str, ...] = ()
    making: str | None = None
    making_id: str | None = None
    refused: tuple[str, str] | None = None
    leaving: str | None = None


@dataclass(frozen=True)
class Left:
    """A product as our last push left it."""

    order: tuple[str, ...] = ()
    shown: Mapping[str, str | None] = field(default_factory=dict)

    def swapped(self, old: str, new: str) -> "Left":
        """The same with one file in another one's place."""
        shown = {variant: new if one == old else one for variant, one in self.shown.items()}
        return Left(tuple(new if one == old else one for one in self.order), shown)


@dataclass(frozen=True)
class Drift:
    """One thing that the merchant changed since our last push."""

    kind: DriftKind
    product_id: str
    asset_id: str | None = None
    medium_id: str | None = None
    variant_id: str | None = None
    ours: str | None = None
    theirs: str | None = None


@dataclass(frozen=True)
class LinePlan:
    """What is to be done about one picture on one product."""

    asset_id: str
    list: ListName
    actions: tuple[Action, ...]
    because: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    drift: tuple[Drift, ...] = ()

    @property
    def consent(self) -> tuple[str, ...]:
        """What stands for this drift: an agreement to overwrite it holds for no other."""
        return consent_to(self.drift)


@dataclass(frozen=True)
class ProductPlan:
    """A product: its lines, where its media are to be (`ref` of those that are still to come), what variants show."""

    lines: tuple[LinePlan, ...]
    target: tuple[str, ...]
    shown: Mapping[str, str]
    drift: tuple[Drift, ...]


def ref(asset_id: str) -> str:
    """What stands for a file that is not there yet."""
    return f"asset:{asset_id}"


def consent_to(drift: Sequence[Drift]) -> tuple[str, ...]:
    """One text a change, the same for the same change."""
    return tuple(short_hash(repr(one)) for one in drift)


def kind_of(name: str) -> str:
    """The ending of a file's name; bytes of another kind cannot take a file's place."""
    return name.rpartition(".")[2].lower()


@dataclass(frozen=True)
class Result:
    """What became of a line: `done`; `conflict`, the store or the asset is not as it was planned; `failed`; `skipped`
    on approval. After a roll-back `rolled_back`, or `drift` where the store was not ours any more."""

    state: Literal["done", "failed", "conflict", "skipped", "rolled_back", "drift"]
    detail: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a plan: one asset on one product, or an asset that goes nowhere."""

    id: str
    list: ListName
    asset_id: str
    sku: str | None = None
    product_id: str | None = None
    variant_ids: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    because: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    drift: tuple[Drift, ...] = ()
    result: Result | None = None

    @property
    def is_open(self) -> bool:
        """Whether something of it is still to be done."""
        return self.list == "matched" and bool(self.actions) and self.result is None


@dataclass(frozen=True)
class Plan:
    """A plan of one connection. `q` narrows it to what a search finds; `is_auto`: a run of the connection made it.

    `approved_by` and `except_line_ids` are set on approval. `counts` are lines by list, and `conflicts`.
    """

    id: str
    connection_id: str
    state: PlanState
    by: str
    created_at: datetime
    q: str | None = None
    is_auto: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    cost_points: int = 0
    minutes: int = 0
    because: str | None = None
    approved_by: str | None = None
    except_line_ids: tuple[str, ...] = ()
    job_id: str | None = None
    """The job that makes, applies or rolls it back."""
    revision: int = 1

    @property
    def label(self) -> str:
        """As audit rows name it."""
        return f"plan:{self.id}"


@dataclass(frozen=True)
class PlanProduct:
    """A product of a plan: all that it is to show, in order, and how it was before anything was applied.

    `before` is None until then; `after` is what applying left. Both are media ids in order, alt texts and bytes of
    ours, and variants' media.
    """

    id: str
    wanted: tuple[Wanted, ...]
    before: "Snapshot | None" = None
    after: "Snapshot | None" = None


@dataclass(frozen=True)
class Snapshot:
    """A product at a moment: its media in order, what variants show, and by file of ours its alt text, address and
    where its bytes are kept."""

    order: tuple[str, ...]
    shown: Mapping[str, str | None]
    alts: Mapping[str, str] = field(default_factory=dict)
    urls: Mapping[str, str | None] = field(default_factory=dict)
    contents: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What a person said of an asset, for this and every later plan: these variants, or none at all.

    `agreed` are the changes that may be overwritten, as `consent_to` stands for them.
    """

    variant_ids: tuple[str, ...] = ()
    skip: bool = False
    agreed: tuple[str, ...] = ()
