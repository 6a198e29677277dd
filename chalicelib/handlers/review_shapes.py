"""The shapes of answers about requests for approval, comments and notices (see shapes.py)."""

from typing import Literal

from pydantic import Field

from chalicelib.domain.review import Decision as Decided
from chalicelib.handlers.shapes import ETAG, Out, Page, Time

ItemState = Literal["open", "approved", "rejected", "changes_requested", "replaced", "withdrawn"]


class Decision(Out):
    """What one person decided."""

    by: str
    decision: Decided
    note: str | None
    at: Time


class ApprovalItem(Out):
    """One version that is asked about."""

    asset_id: str
    version: int
    state: ItemState = Field(description="`replaced`: a newer version came; it is asked about in another request.")
    decisions: list[Decision]


class AtLeast(Out):
    """So many approve."""

    at_least: int


class Approval(Out):
    """A request for approval."""

    id: str
    by: str | None = Field(description="The member who asks; null where Packshot does, for a version that came.")
    at: Time
    items: list[ApprovalItem] = Field(description="Those of assets that the caller sees.")
    approver_ids: list[str] = Field(description="Empty: everybody who may approve.")
    rule: Literal["any", "all"] | AtLeast
    due_at: Time | None
    note: str | None
    state: ItemState = Field(description="Open while an item is; then the gravest of theirs.")


class Approvals(Page):
    """Requests, newest first."""

    items: list[Approval]


class Notice(Out):
    """What the caller is told."""

    id: str
    at: Time
    kind: Literal[
        "approval.requested", "approval.due", "approval.overdue", "version.pending", "version.decided",
        "comment.mention", "comment.reply",
    ]  # fmt: skip
    subject: str = Field(description="`asset:<id>`, `approval:<id>` or `comment:<id>`.")
    version: int | None
    by: str | None = Field(description="The member who did it, or null.")
    text: str
    link: str = Field(description="Into the web app, to asset and version.")
    read: bool


class Notices(Page):
    """Notices, newest first."""

    items: list[Notice]


class NoticeSettings(Out):
    """How the caller is told."""

    mail: bool = Field(description="Whether notices that wait are also sent by mail.")


class Anchor(Out):
    """A place on a version: `x y w h` in 0..1 of its width and height, seconds, a page."""

    kind: Literal["point", "box", "time", "page"]
    x: float = 0
    y: float = 0
    w: float = 0
    h: float = 0
    time_s: float = 0
    page: int = 1


class Resolution(Out):
    """Who resolved it, when, and in which version."""

    by: str
    by_name: str | None
    at: Time
    version: int


class Named(Out):
    """A member and what they are called."""

    id: str
    name: str


class People(Out):
    """Members, by name."""

    items: list[Named]


class Comment(Out):
    """What somebody said on a version."""

    id: str
    asset_id: str
    version: int
    by: str
    by_name: str | None = Field(description="What they are called now; null for who is gone.")
    at: Time
    edited_at: Time | None
    body: str | None = Field(description="Null once it was deleted. `@[<id>]` names a member.")
    mentions: list[Named] = Field(description="Whom the body names, of those who may view the asset.")
    anchor: Anchor | None
    parent_id: str | None = Field(description="The first comment of its thread; null for that one.")
    deleted: bool
    carried: bool = Field(description="Made on an older version than the one asked about.")
    resolved: Resolution | None
    etag: str = Field(description=ETAG)


class Comments(Page):
    """Comments, oldest first."""

    items: list[Comment]
