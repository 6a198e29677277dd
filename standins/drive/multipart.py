"""A file's metadata and bytes in one request."""

import base64
import json
from typing import Any

from standins.drive.contract import Refused


def parse_multipart(body: bytes, content_type: str) -> tuple[dict[str, Any], bytes, str]:
    """Metadata, bytes and their type out of `multipart/related`. Raises `Refused`."""
    boundary = content_type.partition("boundary=")[2].strip('"').split(";")[0].strip('"').encode()
    parts = body.split(b"--" + boundary)[1:-1]
    if not boundary or len(parts) != 2:
        raise Refused(400, "badContent", "Malformed multipart body.")
    (_head, meta), (head, media) = (part.strip(b"\r\n").partition(b"\r\n\r\n")[::2] if b"\r\n\r\n" in part
                                    else part.strip(b"\n").partition(b"\n\n")[::2] for part in parts)  # fmt: skip
    mime = next((line.partition(b":")[2].strip().decode() for line in head.splitlines()
                 if line.lower().startswith(b"content-type")), "application/octet-stream")  # fmt: skip
    if b"base64" in head.lower():
        media = base64.b64decode(media)
    return json.loads(meta), media, mime
