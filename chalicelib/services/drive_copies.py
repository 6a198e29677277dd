"""Bytes from Drive to the inbox: pinned to their revision, in parts, the checksum verified.

One request gives as much as this run can take; the next run goes on behind the last part that was kept. Which parts
there are the store knows: what is kept of a copy is as small for its last part as for its first. What is not what Drive
announced never reaches the inbox.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.connections import Line
from chalicelib.domain.drive import Entry
from chalicelib.errors import InvalidInput, NotFound, UpstreamRejected, UpstreamUnavailable
from chalicelib.models import drive_files
from chalicelib.ports.drive import Drive
from chalicelib.services.connection_runs import Run

PART_BYTES = 8 * 1024**2
_LARGE_PART_BYTES = 64 * 1024**2
_LARGE_FROM = 70 * 1024**3
"""From here on 10,000 parts of the smaller size would not do."""
_TRIES = 3
_STOPS = frozenset({"downloadQuotaExceeded", "dailyLimitExceeded", "needs_reconnect"})


class NoMoreToday(Exception):
    """Google gives no more bytes today."""


class _Torn(Exception):
    """The bytes are not those that were announced."""


@dataclass
class _Copy:
    """One fetch in parts, in the hands of this run."""

    run: Run
    entry: Entry
    key: str
    parts_id: str
    done: int
    part_bytes: int

    def keep(self, chunk: bytes) -> None:
        """Put one part and keep how far it is; pauses when this run's time is up."""
        number = self.done // self.part_bytes + 1
        self.run.ctx.store.put_part("inbox", self.key, self.parts_id, number, chunk)
        self.done += len(chunk)
        state = {"content": self.entry.file.content, "parts_id": self.parts_id, "done": self.done}
        new = replace(self.entry, copying=state)
        one = self.run.connection
        self.run.keep(writes=[drive_files.put(one.workspace, one.id, self.entry, new)])
        self.entry = replace(new, revision=self.entry.revision + 1)


def fetch(run: Run, drive: Drive, entry: Entry) -> None:
    """Bring the file's bytes into the inbox, or keep how far they are.

    Raises:
        NoMoreToday: Google's quota of downloads is used up.
        Stopped, Paused: see `Run.keep`.
    """
    limit = run.ctx.settings.max_object_bytes
    if (entry.file.size_bytes or 0) > limit:
        because = f"it has {entry.file.size_bytes or 0:,} bytes; the limit is {limit:,}"
        _give_up(run, entry, because)
        return
    try:
        finished = _fetched(run, drive, entry)
    except NotFound:
        _write(run, entry, replace(entry, todo="5missing", copying=None))
        return
    except UpstreamRejected as problem:
        if problem.code in _STOPS:
            raise NoMoreToday(problem.message) from problem
        _give_up(run, entry, _in_words(problem))
        return
    except (UpstreamUnavailable, InvalidInput, _Torn) as problem:
        _try_later(run, drive_files.get(run.connection.workspace, run.connection.id, entry.id) or entry, problem)
        return
    done = replace(finished, copied=entry.file.content, copying=None, todo="3align", tries=0, because=None)
    _write(run, finished, done, counts={"fetched": 1, "bytes": entry.file.size_bytes or 0}, **_one_more(run))


def _fetched(run: Run, drive: Drive, entry: Entry) -> Entry:
    key, file = f"{run.connection.workspace}/_drive/{run.connection.id}/{entry.id}", entry.file
    if file.is_exported:
        run.ctx.store.put("inbox", key, drive.export(file.id))
        return entry
    size = file.size_bytes or 0
    if size <= PART_BYTES:
        body = b"".join(drive.read(file, 0, 0))
        _check(entry, len(body), hashlib.md5(body, usedforsecurity=False).hexdigest())
        run.ctx.store.put("inbox", key, body)
        return entry
    return _in_parts(run, drive, entry, key, size)


