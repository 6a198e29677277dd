"""Publishing: new files become packs, then one conditional swap makes a manifest the current one.

    <workspace>/current             the manifest that counts; swapped, never written otherwise
    <workspace>/old/<generation>    what `current` was before; kept for an hour, so any process can reopen it
    <workspace>/pack/<nonce>-<n>    files of one commit; named by manifests, immutable

Before the swap nothing that was uploaded counts; after it everything does. What lost a race stays behind as packs that
no manifest names, until `sweep` takes them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.adapters.search_manifest import Header, Manifest, Place, file_names, header, load, sha256
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.domain.ids import WorkspaceId
from chalicelib.errors import NotFound, UpstreamUnavailable

KEPT = timedelta(hours=1)
_PACK_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Current:
    """What `current` holds at a moment: its bytes and mark, both None while there is no index."""

    body: bytes | None
    mark: str | None
    head: Header

    def manifest(self) -> Manifest | None:
        """The manifest. Raises `UpstreamUnavailable`, code `index_damaged`."""
        return None if self.body is None else load(self.body)


def key(workspace: WorkspaceId) -> str:
    """Where the current manifest is."""
    return f"{workspace}/current"


def old_key(workspace: WorkspaceId, generation: int) -> str:
    """Where a former manifest is."""
    return f"{workspace}/old/{generation:012d}"


def read(objects: IndexObjects, workspace: WorkspaceId) -> Current:
    """The state to build on. A manifest that cannot be read at all still has a mark, so it can be replaced."""
    try:
        body, mark = objects.get(key(workspace))
    except NotFound:
        return Current(None, None, Header(0, True))
    try:
        return Current(body, mark, header(body))
    except UpstreamUnavailable:
        return Current(body, mark, Header(_last_old(objects, workspace) + 1, False))


def _last_old(objects: IndexObjects, workspace: WorkspaceId) -> int:
    """The generation of the last former manifest; numbers must rise even over a manifest that cannot be read."""
    found = [one.key for one in objects.listed(f"{workspace}/old/")]
    return _generation(found[-1]) if found else 0


def _generation(old: str) -> int:
    """The generation of a former manifest, by its key."""
    return int(old.rpartition("/")[2])


def upload(
    objects: IndexObjects, workspace: WorkspaceId, folder: Path, meta: Mapping[str, Any], known: Mapping[str, Place],
    nonce: str, beside: Sequence[str] = (),
) -> dict[str, Place]:  # fmt: skip
    """Put the files of `meta`, and those `beside` them, that are not `known` into packs; where every file lies."""
    placed: dict[str, Place] = {}
    fresh: list[tuple[str, int]] = []
    for name in (*file_names(meta), *beside):
        path = folder / name
        if name in known and (not name.endswith(".del") or sha256(path.read_bytes()) == known[name].sha256):
            placed[name] = known[name]
        else:
            fresh.append((name, path.stat().st_size))
    for number, names in enumerate(_packs(fresh)):
        pack = f"{workspace}/pack/{nonce}-{number}"
        body, offset = bytearray(), 0
        for name in names:
            data = (folder / name).read_bytes()
            placed[name] = Place(pack, offset, len(data), sha256(data))
            body += data
            offset += len(data)
        objects.put(pack, bytes(body))
    return placed


def _packs(files: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    """File names by pack: at most 64 MiB each, unless one file alone is larger."""
    pack: list[str] = []
    filled = 0
    for name, size in files:
        if pack and filled + size > _PACK_BYTES:
            yield pack
            pack, filled = [], 0
        pack.append(name)
        filled += size
    if pack:
        yield pack


def swap(objects: IndexObjects, workspace: WorkspaceId, current: Current, new: Manifest) -> None:
    """Make `new` the current manifest in place of `current`.

    Raises:
        Conflict: another writer was faster; nothing has changed.
    """
    if current.body is not None and current.head.is_ours:
        objects.put(old_key(workspace, current.head.generation), current.body)
    objects.swap(key(workspace), new.dump(), current.mark)


def sweep(objects: IndexObjects, workspace: WorkspaceId, now: datetime) -> int:
    """Delete former manifests and unnamed packs that are older than an hour; how many.

    A pack counts as named by the current manifest and by each former one that was still there: whoever read that a
    moment ago may yet ask for its packs, so these go at the next sweep. What is current is read first: whatever takes
    its place meanwhile is made of its packs and of fresh ones. Packs being uploaded now are younger than an hour. A
    former manifest of the generation that is still current, left by a writer that died before its swap, stays: the next
    writer puts it anew, maybe after it was listed here.
    """
    before = now - KEPT
    current = read(objects, workspace)
    if not current.head.is_ours:
        return 0
    old = list(objects.listed(f"{workspace}/old/"))
    packs = list(objects.listed(f"{workspace}/pack/"))
    named = _packs_of(current.body) if current.body else frozenset()
    for one in old:
        named |= _packs_named(objects, one.key)
    gone = [one.key for one in old if one.modified_at < before and _generation(one.key) < current.head.generation]
    gone += [one.key for one in packs if one.modified_at < before and one.key not in named]
    for one_key in gone:
        objects.delete(one_key)
    return len(gone)


def _packs_named(objects: IndexObjects, manifest_key: str) -> frozenset[str]:
    """The packs of a former manifest; none when another sweep has just taken it."""
    try:
        return _packs_of(objects.get(manifest_key)[0])
    except NotFound:
        return frozenset()


def _packs_of(body: bytes) -> frozenset[str]:
    return load(body).packs if header(body).is_ours else frozenset()
