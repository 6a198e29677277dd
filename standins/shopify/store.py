"""What one shop holds: products, variants, files, jobs; all on disk, written as it happens.

A record carries the fields that the API shows under the API's names, and what the API does not show under names that
begin with `_`. One with a `_due` that is not None has something before it, at that second.
"""

import copy
import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from standins.shopify.clock import Clock

Record = dict[str, Any]
KINDS = ("product", "variant", "file", "job", "bulk", "hook", "staged", "token", "setting", "event")
WAITING = ("file", "job", "bulk")
SETTINGS: dict[str, Any] = {
    "name": "Shop", "scopes": ["read_files", "read_products", "write_files", "write_products"], "answers": 200,
    "installed": True, "restore_rate": 100.0, "index_lag_s": 10.0, "upload_s": 1.0, "processing_s": 3.0, "job_s": 2.0,
    "bulk_s": 2.0, "next_id": 1000, "bucket": None,
}  # fmt: skip


class Store:
    """One shop. Whoever changes it does it `at_once`; who only reads holds the `lock`."""

    def __init__(self, place: Path, domain: str, clock: Clock) -> None:
        place.mkdir(parents=True, exist_ok=True)
        self.domain = domain
        self.clock = clock
        self.lock = threading.RLock()
        self._blobs = place / "blobs"
        self._blobs.mkdir(exist_ok=True)
        self._db = sqlite3.connect(place / "shop.sqlite", check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute("CREATE TABLE IF NOT EXISTS kept (kind TEXT, id TEXT, value TEXT, PRIMARY KEY (kind, id))")
        self.tables: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        for kind, identifier, value in self._db.execute("SELECT kind, id, value FROM kept ORDER BY rowid"):
            self.tables[kind][identifier] = json.loads(value)
        self._index()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Hold the shop; what is changed meanwhile is on disk as a whole, or after a kill not at all."""
        with self.lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("COMMIT")

    def _index(self) -> None:
        self.waiting = {
            (kind, one["id"]): float(one["_due"])
            for kind in WAITING for one in self.tables[kind].values() if one["_due"] is not None
        }  # fmt: skip
        self.names = {one["_name"].lower(): one["id"] for one in self.tables["file"].values()}

    @property
    def products(self) -> dict[str, Record]:
        return self.tables["product"]

    @property
    def variants(self) -> dict[str, Record]:
        return self.tables["variant"]

    @property
    def files(self) -> dict[str, Record]:
        return self.tables["file"]

    def setting(self, name: str) -> Any:
        """A setting of the shop; `SETTINGS` says which there are."""
        return self.tables["setting"].get(name, SETTINGS[name])

    def set(self, name: str, value: Any) -> None:
        """Change a setting. Raises `KeyError` for one that is not known."""
        if name not in SETTINGS:
            raise KeyError(name)
        self.tables["setting"][name] = value
        self._write("setting", name, value)

    def number(self) -> int:
        """A number that no record of the shop has had."""
        found = int(self.setting("next_id"))
        self.set("next_id", found + 1)
        return found

    def gid(self, kind: str) -> str:
        """An id that no record of the shop has had."""
        return f"gid://shopify/{kind}/{self.number()}"

    def put(self, kind: str, one: Record) -> Record:
        """Write a record as it is now."""
        self.tables[kind][one["id"]] = one
        if kind in WAITING:
            self.waiting.pop((kind, one["id"]), None)
            if one["_due"] is not None:
                self.waiting[kind, one["id"]] = one["_due"]
        if kind == "file":
            self.names[one["_name"].lower()] = one["id"]
        self._write(kind, one["id"], one)
        return one

    def drop(self, kind: str, identifier: str) -> None:
        """Delete a record; nothing happens if there is none."""
        one = self.tables[kind].pop(identifier, None)
        self.waiting.pop((kind, identifier), None)
        if kind == "file" and one is not None:
            self.names.pop(one["_name"].lower(), None)
        self._db.execute("DELETE FROM kept WHERE kind = ? AND id = ?", (kind, identifier))

    def keep_bytes(self, body: bytes) -> str:
        """Keep bytes; their SHA-256 names them."""
        digest = hashlib.sha256(body).hexdigest()
        (self._blobs / digest).write_bytes(body)
        return digest

    def bytes_of(self, digest: str) -> bytes:
        """Bytes that were kept."""
        return (self._blobs / digest).read_bytes()

    def due(self) -> list[tuple[str, Record]]:
        """The records whose time has come, the earliest first, and their kinds."""
        now = self.clock.seconds()
        found = sorted((at, key) for key, at in self.waiting.items() if at <= now)
        return [(kind, self.tables[kind][identifier]) for _at, (kind, identifier) in found]

    def snapshot(self) -> dict[str, dict[str, Any]]:
        """Everything as it is now, for reads that are to be behind."""
        return copy.deepcopy(self.tables)

    def references(self, file_id: str) -> list[Record]:
        """The products a file hangs on."""
        return [one for one in self.products.values() if file_id in one["_media"]]

    def _write(self, kind: str, identifier: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", (kind, identifier, json.dumps(value)))
