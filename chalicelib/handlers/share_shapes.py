"""The shapes of answers about shares (see shapes.py)."""

from typing import Literal

from pydantic import Field

from chalicelib.domain.access import Right
from chalicelib.handlers.asset_shapes import Address
from chalicelib.handlers.shapes import ETAG, MyWorkspace, Out, Page, Principal, Time

Level = Literal["preview", "approved", "original"]


class Switches(Out):
    """What a share lets through."""

    view: bool
    comment: bool
    upload: bool
    download: bool
    approve: bool


class ShareTarget(Out):
    """What is shared."""

    kind: Literal["assets", "collection", "search"]
    asset_ids: list[str] | None = Field(description="Of a selection or a frozen search.")
    collection_id: str | None
    q: str | None
    frozen: bool


class Share(Out):
    """A link for people without an account."""

    id: str
    name: str | None
    url: Address = Field(description="To hand out.")
    token: str
    target: ShareTarget
    switches: Switches
    download: Level
    has_password: bool
    starts_at: Time | None
    expires_at: Time | None
    max_px: int | None
    created_by: str
    created_at: Time
    state: Literal["early", "open", "over", "revoked"]
    etag: str = Field(description=ETAG)


class Shares(Page):
    """Shares, newest first."""

    items: list[Share]


class ShareStats(Out):
    """How often a share was opened, and how many files left by it."""

    opens: int
    downloads: int
    opened_at: Time | None
    downloaded_at: Time | None
    shown: int = Field(description="Assets that a visitor finds now.")


class VisitedShare(Out):
    """What a visitor is told of the link they came by."""

    id: str
    name: str | None
    kind: Literal["assets", "collection", "search"]
    collection_id: str | None
    switches: Switches
    download: Level
    max_px: int | None
    expires_at: Time | None


class ShareSession(Out):
    """A visit. Send `session` as `Authorization: Bearer`."""

    session: str
    expires_at: Time
    workspace: str = Field(description="Whose link it is.")
    share: VisitedShare


class Me(Out):
    """The caller, and its rights on the whole library."""

    principal: Principal
    workspace: MyWorkspace
    role_ids: list[str]
    rights: list[Right]
    share: VisitedShare | None = Field(description="Of a visitor: the link they came by, as it is now.")
