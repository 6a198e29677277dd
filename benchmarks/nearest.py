"""How long the nearest of many views take, and how much memory: `python -m benchmarks.nearest --views 100000`.

Made-up views of a few thousand kinds of things, in files as a built index has them, behind an address on this machine;
the first question fetches them. Of the permissions, `everything` bars one key in a thousand, `half` lets half be told.
"""

import argparse
import json
import resource
import statistics
import tempfile
import time
from typing import Any

import numpy as np
import tantivy as t

from chalicelib.adapters import search_nearest
from chalicelib.adapters.search_compile import compiled
from chalicelib.adapters.search_schema import SCHEMA, with_tokenizers
from chalicelib.adapters.search_views import MOST_RECORDS
from chalicelib.domain.ids import CollectionId
from chalicelib.domain.queries import Everything
from chalicelib.domain.reach import Reach, Sight
from media import nearest
from standins.shelf import shelf

KINDS, MAKER = 5_000, 7


def made(count: int, chance: np.random.Generator) -> list[bytes]:
    """Files of views, by rising key."""
    kinds = chance.normal(0, 30, (KINDS, 128))
    files = []
    for at in range(0, count, MOST_RECORDS):
        size = min(MOST_RECORDS, count - at)
        rows = np.zeros(size, nearest.RECORD)
        rows["key"], rows["maker"] = np.sort(chance.integers(0, 2**63, size, np.uint64)), MAKER
        rows["view"] = np.clip(kinds[chance.integers(0, KINDS, size)] + chance.normal(0, 15, (size, 128)), -127, 127)
        files.append(rows.tobytes())
    return files


def which(count: int) -> dict[str, Any]:
    """What it takes the index to say which half of so many documents may be told."""
    chance = np.random.default_rng(2)
    with tempfile.TemporaryDirectory() as folder:
        index = with_tokenizers(t.Index(SCHEMA, folder))
        writer = index.writer(64_000_000, 1)
        for key in chance.integers(0, 2**63, count, np.uint64):
            document = t.Document()
            document.add_unsigned("key", int(key))
            document.add_text("x_state", "live")
            document.add_text("x_collection", "a" if key % 2 else "b")
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        sight = Sight(Reach(allow=frozenset([CollectionId("a")])), Reach(allow=frozenset()), 0)
        half = compiled(Everything(), sight, lambda _: t.Query.empty_query())
        cpus, found = [], 0
        for _ in range(5):
            cpu = time.process_time()
            found = len(search_nearest.heads(index.searcher(), half)[0])
            cpus.append(time.process_time() - cpu)
    return {"half_told_by_the_index_ms": round(statistics.median(cpus) * 1000, 1), "heads": found}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--views", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=20)
    given = asked.parse_args()
    chance = np.random.default_rng(1)
    files = made(given.views, chance)
    print(json.dumps({"views": given.views, "bytes": sum(map(len, files))}))
    with shelf() as store:
        parts = tuple((f"f{n}", store.put(str(n), body), 0, len(body)) for n, body in enumerate(files))
        measured(files, parts, given.rounds)
    print(json.dumps(which(given.views)))
    print(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))


def measured(files: list[bytes], parts: tuple[tuple[str, str, int, int], ...], rounds: int) -> None:
    keys = np.concatenate([np.frombuffer(body, nearest.RECORD)["key"] for body in files])
    heads = np.sort(keys >> np.uint64(32))
    first = np.frombuffer(files[0], nearest.RECORD)["view"]
    for name, some, is_only in (("everything", heads[::1000], False), ("half", heads[::2], True)):
        walls, cpus = [], []
        for number in range(rounds):
            begun, cpu = time.perf_counter(), time.process_time()
            question = nearest.Question(first[number], MAKER, parts, np.unique(some), is_only, 21, 0.6)
            found = nearest.nearest([nearest._views(*one) for one in parts], question)
            walls.append(time.perf_counter() - begun)
            cpus.append(time.process_time() - cpu)
        cpu_ms = statistics.median(cpus[1:]) * 1000
        told = {"first_ms": round(walls[0] * 1000), "p50_cpu_ms": round(cpu_ms, 1), "found": len(found)}
        print(json.dumps({"permission": name, **told}))


if __name__ == "__main__":
    main()
