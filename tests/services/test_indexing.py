"""The index follows the tables: what was committed is found, once, whatever happens on the way."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain import cards
from chalicelib.domain.queries import Ask, Everything, Has, Node, Term
from chalicelib.errors import UpstreamUnavailable
from chalicelib.handlers import cli
from chalicelib.handlers.jobs import WORKS
from chalicelib.models import assets, base, outbox, unindexed
from chalicelib.services import indexing, jobs, trails
from infra.local.stack import Stack
from tests.builders import Shop, a_photo, a_shop
from tests.faults.crashes import Crashed, dying
from tests.libraries import ALL_SIGHT, an_asset


def stored(shop: Shop, number: int, **given: Any) -> str:
    """An asset as a commit leaves it, with its message; the token."""
    asset = an_asset(number, **given)
    token, announced = trails.announcement(shop.ctx, shop.workspace, "asset.changed", f"asset:{asset.id}")
    base.transact([assets.add(shop.workspace, asset), announced])
    return token


def renamed(shop: Shop, number: int, name: str) -> str:
    """The asset of `stored`, changed; the token."""
    old = assets.get(shop.workspace, an_asset(number).id)
    new = an_asset(number, name=name)
    token, announced = trails.announcement(shop.ctx, shop.workspace, "asset.changed", f"asset:{old.id}")
    base.transact([assets.change(shop.workspace, old, new), announced])
    return token


def names(shop: Shop, query: Node = Everything()) -> list[str]:  # noqa: B008 frozen
    """What the newest generation finds."""
    newest = shop.ctx.search.state(shop.workspace).generation
    found = shop.ctx.search.find(shop.workspace, Ask(query, ALL_SIGHT, "name", 1000, at_least=newest))
    assert found.total == len(found.cards)
    return [str(card["name"]) for card in found.cards]


@pytest.mark.requirement("R41")
def test_a_dropped_file_is_found_and_its_token_names_the_generation_that_holds_it(shop: Shop) -> None:
    shop.drop("Spring/shirt.jpg", a_photo(), title="Red shirt", skus="TS-100")

    done = indexing.catch_up(shop.ctx, shop.workspace)

    token = shop.call("GET", "/v1/ingest").body["items"][0]["token"]
    message = outbox.get(shop.workspace, token)
    assert done == 1
    assert message is not None
    assert message.generation == shop.ctx.search.state(shop.workspace).generation == 1
    assert names(shop, Term("sku", ("ts-100",))) == ["shirt.jpg"]
    assert names(shop, Has("width")) == ["shirt.jpg"]
    assert indexing.catch_up(shop.ctx, shop.workspace) == 0


def test_changes_of_one_asset_become_one_document_as_its_row_is_now(shop: Shop) -> None:
    tokens = [stored(shop, 1), stored(shop, 2), *(renamed(shop, 1, f"name {n}") for n in range(3))]

    done = indexing.catch_up(shop.ctx, shop.workspace)

    assert done == 5
    assert names(shop) == ["name 2", "photo 2.jpg"]
    assert {getattr(outbox.get(shop.workspace, token), "generation", None) for token in tokens} == {1}


def test_more_than_a_batch_is_indexed_in_one_run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "BATCH", 10)
    for number in range(35):
        stored(shop, number)

    assert indexing.catch_up(shop.ctx, shop.workspace) == 35
    assert len(names(shop)) == 35
    assert shop.ctx.search.state(shop.workspace).generation == 4


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_writer_that_dies_at_any_aws_call_is_taken_over_without_loss_or_double(shop: Shop, before: bool) -> None:
    stored(shop, 1000)
    indexing.catch_up(shop.ctx, shop.workspace)
    stored(shop, 0)
    with dying(99, before=True) as calls:
        indexing.catch_up(shop.ctx, shop.workspace)
    assert len(calls) >= 9

    for at in range(1, len(calls) + 1):
        other = a_shop()
        tokens = [stored(other, 1000)]
        indexing.catch_up(other.ctx, other.workspace)
        tokens += [stored(other, 0), renamed(other, 1000, "renamed")]
        with dying(at, before=before), pytest.raises(Crashed):
            indexing.catch_up(other.ctx, other.workspace)
        indexing.catch_up(other.ctx, other.workspace)

        place = f"crashed {'before' if before else 'after'} call {at}: {calls[at - 1]}"
        assert names(other) == ["photo 0.jpg", "renamed"], place
        assert None not in [getattr(outbox.get(other.workspace, token), "generation", None) for token in tokens], place
        assert outbox.to_index(other.workspace, other.ctx.now(), 10) == []


def test_a_damaged_index_is_rebuilt_by_a_job_and_what_waited_is_then_indexed(shop: Shop) -> None:
    stored(shop, 1)
    indexing.catch_up(shop.ctx, shop.workspace)
    search: Any = shop.ctx.search
    search._objects.put(f"{shop.workspace}/current", b"nonsense")
    stored(shop, 2)

    with pytest.raises(UpstreamUnavailable):
        indexing.catch_up(shop.ctx, shop.workspace)
    with pytest.raises(UpstreamUnavailable):
        indexing.catch_up(shop.ctx, shop.workspace)
    queued = shop.call("GET", "/v1/jobs").body["items"]
    assert [(one["kind"], one["state"]) for one in queued] == [("index.rebuild", "queued")]
    jobs.run(shop.ctx, WORKS, shop.workspace, queued[0]["id"])

    assert names(shop) == ["photo 1.jpg", "photo 2.jpg"]
    assert indexing.catch_up(shop.ctx, shop.workspace) == 1
    assert shop.call("GET", f"/v1/jobs/{queued[0]['id']}").body["state"] == "done"


@pytest.mark.parametrize("path", ["/v1/search", "/v1/search/suggest?q=p", "/v1/collections"])
def test_who_meets_a_damaged_index_first_has_it_rebuilt(shop: Shop, path: str) -> None:
    stored(shop, 1)
    indexing.catch_up(shop.ctx, shop.workspace)
    search: Any = shop.ctx.search
    search._objects.put(f"{shop.workspace}/current", b"nonsense")

    refused = shop.call("GET", path)
    queued = shop.call("GET", "/v1/jobs").body["items"]
    jobs.run(shop.ctx, WORKS, shop.workspace, queued[0]["id"])

    answers = (200, None) if path == "/v1/collections" else (503, "index_damaged")
    assert (refused.status, refused.body.get("code")) == answers
    assert [one["kind"] for one in queued] == ["index.rebuild"]
    assert names(shop) == ["photo 1.jpg"]


def test_at_the_start_an_index_of_another_release_is_rebuilt(shop: Shop) -> None:
    stored(shop, 1)
    indexing.catch_up(shop.ctx, shop.workspace)
    search: Any = shop.ctx.search
    search._objects.put(f"{shop.workspace}/current", b"nonsense")

    indexing.look_after(shop.ctx)

    assert [one["kind"] for one in shop.call("GET", "/v1/jobs").body["items"]] == ["index.rebuild"]


def test_an_index_with_too_many_dead_documents_is_rebuilt(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "FEWEST_DEAD", 3)
    monkeypatch.setattr(indexing, "_LOOK_EVERY", 1)
    for number in range(9):
        stored(shop, number)
    indexing.catch_up(shop.ctx, shop.workspace)
    assert shop.call("GET", "/v1/jobs").body["items"] == []

    for number in range(5):
        renamed(shop, number, "renamed")
    indexing.catch_up(shop.ctx, shop.workspace)
    job = shop.call("GET", "/v1/jobs").body["items"][0]
    assert shop.ctx.search.state(shop.workspace).dead == 5
    jobs.run(shop.ctx, WORKS, shop.workspace, job["id"])

    state = shop.ctx.search.state(shop.workspace)
    assert (state.dead, state.documents, state.segments) == (0, 9, 1)


def test_a_narrowed_asset_is_left_out_until_a_generation_holds_it_and_then_only_that_one_is_asked(shop: Shop) -> None:
    asset = an_asset(1)
    token = stored(shop, 1)
    base.transact([unindexed.add(shop.workspace, asset.id, token)])
    waiting = unindexed.every(shop.workspace)[asset.id]

    indexing.catch_up(shop.ctx, shop.workspace)

    held = unindexed.every(shop.workspace)[asset.id]
    message = outbox.get(shop.workspace, token)
    assert message is not None
    assert (waiting.generation, held.generation) == (None, message.generation)


def test_the_command_rebuilds_an_index_that_is_lost(
    shop: Shop, capsys: pytest.CaptureFixture[str], stack: Stack
) -> None:
    for number in range(3):
        stored(shop, number)
    indexing.catch_up(shop.ctx, shop.workspace)
    search: Any = shop.ctx.search
    for one in list(search._objects.listed(f"{shop.workspace}/")):
        search._objects.delete(one.key)

    code = cli.main(["index", "rebuild", "--workspace", shop.workspace])

    assert code == 0
    assert json.loads(capsys.readouterr().out) == {shop.workspace: 1}
    assert len(names(shop)) == 3
    assert shop.workspace in shop.ctx.search.workspaces()
    assert cli.main(["index"]) == 2


def test_the_sweep_wakes_every_workspace_with_something_to_index(shop: Shop) -> None:
    other = a_shop()
    stored(shop, 1)
    stored(shop, 2)
    stored(other, 1)
    waiting = {one for one, _ in outbox.workspaces_to_index()}

    assert {shop.workspace, other.workspace} <= waiting
    indexing.catch_up(shop.ctx, shop.workspace)
    assert shop.workspace not in {one for one, _ in outbox.workspaces_to_index()}
    assert indexing.sweep(shop.ctx) == len(waiting) - 1


def test_a_message_is_kept_until_a_day_after_it_was_indexed(shop: Shop) -> None:
    token = stored(shop, 1)
    indexing.catch_up(shop.ctx, shop.workspace)

    row: Any = base.read(outbox.OutboxRecord, shop.workspace, token)
    assert int(row.delete_after) == pytest.approx((shop.ctx.now() + timedelta(hours=24)).timestamp(), abs=60)


def test_a_card_gives_back_what_a_list_shows_and_what_rights_need(shop: Shop) -> None:
    shop.drop("Spring/shirt.jpg", a_photo(), title="Red shirt", skus="TS-100,TS-101")
    asset = next(iter(assets.every(shop.workspace)))

    again = cards.asset_of(json.loads(json.dumps(cards.card(asset))))

    assert again.resource == asset.resource
    assert (again.id, again.revision, again.fields.name, again.fields.title) == (
        asset.id,
        asset.revision,
        "shirt.jpg",
        "Red shirt",
    )
    assert again.newest.renditions == asset.newest.renditions[-1:]
    assert (again.newest.thumbhash, again.newest.facts["width_px"]) == (asset.newest.thumbhash, 640)
