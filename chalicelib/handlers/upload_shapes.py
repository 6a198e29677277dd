"""The shapes of answers about uploads and arrivals (see shapes.py)."""

from typing import Literal

from pydantic import Field

from chalicelib.handlers.asset_shapes import Address, SlimAsset
from chalicelib.handlers.shapes import Out, Page, Time

_TOKEN = "Of the write: a search with `fresh_for=<token>` says whether it holds it."  # noqa: S105 no secret


class Part(Out):
    """An address that takes one part by PUT with these headers."""

    number: int
    url: Address
    headers: dict[str, str]


class BegunUpload(Out):
    """An upload with the addresses of its first 50 parts."""

    id: str
    part_size_bytes: int
    parts: list[Part]
    expires_at: Time


class Likely(Out):
    """The asset that a file could be a new version of; `is_sure` when it is the only one of that name where it goes."""

    asset: SlimAsset
    size_bytes: int | None = Field(description="Of the version that the caller may see: equal bytes need no upload.")
    sha256: str | None
    because: Literal["name", "name_elsewhere", "sku"]
    is_sure: bool


class TriedUpload(Out):
    """A file with the asset that it could be a new version of, if there is one."""

    file_name: str
    likely: Likely | None


class TriedUploads(Out):
    """The files in the order they were asked for."""

    items: list[TriedUpload]


class Parts(Out):
    """Addresses of parts."""

    parts: list[Part]


class Upload(Out):
    """What has arrived of an upload."""

    id: str
    file_name: str
    part_size_bytes: int
    arrived: list[int]
    ingest_id: str | None
    expires_at: Time


class CompletedUpload(Out):
    """The arrival that the upload became."""

    ingest_id: str


class Arrival(Out):
    """A file on its way into the library."""

    id: str
    file_name: str
    source: str
    state: Literal["pending", "processing", "done", "quarantined"]
    reason: str | None = Field(description="Why it was set aside, in words.")
    asset_id: str | None
    version: int | None
    token: str | None = Field(description=_TOKEN)
    arrived_at: Time


class Arrivals(Page):
    """Arrivals, newest first."""

    items: list[Arrival]
