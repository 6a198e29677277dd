"""Windows of a library of any size, made up in place of the server's: only what the web app does with them is left."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Route

WINDOWS = "**/v1/search?*"
THUMBHASH = "1QcSHQRnh493V4dIh4eXh1h4kJUI"
_SHAPES = ((400, 300), (300, 400), (400, 400))
_PICTURES = ("aur-mug-01", "aur-vas-01", "aur-lmp-01", "aur-ktl-02")


def windows(total: int, *, apart: bool = False) -> Callable[[Route], None]:
    """Answers searches for a window, as the API does, from so many pictures of three shapes and four looks.

    `apart`: each has an address of its own.
    """

    def answer(route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        first, many = int(asked.get("from", ["0"])[0]), int(asked["limit"][0])
        items = [_item(place, f"?{place}" if apart else "") for place in range(first, min(total, first + many))]
        route.fulfill(
            json={"items": items, "total": total, "snapshot": "made-up", "facets": {}, "next": None, "fresh": True}
        )

    return answer


def _item(place: int, query: str) -> dict[str, Any]:
    width, height = _SHAPES[place % len(_SHAPES)]
    address = f"/wall/{_PICTURES[place % len(_PICTURES)]}.webp{query}"
    return {
        "id": f"made-up-{place}", "name": f"{place}.jpg", "title": None, "type": "image", "width_px": width,
        "height_px": height, "thumb_url": address, "thumbhash": THUMBHASH,
        "sku": f"SKU-{place:07}", "approval": "approved", "shown_version": 1, "newest_version": 1, "state": "live",
    }  # fmt: skip
