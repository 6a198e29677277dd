"""Findings: what a check of a library calls wrong, and the rules by which an asset and its versions must agree.

Codes are stable: operators and tests compare them. `docs/operations.md` says what each one means.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import review
from chalicelib.domain.assets import Asset, Version
from chalicelib.domain.ids import AssetId, CollectionId, VersionId

MENDABLE = (
    "asset_approved", "asset_count", "asset_newest", "asset_standing", "arrival_left_alone", "collection_name",
    "first_holder", "inbox_done", "inbox_unannounced", "index_behind", "index_counts", "index_damaged",
    "index_differs", "index_missing", "index_rights", "membership", "object_orphan", "object_spare",
    "outbox_untold", "rendition_missing", "source_pointer", "usage_missing", "usage_wrong",
)  # fmt: skip
"""Codes of what can be made again from what is left."""
LASTING = (
    "arrival_lost", "audit_broken", "audit_missing", "collection_missing", "collection_parent", "collection_twice",
    "original_differs", "original_missing", "usage_unfounded", "version_missing", "version_unannounced",
)  # fmt: skip
"""Codes of what a person has to decide about."""
HARMLESS = frozenset({"object_spare"})
"""Codes of what only costs storage: bytes that turned out to be no version."""


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the rest says. `about` names it (`asset:…`, `version:<asset>:<number>`, `object:…`).

    `place` are the ids by which it is found again when it is mended.
    """

    code: str
    about: str
    words: str
    place: tuple[str, ...] = ()
    is_lost: bool = False
    """What it would be made of is gone, too."""

    @property
    def can_be_mended(self) -> bool:
        """Whether `--repair` can make it good."""
        return self.code in MENDABLE and not self.is_lost


@dataclass(frozen=True, slots=True)
class Held:
    """What is remembered of a version during a check: enough to compare it with everything that speaks of it."""

    asset_id: AssetId
    number: int
    sha256: str
    size_bytes: int
    at: datetime
    has_bytes: bool
    source: str
    order: tuple[str, str, str]


def held(asset_id: AssetId, one: Version) -> Held:
    """A version in short."""
    return Held(asset_id, one.number, one.sha256, one.size_bytes, one.at, one.has_bytes, one.source, one.order)


def newest_of(rows: Sequence[Version]) -> Version:
    """The version of the greatest write order; of made-up ones, whose orders are the same, the greatest number."""
    return max(rows, key=lambda one: (one.order, one.number))


def standing_of(rows: Sequence[Version]) -> Version | None:
    """What `Asset.standing` has to be: nothing unless the newest was held back, then the newest that never was."""
    free = [one for one in rows if not one.held]
    return newest_of(free) if newest_of(rows).held and free else None


def of_asset(asset: Asset, rows: Sequence[Version], known: frozenset[CollectionId]) -> Iterator[Finding]:
    """What is wrong between an asset's row, the rows of its versions and the collections that there are."""
    about, place = f"asset:{asset.id}", (str(asset.id),)
    numbers = {one.number for one in rows}
    spoken_of = {asset.newest.number, *range(1, max(numbers, default=0) + 1)}
    lost = sorted(spoken_of - numbers)
    for number in lost:
        yield Finding("version_missing", f"version:{asset.id}:{number}", "The row of this version is gone.")
    for one in asset.collection_ids:
        if one not in known:
            yield Finding("collection_missing", about, f"It lies in a collection that is not there: {one}.")
    if rows:
        yield from _in_short(asset, rows, about, place, is_lost=bool(lost))


def _in_short(
    asset: Asset, rows: Sequence[Version], about: str, place: tuple[str, ...], *, is_lost: bool
) -> Iterator[Finding]:
    most, newest, standing = max(one.number for one in rows), newest_of(rows), standing_of(rows)
    if asset.versions != most and not is_lost:
        yield Finding("asset_count", about, f"It counts {asset.versions} versions; there are {most}.", place)
    if not _same(asset.newest, newest) and not is_lost:
        words = f"It shows version {asset.newest.number} as its newest; that is {newest.number}."
        yield Finding("asset_newest", about, words, place)
    if not _same(asset.standing, standing) and not is_lost:
        shown, right = (one.number if one else "none" for one in (asset.standing, standing))
        yield Finding(
            "asset_standing", about, f"It shows {shown} to those who see no held version, not {right}.", place
        )
    if asset.approved is not None and not _is_approved(asset, rows):
        words = f"It shows version {asset.approved.number} as approved; that is not what was approved."
        is_gone = asset.approved.number not in {one.number for one in approved_among(asset, rows)}
        yield Finding("asset_approved", about, words, place, is_lost=is_gone)


def approved_among(asset: Asset, rows: Sequence[Version]) -> list[Version]:
    """Versions of which the last decision was to approve them."""
    return [one for one in rows if review.approval_of(asset, one) == "approved"]


def _is_approved(asset: Asset, rows: Sequence[Version]) -> bool:
    return any(_same(asset.approved, one) for one in approved_among(asset, rows))


def _same(one: Version | None, other: Version | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one.id, one.number, one.sha256, one.renditions) == (other.id, other.number, other.sha256, other.renditions)


def version_in(key: str) -> VersionId:
    """The version that an object below a workspace belongs to: the part after the workspace."""
    return VersionId(key.split("/", 2)[1] if "/" in key else key)
