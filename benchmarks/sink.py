"""A place for uploads in parts that keeps nothing but what they come to: how S3 takes a file that nobody wants to hold.

Parts are hashed as they arrive. One that comes again must be the one before; whatever is out of order is told.
"""

import hashlib
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from standins.answering import Answering, serving

_XML = {"Content-Type": "application/xml"}


@dataclass
class Sink:
    """What arrived: sizes and etags by number, and the digest of all in order."""

    parts: list[tuple[str, int]] = field(default_factory=list)
    sha256: Any = field(default_factory=hashlib.sha256)
    begun: int = 0
    is_whole: bool = False
    troubles: list[str] = field(default_factory=list)

    def take(self, number: int, body: bytes) -> str:
        """A part; its etag."""
        etag = hashlib.md5(body, usedforsecurity=False).hexdigest()
        if number == len(self.parts) + 1:
            self.parts.append((etag, len(body)))
            self.sha256.update(body)
        elif number > len(self.parts) or self.parts[number - 1][0] != etag:
            self.troubles.append(f"part {number} after {len(self.parts)}")
        return etag

    def told(self) -> dict[str, Any]:
        """All of it, for who asks."""
        size = sum(each for _etag, each in self.parts)
        return {
            "sha256": self.sha256.hexdigest(), "size_bytes": size, "parts": len(self.parts), "begun": self.begun,
            "is_whole": self.is_whole, "troubles": self.troubles,
        }  # fmt: skip


class _Handler(Answering):
    sink: Sink

    def answer(self, body: bytes) -> None:
        asked, sink = parse_qs(urlsplit(self.path).query, keep_blank_values=True), self.sink
        if self.path == "/told":
            self.json(200, sink.told())
        elif self.command == "PUT" and "partNumber" in asked:
            self.send(200, b"", {"ETag": f'"{sink.take(int(asked["partNumber"][0]), body)}"'})
        elif self.command == "POST" and "uploads" in asked:
            sink.begun += 1
            self._xml("InitiateMultipartUploadResult", "<UploadId>one</UploadId>")
        elif self.command == "POST" and "uploadId" in asked:
            sink.is_whole = body.count(b"<PartNumber>") == len(sink.parts)
            self._xml("CompleteMultipartUploadResult", "<ETag>whole</ETag>")
        elif self.command == "GET" and "uploadId" in asked:
            self._xml("ListPartsResult", self._page(int(asked.get("part-number-marker", ["0"])[0])))
        else:
            self.send(404, b"", {})

    def _page(self, after: int) -> str:
        """Parts behind a number, 1,000 at once."""
        listed = list(enumerate(self.sink.parts, 1))[after : after + 1000]
        rows = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(etag)}</ETag><Size>{size}</Size></Part>"
            for number, (etag, size) in listed
        )
        is_cut = after + len(listed) < len(self.sink.parts)
        return f"{rows}<IsTruncated>{str(is_cut).lower()}</IsTruncated>" + (
            f"<NextPartNumberMarker>{after + len(listed)}</NextPartNumberMarker>" if is_cut else ""
        )

    def _xml(self, name: str, inside: str) -> None:
        self.send(200, f"<{name}>{inside}</{name}>".encode(), _XML)


def serve(port: int) -> ThreadingHTTPServer:
    """A sink on 127.0.0.1; the caller runs and stops it."""
    return serving(_Handler, port, sink=Sink())


if __name__ == "__main__":
    import sys

    serve(int(sys.argv[1])).serve_forever()
