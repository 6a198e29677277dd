"""A bundle on its way: the lines that settle its bytes, how far its job is, and the ZIP, written part by part."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from chalicelib.domain import bundles
from chalicelib.domain.bundles import Layout
from chalicelib.domain.ids import short_hash
from chalicelib.errors import NotFound, UpstreamUnavailable
from chalicelib.ports.context import Context
from chalicelib.services import jobs


@dataclass(frozen=True)
class Line:
    """One file of the bundle: whose it is, where its bytes lie, and what the ZIP needs to know of it."""

    asset_id: str
    version: int
    what: str
    bucket: Any
    key: str
    name: str
    size_bytes: int
    crc: int


@dataclass(frozen=True)
class Standing:
    """How far a job is: the cursor. `pages` name the objects with lines, `part` is the next to write.

    `begun` is the key, the place and the checksum so far of a large file that is being read.
    """

    at: int = 0
    refused: int = 0
    size_bytes: int = 0
    pages: list[str] = field(default_factory=list)
    begun: list[Any] | None = None
    parts_id: str | None = None
    part: int = 1


def place(run: jobs.Run) -> str:
    """Where everything of this job lies, in the exports bucket."""
    return f"{run.workspace}/downloads/{run.job.id}"


def zip_key(run: jobs.Run) -> str:
    """Where the ZIP lies."""
    return f"{place(run)}.zip"


def keep(run: jobs.Run, lines: Sequence[Line]) -> str:
    """Keep lines as an object named after what is in it, which no other run can replace; its name."""
    body = json.dumps([list(vars(one).values()) for one in lines])
    name = short_hash(body)
    run.ctx.store.write("exports", f"{place(run)}/{name}.json", body.encode(), "application/json")
    return name


def lines_of(run: jobs.Run, pages: Sequence[str]) -> Iterator[Line]:
    """The lines that were kept under these names, in order."""
    for name in pages:
        yield from (Line(*one) for one in json.loads(run.ctx.store.read("exports", f"{place(run)}/{name}.json")))


def write(run: jobs.Run, lines: Sequence[Line], layout: Layout, standing: Standing, total: int) -> None:
    """Write the ZIP from the standing's part on; one that is there already is left as it is.

    Raises `UpstreamUnavailable` when the store has given a begun one up: the next run begins another.
    """
    store, key = run.ctx.store, zip_key(run)
    size = bundles.part_bytes(layout.size_bytes)
    parts = -(-layout.size_bytes // size)
    if standing.parts_id is None:
        standing = replace(standing, parts_id=store.begin_parts("exports", key), part=1)
        run.advance(run.job.done, cursor=asdict(standing))
    try:
        for number in range(standing.part, parts + 1):
            store.put_part("exports", key, str(standing.parts_id), number, _cut(run.ctx, lines, layout, number, size))
            packed = standing.refused + layout.whole_before(number * size)
            run.advance((total + packed) // 2, cursor=asdict(replace(standing, part=number + 1)))
        arrived = [(one.number, one.etag) for one in store.arrived_parts("exports", key, str(standing.parts_id))]
        store.finish_parts("exports", key, str(standing.parts_id), arrived)
    except NotFound:
        if not _is_there(run.ctx, key, layout.size_bytes):
            run.advance(run.job.done, cursor=asdict(replace(standing, parts_id=None)))
            raise UpstreamUnavailable("The store has given the begun ZIP up; it is written anew.") from None


def _is_there(ctx: Context, key: str, size_bytes: int) -> bool:
    """Whether a run before this one has finished the ZIP."""
    try:
        return ctx.store.head("exports", key).size_bytes == size_bytes
    except NotFound:
        return False


def _cut(ctx: Context, lines: Sequence[Line], layout: Layout, number: int, size: int) -> bytes:
    """One part of the ZIP. Raises `UpstreamUnavailable` when what it is made of cannot be read."""
    body = bytearray()
    for piece in layout.cut((number - 1) * size, size):
        if isinstance(piece, bytes):
            body += piece
            continue
        one = lines[piece.index]
        try:
            body += ctx.store.read_range(one.bucket, one.key, piece.start, piece.length)
        except NotFound as gone:
            raise UpstreamUnavailable(f"The bytes of “{one.name}” are gone.") from gone
    return bytes(body)
