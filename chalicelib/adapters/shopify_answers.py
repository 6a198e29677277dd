"""The Admin API's answers as our values. Raises `KeyError`, `TypeError` or `ValueError` for what is no such answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from chalicelib.domain.shop import BulkState, FileState, Medium, Refusal, ShopFile, Variant
from chalicelib.errors import NotFound, UpstreamRejected

_NO_PRODUCT = "The store does not know this product."
_FILE_STATES: Mapping[str, FileState] = {
    "UPLOADED": "processing",
    "PROCESSING": "processing",
    "READY": "ready",
    "FAILED": "failed",
}
_RUNS = frozenset({"CREATED", "RUNNING", "CANCELING"})


def variant(row: Mapping[str, Any]) -> Variant:
    """One row of a bulk read."""
    product = row["product"]
    return Variant(
        id=row["id"],
        sku=row["sku"] or "",
        title=row["title"],
        product_id=product["id"],
        product_title=product["title"],
        handle=product["handle"],
        active=product["status"] == "ACTIVE",
    )


def medium(told: Mapping[str, Any]) -> Medium:
    ready = told["status"] == "READY"
    image = told.get("image") if ready else None
    return Medium(
        id=told["id"],
        alt=told["alt"] or "",
        is_image=told["mediaContentType"] == "IMAGE",
        ready=ready and told.get("fileStatus", "READY") == "READY",
        url=image["url"] if image else None,
    )


def shown_medium(told: Mapping[str, Any]) -> tuple[str, str | None]:
    """(variant id, id of the medium it shows)."""
    media = told["media"]["nodes"]
    return told["id"], media[0]["id"] if media else None


def file(told: Mapping[str, Any]) -> ShopFile:
    image, errors = told.get("image"), told.get("fileErrors") or ()
    return ShopFile(
        id=told["id"],
        state=_FILE_STATES[told["fileStatus"]],
        alt=told.get("alt") or "",
        because=str(errors[0]["code"]) if errors else "",
        url=image["url"] if image else None,
    )


def is_named(told: ShopFile, name: str) -> bool:
    """Whether this is the file's whole name; a file that has no address yet does not tell."""
    return told.url is not None and unquote(urlsplit(told.url).path.rsplit("/", 1)[-1]) == name


def change(told: Mapping[str, Any]) -> tuple[str, datetime]:
    """(product id, when it changed by the store's clock)."""
    at = datetime.fromisoformat(told["updatedAt"])
    if at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return told["id"], at


def refusals(errors: Any, *, first: int = 0) -> tuple[Refusal, ...]:
    """The user errors of a change whose items begin at `first`."""
    return tuple(_refusal(one, first) for one in errors)


def bulk(told: Mapping[str, Any]) -> BulkState:
    status = told["status"]
    if status == "COMPLETED":
        return BulkState(told["id"], "done", int(told["rootObjectCount"]), told["url"])
    if status in _RUNS:
        return BulkState(told["id"], "running", int(told["rootObjectCount"]))
    return BulkState(told["id"], "failed", int(told["rootObjectCount"]), because=told["errorCode"] or status)


def _refusal(told: Mapping[str, Any], first: int) -> Refusal:
    numbers = [int(part) for part in told.get("field") or () if part.isdigit()]
    return Refusal(told.get("code") or "INVALID", told["message"], first + numbers[0] if numbers else None)


def media_page(data: Any) -> tuple[dict[str, Any], list[Medium], str | None]:
    """The product, some of its media, and after what the next ones come. Raises `NotFound`."""
    told = found(data["product"], _NO_PRODUCT)
    variant_page(data)
    return told, [medium(one) for one in told["media"]["nodes"]], _after(told["media"]["pageInfo"])


def variant_page(data: Any) -> tuple[dict[str, Any], list[dict[str, Any]], str | None]:
    """The product, some of its variants, checked as far as they will be read, and after what the next ones come.

    Raises `NotFound`.
    """
    told = found(data["product"], _NO_PRODUCT)
    rows = list(told["variants"]["nodes"])
    for one in rows:
        shown_medium(one)
        variant({**one, "product": told})
    return told, rows, _after(told["variants"]["pageInfo"])


def file_page(data: Any) -> tuple[list[ShopFile], str | None]:
    """Some files, and after what the next ones come."""
    return [file(one) for one in data["files"]["nodes"]], _after(data["files"]["pageInfo"])


def change_page(data: Any) -> tuple[list[tuple[str, datetime]], str | None]:
    """Some changes of products, and after what the next ones come."""
    told = data["products"]
    return [change(one) for one in told["nodes"]], _after(told["pageInfo"])


def hook_page(data: Any) -> tuple[list[tuple[str, str]], str | None]:
    """(id, topic) of some subscriptions, and after what the next ones come."""
    told = data["webhookSubscriptions"]
    return [(one["id"], one["topic"]) for one in told["nodes"]], _after(told["pageInfo"])


def _after(page: Mapping[str, Any]) -> str | None:
    return str(page["endCursor"]) if page["hasNextPage"] else None


def found(told: Any, words: str) -> Any:
    """What was asked for. Raises `NotFound` with these words where there is none."""
    if told is None:
        raise NotFound(words)
    return told


def done(told: Any, errors: str = "userErrors") -> Any:
    """The answer to a change that is done as a whole or not at all. Raises `UpstreamRejected`."""
    for one in refusals(told[errors]):
        raise UpstreamRejected(f"The store refused this: {one.message}", code=one.code)
    return told
