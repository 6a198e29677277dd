"""Search at scale: the query kinds of daily work on our index and on SQLite FTS5, in one interleaved run.

python -m benchmarks.search [--assets 100000] [--rounds 200] [--alone] [--keep FOLDER]

One process, one thread, warm. CPU and wall, p50 and p99, in milliseconds; the ratio says how many times our CPU
SQLite takes at the median. Our answers carry cards, the exact total and the facets of one question; SQLite's the same.
"""

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.search_folder import FolderObjects
from benchmarks.search_sqlite import Sqlite
from chalicelib.adapters.search_tantivy import TantivySearch
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.places import metres
from chalicelib.domain.queries import All, Ask, Between, Document, Everything, FacetAsk, Near, Node, Term, Text
from chalicelib.domain.reach import Reach, Sight
from chalicelib.services.indexing import document
from chalicelib.wiring import new_id
from infra.seed import believable

W = WorkspaceId("benchmark")
NOW_S = int(believable.END.timestamp())
EVERYTHING = Reach(allow=None)
MANAGER = Sight(EVERYTHING, EVERYTHING, NOW_S)
PLACES = [believable.collection_id(place) for place in range(believable.COLLECTIONS)]
FACETS = ("keyword", "type", "format", "approval", "year")


@dataclass(frozen=True)
class Question:
    """One question, for both engines; without SQL it is asked of ours only."""

    ask: Ask
    where: str = ""
    values: tuple[object, ...] = ()
    order: str = "asset.n"
    facets: tuple[str, ...] = ()


def _ask(query: Node, **more: object) -> Ask:
    return Ask(query, **{"sight": MANAGER, "sort": "relevance", **more})  # type: ignore[arg-type]


def _frequent(chance: random.Random) -> str:
    return believable.word(chance.randrange(100))


def _medium(chance: random.Random) -> str:
    return believable.word(chance.randrange(30, 2000))


def term(chance: random.Random, _: int) -> Question:
    """One word."""
    word = _medium(chance)
    return Question(_ask(Text((word,), is_phrase=True)), "words MATCH ?", (word,), "rank")


def and2(chance: random.Random, _: int) -> Question:
    """Two words."""
    one, two = _frequent(chance), _medium(chance)
    query = All((Text((one,), is_phrase=True), Text((two,), is_phrase=True)))
    return Question(_ask(query), "words MATCH ?", (f"{one} {two}",), "rank")


def phrase(chance: random.Random, _: int) -> Question:
    """Two words that follow each other."""
    one, two = _frequent(chance), _frequent(chance)
    return Question(_ask(Text((one, two), is_phrase=True)), "words MATCH ?", (f'"{one} {two}"',), "rank")


def prefix(chance: random.Random, _: int) -> Question:
    """The beginning of a word."""
    begin = _medium(chance)[:4]
    return Question(_ask(Text((begin,), is_prefix=True)), "words MATCH ?", (f"{begin}*",), "rank")


def typo(chance: random.Random, _: int) -> Question:
    """A word with two signs swapped."""
    word = believable.word(chance.randrange(400, 2000))
    return Question(_ask(Text((word[0] + word[2] + word[1] + word[3:],))))


def filters(chance: random.Random, _: int) -> Question:
    """Type, approval and a range of stars, newest first."""
    low = chance.randrange(1, 5)
    query = All((Term("type", ("image",)), Term("approval", ("approved",)), Between("rating", low, 5)))
    where = "type = 'image' AND approval = 'approved' AND rating BETWEEN ? AND 5"
    return Question(_ask(query, sort="-uploaded"), where, (low,), "uploaded DESC")


def dates(chance: random.Random, _: int) -> Question:
    """Taken in some weeks, newest first."""
    first = int(datetime(chance.randrange(2020, 2026), chance.randrange(1, 13), 1, tzinfo=UTC).timestamp())
    last = first + 86_400 * chance.randrange(20, 200) - 1
    where = "taken BETWEEN ? AND ?"
    return Question(_ask(Between("taken", first, last), sort="-uploaded"), where, (first, last), "uploaded DESC")


