"""A store in memory beside the in-memory AWS: the stand-in's own rules without its disk, its wire and its pictures.

Every call goes through the world's choke point. Bytes are words: those that hold `torn` cannot be read by the store.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from chalicelib.adapters import shopify_answers as answers
from chalicelib.domain.shop import BulkState, FileChange, NewFile, ProductMedia, Refusal, ShopFile, Variant
from chalicelib.errors import NotFound, UpstreamRejected
from standins.shopify import files, hooks, media, products, reads, uploads
from standins.shopify.clock import Clock
from standins.shopify.contract import Call
from standins.shopify.settling import settle
from standins.shopify.store import KINDS, Record, Store

DOMAIN, BASE = "one.myshopify.com", "http://127.0.0.1:3/one.myshopify.com"
CALLS = (
    "missing_scopes", "begin_catalogue", "bulk", "catalogue", "product", "variants", "newest_change", "changed_since",
    "follow", "unfollow", "files_named", "files", "stage", "make_files", "change_files", "drop_files", "acknowledge",
    "reorder", "is_job_done", "show_on_variants",
)  # fmt: skip


class Shelf(Store):
    """The stand-in's shop, kept in this process."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.domain, self.clock, self.lock = DOMAIN, Clock(Path("/nowhere"), now), threading.RLock()
        self.tables: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        self.bodies: dict[str, bytes] = {}
        self.breaches: list[str] = []
        self._index()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """One thread runs at a time."""
        yield

    def drop(self, kind: str, identifier: str) -> None:
        one = self.tables[kind].pop(identifier, None)
        self.waiting.pop((kind, identifier), None)
        if kind == "file" and one is not None:
            self.names.pop(one["_name"].lower(), None)

    def keep_bytes(self, body: bytes) -> str:
        digest = hashlib.sha256(body).hexdigest()
        self.bodies[digest] = body
        return digest

    def bytes_of(self, digest: str) -> bytes:
        return self.bodies[digest]

    def _write(self, kind: str, identifier: str, value: Any) -> None:
        """Nothing is on disk."""

    def posted(self) -> list[tuple[dict[str, str], bytes]]:
        """What the store has to post, header names small, as a client of HTTP gives them."""
        found = []
        for one in self.tables["event"].values():
            body = one["body"].encode()
            told = {
                "x-shopify-topic": "/".join(one["topic"].lower().rsplit("_", 1)),
                "x-shopify-shop-domain": DOMAIN, "x-shopify-event-id": one["event"],
                "x-shopify-triggered-at": one["at"], "x-shopify-hmac-sha256": hooks.signature("secret", body),
            }  # fmt: skip
            found.append((told, body))
        return found


def _judged(body: bytes, _name: str) -> tuple[int, int] | str:
    return "IMAGE_PROCESSING_FAILURE" if b"torn" in body else (40, 20)


@contextmanager
def words_are_pictures() -> Iterator[None]:
    """Let the stand-in judge bytes by their words."""
    with mock.patch.object(media, "judged", _judged):
        yield


def address(shelf: Shelf, one: Record) -> str | None:
    """Where the last good bytes of a file lie; it changes with them."""
    call = Call(shelf, BASE, "app")
    image = reads.image(call, one)
    return reads.image_url(call, image) if image else None


