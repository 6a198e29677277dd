"""A Shopify store as one app sees it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.shop import BulkState, FileChange, NewFile, ProductMedia, Refusal, ShopFile, Variant


class Shop(Protocol):
    """One Shopify store as one app sees it.

    Every method may raise `UpstreamUnavailable` (away, or throttled for longer than this call may wait), and
    `UpstreamRejected` with the store's own code, or `needs_reconnect` when only new credentials help. A writing method
    may have done its work although it raised: read back before it is repeated.
    """

    @property
    def cost_points(self) -> int:
        """What the store says it has charged for so far."""

    @property
    def lent(self) -> Mapping[str, str]:
        """The token the store lent since this was made, for the field `lent` of the credentials; empty when none."""

    def missing_scopes(self) -> tuple[str, ...]:
        """Which of the scopes that Packshot needs the app was not given; sorted."""

    def begin_catalogue(self) -> str:
        """Start a bulk read of all variants; its id."""

    def bulk(self, bulk_id: str) -> BulkState:
        """How far a bulk read is. Raises `NotFound`."""

    def catalogue(self, url: str) -> Iterator[Variant]:
        """The rows of a finished bulk read, in the store's order."""

    def product(self, product_id: str) -> ProductMedia:
        """A product with all its media and variants. Raises `NotFound`."""

    def variants(self, product_id: str) -> tuple[Variant, ...]:
        """All variants of a product, in the store's order. Raises `NotFound`."""

    def newest_change(self) -> datetime | None:
        """When, by the store's clock, a product was last changed; None in a store without products."""

    def changed_since(self, moment: datetime) -> Iterator[tuple[str, datetime]]:
        """Products changed at this moment or later, and when, oldest change first. Deleted ones are not named, and the
        store's search lags: ask from a few minutes before."""

    def follow(self, url: str, topics: Sequence[str]) -> tuple[str, ...]:
        """Have the store post what happens under these topics to an address; those it did not follow yet."""

    def unfollow(self, url: str) -> None:
        """Have the store post nothing more to an address."""

    def files_named(self, name: str) -> tuple[ShopFile, ...]:
        """Files of exactly this name. The store's search lags: a file made just now may be missing."""

    def files(self, file_ids: Sequence[str]) -> Mapping[str, ShopFile]:
        """At most 250 files by id; those that are gone are missing from the answer."""

    def stage(self, name: str, mime: str, body: bytes) -> str:
        """Hand bytes over, at most 20 MB; what names them in `NewFile` and `FileChange`. Bytes nobody names vanish."""

    def make_files(self, files: Sequence[NewFile]) -> tuple[tuple[ShopFile, ...], tuple[Refusal, ...]]:
        """Make at most 250 files; a name that is taken is refused with `FILENAME_ALREADY_EXISTS`."""

    def change_files(self, changes: Sequence[FileChange]) -> tuple[Refusal, ...]:
        """Change at most 250 ready files: alt text, bytes, the products they hang on."""

    def drop_files(self, file_ids: Sequence[str]) -> tuple[Refusal, ...]:
        """Delete at most 250 files wherever they are shown, for good; those that are gone are no error."""

    def read(self, url: str) -> bytes:
        """The bytes at the `url` of a file or medium, at most 20 MB. Raises `TooLarge`, and `UpstreamRejected` for an
        address that is not one of the store's files; nothing is asked of such a place."""

    def acknowledge(self, file_ids: Sequence[str]) -> None:
        """Take files whose new bytes failed back to `ready` with their old bytes."""

    def reorder(self, product_id: str, moves: Sequence[tuple[str, int]]) -> str:
        """Move media of a product, one after the other, each to its new place; the id of the store's job, or empty."""

    def is_job_done(self, job_id: str) -> bool:
        """Whether the store has finished a job."""

    def show_on_variants(self, product_id: str, media: Mapping[str, str | None]) -> tuple[Refusal, ...]:
        """Which medium each of these variants shows from now on; None for none. It must hang on the product."""

    def close(self) -> None:
        """Let its lines go; may be called more than once."""
