"""What of the drop folder has already been handed over: one row a path, in `drop.sqlite`."""

import os
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path, PurePath


@dataclass(frozen=True)
class Shape:
    """What tells one content of a file from another without reading it. Never the age of its mtime."""

    inode: int
    size_bytes: int
    mtime_ns: int

    @staticmethod
    def of(stat: os.stat_result) -> "Shape":
        return Shape(stat.st_ino, stat.st_size, stat.st_mtime_ns)


class Ledger:
    """Rows are written after the hand-over, so a kill in between means handing over once more, never less."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._rows = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute(
            "CREATE TABLE IF NOT EXISTS handed (path BLOB PRIMARY KEY, inode INTEGER NOT NULL, "
            "size_bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, outcome TEXT NOT NULL) WITHOUT ROWID"
        )

    def holds(self, relative: PurePath, shape: Shape) -> bool:
        with self._lock:
            row = self._rows.execute(
                "SELECT inode, size_bytes, mtime_ns FROM handed WHERE path = ?", (os.fsencode(relative),)
            ).fetchone()
        return bool(row == (shape.inode, shape.size_bytes, shape.mtime_ns))

    def write(self, relative: PurePath, shape: Shape, outcome: str) -> None:
        row = (os.fsencode(relative), shape.inode, shape.size_bytes, shape.mtime_ns, outcome)
        with self._lock:
            self._rows.execute("INSERT OR REPLACE INTO handed VALUES (?, ?, ?, ?, ?)", row)

    def close(self) -> None:
        with self._lock:
            self._rows.close()
