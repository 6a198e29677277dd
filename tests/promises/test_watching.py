"""Whatever a test makes functions do is held to their policies, however it calls them."""

from collections.abc import Iterator

import pytest

from chalicelib.models import collection_items
from chalicelib.services import counting, indexing, outbox, signing
from infra.policies import Need
from tests import policies as watch
from tests.builders import Shop, a_photo
from tests.faults import memory_aws
from tests.faults.memory_aws import World
from tests.faults.scenarios import dropped
from tests.faults.workers import Worker, choke
from tests.handlers.test_functions import deliver

TOLD = {"deliver_outbox", "sweep_outbox"}


@pytest.fixture
def world() -> Iterator[World]:
    with memory_aws.running() as found:
        yield found


def functions(seen: set[Need]) -> set[str]:
    return {one.function for one in seen}


def test_a_service_that_a_test_calls_is_at_work_for_each_function_that_calls_it(shop: Shop) -> None:
    shop.drop("a.jpg", a_photo())

    with watch.at_work() as told:
        outbox.deliver(shop.ctx)
    with watch.at_work() as indexed:
        indexing.catch_up(shop.ctx, shop.workspace)

    assert (functions(told), functions(indexed)) == (TOLD, {"index_changes"})


def test_a_test_that_asks_a_table_itself_is_no_function(shop: Shop) -> None:
    with watch.at_work() as seen:
        list(outbox.outbox.due(shop.ctx.now(), 1))

    assert seen == set()


def test_in_the_job_of_one_function_and_in_a_request_it_is_that_function_alone(shop: Shop) -> None:
    with watch.at_work() as job:
        deliver("deliver_outbox", {})
    with watch.at_work() as request:
        shop.call("GET", "/v1/collections")

    assert (functions(job), functions(request)) == ({"deliver_outbox"}, {"api_handler"})


def test_what_a_service_does_in_other_threads_is_its_work_too(shop: Shop) -> None:
    for folder in ("Spring", "Autumn"):
        shop.drop(f"{folder}/a.jpg", a_photo())
    caller = signing.caller_of(shop.ctx, shop.key, None)
    places = [one for one in caller.tree.by_id.values() if one.id in caller.tree.living]

    with watch.at_work() as seen:
        counting.counts(shop.ctx, caller, places)

    counted = Need("api_handler", "tables", collection_items.CollectionItemRecord.Meta.noun.replace("_", "-"), "Query")
    assert counted in seen


def test_on_an_aws_in_memory_it_is_the_same_also_for_workers_that_take_turns(world: World) -> None:
    dropped(world, "Spring/a.jpg", b"one")
    world.choke = choke

    with watch.at_work() as seen:
        worker = Worker(lambda: outbox.deliver(world.ctx))
        while worker.outcome is None:
            worker.step()

    assert functions(seen) == TOLD
    assert Need("deliver_outbox", "tables", "outbox", "UpdateItem") in seen
