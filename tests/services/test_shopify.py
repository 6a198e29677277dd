"""A store is connected: its catalogue is mirrored, stays fresh, and never holds what was not read in the store."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.adapters.shopify_admin import ShopifyShop
from chalicelib.domain.shop import Variant
from chalicelib.handlers import connections as handler, jobs
from chalicelib.models import catalogue, connections as rows, secrets, shop_news
from chalicelib.services import connection_runs, jobs as jobs_service
from standins.shopify import hooks
from tests.builders import Shop, a_shop, call
from tests.stores import Connected, Counter, a_counter, connecting


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with a_counter(tmp_path) as found:
        yield found


@pytest.fixture
def store(shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connected]:
    """A store with three variants, not connected yet."""
    counter.product("TEE-1", "TEE-2", title="Tee")
    counter.product("MUG", title="Mug")
    counter.control("set", bulk_s=100)
    with connecting(shop, counter, monkeypatch) as found:
        yield found
    assert counter.violations == []


def the_secret(store: Connected) -> str:
    return str(store.counter.world.accounts.app["client_secret"])


@pytest.mark.requirement("R33")
def test_a_catalogue_is_mirrored_while_the_run_costs_nothing_as_the_store_works(store: Connected) -> None:
    store.connect()

    begun = store.run()
    assert store.shown()["running"]
    assert store.run(after_minutes=0.1) == ""
    assert store.run(after_minutes=0.5) == begun
    assert store.asked("BulkPoll") == 1
    assert store.skus == []
    assert store.run() == begun

    assert store.skus == ["MUG", "TEE-1", "TEE-2"]
    whole = catalogue.mirror(store.shop.workspace, store.id)
    assert whole
    assert whole.variants == 3
    (told,) = store.runs()
    assert (told["state"], told["counts"]["added"], told["done"], told["total"]) == ("done", 3, 3, 3)
    assert "reads out" in told["log"][0]["text"]
    assert store.shown()["state"] == "ok"
    assert (store.asked("BulkRun"), store.asked("token")) == (1, 1)


@pytest.mark.requirement("R33", "R38")
def test_what_a_merchant_does_is_posted_read_and_followed(store: Connected) -> None:
    product, variants = store.counter.product("OLD", "STAYS", title="Lamp")
    store.connect()
    store.settle()
    assert len(store.counter.store.tables["hook"]) == 6

    store.counter.control("rename", variant=variants[0], sku="NEW")
    added, _ = store.counter.product("ADDED")
    assert set(store.deliver()) == {204}
    store.run()
    assert store.skus == ["ADDED", "MUG", "NEW", "STAYS", "TEE-1", "TEE-2"]
    assert store.runs()[0]["counts"]["changed"] == 1

    store.counter.control("delete_product", product=product)
    store.counter.control("delete_product", product=added)
    assert set(store.deliver()) == {204}
    store.run()
    assert store.skus == ["MUG", "TEE-1", "TEE-2"]
    assert store.asked("BulkRun") == 1


@pytest.mark.requirement("R33")
def test_news_that_comes_twice_late_or_in_the_wrong_order_does_no_harm(store: Connected) -> None:
    product, (variant,) = store.counter.product("A")
    store.connect()
    store.settle()
    for sku in ("B", "C", "D"):
        store.later(1)
        store.counter.control("rename", variant=variant, sku=sku)
    old = list(store.counter.store.tables["event"].values())

    assert set(store.deliver(reverse=True, twice=True)) == {204}
    assert len(shop_news.waiting(store.shop.workspace, store.id, limit=9)) == 1
    store.run()
    assert store.skus == ["D", "MUG", "TEE-1", "TEE-2"]
    store.counter.control("delete_product", product=product)
    store.deliver()
    store.run()
    read = store.asked("ProductVariants")

    for one in old:
        store.counter.store.put("event", one)
    store.deliver(twice=True)
    assert shop_news.waiting(store.shop.workspace, store.id, limit=9) == []
    store.run(after_minutes=30)

    assert store.skus == ["MUG", "TEE-1", "TEE-2"]
    assert store.asked("ProductVariants") == read


@pytest.mark.requirement("RA6")
def test_only_the_store_itself_is_heard_and_nobody_learns_which_addresses_there_are(store: Connected) -> None:
    store.connect()
    store.settle()
    product, _ = store.counter.product("X")
    (event, *_) = [one for one in store.counter.store.tables["event"].values() if one["topic"] == "PRODUCTS_CREATE"]
    good = hooks._headers(store.counter.world, store.counter.store, event, False)
    body = event["body"].encode()
    here, other = f"/v1/hooks/shopify/{store.id}", f"/v1/hooks/shopify/{'a' * 26}"
    drive = {"kind": "drive", "name": "x", "settings": {"folder_ids": ["folder-1"]},
             "credentials": {"refresh_token": "x", "client_id": "x", "client_secret": the_secret(store)}}  # fmt: skip
    no_store = f"/v1/hooks/shopify/{a_shop().call('POST', '/v1/connections', drive).body['id']}"
    tried = [
        (other, body, good), (no_store, body, good), (here, body + b" ", good),
        (here, body, {**good, "X-Shopify-Hmac-Sha256": ""}), (here, body, {**good, "X-Shopify-Hmac-Sha256": "é"}),
        (here, body, {**good, "X-Shopify-Shop-Domain": "other.myshopify.com"}), (here, body, {}), (here, b"", good),
    ]  # fmt: skip

    replies = [call("POST", path, sent, **headers) for path, sent, headers in tried]

    same = {(one.status, one.body["code"], one.body["detail"]) for one in replies}
    assert same == {(404, "not_found", "There is no such connection.")}
    assert call("POST", here, b"x" * 1_100_000, **good).status == 413
    assert shop_news.waiting(store.shop.workspace, store.id, limit=9) == []
    assert call("POST", here, body, **good).status == 204
    assert [one.product_id for one in shop_news.waiting(store.shop.workspace, store.id, limit=9)] == [product]


@pytest.mark.requirement("R33")
def test_what_is_posted_and_known_already_costs_the_store_nothing(store: Connected) -> None:
    product, _ = store.counter.product("A")
    store.connect()
    store.settle()
    read, due = store.asked("ProductVariants"), store.shown()["next_run"]

    store.counter.control("add", product=product)
    assert set(store.deliver()) == {204}

    assert shop_news.waiting(store.shop.workspace, store.id, limit=9) == []
    assert (store.asked("ProductVariants"), store.shown()["next_run"]) == (read, due)


@pytest.mark.requirement("R38")
def test_a_store_that_posts_nothing_is_followed_by_schedule(store: Connected) -> None:
    _, (variant,) = store.counter.product("A")
    gone, _ = store.counter.product("GONE")
    store.connect({"access_token": store.counter.token()})
    store.settle()
    assert store.counter.store.tables["hook"] == {}
    assert "asked every 15 minutes" in str([one["log"] for one in store.runs()])

    store.later(60)
    store.counter.control("rename", variant=variant, sku="B")
    store.counter.control("delete_product", product=gone)
    store.run(after_minutes=16)
    assert store.skus == ["B", "GONE", "MUG", "TEE-1", "TEE-2"]
    read = store.asked("ProductVariants")
    store.run(after_minutes=16)
    assert store.asked("ProductVariants") == read

    store.later(300)
    store.settle()
    assert store.skus == ["B", "MUG", "TEE-1", "TEE-2"]
    assert store.asked("BulkRun") == 2


@pytest.mark.requirement("R33")
def test_a_run_by_hand_compares_the_whole_catalogue(store: Connected) -> None:
    store.connect()
    store.settle()
    store.counter.store.tables["hook"].clear()
    gone = next(iter(store.counter.store.products))
    store.counter.control("delete_product", product=gone)

    job = store.shop.call("POST", f"/v1/connections/{store.id}/run").body["job_id"]
    jobs_service.run(store.ctx, jobs.WORKS, store.shop.workspace, job)
    store.run(after_minutes=3)

    assert store.skus == ["MUG"]
    told = store.runs()[0]
    assert (told["by"].partition(":")[0], told["counts"]["gone"]) == ("key", 2)


@pytest.mark.requirement("R33")
def test_more_news_than_is_read_one_by_one_is_read_as_a_whole(
    store: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.connect()
    store.settle()
    monkeypatch.setattr("chalicelib.services.shop_news.MOST", 5)
    monkeypatch.setattr("chalicelib.services.shop_news._WRITES", 4)
    for number in range(9):
        store.counter.product(f"N-{number}")
    store.deliver()

    store.settle()

    assert len(store.skus) == 12
    assert (store.asked("BulkRun"), store.asked("ProductVariants")) == (2, 0)
    assert shop_news.waiting(store.shop.workspace, store.id, limit=9) == []


@pytest.mark.requirement("R36")
def test_a_reading_that_fails_or_arrives_in_part_drops_nothing_and_is_begun_anew(store: Connected) -> None:
    store.counter.control("seed", count=150)
    store.connect()
    store.settle()
    assert len(store.skus) == 153
    store.counter.product("LATER")

    store.later(400)
    store.run()
    (bulk,) = [one for one in store.counter.store.tables["bulk"].values() if one["_due"]]
    store.counter.control("bulk_fail", id=bulk["id"], code="INTERNAL_SERVER_ERROR")
    store.run()
    assert "INTERNAL_SERVER_ERROR" in store.runs()[0]["because"]
    assert len(store.skus) == 153
    store.run()
    store.counter.control("fault", kind="cut_body", operation="bulk")
    store.run(after_minutes=3)
    assert store.runs()[0]["state"] == "failed"
    assert store.shown()["state"] == "ok"
    assert len(store.skus) == 153

    for _ in range(3):
        store.run(after_minutes=4)
    assert len(store.skus) == 154
    assert store.shown()["state"] == "ok"


@pytest.mark.requirement("R36")
def test_a_run_whose_time_is_up_in_the_middle_goes_on_where_it_was(store: Connected) -> None:
    store.counter.control("seed", count=250)
    store.connect()
    store.run()
    whole = store.shop.ctx.settings
    store.later(2)
    store.shop = Shop(
        store.shop.ctx.__class__(**{**vars(store.shop.ctx), "settings": whole.model_copy(update={"job_run_s": 0})}),
        store.shop.workspace, store.shop.key,
    )  # fmt: skip
    for _ in range(2):
        store.run(after_minutes=0.5)
        assert 0 < len(store.skus) < 253
    for _ in range(3):
        store.run(after_minutes=0.5)

    assert len(store.skus) == 253
    assert catalogue.mirror(store.shop.workspace, store.id) is not None
    assert sum(one["counts"].get("added", 0) for one in store.runs()) == 253


@pytest.mark.requirement("R36")
def test_a_long_reading_in_which_nothing_changed_stays_in_one_hand(
    store: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.counter.control("seed", count=60)
    store.connect()
    store.settle()
    others: list[str] = []
    read = ShopifyShop.catalogue

    def slowly(shop: ShopifyShop, url: str) -> Iterator[Variant]:
        for one in read(shop, url):
            store.moment += timedelta(seconds=1)
            others.append(connection_runs.run(store.ctx, handler.KINDS, store.shop.workspace, store.id))
            yield one

    monkeypatch.setattr(ShopifyShop, "catalogue", slowly)
    store.later(400)
    for _ in range(3):
        store.run()

    assert len(others) == 63
    assert set(others) == {""}
    assert store.shown()["state"] == "ok"


class TestItsState:
    @pytest.mark.requirement("R38")
    def test_a_check_names_the_scopes_that_are_missing(self, store: Connected) -> None:
        store.connect()
        assert store.shop.call("POST", f"/v1/connections/{store.id}/check").body["state"] == "ok"

        store.counter.control("set", scopes=["read_products", "write_files"])
        told = store.shop.call("POST", f"/v1/connections/{store.id}/check").body

        assert (told["state"], "this scope: write_products." in told["because"]) == ("error", True)

    @pytest.mark.requirement("R38")
    def test_an_app_that_was_uninstalled_needs_new_credentials_and_goes_on_with_them(self, store: Connected) -> None:
        store.connect()
        store.settle()
        store.counter.control("uninstall")
        assert set(store.deliver()) == {204}
        store.run()
        assert store.shown()["state"] == "needs_reconnect"
        assert store.shown()["next_run"] is None
        store.deliver()
        assert store.run() == ""

        store.counter.store.set("installed", True)
        etag = store.shown()["etag"]
        changed = {"credentials": store.counter.world.accounts.app}
        assert store.shop.call("PATCH", f"/v1/connections/{store.id}", changed, If_Match=etag).status == 200
        store.run()
        assert store.shown()["state"] == "ok"
        assert store.skus == ["MUG", "TEE-1", "TEE-2"]

    def test_the_token_a_store_lends_is_kept_sealed_for_a_day_and_never_brings_old_credentials_back(
        self, store: Connected
    ) -> None:
        store.connect()
        store.settle()
        assert store.asked("token") == 1
        one = rows.get(store.shop.workspace, store.id)
        assert one
        sealed = secrets.get(store.shop.workspace, one.secret_id) or ""
        assert the_secret(store) not in sealed
        assert "shpat_" not in sealed

        store.later(24 * 60)
        etag = store.shown()["etag"]
        other = {"credentials": {"access_token": store.counter.token()}}
        store.shop.call("PATCH", f"/v1/connections/{store.id}", other, If_Match=etag)
        store.run()

        assert secrets.get(store.shop.workspace, one.secret_id) is None
        assert store.asked("token") == 1


@pytest.mark.requirement("R33", "RA6")
def test_several_stores_of_a_workspace_are_apart_and_a_connection_stays_with_its_store(
    store: Connected, counter: Counter
) -> None:
    first = store.connect()
    store.settle()
    store.counter = Counter(counter.world, counter.url, "two.myshopify.com")
    counter.world.shop("two.myshopify.com")
    store.counter.product("TWO")
    store.connect()
    store.settle()

    assert store.skus == ["TWO"]
    assert len(list(catalogue.every(store.shop.workspace, first))) == 3
    path, moved = f"/v1/connections/{first}", {"settings": {"shop": "two.myshopify.com"}}
    refused = store.shop.call("PATCH", path, moved)
    assert (refused.status, list(refused.body["fields"])) == (422, ["settings.shop"])
    twice = {"kind": "shopify", "name": "x", "settings": {"shop": "TWO"}, "credentials": {"access_token": "x"}}
    again = store.shop.call("POST", "/v1/connections", twice)
    assert (again.status, again.body["code"]) == (409, "already_connected")
    assert a_shop().call("POST", "/v1/connections", twice).status == 201


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("One.myshopify.com", "one.myshopify.com"), ("https://one.myshopify.com/", "one.myshopify.com"),
        ("https://admin.shopify.com/store/one", "one.myshopify.com"), ("one", "one.myshopify.com"),
        ("one.example.com", None), ("one.myshopify.com.example.com", None), ("", None), ("a b", None),
        ("http://169.254.169.254/", None),
    ],
)  # fmt: skip
def test_a_store_is_named_by_its_address_or_refused(shop: Shop, given: str, kept: str | None) -> None:
    asked = {"kind": "shopify", "name": "x", "settings": {"shop": given}, "credentials": {"access_token": "x"}}

    reply = shop.call("POST", "/v1/connections", asked)

    assert (reply.status, reply.body.get("settings", {}).get("shop")) == (201 if kept else 422, kept)
    if not kept:
        assert list(reply.body["fields"]) == ["settings.shop"]


@pytest.mark.parametrize(
    "credentials", [{}, {"client_id": "x"}, {"access_token": "x", "client_id": "x", "client_secret": "x"}, {"x": "y"}]
)
def test_credentials_that_open_no_store_are_refused(shop: Shop, credentials: dict[str, str]) -> None:
    asked = {"kind": "shopify", "name": "x", "settings": {"shop": "one"}, "credentials": credentials}

    assert shop.call("POST", "/v1/connections", asked).status == 422


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("is_away", [False, True])
def test_a_store_that_is_disconnected_posts_no_more_and_what_was_known_of_it_goes(
    store: Connected, is_away: bool
) -> None:
    store.connect()
    store.settle()
    store.counter.product("LATER")
    store.deliver()
    one = rows.get(store.shop.workspace, store.id)
    assert one
    if is_away:
        store.counter.control("set", answers=404)

    assert store.shop.call("DELETE", f"/v1/connections/{store.id}").status == 204
    (job,) = [each for each in store.shop.call("GET", "/v1/jobs").body["items"] if each["kind"] == "connection_left"]
    jobs_service.run(store.ctx, jobs.WORKS, store.shop.workspace, job["id"])

    assert len(store.counter.store.tables["hook"]) == (6 if is_away else 0)
    assert store.skus == []
    assert catalogue.mirror(store.shop.workspace, store.id) is None
    assert shop_news.waiting(store.shop.workspace, store.id, limit=9) == []
    assert secrets.get(store.shop.workspace, one.secret_id) is None
    assert store.run() == ""
