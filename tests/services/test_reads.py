"""What a request asks of the database: as few calls as its promises allow, each answered as of now."""

from collections import Counter

import pytest
from pydantic import TypeAdapter

from chalicelib.models import base, outbox as messages, workspaces
from chalicelib.services import indexing, presets, signing
from tests.builders import Shop, a_shop
from tests.costs import Tally, counted
from tests.libraries import an_asset
from tests.services.test_indexing import stored


def calls(tallies: dict[str, Tally]) -> Counter[str]:
    """All that was asked of AWS."""
    return sum((one.calls for one in tallies.values()), Counter())


def asked_by(shop: Shop, method: str, path: str, body: object = None) -> Counter[str]:
    """What one request asks of AWS, in a process that knows its caller."""
    assert shop.call("GET", "/v1/presets").status == 200
    tallies: dict[str, Tally] = {}
    with counted(tallies):
        assert shop.call(method, path, body).status == 200
    return calls(tallies)


def test_one_asset_is_one_call_of_the_database(shop: Shop) -> None:
    stored(shop, 1)

    assert asked_by(shop, "GET", f"/v1/assets/{an_asset(1).id}") == {"dynamodb.read": 1}


def test_an_edit_is_a_read_a_transaction_and_a_hint_for_the_index(shop: Shop) -> None:
    stored(shop, 1)
    shop.call("PATCH", f"/v1/assets/{an_asset(1).id}", {"title": "First"})  # the queue's address is known then

    assert asked_by(shop, "PATCH", f"/v1/assets/{an_asset(1).id}", {"title": "New"}) == {
        "dynamodb.read": 1,
        "dynamodb.write": 1,
        "sqs.fifo": 1,
    }


def test_an_asset_of_another_workspace_is_not_there_though_it_is_asked_for_with_the_epoch(
    shop: Shop,
) -> None:
    stored(a_shop(), 1)
    shop.call("GET", "/v1/presets")

    assert shop.call("GET", f"/v1/assets/{an_asset(1).id}").body["code"] == "not_found"


def test_a_change_that_only_the_index_acts_on_is_told_from_the_beginning(shop: Shop) -> None:
    stored(shop, 1)
    indexing.catch_up(shop.ctx, shop.workspace)

    token = shop.call("PATCH", f"/v1/assets/{an_asset(1).id}", {"title": "New"}).headers["packshot-token"]

    assert messages.is_told(shop.workspace, token)
    assert [one.id for one in messages.to_index(shop.workspace, shop.ctx.now(), 10)] == [token]


def test_what_a_busy_table_leaves_out_of_a_common_read_is_asked_for_once_more(shop: Shop) -> None:
    wanted = workspaces.wanted(shop.workspace)
    table = wanted.record._get_connection().table_name

    found = base._of_batch({"Responses": {}, "UnprocessedKeys": {table: {}}}, table, wanted)

    assert found == workspaces.get(shop.workspace)


@pytest.mark.parametrize("text", ["plain", "half a sign: \ud83d", "line\u2028end"])
def test_shaped_json_is_read_as_it_was_written(text: str) -> None:
    attribute = base.ShapedAttribute(TypeAdapter(tuple[str, ...]))

    assert attribute.deserialize(attribute.serialize([text])) == (text,)


def test_a_preset_changed_by_another_process_counts_in_the_next_request(shop: Shop) -> None:
    presets.add_channels(shop.ctx, signing.caller_of(shop.ctx, shop.key, None))
    channels = [one for one in shop.call("GET", "/v1/presets").body["items"] if one["channel"]]
    kept = dict(presets._kept)  # as the other process remembers it

    for one in channels:
        shop.call("DELETE", f"/v1/presets/{one['id']}")
    presets._kept.clear()
    presets._kept.update(kept)

    assert channels
    assert [one for one in shop.call("GET", "/v1/presets").body["items"] if one["channel"]] == []
