"""Who may do what: rights, grants, and the one function that combines them.

Rights are bits of an integer, so a decision is a handful of bit operations. Nothing is read here:
`services/principals.py` compiles a `Principal` from rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.ids import ROOT, AssetId, CollectionId, WorkspaceId
from chalicelib.domain.reach import Reach, Sight

if TYPE_CHECKING:
    from chalicelib.domain.queries import Node


class Right(StrEnum):
    """Everything a principal can be allowed or denied, in the order of `api.md`."""

    SEE = "see"
    VIEW = "view"
    DOWNLOAD = "download"
    DOWNLOAD_ORIGINAL = "download_original"
    DOWNLOAD_UNAPPROVED = "download_unapproved"
    COMMENT = "comment"
    UPLOAD = "upload"
    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    SHARE = "share"
    MOVE = "move"
    ARCHIVE = "archive"
    DELETE = "delete"
    MANAGE = "manage"

    @property
    def bit(self) -> int:
        """The right as a mask of one bit."""
        return _BIT[self]


_BIT = {right: 1 << place for place, right in enumerate(Right)}
ALL = (1 << len(Right)) - 1
NONE = 0
_SEE, _VIEW, _DOWNLOAD, _EDIT = (Right.SEE.bit, Right.VIEW.bit, Right.DOWNLOAD.bit, Right.EDIT.bit)
_LEAVES = Right.DOWNLOAD.bit | Right.DOWNLOAD_ORIGINAL.bit | Right.DOWNLOAD_UNAPPROVED.bit
_SEES_OTHER_VERSIONS = Right.COMMENT.bit | Right.UPLOAD.bit | _EDIT | Right.APPROVE.bit | Right.DOWNLOAD_UNAPPROVED.bit

READY_MADE: Mapping[str, tuple[Right, ...]] = {
    "dam_manager": tuple(Right),
    "designer": (
        Right.VIEW,
        Right.DOWNLOAD,
        Right.DOWNLOAD_ORIGINAL,
        Right.COMMENT,
        Right.UPLOAD,
        Right.SUBMIT,
    ),
    "marketing": (Right.VIEW, Right.DOWNLOAD, Right.COMMENT, Right.SUBMIT),
    "staff": (Right.VIEW, Right.DOWNLOAD),
}
"""Ready-made roles by key; each is granted on the whole library."""


def mask(rights: Iterable[Right]) -> int:
    """The union of the rights as one integer."""
    return reduce(lambda total, right: total | right.bit, rights, NONE)


def rights_of(bits: int) -> tuple[Right, ...]:
    """The rights in a mask, in the order of the enum."""
    return tuple(right for right in Right if bits & right.bit)


def implied(bits: int) -> int:
    """The mask with all it implies: download implies view, and everything implies see."""
    if bits & _DOWNLOAD:
        bits |= _VIEW
    return bits | _SEE if bits else bits


def denied(bits: int) -> int:
    """The deny mask with all it takes away: a denied see denies all, a denied view denies download."""
    if bits & _SEE:
        return ALL
    return bits | _DOWNLOAD if bits & _VIEW else bits


@dataclass(frozen=True)
class Grant:
    """Rights allowed and denied on a collection with what is below, on one asset, or (both None) everywhere."""

    collection_id: CollectionId | None = None
    asset_id: AssetId | None = None
    allow: int = NONE
    deny: int = NONE


class Live(Protocol):
    """A search that is asked anew each time."""

    @property
    def asked(self) -> "Node":
        """What it asks now."""
        ...

    def look(self, asset_ids: Sequence[AssetId]) -> None:
        """Find out about these at once, for they will be asked about one by one."""
        ...

    def __contains__(self, asset_id: AssetId) -> bool:
        """Whether it finds the asset now."""
        ...


@dataclass(frozen=True)
class Limits:
    """What narrows a key or a share below the roles behind it; None narrows nothing.

    `asset_ids` leaves these assets and no collection, `live` those that a search finds at each moment. Nothing holds
    where the grants do not give all of `only_with`.
    """

    rights: int | None = None
    collection_ids: frozenset[CollectionId] | None = None
    asset_ids: frozenset[AssetId] | None = None
    live: Live | None = None
    only_with: int = NONE


class PrincipalKind(StrEnum):
    """Who can call: a signed-in person, a key, a link, or Packshot itself; a role only for looking with its eyes."""

    MEMBER = "member"
    KEY = "key"
    SHARE = "share"
    SYSTEM = "system"
    ROLE = "role"


@dataclass(frozen=True)
class Principal:
    """Who acts, in which workspace, with which grants (the union of all roles) and limits."""

    kind: PrincipalKind
    id: str
    workspace: WorkspaceId
    name: str
    grants: tuple[Grant, ...] = ()
    limits: Limits = Limits()
    role_ids: tuple[str, ...] = ()
    session_id: str | None = None
    told_as: str | None = None
    """The label of the one who looks with these eyes, if it is somebody else."""

    @property
    def label(self) -> str:
        """`kind:id`, as audit rows name an actor."""
        return self.told_as or f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Resource:
    """What a decision needs to know of an asset."""

    id: AssetId
    collection_ids: tuple[CollectionId, ...]
    restricted_from: datetime | None = None
    restricted_until: datetime | None = None
    is_restricted: bool = False
    available_from: datetime | None = None
    available_until: datetime | None = None

    def is_withheld(self, now: datetime) -> bool:
        """Whether a restriction or its dates keep the asset from all who may not edit it."""
        if self.available_from and now < self.available_from:
            return True
        if self.available_until and now >= self.available_until:
            return True
        if not self.is_restricted:
            return False
        begun = self.restricted_from is None or now >= self.restricted_from
        return begun and (self.restricted_until is None or now < self.restricted_until)


_ABSENT = (NONE, NONE, False)


@dataclass(frozen=True)
class Access:
    """A principal's grants laid over the tree of collections. Decisions are memoised per collection.

    `parents` maps each collection to its parent; one that does not lead up to the root neither gives nor denies.
    """

    principal: Principal
    parents: Mapping[CollectionId, CollectionId]
    _memo: dict[CollectionId, tuple[int, int, bool]] = field(default_factory=dict, compare=False, repr=False)
    _by_collection: dict[CollectionId, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)
    _by_asset: dict[AssetId, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)
    _reaches: dict[Right, Reach] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        for grant in self.principal.grants:
            if grant.asset_id is not None:
                allow, deny = self._by_asset.get(grant.asset_id, (NONE, NONE))
                self._by_asset[grant.asset_id] = (allow | implied(grant.allow), deny | grant.deny)
            else:
                place = grant.collection_id or ROOT
                allow, deny = self._by_collection.get(place, (NONE, NONE))
                self._by_collection[place] = (allow | implied(grant.allow), deny | grant.deny)

    def _inherited(self, collection_id: CollectionId) -> tuple[int, int, bool]:
        """(allowed, denied, inside the limits) of a collection with all above it; `_ABSENT` if the root is not."""
        known = self._memo.get(collection_id)
        if known is not None:
            return known
        allow, deny = self._by_collection.get(collection_id, (NONE, NONE))
        only = self.principal.limits.collection_ids
        inside = only is None or collection_id in only
        found = (allow, deny, inside)
        if collection_id != ROOT:
            above = self._inherited(self.parents[collection_id]) if collection_id in self.parents else _ABSENT
            found = _ABSENT if above is _ABSENT else (allow | above[0], deny | above[1], inside or above[2])
        self._memo[collection_id] = found
        return found

    def _limited(self, bits: int) -> int:
        """What the limits leave of the rights that grants give."""
        limits = self.principal.limits
        if limits.only_with & ~bits:
            return NONE
        return bits if limits.rights is None else bits & implied(limits.rights)

    def on_collection(self, collection_id: CollectionId) -> int:
        """Mask of rights on a collection; zero when it does not exist for this principal."""
        allow, deny, inside = self._inherited(collection_id)
        limits = self.principal.limits
        if limits.asset_ids is not None or limits.live is not None or not inside:
            return NONE
        return self._limited(allow & ~denied(deny))

    @property
    def own_assets(self) -> frozenset[AssetId]:
        """Assets on which this principal has grants of their own."""
        return frozenset(self._by_asset)

    @property
    def has_denies(self) -> bool:
        """Whether anything at all is denied to this principal."""
        return any(grant.deny for grant in self.principal.grants)

    def on_library(self) -> int:
        """Mask of rights on the whole library."""
        return self.on_collection(ROOT)

    def reach(self, right: Right) -> Reach:
        """Where this right holds, ignoring dates, restrictions and what must hold with it."""
        if right not in self._reaches:
            limit = self.principal.limits.rights
            is_out = limit is not None and not implied(limit) & right.bit
            self._reaches[right] = Reach() if is_out else self.granted(right)
        return self._reaches[right]

    def granted(self, right: Right) -> Reach:
        """Where grants give this right, whatever the limits of rights say."""
        living = [ROOT, *self.parents]
        states = {one: self._inherited(one) for one in living}
        allow = frozenset(one for one in living if states[one][0] & right.bit and states[one][2])
        inside = frozenset(one for one in living if states[one][2])
        everywhere = len(inside) == len(living)
        return Reach(
            allow=None if len(allow) == len(living) else allow,
            deny=frozenset(one for one in living if denied(states[one][1]) & right.bit),
            inside=None if everywhere else inside,
            own_allow=frozenset(one for one, (bits, _) in self._by_asset.items() if bits & right.bit),
            own_deny=frozenset(one for one, (_, bits) in self._by_asset.items() if denied(bits) & right.bit),
            only=self.principal.limits.asset_ids,
        )

    def sight(self, now: datetime, hidden: frozenset[AssetId] = frozenset()) -> Sight:
        """What the principal may see now, as sets for a query."""
        limits = self.principal.limits
        also = tuple(self.granted(one) for one in rights_of(limits.only_with))
        asked = limits.live.asked if limits.live is not None else None
        return Sight(self.reach(Right.VIEW), self.reach(Right.EDIT), int(now.timestamp()), hidden, also, asked)

    def on_asset(self, asset: Resource, now: datetime) -> int:
        """Mask of rights on an asset: the union over its collections, a deny in any of them wins.

        On the asset itself an allow beats collection denies and a deny beats everything.
        A restricted or dated asset is gone for all who may not edit it, and nobody downloads it.
        """
        allow, deny, inside = NONE, NONE, False
        for collection_id in asset.collection_ids:
            one_allow, one_deny, one_inside = self._inherited(collection_id)
            allow |= one_allow if one_inside else NONE
            deny |= one_deny
            inside = inside or one_inside
        only = self.principal.limits.asset_ids
        if not inside or (only is not None and asset.id not in only):
            return NONE
        own_allow, own_deny = self._by_asset.get(asset.id, (NONE, NONE))
        bits = self._limited(((allow & ~denied(deny)) | own_allow) & ~denied(own_deny))
        live = self.principal.limits.live
        if bits and live is not None and asset.id not in live:
            return NONE
        if asset.is_withheld(now):
            return bits & ~_LEAVES if bits & _EDIT else NONE
        return bits


def sees_other_versions(bits: int) -> bool:
    """Whether these rights show versions other than the shown one."""
    return bool(bits & _SEES_OTHER_VERSIONS)
