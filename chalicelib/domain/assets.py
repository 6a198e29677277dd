"""Assets and versions as values: which version is newest, which is shown, and what an edit may change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from chalicelib.domain.access import Resource
from chalicelib.domain.collections import Tree
from chalicelib.domain.ids import AssetId, CollectionId, VersionId

State = Literal["live", "archived", "trashed"]
Approval = Literal["none", "pending", "approved", "rejected", "changes_requested"]
WriteOrder = tuple[str, str, str]
"""(last modified as RFC 3339, sequencer padded to 32 signs or empty, version id): total and deterministic."""

EDITABLE = (
    "name", "title", "description", "alt", "keywords", "skus", "position", "shot_type", "custom", "rating",
    "responsible_id", "available_from", "available_until", "restriction",
)  # fmt: skip
"""Fields that PATCH, uploads and object metadata may set."""


@dataclass(frozen=True)
class Rendition:
    """A picture made from a version; `key` is its place in the renditions bucket."""

    name: str
    key: str
    width_px: int
    height_px: int
    size_bytes: int
    format: str


@dataclass(frozen=True)
class Version:
    """One immutable version. `facts` is what the file says of itself (see `media/`).

    `source` is where its bytes came from (`drop`, `upload`); those of `seed` never were. `approval` is the state it
    began with; what was decided since is the asset's (`domain/review.py`). `member_id` is the person who brought it,
    also by a key. A `held` version is seen by that person and its approvers only, until it is approved.
    """

    id: VersionId
    number: int
    order: WriteOrder
    at: datetime
    by: str | None
    note: str | None
    file_name: str
    sha256: str
    size_bytes: int
    kind: str
    mime: str
    format: str
    facts: Mapping[str, Any]
    thumbhash: str | None
    renditions: tuple[Rendition, ...]
    no_picture_because: str | None = None
    approval: Approval = "none"
    source: str = ""
    member_id: str | None = None
    held: bool = False

    @property
    def has_bytes(self) -> bool:
        """Whether there is an original: made-up versions of `make seed` have none."""
        return self.source != "seed"


@dataclass(frozen=True)
class Source:
    """Where an asset comes from."""

    kind: str
    path: str
    connection_id: str | None = None
    state: Literal["linked", "detached", "trashed"] = "linked"
    because: str | None = None


@dataclass(frozen=True)
class Restriction:
    """Why, and from when to when, an asset is withheld."""

    reason: str
    from_: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Fields:
    """What people say of an asset. None and empty mean: not set."""

    name: str
    title: str | None = None
    description: str | None = None
    alt: str | None = None
    keywords: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    position: int | None = None
    shot_type: str | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)
    rating: int | None = None
    responsible_id: str | None = None
    available_from: datetime | None = None
    available_until: datetime | None = None
    restriction: Restriction | None = None


@dataclass(frozen=True)
class Asset:
    """The asset: identity, what people say of it, and its newest and approved versions in short.

    `touched` names the fields that people set: embedded metadata never overwrites those.
    `keyword_sources` says for each keyword where it came from (`embedded`, `person`, `source`). `approvals` is what
    was decided of each version since it came; `standing` the newest version that never was held, while the
    newest of all was. `seen` is what a model saw in the pictures of these versions, by version id (`domain/sight.py`);
    `rejected_tags` are words of it that people said are wrong here.
    """

    id: AssetId
    revision: int
    fields: Fields
    collection_ids: tuple[CollectionId, ...]
    sources: tuple[Source, ...]
    newest: Version
    versions: int
    created_at: datetime
    updated_at: datetime
    approved: Version | None = None
    state: State = "live"
    archived_because: str | None = None
    trash_id: str | None = None
    duplicate_of: AssetId | None = None
    touched: frozenset[str] = frozenset()
    keyword_sources: Mapping[str, str] = field(default_factory=dict)
    approvals: Mapping[int, Approval] = field(default_factory=dict)
    standing: Version | None = None
    seen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rejected_tags: tuple[str, ...] = ()

    @property
    def resource(self) -> Resource:
        """What a decision about rights needs to know of this asset."""
        restriction = self.fields.restriction
        return Resource(
            id=self.id,
            collection_ids=self.collection_ids,
            is_restricted=restriction is not None,
            restricted_from=restriction.from_ if restriction else None,
            restricted_until=restriction.until if restriction else None,
            available_from=self.fields.available_from,
            available_until=self.fields.available_until,
        )


def settled(asset: Asset, tree: Tree) -> Asset:
    """The asset as the tree has it: in the trash while none of its collections lives, back as soon as one does.

    The truth about an asset in a trashed collection is the tree; the stored state only follows it.
    An asset that was trashed by itself (`trash_id` None) stays in the trash.
    """
    lives = any(one in tree.living for one in asset.collection_ids)
    if lives and asset.trash_id is not None:
        return replace(asset, state="archived" if asset.archived_because else "live", trash_id=None)
    if not lives and asset.state != "trashed":
        return replace(asset, state="trashed", trash_id=tree.trash_id(asset.collection_ids))
    return asset


def narrows(old: Asset, new: Asset) -> bool:
    """Whether some caller may have lost the asset, or its picture, by this change."""
    if new.state != "live" and new.state != old.state:
        return True
    if set(new.collection_ids) != set(old.collection_ids):
        return True
    if old.approved is not None and new.approved is None:
        return True
    before, after = old.fields, new.fields
    names = ("available_from", "available_until", "restriction")
    return any(getattr(after, one) is not None and getattr(after, one) != getattr(before, one) for one in names)


def has_own_rules(asset: Asset) -> bool:
    """Whether its collection alone does not decide who sees it: it has dates, a restriction, or other collections."""
    fields = asset.fields
    dated = fields.available_from or fields.available_until or fields.restriction
    return bool(dated) or len(asset.collection_ids) != 1


def next_turn(fields: Fields, after: datetime) -> datetime | None:
    """The next moment at which its own dates make it appear or go: a begin or an end of use, or of its restriction."""
    restriction = fields.restriction
    dates = (
        fields.available_from, fields.available_until,
        restriction.from_ if restriction else None, restriction.until if restriction else None,
    )  # fmt: skip
    return min((one for one in dates if one is not None and one > after), default=None)


def write_order(modified_at: datetime, sequencer: str | None, version_id: VersionId) -> WriteOrder:
    """A total order of writes; sequencers are hexadecimal and of different lengths, so they are padded.

    A write that was found by listing has no sequencer and sorts before one in the same second that has.
    """
    return (modified_at.astimezone(UTC).isoformat(), (sequencer or "").rjust(32, "0") if sequencer else "", version_id)


def merge_embedded(fields: Fields, facts: Mapping[str, Any], touched: frozenset[str]) -> Fields:
    """Fields after a version's embedded metadata: people's edits win, keywords are united."""
    values: dict[str, Any] = {}
    for name in ("title", "description", "rating"):
        if name not in touched and facts.get(name) is not None:
            values[name] = facts[name]
    embedded = tuple(facts.get("keywords") or ())
    return Fields(**{**vars(fields), **values, "keywords": unite(fields.keywords, embedded)})


def unite(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Both lists in order, without the later of two that differ only in case."""
    seen: dict[str, str] = {}
    for word in (*first, *second):
        seen.setdefault(word.casefold(), word)
    return tuple(seen.values())


