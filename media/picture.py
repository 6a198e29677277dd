"""One message from end to end: fetch, hash, hand to the child, store the renditions, answer.

The stages, in order: the bytes land in a folder of their own and are hashed on the way; what they are is
told from their first bytes; the child reads and draws; finished renditions are put where the message says;
only then is there an answer. A failed transfer raises, everything a file can do to us is an outcome.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Protocol

from media import download, reasons, sniff
from media.message import VERSION, Limits, Request


class Reader(Protocol):
    """Reads one file under limits and always has an answer."""

    def read(self, path: Path, out: Path, limits: Limits, recipe: dict[str, Any]) -> dict[str, Any]: ...


def handle(reader: Reader, request: Request, recipe: dict[str, Any]) -> dict[str, Any]:
    """Return the answer for one request; all renditions are stored once it returns.

    Safe to repeat: the same bytes are put to the same places again. Raises TransferFailed.
    """
    with tempfile.TemporaryDirectory(prefix="packshot-media-") as folder:
        path, out = Path(folder, "original"), Path(folder, "out")
        out.mkdir()
        try:
            fetched = download.fetch(request.get_url, path, request.limits.max_bytes)
        except download.TooLarge as too_large:
            reason = reasons.too_large(request.limits.max_bytes)
            return _answer({"outcome": "limit", "reason": reason, "size_bytes": too_large.size_bytes})
        told = reader.read(path, out, request.limits, recipe)
        known = {"sha256": fetched.sha256, "size_bytes": fetched.size_bytes, "type": _type(path)}
        for rendition in told.get("renditions", ()):
            put = request.puts[rendition["name"]]
            download.store(put.url, put.headers, (out / f"{rendition['name']}.{rendition['format']}").read_bytes())
        return _answer({**known, **told})


def _type(path: Path) -> dict[str, str] | None:
    """The parent's own look at the first bytes, for when the child did not live to tell."""
    return vars(sniff.sniff_file(path)) if path.stat().st_size else None


def _answer(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "v": VERSION,
        "outcome": found["outcome"],
        "reason": found.get("reason"),
        "sha256": found.get("sha256"),
        "size_bytes": found.get("size_bytes"),
        "type": found.get("type"),
        "facts": found.get("facts", {}),
        "thumbhash": found.get("thumbhash"),
        "renditions": found.get("renditions", []),
        **({"sight": found["sight"]} if "sight" in found else {}),
    }
