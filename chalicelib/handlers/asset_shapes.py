"""The shapes of answers about collections and assets (see shapes.py)."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.domain.access import Right
from chalicelib.handlers.shapes import ETAG, Out, Page, Time

Address = Annotated[str, Field(json_schema_extra={"format": "uri"})]
AssetState = Literal["live", "archived", "trashed"]
AssetType = Literal["image", "video", "document", "audio", "other"]
Approval = Literal["none", "pending", "approved", "rejected", "changes_requested"]


class ApprovedTo(Out):
    """Where an asset goes when it is approved; null where the caller may not see it."""

    collection_id: str
    move: bool


class Policy(Out):
    """Rules of a collection."""

    unapproved: Literal["newest", "block"]
    uploads: Literal["accept", "pending"]
    required_fields: list[str]
    auto_tags: bool
    approved_to: ApprovedTo | None


class Collection(Out):
    """A collection as the caller may see it."""

    id: str
    name: str
    path: str = Field(description="Names from the top down, like `Spring/Front`; the root's is empty.")
    parent_id: str | None = Field(description="The nearest parent the caller may see; null for the root.")
    has_children: bool
    asset_count: int | None = Field(description="Direct members the caller may see; null in the trash.")
    rights: list[Right]
    policy: Policy
    state: Literal["live", "trashed"]
    etag: str = Field(description=ETAG)


class Collections(Page):
    """Collections, parents before children."""

    items: list[Collection]


class Rendition(Out):
    """A picture made from a version."""

    name: Literal["large", "medium", "small"]
    url: Address
    width_px: int
    height_px: int
    format: str
    size_bytes: int


class Version(Out):
    """One version in an asset's history."""

    number: int
    at: Time
    by: str | None
    note: str | None
    sha256: str
    size_bytes: int
    width_px: int | None
    height_px: int | None
    approval: Approval
    thumb_url: Address | None
    renditions: list[Rendition]


class Versions(Page):
    """Versions, newest first."""

    items: list[Version]


class SlimAsset(Out):
    """An asset in a list. Without the right `view` everything but its existence is null."""

    id: str
    name: str
    title: str | None
    type: AssetType
    width_px: int | None
    height_px: int | None
    thumb_url: Address | None = Field(description="For `<img>`; the same for an hour.")
    thumbhash: str | None
    sku: str | None
    approval: Approval | None = Field(description="Of the newest version that the caller may know of.")
    shown_version: int | None
    newest_version: int | None
    state: AssetState


class Assets(Page):
    """A page of assets."""

    items: list[SlimAsset]


class Home(Out):
    """A collection the asset is in."""

    id: str
    path: str


class LearntWord(Out):
    """One of the shop's own words."""

    name: str
    examples: int = Field(description="Pictures that people gave it to and that taught it.")
    told: int = Field(description="Of pictures that had no part in teaching: how many were called so.")
    right: int = Field(description="And how many of them rightly.")
    precision: float | None = Field(description="The share right; null where none was called so.")
    is_used: bool = Field(description="Whether pictures are called so: not before it is right often enough.")


class Learnt(Out):
    """What was learnt of the shop's own words."""

    state: Literal["on", "off"]
    because: str | None = Field(description="Why it is off.")
    version: str | None
    learnt_at: Time | None
    examples: int = Field(description="Pictures that taught.")
    words: list[LearntWord]


class LabelService(Out):
    """Which outside service is asked for labels, and what it may cost. Its price is a list price in US cents."""

    service: Literal["rekognition"] | None = Field(description="Null: none, and no picture is sent to anybody.")
    monthly_cap_cents: int
    month: str = Field(description="The month that is counted, YYYY-MM in UTC.")
    pictures: int = Field(description="Pictures sent in it.")
    used_cents: float
    left_cents: float = Field(description="What the cap leaves of this month.")
    state: Literal["off", "on", "cap_reached", "unavailable"]
    price_cents: float = Field(description="Of one picture.")
    price_source: str
    price_as_of: str = Field(description="The month of the price list, YYYY-MM.")


class AutoTag(Out):
    """What a model saw in the picture."""

    name: str
    confidence: float = Field(description="How sure the model is, 0 to 1: it says less than it knows.")
    model: str = Field(description="The model with its version.")
    level: Literal["sure"]


class Color(Out):
    """A colour of the picture, and how much of it has it."""

    name: str
    hex: str
    share: float


class Source(Out):
    """Where the asset comes from."""

    kind: str
    connection_id: str | None
    path: str
    state: Literal["linked", "detached", "trashed"]
    because: str | None


class Restriction(Out):
    """Why, and from when to when, the asset is withheld."""

    reason: str
    from_: Time | None = Field(alias="from")
    until: Time | None


class Usable(Out):
    """Whether a channel may use the asset."""

    channel: str
    usable: bool
    because: list[str]


class Camera(Out):
    """What took the picture."""

    make: str = ""
    model: str = ""
    lens: str = ""


class Gps(Out):
    """Where the picture was taken, in degrees and metres."""

    lat: float
    lon: float
    alt_m: float = 0


class Responsible(Out):
    """Who answers for an asset."""

    id: str
    name: str | None = Field(description="Null of who is not a member any more.")
    is_here: bool = Field(description="False of who was removed or whose time is over: nobody is told then.")


class Asset(SlimAsset):
    """The asset. Facts of the file are those of the shown version."""

    description: str | None
    keywords: list[str]
    auto_tags: list[AutoTag]
    colors: list[Color]
    collections: list[Home]
    skus: list[str]
    alt: str | None
    position: int | None
    shot_type: str | None
    rating: int | None
    responsible_id: str | None
    responsible: Responsible | None = Field(description="The same person as they are now; not told to visitors.")
    available_from: Time | None
    available_until: Time | None
    restriction: Restriction | None
    archived_because: str | None
    orientation: str | None
    aspect: str | None
    background: str | None
    sources: list[Source]
    format: str | None
    size_bytes: int | None
    sha256: str | None
    captured_at: str | None = Field(description="As the camera has it: without a zone where it noted none.")
    camera: Camera | None
    gps: Gps | None
    created_at: Time | None
    updated_at: Time | None
    approved_version: int | None
    duplicate_of: str | None
    renditions: list[Rendition]
    no_picture_because: str | None
    usable: list[Usable]
    custom: dict[str, Any]
    rights: list[Right] = Field(description="What the caller may do to it.")
    etag: str = Field(description=ETAG)


class Download(Out):
    """An address for the bytes, good until `expires_at`."""

    url: Address
    expires_at: Time
    file_name: str
    version: int
    size_bytes: int
