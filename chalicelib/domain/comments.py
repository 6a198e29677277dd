"""Comments as values: where on a version they are, whom they mention, on which versions they are still to be done."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chalicelib.domain.ids import AssetId, is_id

_MENTION = re.compile(r"@\[([2-7a-z]{26})\]")
MOST_MENTIONS = 50


@dataclass(frozen=True)
class Anchor:
    """A place on a version: `x y w h` in 0..1 of its width and height, seconds, a page from 1."""

    kind: Literal["point", "box", "time", "page"]
    x: float | None = None
    y: float | None = None
    w: float | None = None
    h: float | None = None
    time_s: float | None = None
    page: int | None = None


@dataclass(frozen=True)
class Resolution:
    """Who resolved a comment, when, and in which version."""

    by: str
    at: datetime
    version: int


@dataclass(frozen=True)
class Comment:
    """One comment. `by` is a member; `parent_id` the thread's first comment. A deleted one has no body any more.

    `visitor` is what somebody who came by a link calls themselves; such a `by` is no member.
    """

    id: str
    asset_id: AssetId
    version: int
    by: str
    at: datetime
    body: str
    anchor: Anchor | None = None
    parent_id: str | None = None
    edited_at: datetime | None = None
    is_deleted: bool = False
    resolved: Resolution | None = None
    revision: int = 1
    visitor: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done: a thread's first comment, neither resolved nor deleted."""
        return self.parent_id is None and self.resolved is None and not self.is_deleted

    def is_on(self, version: int) -> bool:
        """Whether it belongs to a version: it was made there, or was still to be done when that one came."""
        if self.version == version:
            return True
        if self.version > version or self.is_deleted:
            return False
        return self.resolved is None or self.resolved.version >= version


def comment_id(asset_id: AssetId, fresh_id: str) -> str:
    """The id of a comment: it leads to its asset, so that one read finds it."""
    return f"{asset_id}-{fresh_id}"


def asset_of(identifier: str) -> AssetId | None:
    """The asset of a comment's id, or None when it is no such id."""
    asset_id, _, own = identifier.partition("-")
    return AssetId(asset_id) if is_id(asset_id) and is_id(own) else None


def mentioned(body: str) -> tuple[str, ...]:
    """Ids of the members whom a text mentions as `@[id]`, each once, the first 50."""
    return tuple(dict.fromkeys(_MENTION.findall(body)))[:MOST_MENTIONS]
