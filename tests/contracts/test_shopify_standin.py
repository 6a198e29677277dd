"""The stand-in of Shopify keeps the vendor's contract: what the push must cope with happens here as it does there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from chalicelib.adapters import shopify_operations as operations
from tests.stores import MORNING, Counter, a_counter


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with a_counter(tmp_path) as found:
        yield found


def codes(told: dict[str, object]) -> list[str]:
    errors = told["userErrors"]
    assert isinstance(errors, list)
    return [one["code"] for one in errors]


class TestAccess:
    def test_client_credentials_give_a_token_for_a_day(self, counter: Counter) -> None:
        asked = {"grant_type": "client_credentials", **counter.world.accounts.app}
        told = requests.post(f"{counter.base}/admin/oauth/access_token", data=asked, timeout=10).json()
        assert told["expires_in"] == 86_399

        assert counter.post(operations.WHO_AM_I, token=told["access_token"]).status_code == 200
        counter.wait(86_400)
        assert counter.post(operations.WHO_AM_I, token=told["access_token"]).status_code == 401

    def test_a_wrong_secret_gives_none(self, counter: Counter) -> None:
        asked = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
        reply = requests.post(f"{counter.base}/admin/oauth/access_token", json=asked, timeout=10)
        assert (reply.status_code, reply.json()["error"]) == (400, "invalid_client")

    def test_a_bad_token_is_told_as_a_string(self, counter: Counter) -> None:
        reply = counter.post(operations.WHO_AM_I, token="nobody")
        assert reply.status_code == 401
        assert isinstance(reply.json()["errors"], str)

    def test_a_scope_that_is_missing_denies_the_field_and_nothing_else(self, counter: Counter) -> None:
        counter.control("set", scopes=["read_products"])
        told = counter.ask(operations.FILE_DELETE, ids=["gid://shopify/MediaImage/1"])
        assert told["data"] == {"fileDelete": None}
        assert told["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
        assert counter.data(operations.WHO_AM_I)["accessScopes"] == [{"handle": "read_products"}]

    def test_shops_know_nothing_of_each_other(self, counter: Counter) -> None:
        counter.control("shop", shop="two.myshopify.com", name="Two")
        other = Counter(counter.world, counter.url, "two.myshopify.com")
        assert requests.post(f"{other.base}/__standin__/dump", timeout=10).json()["name"] == "Two"
        product, _ = counter.product("A-1")
        assert other.data(operations.PRODUCT_MEDIA, id=product, first=1) is None
        assert other.post(operations.WHO_AM_I, token=counter.token()).status_code == 401

    def test_an_app_that_was_taken_away_gets_no_token_and_whoever_asked_is_told(self, counter: Counter) -> None:
        hook = {"uri": "arn:aws:events:eu-west-1::event-source/shopify"}
        counter.data(operations.HOOK_CREATE, topic="APP_UNINSTALLED", s=hook)
        counter.control("uninstall")
        assert [one["topic"] for one in counter.control("deliver")["items"]] == ["APP_UNINSTALLED"]
        asked = {"grant_type": "client_credentials", **counter.world.accounts.app}
        reply = requests.post(f"{counter.base}/admin/oauth/access_token", data=asked, timeout=10)
        assert (reply.status_code, reply.json()["error"]) == (400, "app_not_installed")

    @pytest.mark.parametrize("body", ["", "[]", "{", '{"query": 3}', '{"query": "{ shop { id } }", "variables": [1]}'])
    def test_what_is_no_request_is_refused(self, counter: Counter, body: str) -> None:
        headers = {"X-Shopify-Access-Token": counter.token()}
        url = f"{counter.base}/admin/api/{operations.VERSION}/graphql.json"
        assert requests.post(url, data=body, headers=headers, timeout=10).status_code == 400


class TestCost:
    def test_the_bucket_pays_what_was_used_and_fills_with_time(self, counter: Counter) -> None:
        product, _ = counter.product("A-1")
        status = counter.ask(operations.PRODUCT_MEDIA, id=product, first=250)["extensions"]["cost"]
        assert status["actualQueryCost"] < status["requestedQueryCost"]
        left = status["throttleStatus"]
        assert left == {"maximumAvailable": 2000.0, "currentlyAvailable": 2000 - status["actualQueryCost"],
                        "restoreRate": 100.0}  # fmt: skip
        counter.wait(1)
        again = counter.ask(operations.WHO_AM_I)["extensions"]["cost"]
        assert again["throttleStatus"]["currentlyAvailable"] == 2000 - again["actualQueryCost"]

    def test_who_waits_as_the_answer_says_is_let_in(self, counter: Counter) -> None:
        counter.control("set", bucket={"points": 3, "at": MORNING.timestamp()})
        reply = counter.post(operations.STAGED_UPLOADS, input=[])
        cost = reply.json()["extensions"]["cost"]
        assert reply.status_code == 200
        assert "data" not in reply.json()
        assert reply.json()["errors"][0]["extensions"]["code"] == "THROTTLED"
        assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (10, None)
        assert cost["throttleStatus"]["currentlyAvailable"] == 3

        wait_s = (cost["requestedQueryCost"] - 3) / cost["throttleStatus"]["restoreRate"]
        counter.wait(wait_s - 0.01)
        assert "errors" in counter.ask(operations.STAGED_UPLOADS, input=[])
        counter.wait(0.01)
        assert "errors" not in counter.ask(operations.STAGED_UPLOADS, input=[])

    def test_a_query_that_is_too_dear_is_never_let_in(self, counter: Counter) -> None:
        inner = "variants(first: 250) { nodes { id media(first: 250) { nodes { id } } } }"
        told = counter.ask(f"{{ products(first: 250) {{ nodes {{ {inner} }} }} }}")
        assert told["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"
        assert "extensions" not in told

    def test_every_operation_of_ours_may_be_asked_with_full_pages(self, counter: Counter) -> None:
        product, _ = counter.product("A-1")
        ids = [product] * 250
        for text, asked in (
            (operations.PRODUCT_MEDIA, {"id": product, "first": 250}),
            (operations.POLL_FILES, {"ids": ids}),
            (operations.FILES_BY_NAME, {"q": "filename:'a'", "first": 250}),
        ):
            assert counter.ask(text, **asked)["extensions"]["cost"]["requestedQueryCost"] < 100


class TestCatalogue:
    def test_a_bulk_read_is_over_after_a_while_and_has_a_line_for_each_variant(self, counter: Counter) -> None:
        counter.control("seed", count=30, variants_each=10, prefix="TS")
        begun = counter.data(operations.BULK_RUN, query=operations.BULK_CATALOGUE)["bulkOperation"]
        assert counter.data(operations.BULK_POLL, id=begun["id"])["url"] is None
        counter.wait(2)

        told = counter.data(operations.BULK_POLL, id=begun["id"])
        rows = requests.get(told["url"], timeout=10).text.splitlines()
        assert (told["status"], told["rootObjectCount"], len(rows)) == ("COMPLETED", "30", 30)
        assert '"sku": "TS-00001"' in rows[0]

    def test_an_empty_shop_has_no_address_for_its_rows(self, counter: Counter) -> None:
        begun = counter.data(operations.BULK_RUN, query=operations.BULK_CATALOGUE)["bulkOperation"]
        counter.wait(2)
        told = counter.data(operations.BULK_POLL, id=begun["id"])
        assert (told["status"], told["url"]) == ("COMPLETED", None)

    def test_a_nested_connection_becomes_lines_that_name_their_parent(self, counter: Counter) -> None:
        product, variants = counter.product("A-1")
        query = "{ products { nodes { id variants { edges { node { id } } } } } }"
        begun = counter.data(operations.BULK_RUN, query=query)["bulkOperation"]
        counter.wait(2)
        url = counter.data(operations.BULK_POLL, id=begun["id"])["url"]
        first, second = (requests.get(url, timeout=10).text).splitlines()
        assert first == f'{{"id": "{product}"}}'
        assert second == f'{{"id": "{variants[0]}", "__parentId": "{product}"}}'

    def test_the_sixth_bulk_read_is_refused_and_rows_last_seven_days(self, counter: Counter) -> None:
        counter.product("A-1")
        begun = [counter.data(operations.BULK_RUN, query=operations.BULK_CATALOGUE) for _ in range(6)]
        assert codes(begun[5]) == ["LIMIT_REACHED"]
        counter.wait(2)
        url = counter.data(operations.BULK_POLL, id=begun[0]["bulkOperation"]["id"])["url"]
        counter.wait(7 * 86_400)
        assert requests.get(url, timeout=10).status_code == 400

    def test_a_bulk_read_that_fails_has_half_its_rows_elsewhere(self, counter: Counter) -> None:
        counter.control("seed", count=10)
        begun = counter.data(operations.BULK_RUN, query=operations.BULK_CATALOGUE)["bulkOperation"]
        counter.control("bulk_fail", id=begun["id"], code="INTERNAL_SERVER_ERROR")
        told = counter.data(operations.BULK_POLL, id=begun["id"])
        assert (told["status"], told["errorCode"], told["url"]) == ("FAILED", "INTERNAL_SERVER_ERROR", None)
        assert len(requests.get(told["partialDataUrl"], timeout=10).text.splitlines()) == 5

    def test_a_page_ends_at_250_and_goes_on_where_it_ended(self, counter: Counter) -> None:
        counter.control("seed", count=260)
        query = """query All($first: Int!, $after: String) { productVariants(first: $first, after: $after) {
          nodes { id } pageInfo { hasNextPage endCursor } } }"""
        first = counter.data(query, first=250)
        second = counter.data(query, first=250, after=first["pageInfo"]["endCursor"])
        assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
        assert len({one["id"] for one in first["nodes"] + second["nodes"]}) == 260
        assert "errors" in counter.ask(query, first=251)
