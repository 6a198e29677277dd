"""The manifest of one generation: which files it is made of and where their bytes lie.

A commit is one pack (all files that are new, one after another) and one manifest. Files are immutable; the name
of a deletion file (`.del`) is not unique across machines, so files are told apart by their hash.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.adapters.search_objects import damaged
from chalicelib.adapters.search_schema import FINGERPRINT, FORMAT

_PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")


@dataclass(frozen=True)
class Place:
    """Where the bytes of a file lie: a range of a pack, and their SHA-256."""

    pack: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """One generation. `meta` is Tantivy's own list of segments; `nonce` tells two writers of one number apart.

    `views` are the side files of what models saw (`domain/views.py`), oldest first; nobody mirrors them.
    """

    generation: int
    nonce: str
    meta: Mapping[str, Any]
    files: Mapping[str, Place]
    views: Mapping[str, Place] = field(default_factory=dict)

    def dump(self) -> bytes:
        """As it is stored; the same manifest, the same bytes."""
        body = {
            "format": FORMAT,
            "fingerprint": FINGERPRINT,
            "generation": self.generation,
            "nonce": self.nonce,
            "meta": self.meta,
            "files": {name: [one.pack, one.offset, one.length, one.sha256] for name, one in self.files.items()},
            "views": [[name, one.pack, one.offset, one.length, one.sha256] for name, one in self.views.items()],
        }
        return json.dumps(body, separators=(",", ":"), sort_keys=True).encode()

    @property
    def documents(self) -> int:
        """Documents that can be found."""
        return sum(int(one["max_doc"]) for one in self.meta["segments"]) - self.dead

    @property
    def dead(self) -> int:
        """Replaced or deleted documents that still take room."""
        return sum(int((one["deletes"] or {}).get("num_deleted_docs", 0)) for one in self.meta["segments"])

    @property
    def size_bytes(self) -> int:
        """Bytes of all files."""
        return sum(one.length for one in (*self.files.values(), *self.views.values()))

    @property
    def packs(self) -> frozenset[str]:
        """The packs that hold any of it."""
        return frozenset(one.pack for one in (*self.files.values(), *self.views.values()))


@dataclass(frozen=True)
class Header:
    """What can be read of a manifest of any format."""

    generation: int
    is_ours: bool


def header(body: bytes) -> Header:
    """The generation, and whether this program reads the rest. Raises `UpstreamUnavailable`, code `index_damaged`."""
    try:
        found = json.loads(body)
        ours = (found["format"], found["fingerprint"]) == (FORMAT, FINGERPRINT)
        return Header(int(found["generation"]), ours)
    except (ValueError, KeyError, TypeError) as problem:
        raise damaged("manifest") from problem


def load(body: bytes) -> Manifest:
    """The manifest. Raises `UpstreamUnavailable`, code `index_damaged`, also for one of another format."""
    if not header(body).is_ours:
        raise damaged("made by another version")
    try:
        found = json.loads(body)
        files = {
            name: Place(str(one[0]), int(one[1]), int(one[2]), str(one[3])) for name, one in found["files"].items()
        }
        if missing := set(file_names(found["meta"])) - set(files):
            raise damaged(f"no {min(missing)}")
        views = {str(one[0]): Place(str(one[1]), int(one[2]), int(one[3]), str(one[4])) for one in found["views"]}
        return Manifest(int(found["generation"]), str(found["nonce"]), found["meta"], files, views)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as problem:
        raise damaged("manifest") from problem


def file_names(meta: Mapping[str, Any]) -> Iterator[str]:
    """The files that a list of segments implies."""
    for segment in meta["segments"]:
        name = str(segment["segment_id"]).replace("-", "")
        yield from (f"{name}.{part}" for part in _PARTS)
        if segment["deletes"]:
            yield f"{name}.{segment['deletes']['opstamp']}.del"


def sha256(data: bytes) -> str:
    """Hash of a file's bytes."""
    return hashlib.sha256(data).hexdigest()