_LISTS = ("keywords", "skus")
_TEXTS = ("name", "title", "description", "alt", "shot_type")


def read_texts(given: Mapping[str, Any]) -> dict[str, Any]:
    """Editable fields out of a map of texts, as object metadata has them: lists by comma, numbers in digits.

    Names that are no field and values that do not fit are left out.
    """
    values: dict[str, Any] = {}
    for name in _TEXTS:
        text = str(given.get(name) or "").strip()
        if text:
            values[name] = text
    for name in _LISTS:
        raw = given.get(name)
        words = raw if isinstance(raw, list | tuple) else str(raw or "").split(",")
        kept = unite((), [str(word).strip() for word in words if str(word).strip()])
        if kept:
            values[name] = kept
    for name, most in (("position", 10_000), ("rating", 5)):
        text = str(given.get(name) or "")
        if text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= most:
            values[name] = int(text)
    moments = {name: _moment(given.get(name)) for name in ("available_from", "available_until")}
    return values | {name: moment for name, moment in moments.items() if moment is not None}


def read_kept(given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that an upload brought along, checked when it was begun and kept as JSON: all that PATCH takes."""
    values = read_texts(given)
    restriction = given.get("restriction")
    if isinstance(restriction, Mapping):
        begin, end = _moment(restriction.get("from")), _moment(restriction.get("until"))
        values["restriction"] = Restriction(str(restriction["reason"]), begin, end)
    if isinstance(given.get("custom"), Mapping):
        values["custom"] = dict(given["custom"])
    if given.get("responsible_id"):
        values["responsible_id"] = str(given["responsible_id"])
    return values


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo and 1900 <= moment.year <= 9000 else None