class Shop:
    """The store as the product sees it: the port, told by the stand-in's rules."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.lent: Mapping[str, str] = {}
        self.cost_points = 0

    def _call(self) -> Call:
        settle(self._shelf)
        found = Call(self._shelf, BASE, "app")
        found.breaches = self._shelf.breaches
        return found

    def missing_scopes(self) -> tuple[str, ...]:
        return ()

    def begin_catalogue(self) -> str:
        return "gid://shopify/BulkOperation/1"

    def bulk(self, bulk_id: str) -> BulkState:
        return BulkState(bulk_id, "done", len(self._shelf.variants), "rows")

    def catalogue(self, _url: str) -> Iterator[Variant]:
        return iter([self._variant(one) for one in self._shelf.variants.values()])

    def _variant(self, one: Record) -> Variant:
        return answers.variant(one | {"product": self._shelf.products[one["_product"]]})

    def product(self, product_id: str) -> ProductMedia:
        self._call()
        told = self._found(product_id)
        found = [self._shelf.files[one] for one in told["_media"]]
        shown = [self._shelf.variants[one] for one in told["_variants"]]
        return ProductMedia(
            product_id, told["title"], told["handle"], told["status"] == "ACTIVE",
            tuple(answers.medium(self._told(one)) for one in found),
            tuple((one["id"], one["_medium"]) for one in shown),
        )  # fmt: skip

    def _found(self, product_id: str) -> Record:
        if product_id not in self._shelf.products:
            raise NotFound("The store does not know this product.")
        return self._shelf.products[product_id]

    def _told(self, one: Record) -> Record:
        status, url = media.shown_status(self._shelf, one), address(self._shelf, one)
        return one | {"status": status, "fileStatus": status, "image": {"url": url} if url else None}

    def variants(self, product_id: str) -> tuple[Variant, ...]:
        self._call()
        return tuple(self._variant(self._shelf.variants[one]) for one in self._found(product_id)["_variants"])

    def newest_change(self) -> datetime | None:
        self._call()
        return max((answers.change(self._changed(one))[1] for one in self._shelf.products.values()), default=None)

    def _changed(self, one: Record) -> Record:
        return {"id": one["id"], "updatedAt": one["_updated_at"]}

    def changed_since(self, moment: datetime) -> Iterator[tuple[str, datetime]]:
        self._call()
        every = [answers.change(self._changed(one)) for one in self._shelf.products.values()]
        return iter(sorted((one for one in every if one[1] >= moment), key=lambda one: (one[1], one[0])))

    def follow(self, url: str, topics: Sequence[str]) -> tuple[str, ...]:
        call, there = self._call(), {one["topic"] for one in self._shelf.tables["hook"].values()}
        missing = tuple(one for one in topics if one not in there)
        for topic in missing:
            hooks.create(call, None, topic, {"uri": url, "includeFields": None})
        return missing

    def unfollow(self, _url: str) -> None:
        self._shelf.tables["hook"].clear()

    def files_named(self, name: str) -> tuple[ShopFile, ...]:
        call = self._call()
        found = reads.files(call, None, query=f"filename:'{name}'", first=50)["nodes"]
        told = [answers.file(self._told(one)) for one in found]
        return tuple(one for one in told if answers.is_named(one, name))

    def files(self, file_ids: Sequence[str]) -> Mapping[str, ShopFile]:
        self._call()
        there = [self._shelf.files[one] for one in file_ids if one in self._shelf.files]
        return {one["id"]: answers.file(self._told(one)) for one in there}

    def stage(self, name: str, mime: str, body: bytes) -> str:
        asked = {"filename": name, "mimeType": mime, "resource": "IMAGE", "httpMethod": "POST"}
        (target,) = uploads.create(self._call(), None, [asked])["stagedTargets"]
        key = target["resourceUrl"].removeprefix(f"{BASE}/uploads/")
        self._shelf.tables["staged"][key]["_digest"] = self._shelf.keep_bytes(body)
        return str(target["resourceUrl"])

    def make_files(self, wanted: Sequence[NewFile]) -> tuple[tuple[ShopFile, ...], tuple[Refusal, ...]]:
        told = files.create(self._call(), None, [
            {"originalSource": one.staged, "filename": one.name, "alt": one.alt, "contentType": "IMAGE",
             "duplicateResolutionMode": "RAISE_ERROR"}
            for one in wanted
        ])  # fmt: skip
        made = tuple(answers.file(self._told(one)) for one in told["files"])
        return made, answers.refusals(told["userErrors"])

    def change_files(self, changes: Sequence[FileChange]) -> tuple[Refusal, ...]:
        told = files.update(self._call(), None, [
            {"id": one.id, "alt": one.alt, "originalSource": one.staged, "referencesToAdd": one.attach_to,
             "referencesToRemove": one.detach_from}
            for one in changes
        ])  # fmt: skip
        return answers.refusals(told["userErrors"])

    def drop_files(self, file_ids: Sequence[str]) -> tuple[Refusal, ...]:
        found = answers.refusals(files.delete(self._call(), None, list(file_ids))["userErrors"])
        return tuple(one for one in found if one.code != "FILE_DOES_NOT_EXIST")

    def acknowledge(self, file_ids: Sequence[str]) -> None:
        files.acknowledge(self._call(), None, list(file_ids))

    def reorder(self, product_id: str, moves: Sequence[tuple[str, int]]) -> str:
        asked = [{"id": one, "newPosition": str(place)} for one, place in moves]
        told = products.reorder(self._call(), None, product_id, asked)
        for one in answers.refusals(told["mediaUserErrors"]):
            raise UpstreamRejected(one.message, code=one.code)
        return str(told["job"]["id"])

    def is_job_done(self, job_id: str) -> bool:
        self._call()
        return bool(self._shelf.tables["job"][job_id]["done"])

    def show_on_variants(self, product_id: str, shown: Mapping[str, str | None]) -> tuple[Refusal, ...]:
        asked = [{"id": variant, "mediaId": one} for variant, one in shown.items()]
        return answers.refusals(products.update_variants(self._call(), None, product_id, asked)["userErrors"])

    def close(self) -> None:
        """Nothing is held."""


Asked = Callable[..., Any]


class Choked:
    """A store through a choke point: `around` makes each call, and says what is to be held against it."""

    def __init__(self, shop: Shop, around: Callable[["Choked", str, tuple[Any, ...], Asked], Any]) -> None:
        self.looked: Counter[str] = Counter()
        """When each product was last looked at by this hand."""
        self.lent: Mapping[str, str] = {}
        self.cost_points = 0
        for name in CALLS:
            setattr(self, name, self._choked(name, getattr(shop, name), around))

    def _choked(self, name: str, genuine: Asked, around: Callable[..., Any]) -> Asked:
        return lambda *asked: around(self, name, asked, genuine)

    def close(self) -> None:
        """Nothing is held."""
