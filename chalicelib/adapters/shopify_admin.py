"""A Shopify store over its Admin API, version 2026-10.

What is not named stays as it is, and only `drop_files` deletes. Points a store charges are in `cost_points`.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import requests

from chalicelib.adapters import shopify_answers as answers, shopify_operations as operations
from chalicelib.adapters.shopify_graphql import Api
from chalicelib.adapters.shopify_tokens import Tokens, address
from chalicelib.adapters.shopify_transfers import Transfers
from chalicelib.domain.shop import (
    MOST_FILES,
    BulkState,
    FileChange,
    NewFile,
    ProductMedia,
    Refusal,
    ShopFile,
    Variant,
)
from chalicelib.errors import InvalidInput, TooLarge, UpstreamUnavailable

MOST_BYTES = 20 * 1000**2
_PAGE = 50
_VARIANTS = _CHANGES = 250
_HOOK_FIELDS = ("id", "admin_graphql_api_id", "title", "handle", "status", "updated_at", "variants")


class ShopifyShop:
    """One store. Raises `InvalidInput` at once for a host that is none; calls it when it is first asked."""

    def __init__(
        self,
        url: str,
        shop: str,
        credentials: Mapping[str, Any],
        *,
        now: Callable[[], datetime],
        spread: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        base = address(url, shop)
        self._lines = requests.Session()
        self._tokens = Tokens(base, credentials, self._lines, now)
        self._api = Api(base, self._tokens, self._lines, now=now, spread=spread, sleep=sleep)
        self._transfers = Transfers(base, shop.lower())

    @property
    def cost_points(self) -> int:
        return self._api.points

    @property
    def lent(self) -> Mapping[str, str]:
        return self._tokens.lent

    def missing_scopes(self) -> tuple[str, ...]:
        def read(data: Any) -> set[str]:
            return {one["handle"] for one in data["currentAppInstallation"]["accessScopes"]}

        given = self._api.ask(operations.WHO_AM_I, {}, read)
        given |= {scope.replace("write_", "read_", 1) for scope in given if scope.startswith("write_")}
        return tuple(sorted(set(operations.SCOPES) - given))

    def begin_catalogue(self) -> str:
        def read(data: Any) -> str:
            return str(answers.done(data["bulkOperationRunQuery"])["bulkOperation"]["id"])

        return self._api.ask(operations.BULK_RUN, {"query": operations.BULK_CATALOGUE}, read)

    def bulk(self, bulk_id: str) -> BulkState:
        def read(data: Any) -> BulkState:
            return answers.bulk(answers.found(data["bulkOperation"], "The store does not know this bulk read."))

        return self._api.ask(operations.BULK_POLL, {"id": bulk_id}, read)

    def catalogue(self, url: str) -> Iterator[Variant]:
        for row in self._transfers.rows(url):
            try:
                found = answers.variant(row)
            except (KeyError, TypeError, ValueError):
                raise UpstreamUnavailable("A row of the store's catalogue cannot be read.") from None
            yield found

    def product(self, product_id: str) -> ProductMedia:
        asked = {"id": product_id, "first": _PAGE}
        told, media, after = self._api.ask(operations.PRODUCT_MEDIA, {**asked, "after": None}, answers.media_page)
        while after is not None:
            _, page, after = self._api.ask(operations.PRODUCT_MEDIA, {**asked, "after": after}, answers.media_page)
            media += page
        _, rows, more = answers.variant_page({"product": told})
        if more is not None:
            rows += self._variants(product_id, more)[1]
        return ProductMedia(
            product_id=told["id"],
            title=told["title"],
            handle=told["handle"],
            active=told["status"] == "ACTIVE",
            media=tuple(media),
            variant_media=tuple(answers.shown_medium(one) for one in rows),
        )

    def variants(self, product_id: str) -> tuple[Variant, ...]:
        told, rows = self._variants(product_id, None)
        return tuple(answers.variant({**one, "product": told}) for one in rows)

    def _variants(self, product_id: str, after: str | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """The product and its variants from here on."""
        found: list[dict[str, Any]] = []
        while True:
            asked = {"id": product_id, "first": _VARIANTS, "after": after}
            told, rows, after = self._api.ask(operations.PRODUCT_VARIANTS, asked, answers.variant_page)
            found += rows
            if after is None:
                return told, found

    def newest_change(self) -> datetime | None:
        asked = {"q": None, "first": 1, "after": None, "reverse": True}
        found, _ = self._api.ask(operations.CHANGED_PRODUCTS, asked, answers.change_page)
        return found[0][1] if found else None

    def changed_since(self, moment: datetime) -> Iterator[tuple[str, datetime]]:
        since = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        after: str | None = None
        while True:
            asked = {"q": f"updated_at:>='{since}'", "first": _CHANGES, "after": after, "reverse": False}
            page, after = self._api.ask(operations.CHANGED_PRODUCTS, asked, answers.change_page)
            yield from page
            if after is None:
                return

    def follow(self, url: str, topics: Sequence[str]) -> tuple[str, ...]:
        there = {topic for _, topic in self._hooks(url)}
        missing = tuple(one for one in topics if one not in there)
        for topic in missing:
            fields = list(_HOOK_FIELDS) if topic.startswith("PRODUCTS_") else None
            asked = {"topic": topic, "s": {"uri": url, "includeFields": fields}}
            self._api.ask(operations.HOOK_CREATE, asked, lambda data: answers.done(data["webhookSubscriptionCreate"]))
        return missing

    def unfollow(self, url: str) -> None:
        for hook_id, _ in list(self._hooks(url)):
            self._api.ask(operations.HOOK_DELETE, {"id": hook_id}, lambda data: data["webhookSubscriptionDelete"])

    def _hooks(self, url: str) -> Iterator[tuple[str, str]]:
        """(id, topic) of each subscription of ours that leads to this address."""
        after: str | None = None
        while True:
            asked = {"uri": url, "first": _PAGE, "after": after}
            page, after = self._api.ask(operations.HOOKS, asked, answers.hook_page)
            yield from page
            if after is None:
                return

    def files_named(self, name: str) -> tuple[ShopFile, ...]:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")
        found: list[ShopFile] = []
        after: str | None = None
        while True:
            asked = {"q": f"filename:'{escaped}'", "first": _PAGE, "after": after}
            page, after = self._api.ask(operations.FILES_BY_NAME, asked, answers.file_page)
            found += [one for one in page if answers.is_named(one, name)]
            if after is None:
                return tuple(found)

    def files(self, file_ids: Sequence[str]) -> Mapping[str, ShopFile]:
        def read(data: Any) -> dict[str, ShopFile]:
            found = [answers.file(one) for one in data["nodes"] if one and "fileStatus" in one]
            return {one.id: one for one in found}

        _check_count(file_ids)
        return self._api.ask(operations.POLL_FILES, {"ids": list(file_ids)}, read) if file_ids else {}

    def stage(self, name: str, mime: str, body: bytes) -> str:
        if len(body) > MOST_BYTES:
            raise TooLarge("A store takes at most 20 MB for one image.")

        def read(data: Any) -> dict[str, Any]:
            (target,) = answers.done(data["stagedUploadsCreate"])["stagedTargets"]
            if not (target["url"] and target["resourceUrl"] and isinstance(target["parameters"], list)):
                raise ValueError("a target without an address")
            return dict(target)

        wanted = {"filename": name, "mimeType": mime, "resource": "IMAGE", "httpMethod": "POST"}
        target = self._api.ask(operations.STAGED_UPLOADS, {"input": [wanted]}, read)
        return self._transfers.hand_over(target, name, mime, body)

    def make_files(self, files: Sequence[NewFile]) -> tuple[tuple[ShopFile, ...], tuple[Refusal, ...]]:
        def read(data: Any) -> tuple[tuple[ShopFile, ...], tuple[Refusal, ...]]:
            told = data["fileCreate"]
            made = tuple(answers.file(one) for one in told["files"] or () if one)
            return made, answers.refusals(told["userErrors"])

        _check_count(files)
        wanted = [
            {
                "originalSource": one.staged,
                "filename": one.name,
                "alt": one.alt,
                "contentType": "IMAGE",
                "duplicateResolutionMode": "RAISE_ERROR",
            }
            for one in files
        ]
        return self._api.ask(operations.FILE_CREATE, {"files": wanted}, read) if files else ((), ())

    def change_files(self, changes: Sequence[FileChange]) -> tuple[Refusal, ...]:
        def read(data: Any) -> tuple[Refusal, ...]:
            return answers.refusals(data["fileUpdate"]["userErrors"])

        _check_count(changes)
        wanted = [_change(one) for one in changes]
        return self._api.ask(operations.FILE_UPDATE, {"files": wanted}, read) if changes else ()

    def drop_files(self, file_ids: Sequence[str]) -> tuple[Refusal, ...]:
        def read(data: Any) -> tuple[Refusal, ...]:
            found = answers.refusals(data["fileDelete"]["userErrors"])
            return tuple(one for one in found if one.code != "FILE_DOES_NOT_EXIST")

        _check_count(file_ids)
        return self._api.ask(operations.FILE_DELETE, {"ids": list(file_ids)}, read) if file_ids else ()

    def read(self, url: str) -> bytes:
        return self._transfers.read(url, MOST_BYTES)

    def acknowledge(self, file_ids: Sequence[str]) -> None:
        _check_count(file_ids)
        if file_ids:
            asked, name = {"ids": list(file_ids)}, "fileAcknowledgeUpdateFailed"
            self._api.ask(operations.FILE_ACKNOWLEDGE, asked, lambda data: answers.done(data[name]))

    def reorder(self, product_id: str, moves: Sequence[tuple[str, int]]) -> str:
        def read(data: Any) -> str:
            job = answers.done(data["productReorderMedia"], "mediaUserErrors")["job"]
            return str(job["id"]) if job else ""

        _check_count(moves)
        wanted = [{"id": medium_id, "newPosition": str(place)} for medium_id, place in moves]
        return self._api.ask(operations.REORDER, {"id": product_id, "moves": wanted}, read) if moves else ""

    def is_job_done(self, job_id: str) -> bool:
        """A job that the store has forgotten is done."""

        def read(data: Any) -> bool:
            return data["job"] is None or bool(data["job"]["done"])

        return self._api.ask(operations.JOB_STATUS, {"id": job_id}, read)

    def show_on_variants(self, product_id: str, media: Mapping[str, str | None]) -> tuple[Refusal, ...]:
        wanted = [{"id": variant_id, "mediaId": medium_id} for variant_id, medium_id in media.items()]
        found: list[Refusal] = []
        for first in range(0, len(wanted), MOST_FILES):

            def read(data: Any, first: int = first) -> tuple[Refusal, ...]:
                return answers.refusals(data["productVariantsBulkUpdate"]["userErrors"], first=first)

            asked = {"productId": product_id, "variants": wanted[first : first + MOST_FILES]}
            found += self._api.ask(operations.VARIANT_IMAGES, asked, read)
        return tuple(found)

    def close(self) -> None:
        self._lines.close()
        self._transfers.close()


def _check_count(items: Sequence[Any]) -> None:
    if len(items) > MOST_FILES:
        raise InvalidInput(f"A store takes at most {MOST_FILES} items in one request.")


def _change(change: FileChange) -> dict[str, Any]:
    told = {
        "id": change.id,
        "alt": change.alt,
        "originalSource": change.staged,
        "referencesToAdd": list(change.attach_to) or None,
        "referencesToRemove": list(change.detach_from) or None,
    }
    return {name: value for name, value in told.items() if value is not None}
