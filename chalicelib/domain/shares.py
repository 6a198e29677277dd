"""Shares: links for people without an account. What one points at, what it lets through, and when.

A share never gives a right: it narrows what its maker has at this moment.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from chalicelib.domain.access import ALL, NONE, Right, implied, mask
from chalicelib.domain.ids import AssetId, CollectionId, WorkspaceId

Switch = Literal["view", "comment", "upload", "download", "approve"]
Level = Literal["preview", "approved", "original"]
State = Literal["early", "open", "over", "revoked"]
MOST_ASSETS = 5_000
"""Assets that a frozen search may hold; a live one has no bound."""
_ID_SIGNS, _MAC_SIGNS = 26, 27

_GIVES: Mapping[Switch, tuple[Right, ...]] = {
    "view": (Right.VIEW,),
    "comment": (Right.COMMENT,),
    "upload": (Right.UPLOAD,),
    "download": (Right.DOWNLOAD,),
    "approve": (Right.APPROVE,),
}


@dataclass(frozen=True)
class Target:
    """What is shared: these assets, one collection with what is below, or what a search finds at each moment.

    A frozen search is one of assets that remembers its `q`.
    """

    asset_ids: tuple[AssetId, ...] = ()
    collection_id: CollectionId | None = None
    q: str | None = None
    frozen: bool = False

    @property
    def is_live_search(self) -> bool:
        """Whether what is shared is asked anew each time."""
        return self.q is not None and not self.frozen


@dataclass(frozen=True)
class Share:
    """One link. Made by a member, perhaps with a key of theirs: then the key's limits hold too.

    `secret_epoch` rises when the password changes: sessions of an older one must give the new one.
    """

    id: str
    workspace: WorkspaceId
    name: str
    member_id: str
    key_id: str | None
    created_at: datetime
    target: Target
    switches: tuple[Switch, ...]
    download: Level = "approved"
    password_hash: str | None = None
    secret_epoch: int = 1
    starts_at: datetime | None = None
    expires_at: datetime | None = None
    max_px: int | None = None
    revoked_at: datetime | None = None
    revision: int = 1

    @property
    def rights(self) -> int:
        """The most it ever lets through: its switches as rights."""
        bits = mask(right for switch in self.switches for right in _GIVES[switch])
        if "download" in self.switches and self.download == "original":
            bits |= Right.DOWNLOAD_ORIGINAL.bit
        return bits

    def limited(self, others: int | None) -> int:
        """Its rights within another limit; None limits nothing."""
        return implied(self.rights) & (ALL if others is None else implied(others)) if self.switches else NONE

    @property
    def allows_presets(self) -> bool:
        """Whether more than ready renditions may be downloaded."""
        return self.download != "preview"

    def state(self, now: datetime) -> State:
        """Where it stands."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and now >= self.expires_at:
            return "over"
        return "early" if self.starts_at is not None and now < self.starts_at else "open"


def token(key: bytes, share_id: str) -> str:
    """The link's token: the id, then 160 bits that only we can make. It is stored nowhere."""
    mac = hmac.new(key, share_id.encode(), sha256).digest()[:20]
    return share_id + urlsafe_b64encode(mac).decode().rstrip("=")


def id_of(key: bytes, given: str) -> str | None:
    """The id in a token of ours, else None."""
    share_id = given[:_ID_SIGNS]
    is_ours = len(given) == _ID_SIGNS + _MAC_SIGNS and given.isascii()
    return share_id if is_ours and hmac.compare_digest(token(key, share_id), given) else None
