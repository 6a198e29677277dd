"""The files of one workspace's index on this process's own disk, and folders in which Tantivy opens them.

Files lie in a pool by name; a folder of hard links with its own `meta.json` is one generation as Tantivy wants
it. So generations share bytes, none is changed under a reader, and a half-written folder is never opened again.
"""

import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from chalicelib.adapters.search_manifest import Manifest, Place
from chalicelib.adapters.search_objects import IndexObjects, damaged
from chalicelib.errors import NotFound

_CHUNK = 2**20
_WHOLE_PACK_BYTES = 64 * 2**20


class Mirror:
    """A pool of files. Not for two threads at once."""

    def __init__(self, objects: IndexObjects, folder: Path) -> None:
        self._objects = objects
        self._pool = folder / "pool"
        self.folder = folder
        self._sound: dict[str, str] = {}

    def fetch(self, manifest: Manifest) -> None:
        """Bring every file of a generation here, whatever half of it is here already.

        Raises:
            UpstreamUnavailable: code `index_damaged` when stored bytes are missing or not what was stored.
        """
        self._pool.mkdir(parents=True, exist_ok=True)
        missing: dict[str, list[tuple[str, Place]]] = defaultdict(list)
        for name, place in manifest.files.items():
            if not self._has(name, place):
                missing[place.pack].append((name, place))
        for pack, wanted in missing.items():
            try:
                self._fetch_from(pack, sorted(wanted, key=lambda one: one[1].offset))
            except NotFound as gone:
                raise damaged("a pack is gone") from gone

    def _has(self, name: str, place: Place) -> bool:
        path = self._pool / name
        try:
            if path.stat().st_size != place.length:
                return False
        except FileNotFoundError:
            return False
        if self._sound.get(name) != place.sha256:
            self._sound[name] = _hash(path)
        return self._sound[name] == place.sha256

    def _fetch_from(self, pack: str, wanted: list[tuple[str, Place]]) -> None:
        """One request when most of the stretch is wanted and fits into memory, else one a file."""
        begin, end = wanted[0][1].offset, max(place.offset + place.length for _, place in wanted)
        useful = sum(place.length for _, place in wanted)
        if end - begin <= _WHOLE_PACK_BYTES and 2 * useful >= end - begin:
            stretch = b"".join(self._objects.chunks(pack, begin, end - begin))
            for name, place in wanted:
                self._write(name, place, [stretch[place.offset - begin :][: place.length]])
        else:
            for name, place in wanted:
                self._write(name, place, self._objects.chunks(pack, place.offset, place.length))

    def _write(self, name: str, place: Place, pieces: Iterable[bytes]) -> None:
        part, digest = self._pool / f"{name}.part", hashlib.sha256()
        with part.open("wb") as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
        if digest.hexdigest() != place.sha256:
            part.unlink()
            raise damaged(name)
        part.replace(self._pool / name)
        self._sound[name] = place.sha256

    def lay_out(self, manifest: Manifest, name: str) -> Path:
        """A fresh folder `name` with all files of a generation that has been fetched; `meta.json` comes last."""
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for file in manifest.files:
            os.link(self._pool / file, target / file)
        (target / ".managed.json").write_text(json.dumps([*manifest.files, "meta.json"]))
        (target / "meta.json").write_text(json.dumps(manifest.meta))
        return target

    def adopt(self, source: Path, manifest: Manifest) -> None:
        """Take files over that were written here and are published under this manifest."""
        self._pool.mkdir(parents=True, exist_ok=True)
        for name, place in manifest.files.items():
            if self._sound.get(name) != place.sha256 or not (self._pool / name).exists():
                (source / name).replace(self._pool / name)
                self._sound[name] = place.sha256

    def keep_only(self, names: Iterable[str]) -> None:
        """Drop all other files; what is still open stays readable."""
        kept = set(names)
        for path in list(self._files()):
            if path.name not in kept:
                path.unlink(missing_ok=True)
                self._sound.pop(path.name, None)

    def size_bytes(self) -> int:
        """Bytes of all files here."""
        return sum(path.stat().st_size for path in self._files())

    def _files(self) -> Iterator[Path]:
        return self._pool.iterdir() if self._pool.exists() else iter(())

    def discard(self) -> None:
        """Give the disk back."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._sound.clear()


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()
