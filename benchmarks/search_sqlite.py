"""The same library and the same questions in SQLite with FTS5, as a peer for `benchmarks.search`."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from chalicelib.domain.documents import content
from chalicelib.domain.queries import Document
from chalicelib.domain.tokens import positioned

TEXTS = ("sku", "name", "title", "keyword", "description")
_SCHEMA = """
CREATE TABLE asset (n INTEGER PRIMARY KEY, id TEXT UNIQUE, state TEXT, type TEXT, format TEXT, approval TEXT, year TEXT,
    shot_type TEXT, rating INT, size INT, uploaded INT, taken INT, lat REAL, lon REAL, price INT, card TEXT);
CREATE TABLE place (collection TEXT, n INT, PRIMARY KEY (collection, n)) WITHOUT ROWID;
CREATE TABLE keyword (n INT, keyword TEXT, PRIMARY KEY (n, keyword)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(sku, name, title, keyword, description, content='', prefix='2 3');
"""
_INDEXES = """
CREATE INDEX by_uploaded ON asset (uploaded); CREATE INDEX by_place ON asset (lat, lon);
CREATE INDEX by_price ON asset (price); CREATE INDEX by_number ON place (n); ANALYZE;
"""


class Sqlite:
    """One file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db = sqlite3.connect(path)

    def build(self, documents: Iterable[Document]) -> None:
        """Fill an empty file."""
        self.db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        for number, one in enumerate(documents):
            self._add(number, one)
        self.db.execute("INSERT INTO words(words) VALUES ('optimize')")
        self.db.executescript(_INDEXES)
        self.db.commit()

    def _add(self, number: int, one: Document) -> None:
        found = content(one.asset)
        exact = {name: values[-1] for name, values in found.exact.items()}
        north, east = found.place or (None, None)
        columns = (
            number, one.asset.id, exact.get("state"), exact.get("type"), exact.get("format"), exact.get("approval"),
            exact.get("year"), exact.get("shot_type"), found.numbers.get("rating"), found.numbers.get("size"),
            found.numbers.get("uploaded"), found.numbers.get("taken"), north, east, found.custom["price"][0],
            json.dumps(one.card),
        )  # fmt: skip
        self.db.execute(f"INSERT INTO asset VALUES ({','.join('?' * len(columns))})", columns)
        self.db.executemany("INSERT INTO place VALUES (?, ?)", [(one, number) for one in found.exact["collection"]])
        self.db.executemany("INSERT INTO keyword VALUES (?, ?)", [(number, one) for one in found.exact["keyword"]])
        tokens = {
            name: [token for text in found.texts.get(name, ()) for _, token in positioned(text)] for name in TEXTS
        }
        row = (number, *(" ".join(tokens[name]) for name in TEXTS))
        self.db.execute("INSERT INTO words(rowid, sku, name, title, keyword, description) VALUES (?,?,?,?,?,?)", row)

    def find(self, where: str, values: Sequence[object], order: str, skip: int, facets: Sequence[str]) -> int:
        """Cards of a page of 50, the total and counts by field; the total."""
        source = "FROM asset JOIN words ON words.rowid = asset.n" if "words MATCH" in where else "FROM asset"
        page = f"SELECT card {source} WHERE {where} ORDER BY {order} LIMIT 50 OFFSET {skip}"
        [json.loads(card) for (card,) in self.db.execute(page, values)]
        ((total,),) = self.db.execute(f"SELECT count(*) {source} WHERE {where}", values)
        for name in facets:
            joined = source + (" JOIN keyword ON keyword.n = asset.n" if name == "keyword" else "")
            counted = f"SELECT {name}, count(*) AS c {joined} WHERE {where} GROUP BY 1 ORDER BY c DESC LIMIT 50"
            counted = counted.replace("SELECT keyword,", "SELECT keyword.keyword,")
            self.db.execute(counted, values).fetchall()
        return int(total)


def _words(texts: Sequence[str]) -> str:
    return " ".join(token for text in texts for _, token in positioned(text))
