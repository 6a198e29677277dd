"""Files whose events or messages never came are found again, each by one of two schedules, and not over and over."""

from collections.abc import Iterator

import pytest

from chalicelib.services import arrivals, ingest
from tests.faults.end_state import rows_of
from tests.faults.memory_aws import World, running
from tests.faults.scenarios import put

QUARTER_S = 15 * 60


@pytest.fixture(scope="module")
def one_world() -> Iterator[World]:
    with running() as made:
        yield made


@pytest.fixture
def world(one_world: World) -> World:
    one_world.reset(1)
    one_world.aws.messages.clear()
    return one_world


def take_sent(world: World) -> int:
    """Take whatever was sent; how many there were."""
    sent = world.aws.messages.pop("ingest", [])
    for body in sent:
        ingest.take(world.ctx, arrivals.hint_of(world.ctx, body["key"], body["object_version"], body["sequencer"]))
    return len(sent)


@pytest.mark.requirement("R41")
def test_of_writes_in_one_second_found_by_listing_the_last_is_shown(world: World) -> None:
    bodies = [b"one", b"two", b"three", b"four"]
    for body in bodies:
        world.aws.put(f"{world.workspace}/a.jpg", body)
    world.aws.pass_time(QUARTER_S)

    arrivals.reconcile(world.ctx, min_age_s=QUARTER_S)
    take_sent(world)

    rows = rows_of(world)
    (asset,) = rows["assets"]
    shown = f"{world.workspace}/{asset['newest']['id']}"
    assert world.aws.objects[("originals", shown)] == b"four"
    assert len(rows["versions"]) == len(bodies)


def test_young_files_are_left_to_their_events(world: World) -> None:
    put(world, "a.jpg", b"one")

    assert arrivals.reconcile(world.ctx, min_age_s=QUARTER_S) == 0


def test_a_hundred_waiting_files_cost_one_read(world: World) -> None:
    for number in range(250):
        put(world, f"{number}.jpg", b"one")
    world.aws.pass_time(QUARTER_S)
    world.aws.calls.clear()

    sent = arrivals.reconcile(world.ctx, min_age_s=QUARTER_S)

    assert sent == 250
    assert (world.aws.calls["BatchGetItem"], world.aws.calls["GetItem"]) == (3, 0)


def test_what_the_table_looks_after_is_left_to_the_sweep(world: World) -> None:
    arrivals.make_known(world.ctx, put(world, "a.jpg", b"one"))
    world.aws.pass_time(QUARTER_S)

    by_listing = arrivals.reconcile(world.ctx, min_age_s=QUARTER_S)
    by_sweep = arrivals.sweep(world.ctx)

    assert (by_listing, by_sweep) == (0, 1)
    assert arrivals.sweep(world.ctx) == 0  # its message is trusted for five minutes
    world.aws.pass_time(301)
    assert arrivals.sweep(world.ctx) == 1


def test_a_start_trusts_no_queue(world: World) -> None:
    arrivals.make_known(world.ctx, put(world, "a.jpg", b"one"))

    assert arrivals.reconcile(world.ctx, min_age_s=0, is_start=True) == 1
    assert take_sent(world) == 1
    assert world.aws.inbox == []


def test_a_quarantined_file_is_not_found_again(world: World) -> None:
    ingest.take(world.ctx, put(world, "a.jpg", b"bad"))
    world.aws.pass_time(QUARTER_S)

    assert arrivals.reconcile(world.ctx, min_age_s=0, is_start=True) == 0
    assert arrivals.sweep(world.ctx) == 0


def test_a_file_that_is_in_but_was_not_emptied_is_emptied(world: World) -> None:
    one = put(world, "a.jpg", b"one")
    waiting = list(world.aws.inbox)
    ingest.take(world.ctx, one)
    world.aws.inbox = waiting
    world.aws.pass_time(QUARTER_S)

    arrivals.reconcile(world.ctx, min_age_s=QUARTER_S)
    take_sent(world)

    assert world.aws.inbox == []
    assert len(rows_of(world)["versions"]) == 1
