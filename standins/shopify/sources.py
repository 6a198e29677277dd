"""Where the bytes of a file come from: staged ones, those of another file of the shop, an address on this machine."""

import http.client
import urllib.request
from urllib.parse import unquote, urlsplit

from standins.shopify import uploads
from standins.shopify.contract import Call
from standins.shopify.media import MOST_BYTES

PATIENCE_S = 5
_HERE = ("127.0.0.1", "localhost")


def name_in(url: str) -> str:
    """The name of the file that an address ends in."""
    return unquote(urlsplit(url).path.rpartition("/")[2])


def is_address(url: str) -> bool:
    """Whether a file could lie there at all."""
    return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).netloc)


def digest_at(call: Call, url: str) -> str | None:
    """Keep the bytes that lie there; None if there are none. The stand-in does not leave this machine."""
    one = uploads.source(call, url)
    if one is not None:
        one["_used"] += 1
        if one["_used"] > 1:
            call.breaches.append(f"The staged bytes {name_in(url)} were used {one['_used']} times.")
        call.store.put("staged", one)
        return str(one["_digest"]) if one["_digest"] else None
    if url.startswith(f"{call.base}/"):
        found = call.store.files.get(call.store.names.get(name_in(url).lower(), ""))
        return str(found["_digest"]) if found and found["_digest"] else None
    return _fetched(call, url) if urlsplit(url).hostname in _HERE else None


def _fetched(call: Call, url: str) -> str | None:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as reply:
            return call.store.keep_bytes(reply.read(MOST_BYTES + 1))
    except (OSError, ValueError, http.client.HTTPException):
        return None
