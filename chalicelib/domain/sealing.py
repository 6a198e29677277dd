"""Sealed texts: cursors that name their workspace and query, media paths that end, hashes of secrets.

All secrets come from one master key, one subkey a purpose. Nothing here reads a clock.
"""

import base64
import binascii
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.errors import Gone, InvalidInput, NotFound

_GRACE = timedelta(minutes=10)


def subkey(master: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose, derived from the master key."""
    return hmac.digest(master, purpose.encode(), "sha256")


def keyed_hash(key: bytes, text: str) -> str:
    """HMAC-SHA256 as hexadecimal; what is stored instead of a secret."""
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()


def matches(expected: str, given: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


def seal_cursor(key: bytes, scope: str, position: Any) -> str:
    """A cursor that opens only for the same scope (workspace, principal and query)."""
    body = json.dumps(position, separators=(",", ":")).encode()
    mac = _cursor_mac(key, scope, body)
    return base64.urlsafe_b64encode(mac + body).decode().rstrip("=")


def open_cursor(key: bytes, scope: str, cursor: str) -> Any:
    """The position in a cursor.

    Raises:
        InvalidInput: forged, cut, or made for another workspace or query.
    """
    refusal = InvalidInput(
        "This cursor does not belong to this list. Start again without one.", code="bad_cursor",
        fields={"cursor": "was not made by this query"},
    )  # fmt: skip
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError) as problem:
        raise refusal from problem
    mac, body = raw[:12], raw[12:]
    if not hmac.compare_digest(mac, _cursor_mac(key, scope, body)):
        raise refusal
    return json.loads(body)


def _cursor_mac(key: bytes, scope: str, body: bytes) -> bytes:
    return hmac.digest(key, scope.encode("utf-8", "surrogatepass") + b"\x00" + body, "sha256")[:12]


def seal_media_path(key: bytes, rendition_key: str, now: datetime) -> str:
    """`/<hour>/<mac>/<rendition key>`: the same for an hour, valid until ten minutes past the next full hour."""
    hour = int(now.timestamp()) // 3600
    return f"/{hour}/{_media_mac(key, hour, rendition_key)}/{rendition_key}"


def open_media_path(key: bytes, path: str, now: datetime) -> str:
    """The rendition key in a media path.

    Raises:
        NotFound: forged or malformed.
        Gone: its time is over.
    """
    parts = path.lstrip("/").split("/", 2)
    if len(parts) != 3 or not (parts[0].isascii() and parts[0].isdigit()) or len(parts[0]) > 9:
        raise NotFound("There is no such picture.")
    hour, mac, rendition_key = int(parts[0]), parts[1], parts[2]
    if not matches(_media_mac(key, hour, rendition_key), mac):
        raise NotFound("There is no such picture.")
    if now >= datetime.fromtimestamp((hour + 1) * 3600, UTC) + _GRACE:
        raise Gone("This picture address is over. Ask for the asset again to get a new one.")
    return rendition_key


def _media_mac(key: bytes, hour: int, rendition_key: str) -> str:
    return keyed_hash(key, f"{hour}/{rendition_key}")[:32]
