"""The web app's files, as the CDN serves them in AWS: as they are, under strict headers."""

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import unquote

KINDS = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
TEXT = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


@dataclass(frozen=True)
class File:
    content_type: str
    etag: str
    body: bytes


def found(folder: Path, path: str) -> File | None:
    """The file at a raw URL path; `/` is `index.html`. None for what is not there, hidden, or outside."""
    relative = unquote(path).lstrip("/") or "index.html"
    if any(part.startswith(".") for part in relative.split("/")) or "\x00" in relative:
        return None
    place = (folder / relative).resolve()
    if not place.is_relative_to(folder.resolve()):
        return None
    try:
        body = place.read_bytes()
    except OSError:  # not there, a folder, or a longer name than any file can have
        return None
    return File(content_type(place), f'"{hashlib.sha256(body).hexdigest()[:32]}"', body)


def content_type(place: PurePath) -> str:
    """What a browser is told about a file of this name."""
    kind = KINDS.get(place.suffix) or mimetypes.guess_type(place.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith(TEXT) else kind


def policy(environment: Mapping[str, str]) -> str:
    """The content security policy of every page: our own files, the media host, and S3 for the bytes."""
    store, media = environment["AWS_ENDPOINT_URL"], environment["PACKSHOT_MEDIA_URL"]
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' {media} {store} data: blob:",
            f"connect-src 'self' {store}",
            "font-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ]
    )