def _in_parts(run: Run, drive: Drive, entry: Entry, key: str, size: int) -> Entry:
    known, store = entry.copying, run.ctx.store
    if known and known["content"] != entry.file.content:
        store.drop_parts("inbox", key, known["parts_id"])
        known = None
    parts_id = known["parts_id"] if known else store.begin_parts("inbox", key)
    part_bytes = _LARGE_PART_BYTES if size >= _LARGE_FROM else PART_BYTES
    copy = _Copy(run, entry, key, parts_id, known["done"] if known else 0, part_bytes)
    digest = None if copy.done else hashlib.md5(usedforsecurity=False)
    try:
        for chunk in _chunks(
            drive.read(entry.file, copy.done, size - copy.done) if copy.done < size else (), part_bytes
        ):
            if digest is not None:
                digest.update(chunk)
            copy.keep(chunk)
        _check(copy.entry, copy.done, digest.hexdigest() if digest else None)
        _join(copy, size)
    except _Torn:
        store.drop_parts("inbox", key, parts_id)
        _write(run, copy.entry, replace(copy.entry, copying=None))
        raise
    return copy.entry


def _join(copy: _Copy, size: int) -> None:
    store = copy.run.ctx.store
    try:
        parts = store.arrived_parts("inbox", copy.key, copy.parts_id)
        if sum(one.size_bytes for one in parts) != size:
            raise _Torn("the parts that were kept are not all of it")
        store.finish_parts("inbox", copy.key, copy.parts_id, [(one.number, one.etag) for one in parts])
    except NotFound:  # given up by the store meanwhile, or finished by a run that died before it could say so
        if not _arrived(copy.run, copy.key, size):
            raise _Torn("the parts that were kept are gone") from None


def _arrived(run: Run, key: str, size: int) -> bool:
    try:
        return run.ctx.store.head("inbox", key).size_bytes == size
    except NotFound:
        return False


def _chunks(blocks: Any, part_bytes: int) -> Iterator[bytes]:
    kept = bytearray()
    for block in blocks:
        kept += block
        while len(kept) >= part_bytes:
            yield bytes(kept[:part_bytes])
            del kept[:part_bytes]
    if kept:
        yield bytes(kept)


def _check(entry: Entry, size: int, md5: str | None) -> None:
    if entry.file.size_bytes is not None and size != entry.file.size_bytes:
        raise _Torn(f"{size:,} bytes came instead of {entry.file.size_bytes:,}")
    if md5 is not None and entry.file.md5 is not None and md5 != entry.file.md5:
        raise _Torn("the checksum is not the one that Drive announced")


def _try_later(run: Run, entry: Entry, problem: Exception) -> None:
    tries = entry.tries + 1
    if tries >= _TRIES and isinstance(problem, _Torn):
        _give_up(run, entry, f"its bytes came damaged three times: {problem}")
        return
    line = Line(run.ctx.now(), f"{entry.file.name} could not be fetched yet: {problem}", entry.id, is_trouble=True)
    _write(run, entry, replace(entry, tries=tries), log=[line])


def _give_up(run: Run, entry: Entry, because: str) -> None:
    line = Line(run.ctx.now(), f"{entry.file.name} was left out: {because}.", entry.id, is_trouble=True)
    new = replace(entry, todo="", because=because, copied=entry.file.content, copying=None)
    _write(run, entry, new, counts={"left_out": 1}, log=[line], **_one_more(run))


def _one_more(run: Run) -> dict[str, int]:
    """How far the run is with one more file done; what an earlier run had left was not announced in this one."""
    done = run.report.done + 1
    return {"done": done, "total": max(done, run.report.total or 0)}


def _in_words(problem: UpstreamRejected) -> str:
    return {
        "cannotDownloadAbusiveFile": "Drive flags this file as malware or spam",
        "exportSizeLimitExceeded": "this document is larger than the 10 MB that Drive exports",
        "insufficientFilePermissions": "this account may not read it",
        "cannotDownloadFile": "its owner does not let it be downloaded",
    }.get(problem.code, problem.message)


def _write(run: Run, old: Entry, new: Entry, **kept: Any) -> None:
    one = run.connection
    run.keep(writes=[drive_files.put(one.workspace, one.id, old, new)], **kept)