def _allowed(chance: random.Random, count: int) -> tuple[Sight, str, tuple[object, ...]]:
    chosen = chance.sample(PLACES, count)
    sight = Sight(Reach(allow=frozenset(chosen)), Reach(), NOW_S)
    marks = ",".join("?" * count)
    return sight, f"asset.n IN (SELECT n FROM place WHERE collection IN ({marks}))", tuple(chosen)


def perm(chance: random.Random, _: int) -> Question:
    """A word, for a caller with 50 collections."""
    sight, where, values = _allowed(chance, 50)
    word = _frequent(chance)
    ask = _ask(Text((word,), is_phrase=True), sight=sight)
    return Question(ask, f"words MATCH ? AND {where}", (word, *values), "rank")


def sort(chance: random.Random, _: int) -> Question:
    """A frequent word, newest first."""
    word = _frequent(chance)
    ask = _ask(Text((word,), is_phrase=True), sort="-uploaded")
    return Question(ask, "words MATCH ?", (word,), "uploaded DESC")


def facets(chance: random.Random, _: int) -> Question:
    """A frequent word with five facets."""
    word = _frequent(chance)
    query = Text((word,), is_phrase=True)
    return Question(_faceted(_ask(query, sort="-uploaded")), "words MATCH ?", (word,), "uploaded DESC", FACETS)


def _faceted(ask: Ask) -> Ask:
    return replace(ask, facets={name: FacetAsk(ask.query) for name in FACETS})


def browse(_: random.Random, __: int) -> Question:
    """The whole library with five facets."""
    return Question(_faceted(_ask(Everything(), sort="-uploaded")), "1", (), "uploaded DESC", FACETS)


def near(chance: random.Random, _: int) -> Question:
    """Within some kilometres."""
    north, east, radius_m = 48 + chance.gauss(0, 1), 2 + chance.gauss(0, 1), chance.choice((5_000.0, 30_000.0))
    box = radius_m / 111_000
    where = "lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? AND metres(?, ?, lat, lon) <= ?"
    wide = box * 1.6
    values = (north - box, north + box, east - wide, east + wide, north, east, radius_m)
    return Question(_ask(Near(north, east, radius_m), sort="-uploaded"), where, values, "uploaded DESC")


def deep(chance: random.Random, total: int) -> Question:
    """A page far down, newest first."""
    skip = int(total * chance.uniform(0.5, 0.9))
    query = Term("type", ("image",))
    return Question(_ask(query, sort="-uploaded", skip=skip), "type = 'image'", (), "uploaded DESC")


def sku(chance: random.Random, total: int) -> Question:
    """One SKU, exactly."""
    wanted = believable.sku(chance.randrange(total))
    words = ("words MATCH ?", (f'sku:"{wanted.replace("-", " ").lower()}"',), "rank")
    return Question(_ask(Term("sku", (wanted,))), *words)


def custom(chance: random.Random, _: int) -> Question:
    """A range of a custom number, newest first."""
    low = chance.randrange(500, 29_000)
    where = "price BETWEEN ? AND ?"
    query = Between("custom.price", low, low + 999)
    return Question(_ask(query, sort="-uploaded"), where, (low, low + 999), "uploaded DESC")


def ui(chance: random.Random, _: int) -> Question:
    """What a page asks: a word, live only, 50 collections, newest first, five facets."""
    sight, where, values = _allowed(chance, 50)
    word = _frequent(chance)
    query = All((Text((word,), is_phrase=True), Term("state", ("live",))))
    ask = _faceted(_ask(query, sight=sight, sort="-uploaded"))
    return Question(ask, f"words MATCH ? AND state = 'live' AND {where}", (word, *values), "uploaded DESC", FACETS)


KINDS: tuple[Callable[[random.Random, int], Question], ...] = (
    term, and2, phrase, prefix, typo, filters, dates, perm, sort, facets, browse, near, deep, sku, custom, ui,
)  # fmt: skip


def documents(total: int) -> Iterator[Document]:
    """The library as the index takes it."""
    return (document(one, ()) for one in believable.library(total))


