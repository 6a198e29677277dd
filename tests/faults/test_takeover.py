"""Two workers on one file: whoever lost the lease changes nothing, wherever it stood when it lost it."""

from collections.abc import Iterator

import pytest

from chalicelib.services import ingest
from tests.faults import workers
from tests.faults.end_state import end_state
from tests.faults.memory_aws import World, running, through
from tests.faults.scenarios import dropped, hint, put
from tests.faults.workers import Worker


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with running() as made:
        yield made


def started(world: World, *, calls: int) -> Worker:
    """A worker that has made so many calls on a new version and stands before the next one."""
    world.choke = through
    world.reset(1)
    dropped(world, "Spring/a.jpg", b"one")
    put(world, "Spring/a.jpg", b"two")
    world.choke = workers.choke
    slow = taking_newest(world)
    for _ in range(calls + 1):
        slow.step()
    return slow


def taking_newest(world: World) -> Worker:
    one = world.aws.inbox[-1] if world.aws.inbox else None
    if one is None:
        return Worker(lambda: None)
    about = hint(world, one)
    return Worker(lambda: ingest.take(world.ctx, about))


def finish(worker: Worker) -> None:
    while worker.outcome is None:
        worker.step()


def calls_of_one(world: World) -> int:
    slow = started(world, calls=0)
    count = 0
    while slow.outcome is None:
        slow.step()
        count += 1
    return count


@pytest.mark.requirement("R41")
def test_a_worker_that_wakes_after_its_lease_changes_nothing(world: World) -> None:
    total = calls_of_one(world)
    expected = end_state(world)
    committed: list[bool] = []

    for calls in range(1, total):
        slow = started(world, calls=calls)
        world.aws.pass_time(10 * 60)
        second = taking_newest(world)
        finish(second)
        finish(slow)
        committed.append(second.outcome == "ok")

        assert slow.outcome in ("ok", "again")
        assert end_state(world) == expected, f"the first worker slept before call {calls + 1} of {total}"
    assert any(committed)


def test_a_second_worker_leaves_a_file_alone_while_the_lease_lasts(world: World) -> None:
    total = calls_of_one(world)
    expected = end_state(world)

    for calls in range(2, total - 4):
        slow = started(world, calls=calls)
        second = taking_newest(world)
        finish(second)
        finish(slow)

        assert (slow.outcome, second.outcome) == ("ok", "again")
        assert end_state(world) == expected


def test_a_worker_that_lost_its_lease_is_sent_back_while_the_next_one_works(world: World) -> None:
    slow = started(world, calls=0)
    while slow.waits_at != "HeadObject":
        slow.step()
    world.aws.pass_time(10 * 60)
    second = taking_newest(world)
    while second.waits_at != "Invoke":
        second.step()

    finish(slow)

    assert slow.outcome == "again"
    finish(second)
    assert second.outcome == "ok"
