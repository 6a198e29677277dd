"""Whatever happens to a writer of the search index, no document is lost, doubled or half there."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.adapters import search_publish, search_reader
from chalicelib.adapters.search_objects import IndexObjects
from chalicelib.adapters.search_tantivy import TantivySearch
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.queries import Ask, Document, Everything, Text
from chalicelib.errors import Conflict, Gone, UpstreamUnavailable
from infra.local.stack import Stack
from tests.faults.crashes import Crashed, dying
from tests.libraries import ALL_SIGHT, a_document, an_asset

BATCH = 7


@pytest.fixture
def workspace(stack: Stack) -> WorkspaceId:
    return WorkspaceId(wiring.context().new_id())


@pytest.fixture
def machine(stack: Stack, tmp_path: Path) -> Callable[..., TantivySearch]:
    """Makes machines, each with a disk of its own."""

    def make(name: str = "one", *, later: timedelta = timedelta(0), budget_bytes: int = 2**30) -> TantivySearch:
        ctx = wiring.context()
        return TantivySearch(objects(), tmp_path / name, budget_bytes, now=lambda: ctx.now() + later, new_id=ctx.new_id)

    return make


def objects() -> IndexObjects:
    ctx = wiring.context()
    store: Any = ctx.store
    return IndexObjects(store._s3, ctx.settings.bucket("index"))


def batch(number: int, title: str = "red") -> list[Document]:
    return [a_document(an_asset(BATCH * number + place, title=title)) for place in range(BATCH)]


def seen(index: TantivySearch, workspace: WorkspaceId, generation: int = 0) -> list[tuple[str, int]]:
    """Every document that can be found: name and revision."""
    found = index.find(workspace, Ask(Everything(), ALL_SIGHT, "name", 1000, at_least=generation))
    assert found.total == len(found.cards)
    return sorted((str(card["name"]), int(str(card["revision"]))) for card in found.cards)


def revised(documents: list[Document], revision: int) -> list[Document]:
    return [a_document(replace(one.asset, revision=revision)) for one in documents]


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_writer_that_dies_at_any_aws_call_leaves_all_of_its_batch_or_nothing(
    workspace: WorkspaceId, machine: Callable[..., TantivySearch], before: bool
) -> None:
    crashing, reader, other = machine("crashing"), machine("reader"), machine("other")
    generation = crashing.apply(workspace, batch(0) + batch(1), [])
    expected = seen(reader, workspace, generation)
    with dying(99, before=True) as calls:
        crashing.apply(workspace, revised(batch(0), 2), [batch(1)[0].asset.id])
    assert calls == ["GetObject", "PutObject", "PutObject", "PutObject"]
    expected = seen(reader, workspace, generation + 1)

    for at in range(1, len(calls) + 1):
        documents = [*revised(batch(0), 10 * at), *batch(at + 1)]
        with dying(at, before=before), pytest.raises(Crashed):
            crashing.apply(workspace, documents, [])
        halfway = seen(machine(f"reader {at}"), workspace)
        taken_over = other.apply(workspace, documents, [])
        again = crashing.apply(workspace, documents, [])

        after = [one for one in expected if one[0] not in {f"photo {n}.jpg" for n in range(BATCH)}]
        after += [(str(one.card["name"]), one.asset.revision) for one in documents]
        assert halfway in (expected, sorted(after))
        assert seen(reader, workspace, taken_over) == seen(reader, workspace, again) == sorted(after)
        expected = sorted(after)


def test_the_slower_of_two_writers_is_told_and_its_replay_keeps_both(
    workspace: WorkspaceId, machine: Callable[..., TantivySearch], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, fast = machine("slow"), machine("fast")
    slow.apply(workspace, batch(0), [])
    genuine = search_publish.swap

    def late(*given: Any) -> None:
        monkeypatch.setattr(search_publish, "swap", genuine)
        fast.apply(workspace, [*revised(batch(0)[:3], 2), *batch(2)], [])
        genuine(*given)

    monkeypatch.setattr(search_publish, "swap", late)
    with pytest.raises(Conflict):
        slow.apply(workspace, [*revised(batch(0)[2:5], 3), *batch(1)], [])
    assert len(seen(machine("reader"), workspace)) == 2 * BATCH

    generation = slow.apply(workspace, [*revised(batch(0)[2:5], 3), *batch(1)], [])

    after = dict(seen(machine("reader"), workspace, generation))
    assert len(after) == 3 * BATCH
    assert [after[f"photo {number}.jpg"] for number in range(BATCH)] == [2, 2, 3, 3, 3, 1, 1]


def test_a_writer_comes_back_to_a_disk_on_which_it_deleted_otherwise_than_what_was_published(
    workspace: WorkspaceId, machine: Callable[..., TantivySearch]
) -> None:
    one, other = machine("one"), machine("other")
    one.apply(workspace, batch(0), [])
    with dying(2, before=True), pytest.raises(Crashed):
        one.apply(workspace, [], [batch(0)[0].asset.id])
    other.apply(workspace, [], [batch(0)[1].asset.id])

    generation = one.apply(workspace, [], [batch(0)[2].asset.id])

    names = {name for name, _ in seen(machine("reader"), workspace, generation)}
    assert names == {f"photo {number}.jpg" for number in (0, 3, 4, 5, 6)}


def test_a_half_mirrored_disk_heals(
    workspace: WorkspaceId, machine: Callable[..., TantivySearch], tmp_path: Path
) -> None:
    index = machine("one")
    index.apply(workspace, batch(0), [])
    index.apply(workspace, revised(batch(0)[:3], 2), [])
    assert len(seen(index, workspace, 2)) == BATCH
    for place, path in enumerate(sorted((tmp_path / "one").glob("*/*/*/pool/*"))):
        if place % 3 == 0:
            path.unlink()
        elif place % 3 == 1:
            os.truncate(path, 1)
        path.with_name(f"{path.name}.part").write_bytes(b"half")

    generation = index.apply(workspace, batch(1), [])

    assert len(seen(index, workspace, generation)) == 2 * BATCH
    assert not list((tmp_path / "one").glob("*/*/*/pool/*.part"))


def test_one_flipped_byte_in_the_store_is_noticed_and_a_build_heals_it(
    workspace: WorkspaceId, machine: Callable[..., TantivySearch]
) -> None:
    machine("one").apply(workspace, batch(0), [])
    pack = next(objects().listed(f"{workspace}/pack/")).key
    body = bytearray(objects().get(pack)[0])
    body[len(body) // 2] ^= 1
    objects().put(pack, bytes(body))

    for act in (lambda: seen(machine("two"), workspace), lambda: machine("three").apply(workspace, batch(1), [])):
        with pytest.raises(UpstreamUnavailable) as refused:
            act()
        assert refused.value.code == "index_damaged"
    generation = machine("three").build(workspace, batch(0) + batch(1))

    assert generation == 2
    assert len(seen(machine("two"), workspace, generation)) == 2 * BATCH


@pytest.mark.parametrize("current", [b"", b"{", b'{"format": 99, "fingerprint": "other", "generation": 7}'])
def test_an_index_of_another_format_or_none_is_built_anew_and_numbers_still_rise(
    workspace: WorkspaceId, machine: Callable[..., TantivySearch], current: bytes
) -> None:
    index = machine("one")
    for number in range(3):
        index.apply(workspace, batch(number), [])
    objects().put(search_publish.key(workspace), current)

    assert not index.state(workspace).is_sound
    with pytest.raises(UpstreamUnavailable):
        seen(index, workspace, 99)
    with pytest.raises(UpstreamUnavailable):
        index.apply(workspace, batch(0), [])
    generation = index.build(workspace, batch(0))

    assert generation > 3
    assert len(seen(index, workspace, generation)) == BATCH


def test_a_build_loses_nothing_that_is_applied_while_it_runs(
    workspace: WorkspaceId, machine: Callable[..., TantivySearch]
) -> None:
    index, other = machine("one"), machine("other")
    index.apply(workspace, batch(0), [])
    applied: list[Document] = []

    def documents() -> Any:
        yield from batch(0)
        applied.extend(batch(1))
        other.apply(workspace, batch(1), [])

    def changes() -> tuple[list[Document], list[Any]]:
        told = list(applied)
        if len(applied) == BATCH:
            applied.extend(batch(2))
            other.apply(workspace, batch(2), [])
        return told, []

    generation = index.build(workspace, documents(), changes)

    assert len(seen(index, workspace, generation)) == 3 * BATCH


def test_nothing_of_the_last_hour_is_swept_and_everything_unnamed_before_it_is(
    workspace: WorkspaceId, machine: Callable[..., TantivySearch]
) -> None:
    index, reader = machine("one"), machine("reader")
    for number in range(12):
        index.apply(workspace, batch(number), [])
    with dying(3, before=True), pytest.raises(Crashed):
        index.apply(workspace, batch(12), [])
    before = [one.key for one in objects().listed(f"{workspace}/")]

    assert index.sweep(workspace) == 0
    assert len(seen(reader, workspace, 12)) == 12 * BATCH
    later = machine("later", later=timedelta(hours=2))
    first, last = later.sweep(workspace), later.sweep(workspace)
    gone = first + last

    left = [one.key for one in objects().listed(f"{workspace}/")]
    assert len(left) == len(before) - gone < len(before) // 2
    assert last > 0, "the packs of former manifests outlive these by one sweep: somebody may just have read one"
    assert len(seen(machine("fresh"), workspace)) == 12 * BATCH
    with pytest.raises(Gone):
        machine("fresh").find(workspace, Ask(Everything(), ALL_SIGHT, generation=5))


def test_workspaces_not_read_for_longest_give_their_disk_back(
    stack: Stack, machine: Callable[..., TantivySearch], tmp_path: Path
) -> None:
    writer, index = machine("writer"), machine("small", budget_bytes=2**18)
    workspaces = [WorkspaceId(wiring.context().new_id()) for _ in range(4)]
    for number, one in enumerate(workspaces):
        noise = random.Random(number)
        writer.apply(one, [a_document(an_asset(n, description=noise.randbytes(2000).hex(" "))) for n in range(40)], [])

    totals = [index.find(one, Ask(Text(("photo",)), ALL_SIGHT)).total for one in (*workspaces, *workspaces)]

    held = [path.name for path in (tmp_path / "small").glob("*/read/*")]
    assert totals == [40] * 8
    assert workspaces[-1] in held
    assert len(held) < 4


def test_a_process_asks_for_the_manifest_at_most_once_in_a_while(
    workspace: WorkspaceId, machine: Callable[..., TantivySearch], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_reader, "CHECK_AGE_S", TantivySearch.check_age_s)
    index = machine("one")
    index.apply(workspace, batch(0), [])
    seen(index, workspace)

    begun = time.monotonic()
    with dying(10**6, before=True) as calls:
        for _ in range(200):
            seen(index, workspace)

    assert len(calls) <= 1 + (time.monotonic() - begun) / 0.7


def _child(work: Callable[[TantivySearch], None], folder: Path) -> int:
    """Run `work` in a process of its own, with clients of its own."""
    child = os.fork()
    if child:
        return child
    try:
        ctx = wiring.build(wiring.context().settings)
        store: Any = ctx.store
        bucket = ctx.settings.bucket("index")
        work(TantivySearch(IndexObjects(store._s3, bucket), folder, 2**30, now=ctx.now, new_id=ctx.new_id))
        os._exit(0)
    except BaseException:
        os._exit(1)


def apply_until_it_holds(index: TantivySearch, workspace: WorkspaceId, documents: list[Document]) -> None:
    while True:
        try:
            index.apply(workspace, documents, [])
            return
        except Conflict:
            continue


@pytest.mark.parametrize("batches", [4, pytest.param(12, marks=pytest.mark.slow)])
def test_two_processes_that_write_at_once_lose_and_double_nothing(
    workspace: WorkspaceId, tmp_path: Path, batches: int
) -> None:

    def work(first: int) -> Callable[[TantivySearch], None]:
        def run(index: TantivySearch) -> None:
            for number in range(first, 2 * batches, 2):
                apply_until_it_holds(index, workspace, batch(number))
                apply_until_it_holds(index, workspace, revised(batch(number), 2))

        return run

    children = [_child(work(first), tmp_path / "shared") for first in (0, 1)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    ctx = wiring.context()
    index = TantivySearch(objects(), tmp_path / "shared", 2**30, now=ctx.now, new_id=ctx.new_id)
    assert codes == [0, 0]
    assert seen(index, workspace) == sorted((f"photo {number}.jpg", 2) for number in range(2 * batches * BATCH))
    assert index.state(workspace).generation == 4 * batches


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(("kills", "batches"), [(4, 24), pytest.param(20, 100, marks=pytest.mark.slow)])
def test_a_writer_killed_again_and_again_loses_and_doubles_nothing(
    workspace: WorkspaceId, tmp_path: Path, kills: int, batches: int
) -> None:
    chance = random.Random(4)
    ctx = wiring.context()
    reader = TantivySearch(objects(), tmp_path / "reader", 2**30, now=ctx.now, new_id=ctx.new_id)

    def work(index: TantivySearch) -> None:
        done = index.find(workspace, Ask(Everything(), ALL_SIGHT)).total // BATCH
        for number in range(max(done - 1, 0), batches):
            index.apply(workspace, batch(number), [])

    for _ in range(kills):
        child = _child(work, tmp_path / "shared")
        # The moment of the kill: anywhere in the child's work, so there is nothing to wait for.
        time.sleep(chance.uniform(0.02, 0.35))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        state = reader.state(workspace)
        assert len(seen(reader, workspace, state.generation)) % BATCH == 0
    while os.waitstatus_to_exitcode(os.waitpid(_child(work, tmp_path / "shared"), 0)[1]):
        pass

    generation = reader.state(workspace).generation
    assert seen(reader, workspace, generation) == sorted((f"photo {n}.jpg", 1) for n in range(batches * BATCH))
    assert len(list((tmp_path / "shared").iterdir())) <= 2, "the disks of the dead are given back"