def timed(act: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


def spread(values: list[float]) -> str:
    """p50 and p99."""
    ordered = sorted(values)
    return f"{statistics.median(ordered):8.2f} {ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]:8.2f}"


def search_over(folder: Path, name: str) -> TantivySearch:
    """A process's search, over files instead of S3."""
    objects = FolderObjects(folder / "objects")
    return TantivySearch(objects, folder / name, 2**40, now=lambda: datetime.now(UTC), new_id=new_id)


def built(folder: Path, total: int, alone: bool) -> tuple[TantivySearch, Sqlite | None]:
    """Both engines with the same library; prints what building took."""
    if not (folder / "objects").exists():
        cpu, wall = timed(lambda: search_over(folder, "writer").build(W, documents(total)))
        print(f"ours: built in {wall / 1000:.0f} s wall, {cpu / 1000:.0f} s CPU")
    search = search_over(folder, "cold")
    cpu, wall = timed(lambda: search.find(W, _ask(Everything())))
    state = search.state(W)
    print(
        f"ours: {state.documents} assets, {state.segments} segments, {state.size_bytes / state.documents:.0f} bytes an "
        f"asset; cold mirror and first answer {wall:.0f} ms wall, {cpu:.0f} ms CPU"
    )
    if alone:
        return search, None
    is_new = not (folder / "peer.db").exists()
    peer = Sqlite(folder / "peer.db")
    peer.db.create_function("metres", 4, lambda a, b, c, d: metres((a, b), (c, d)))
    if is_new:
        cpu, wall = timed(lambda: peer.build(documents(total)))
        print(f"SQLite: built in {wall / 1000:.0f} s wall, {cpu / 1000:.0f} s CPU")
    print(f"SQLite: {peer.path.stat().st_size / state.documents:.0f} bytes an asset")
    return search, peer


def main() -> None:
    """Build and ask."""
    words = argparse.ArgumentParser()
    words.add_argument("--assets", type=int, default=100_000)
    words.add_argument("--rounds", type=int, default=200)
    words.add_argument("--alone", action="store_true", help="without SQLite")
    words.add_argument("--keep", type=Path, help="build here, or use what was built here")
    wanted = words.parse_args()
    folder = wanted.keep or Path(tempfile.mkdtemp(prefix="packshot-search-"))
    folder.mkdir(exist_ok=True, parents=True)
    try:
        search, peer = built(folder, wanted.assets, wanted.alone)
        print(
            f"{'':9}{'ours CPU p50, p99':>18}{'wall p50, p99':>18}{'SQLite CPU p50, p99':>21}{'ratio':>8}{'hits':>10}"
        )
        for kind in KINDS:
            _measure(kind, search, peer, wanted.assets, wanted.rounds)
    finally:
        if not wanted.keep:
            shutil.rmtree(folder)


def _measure(
    kind: Callable[[random.Random, int], Question], search: TantivySearch, peer: Sqlite | None, total: int, rounds: int
) -> None:
    chance = random.Random(kind.__name__)
    ours: list[tuple[float, float]] = []
    theirs: list[float] = []
    hits: list[int] = []
    for number in range(rounds):
        one = kind(chance, total)
        hits.append(search.find(W, one.ask).total)
        ours.append(timed(lambda one=one: search.find(W, one.ask)))  # type: ignore[misc]
        if peer is not None and one.where and (number < 20 or number < rounds // 4):
            asked = (one.where, one.values, one.order, one.ask.skip, one.facets)
            theirs.append(timed(lambda asked=asked: peer.find(*asked))[0])  # type: ignore[misc]
    line = f"{kind.__name__:9}{spread([cpu for cpu, _ in ours]):>18}{spread([wall for _, wall in ours]):>18}"
    if theirs:
        ratio = statistics.median(theirs) / statistics.median(cpu for cpu, _ in ours)
        line += f"{spread(theirs):>21}{ratio:8.1f}"
    else:
        line += f"{'':29}"
    print(f"{line}{int(statistics.median(hits)):10}", flush=True)


if __name__ == "__main__":
    main()
