"""Requests a second over loopback against a running `make run` whose library was made by `make seed N=…`.

python -m benchmarks.api --assets 50000 [--seconds 20] [--connections 8]

One after another: a static file of the same server (the peer the ratios name), an empty route, one asset, search,
lists, edits, and all mixed (search 50 %, asset 25 %, lists 15 %, edits 10 %). Each connection sends its next request
when it has its answer, so latencies are those of a full server. What the client costs is part of the machine's load.
CPU a request is that of all processes of the instance, background work included: it says most on a busy machine.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from infra.seed import believable

FACETS = "collection,keyword,type,format,approval"
MIX = (("search", 50), ("asset", 25), ("list", 15), ("edit", 10))


@dataclass(frozen=True)
class Request:
    """One request; a body makes it a PATCH."""

    path: str
    body: str = ""


@dataclass
class Outcome:
    """Latencies in milliseconds and how many answers had which status."""

    took_ms: list[float]
    statuses: Counter[int]
    seconds: float
    cpu_s: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took_ms) / self.seconds

    def line(self, name: str, peer: "Outcome | None") -> str:
        """One row of the table."""
        ordered = sorted(self.took_ms)
        p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))
        ratio = f"{self.rate / peer.rate:8.2f}" if peer else ""
        wrong = {status: count for status, count in self.statuses.items() if status != 200}
        line = (
            f"{name:8}{self.rate:8.0f}{p50:8.1f}{p95:8.1f}{p99:8.1f}{1000 * self.cpu_s / len(self.took_ms):8.2f}{ratio}"
        )
        return f"{line}  not 200: {wrong}" if wrong else line


class Kinds:
    """The kinds of requests over a seeded library of `total` assets."""

    def __init__(self, total: int, collections: list[str]) -> None:
        self._total, self._collections = total, collections

    def static(self, _: random.Random) -> Request:
        """The page itself."""
        return Request("/")

    def empty(self, _: random.Random) -> Request:
        """A route without work."""
        return Request("/v1/health")

    def asset(self, chance: random.Random) -> Request:
        """One asset."""
        return Request(f"/v1/assets/{self._id(chance)}")

    def search(self, chance: random.Random) -> Request:
        """A word as it is typed, two words, or a word with five facets as a page of results shows them."""
        word = believable.word(chance.randrange(2000))
        text = chance.choice((word, f"{word} {believable.word(chance.randrange(30))}", word[:4]))
        return Request(f"/v1/search?q={quote(text)}" + (f"&facets={FACETS}" if chance.random() < 0.25 else ""))

    def list(self, chance: random.Random) -> Request:
        """A collection's assets, one of its pages of children, or all collections' first page."""
        kind, home = chance.random(), chance.choice(self._collections)
        if kind < 0.6:
            return Request(f"/v1/assets?collection_id={home}&limit=50")
        return Request(f"/v1/collections?parent_id={home}" if kind < 0.9 else "/v1/collections?limit=50")

    def edit(self, chance: random.Random) -> Request:
        """Another title."""
        return Request(f"/v1/assets/{self._id(chance)}", json.dumps({"title": f"Title {time.time_ns()}"}))

    def mixed(self, chance: random.Random) -> Request:
        """Any of them, in the proportions of `MIX`."""
        (name,) = chance.choices([name for name, _ in MIX], [share for _, share in MIX])
        made: Request = getattr(self, name)(chance)
        return made

    def _id(self, chance: random.Random) -> str:
        while True:
            one = believable.asset(chance.randrange(self._total), believable.USUAL)
            if one.state == "live":
                return one.id


class Client:
    """Connections that are kept open, each one request at a time."""

    def __init__(self, url: str, key: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._headers = f"Host: {parts.netloc}\r\nAuthorization: Bearer {key}\r\n"

    async def run(self, make: Callable[[random.Random], Request], connections: int, seconds: float) -> Outcome:
        """Ask for so long; requests are the same in every run."""
        outcome = Outcome([], Counter(), seconds)
        until = time.perf_counter() + seconds
        await asyncio.gather(*(self._ask(make, random.Random(n), until, outcome) for n in range(connections)))
        return outcome

    async def one(self, request: Request) -> bytes:
        """The body of one answer."""
        reader, writer = await asyncio.open_connection(self._host, self._port)
        _, body = await self.exchange(reader, writer, request)
        writer.close()
        return body

    async def _ask(
        self, make: Callable[[random.Random], Request], chance: random.Random, until: float, outcome: Outcome
    ) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        while time.perf_counter() < until:
            request = make(chance)
            begun = time.perf_counter()
            status, _ = await self.exchange(reader, writer, request)
            outcome.took_ms.append((time.perf_counter() - begun) * 1000)
            outcome.statuses[status] += 1
        writer.close()

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        return self._host, self._port

    async def exchange(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request
    ) -> tuple[int, bytes]:
        """Status and body of one answer on an open connection."""
        verb = "PATCH" if request.body else "GET"
        sent = f"{verb} {request.path} HTTP/1.1\r\n{self._headers}"
        if request.body:
            sent += f"Content-Type: application/json\r\nContent-Length: {len(request.body)}\r\n"
        writer.write(f"{sent}\r\n{request.body}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(head.split(b" ", 2)[1]), await reader.readexactly(length)


def cpu_s(holder: int) -> float:
    """CPU seconds that a process and all below it have taken so far."""
    parents, ticks = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            words = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(words[1])
            ticks[int(path.parent.name)] = int(words[11]) + int(words[12])
    ours = {holder}
    while fresh := {one for one, parent in parents.items() if parent in ours} - ours:
        ours |= fresh
    return sum(ticks.get(one, 0) for one in ours) / os.sysconf("SC_CLK_TCK")


async def measure(connection: dict[str, str], holder: int, wanted: argparse.Namespace) -> None:
    """Print the table."""
    client = Client(connection["url"], connection["api_key"])
    found = json.loads(await client.one(Request("/v1/collections?limit=200")))["items"]
    kinds = Kinds(wanted.assets, [one["id"] for one in found if one["asset_count"]])
    total = json.loads(await client.one(Request("/v1/search?limit=1")))["total"]
    print(f"{total:,} live assets, {wanted.connections} connections, load {os.getloadavg()[0]:.1f}")
    print(f"{'':8}{'a second':>8}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}{'CPU ms':>8}{'of static':>10}")
    peer = None
    for name in wanted.kinds.split(","):
        make = getattr(kinds, name)
        await client.run(make, wanted.connections, min(3.0, wanted.seconds))
        before = cpu_s(holder)
        outcome = await client.run(make, wanted.connections, wanted.seconds)
        outcome.cpu_s = cpu_s(holder) - before
        print(outcome.line(name, peer), flush=True)
        peer = peer or (outcome if name == "static" else None)


def main() -> None:
    """Read where the instance is, then measure."""
    words = argparse.ArgumentParser()
    words.add_argument("--assets", type=int, default=50_000, help="as many as were seeded")
    words.add_argument("--seconds", type=float, default=20)
    words.add_argument("--connections", type=int, default=8)
    words.add_argument("--kinds", default="static,empty,asset,search,list,edit,mixed")
    home = Path(os.environ.get("PACKSHOT_HOME", ".packshot"))
    connection, holder = json.loads((home / "connection.json").read_text()), int((home / "lock").read_text())
    asyncio.run(measure(connection, holder, words.parse_args()))


if __name__ == "__main__":
    main()
