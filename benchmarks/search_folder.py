"""Index objects in a folder, so that a benchmark measures the engine and not a store."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from chalicelib.adapters.search_objects import IndexObjects, Stored
from chalicelib.errors import Conflict, NotFound


class FolderObjects(IndexObjects):
    """The same promises over files; for one process."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, key: str) -> Path:
        path = self._root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def get(self, key: str) -> tuple[bytes, str]:
        try:
            body = self._path(key).read_bytes()
        except FileNotFoundError as gone:
            raise NotFound("There is no such object.") from gone
        return body, hashlib.sha256(body).hexdigest()

    def get_unless(self, key: str, mark: str) -> tuple[bytes, str] | None:
        found = self.get(key)
        return None if found[1] == mark else found

    def chunks(self, key: str, start: int, length: int, size: int = 8 * 2**20) -> Iterator[bytes]:
        with self._path(key).open("rb") as file:
            file.seek(start)
            while length > 0 and (piece := file.read(min(size, length))):
                length -= len(piece)
                yield piece

    def put(self, key: str, body: bytes | IO[bytes]) -> None:
        self._path(key).write_bytes(body if isinstance(body, bytes) else body.read())

    def swap(self, key: str, body: bytes, mark: str | None) -> None:
        held = self.get(key)[1] if self._path(key).exists() else None
        if held != mark:
            raise Conflict("Another writer was faster.")
        self.put(key, body)

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def listed(self, prefix: str) -> Iterator[Stored]:
        for path in sorted((self._root / prefix).rglob("*")):
            if path.is_file():
                facts = path.stat()
                when = datetime.fromtimestamp(facts.st_mtime, UTC)
                yield Stored(str(path.relative_to(self._root)), when, facts.st_size)
