"""Products, webhooks and faults of the stand-in of Shopify."""

import http.server
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests

from chalicelib.adapters import shopify_operations as operations
from standins.shopify import hooks
from standins.shopify.clock import Clock
from standins.shopify.world import opened
from tests.stores import MORNING, Counter, a_counter, picture


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with a_counter(tmp_path) as found:
        yield found


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """An address, and what was posted to it; the first post to `/broken` and all others there fail."""
    got: list[tuple[dict[str, str], bytes]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(500 if self.path == "/broken" else 200)
            self.end_headers()

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", got
    server.shutdown()
    server.server_close()


def test_a_job_moves_media_one_after_the_other_when_its_time_has_come(counter: Counter) -> None:
    product, _ = counter.product("A-1")
    a, b, c = (counter.file(f"{one}.jpg", picture(), product) for one in "abc")
    moves = [{"id": c, "newPosition": "0"}, {"id": a, "newPosition": "2"}]
    job = counter.data(operations.REORDER, id=product, moves=moves)["job"]
    assert job["done"] is False
    assert counter.order(product) == [a, b, c]
    counter.wait(2)
    assert counter.data(operations.JOB_STATUS, id=job["id"])["done"] is True
    assert counter.order(product) == [c, b, a]


def test_only_what_hangs_on_a_product_is_moved_or_shown_on_its_variants(counter: Counter) -> None:
    product, variants = counter.product("A-1", "A-2")
    loose = counter.file("a.jpg", picture())
    told = counter.data(operations.REORDER, id=product, moves=[{"id": loose, "newPosition": "0"}])
    assert [one["code"] for one in told["mediaUserErrors"]] == ["MEDIA_DOES_NOT_EXIST_ON_PRODUCT"]

    counter.update(id=loose, referencesToAdd=[product])
    asked = [{"id": variants[0], "mediaId": loose}, {"id": "gid://shopify/ProductVariant/9", "mediaId": loose}]
    told = counter.data(operations.VARIANT_IMAGES, productId=product, variants=asked)
    assert [one["media"]["nodes"] for one in told["productVariants"]] == [[{"id": loose}]]
    assert [(one["code"], one["field"][1]) for one in told["userErrors"]] == [("PRODUCT_VARIANT_DOES_NOT_EXIST", "1")]


def test_taking_a_picture_off_a_product_takes_it_off_its_variants(counter: Counter) -> None:
    product, variants = counter.product("A-1")
    file_id = counter.file("a.jpg", picture(), product)
    counter.data(operations.VARIANT_IMAGES, productId=product, variants=[{"id": variants[0], "mediaId": file_id}])
    counter.update(id=file_id, referencesToRemove=[product])
    (told,) = counter.control("dump")["products"]
    assert (told["media"], told["variants"][0]["medium"]) == ([], None)


def test_the_251st_medium_is_refused(counter: Counter) -> None:
    product, _ = counter.product("A-1")
    for _ in range(250):
        counter.control("add", product=product)
    file_id = counter.file("a.jpg", picture())
    assert counter.update(id=file_id, referencesToAdd=[product]) == ["PRODUCT_MEDIA_LIMIT_EXCEEDED"]


def test_product_set_takes_away_what_it_does_not_list_and_is_held_against_the_app(counter: Counter) -> None:
    product, _ = counter.product("A-1")
    counter.control("add", product=product)
    text = """mutation Set($i: ProductSetInput!, $at: ProductSetIdentifiers) {
      productSet(input: $i, identifier: $at) { product { id } userErrors { code } } }"""
    counter.data(text, i={"files": []}, at={"id": product})
    assert counter.order(product) == []
    assert any("productSet" in one for one in counter.violations)


def test_what_is_deprecated_is_held_against_the_app(counter: Counter) -> None:
    counter.ask("mutation M($i: ProductSetInput!) { productSet(input: $i) { product { id } } }", i={"title": "New"})
    counter.control("clear")
    asked = '[{filename: "a.jpg", mimeType: "image/jpeg", resource: PRODUCT_IMAGE}]'
    counter.ask(f"mutation {{ stagedUploadsCreate(input: {asked}) {{ stagedTargets {{ url }} }} }}")
    assert any("deprecated" in one for one in counter.violations)


def test_a_webhook_is_signed_over_its_raw_body(
    counter: Counter, receiver: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, got = receiver
    product, _ = counter.product("A-1")
    hook = {"uri": f"{url}/hook", "includeFields": ["id", "variants"]}
    assert counter.data(operations.HOOK_CREATE, topic="PRODUCTS_UPDATE", s=hook)["userErrors"] == []
    assert counter.data(operations.HOOK_CREATE, topic="PRODUCTS_UPDATE", s=hook)["userErrors"] != []
    assert counter.data(operations.HOOK_CREATE, topic="PRODUCTS_UPDATE", s={"uri": "http://1.2.3.4/"})["userErrors"]

    counter.control("add", product=product)
    counter.control("deliver", twice=True)

    assert len(got) == 2
    headers, body = got[0]
    assert headers["x-shopify-hmac-sha256"] == hooks.signature(counter.world.accounts.app["client_secret"], body)
    assert (headers["x-shopify-topic"], headers["x-shopify-shop-domain"]) == ("products/update", counter.domain)
    assert got[1][0]["x-shopify-event-id"] == headers["x-shopify-event-id"]
    assert b'"sku": "A-1"' in body
    assert b"handle" not in body

    counter.control("add", product=product)
    counter.control("deliver", bad_signature=True)
    assert got[2][0]["x-shopify-hmac-sha256"] != hooks.signature(counter.world.accounts.app["client_secret"], got[2][1])


def test_a_webhook_nobody_takes_is_tried_eight_times_more_and_then_gone(
    counter: Counter, receiver: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, got = receiver
    product, _ = counter.product("A-1")
    counter.data(operations.HOOK_CREATE, topic="PRODUCTS_UPDATE", s={"uri": f"{url}/broken"})
    counter.control("add", product=product)
    for _ in range(12):
        counter.control("deliver")
        counter.wait(4500)
    assert len(got) == 9
    assert counter.store.tables["hook"] == {}


class TestFaults:
    def test_throttled_once(self, counter: Counter) -> None:
        counter.control("fault", kind="throttle", operation="WhoAmI")
        told = counter.ask(operations.WHO_AM_I)
        assert told["errors"][0]["extensions"]["code"] == "THROTTLED"
        assert told["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 0
        counter.wait(1)
        assert "errors" not in counter.ask(operations.WHO_AM_I)

    @pytest.mark.parametrize("status", [429, 500, 502, 503])
    def test_a_status_with_a_page_instead_of_an_answer(self, counter: Counter, status: int) -> None:
        counter.control("fault", kind="http", status=status, headers={"Retry-After": "4.0"})
        reply = counter.post(operations.WHO_AM_I)
        assert (reply.status_code, reply.headers["Retry-After"], reply.text[:6]) == (status, "4.0", "<html>")

    @pytest.mark.parametrize(("kind", "is_done"), [("lost_reply", True), ("cut_body", True), ("drop", False)])
    def test_a_line_that_breaks_before_or_after_the_work_was_done(
        self, counter: Counter, kind: str, is_done: bool
    ) -> None:
        source = counter.stage("a.jpg", picture())
        counter.control("fault", kind=kind, operation="fileCreate")
        asked = {"originalSource": source, "filename": "a.jpg", "duplicateResolutionMode": "RAISE_ERROR"}
        with pytest.raises(requests.RequestException):
            counter.post(operations.FILE_CREATE, files=[asked])
        assert len(counter.store.files) == int(is_done)

    def test_a_read_that_is_behind(self, counter: Counter) -> None:
        product, _ = counter.product("A-1")
        file_id = counter.file("a.jpg", picture())
        counter.control("fault", kind="stale_read", operation="ProductMedia")
        counter.update(id=file_id, referencesToAdd=[product])
        assert counter.order(product) == []
        assert counter.order(product) == [file_id]

    def test_a_change_in_the_middle(self, counter: Counter) -> None:
        product, _ = counter.product("A-1")
        gone = [{"what": "delete_product", "product": product}]
        file_id = counter.file("a.jpg", picture())
        counter.control("fault", kind="before", operation="FileUpdate", do=gone)
        assert counter.update(id=file_id, referencesToAdd=[product]) == ["REFERENCE_TARGET_DOES_NOT_EXIST"]

    def test_broken_answers_redirects_and_errors_of_the_vendor(self, counter: Counter) -> None:
        counter.control("fault", kind="broken_json")
        with pytest.raises(requests.exceptions.JSONDecodeError):
            counter.post(operations.WHO_AM_I).json()
        counter.control("fault", kind="internal")
        assert counter.ask(operations.WHO_AM_I)["errors"][0]["extensions"]["code"] == "INTERNAL_SERVER_ERROR"

    def test_faults_fall_by_chance_in_the_same_order_for_the_same_seed(self, counter: Counter) -> None:
        def fallen() -> list[int]:
            counter.control("fault", kind="http", chance=0.5, times=100, seed=7)
            found = [counter.post(operations.WHO_AM_I).status_code for _ in range(12)]
            counter.control("clear")
            return found

        first = fallen()
        assert set(first) == {200, 502}
        assert fallen() == first

    def test_a_closed_shop_says_so_to_everybody(self, counter: Counter) -> None:
        counter.control("set", answers=402)
        assert counter.post(operations.WHO_AM_I).status_code == 402

    def test_a_token_revoked_in_the_middle(self, counter: Counter) -> None:
        token = counter.token()
        counter.control("fault", kind="before", do=[{"what": "revoke"}])
        assert counter.post(operations.WHO_AM_I, token=token).status_code == 401


def test_the_journal_says_what_was_asked_and_what_came_of_it(counter: Counter) -> None:
    counter.create("a.jpg", picture(), alt="Red")
    counter.create("a.jpg", picture())
    made = [one for one in counter.journal if one["operation"] == "FileCreate"]
    assert [(one["kind"], one["codes"], one["cost"]) for one in made] == [
        ("mutation", [], 10), ("mutation", ["FILENAME_ALREADY_EXISTS"], 10),
    ]  # fmt: skip
    assert [one["operation"] for one in counter.journal if one["kind"] == "http"] == ["upload", "upload"]


def test_everything_is_there_when_the_shops_open_again(counter: Counter) -> None:
    product, _ = counter.product("A-1")
    file_id = counter.file("a.jpg", picture("red"), product)
    counter.create("b.jpg", picture("blue"))
    again = opened(counter.world.place, Clock(counter.world.place, lambda: MORNING))
    store = again.shops[counter.domain]
    assert again.clock.now() == counter.world.clock.now()
    assert store.products[product]["_media"] == [file_id]
    assert store.bytes_of(store.files[file_id]["_digest"]) == picture("red")
    assert len(store.waiting) == 1


def test_the_pages_show_shops_and_products(counter: Counter) -> None:
    assert counter.domain in requests.get(counter.url, timeout=10).text
    assert "Merchant's buttons" in requests.get(f"{counter.base}/", timeout=10).text


SET = """mutation Set($i: ProductSetInput!, $at: ProductSetIdentifiers) { productSet(input: $i, identifier: $at) {
  product { id media(first: 9) { nodes { id alt } }
    variants(first: 9) { nodes { id sku media(first: 1) { nodes { id } } } } }
  userErrors { code } } }"""


def test_a_merchant_sets_products_whole_with_pictures_of_a_server_of_their_own(
    counter: Counter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("web")
    (folder / "own.jpg").write_bytes(picture("green"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/own.jpg"
    ours = counter.file("a.jpg", picture())
    value = {"optionName": "Size", "name": "S"}
    asked = {"title": "Lamp", "files": [{"originalSource": url, "alt": "Own"}, {"id": ours}],
             "variants": [{"sku": "L-1", "optionValues": [value], "file": {"id": ours}},
                          {"inventoryItem": {"sku": "L-2"}, "optionValues": [{**value, "name": "M"}]}]}  # fmt: skip
    made = counter.data(SET, i=asked)["product"]
    server.shutdown()
    server.server_close()
    counter.wait(5)

    first, second = made["media"]["nodes"]
    assert (first["alt"], second["id"]) == ("Own", ours)
    assert counter.poll(first["id"])["fileStatus"] == "READY"
    assert [(one["sku"], one["media"]["nodes"]) for one in made["variants"]["nodes"]] == [
        ("L-1", [{"id": ours}]), ("L-2", []),
    ]  # fmt: skip

    again = {"files": [{"id": ours}], "variants": [{"sku": "L-2", "optionValues": [value]}]}
    told = counter.data(SET, i=again, at={"id": made["id"]})["product"]
    assert [one["id"] for one in told["media"]["nodes"]] == [ours]
    assert [one["id"] for one in told["variants"]["nodes"]] == [made["variants"]["nodes"][1]["id"]]
    assert len(counter.store.variants) == 1


def test_without_a_path_the_shop_is_the_one_the_host_names_or_the_first(counter: Counter) -> None:
    counter.control("shop", shop="two.myshopify.com", name="Two")
    other = Counter(counter.world, counter.url, "two.myshopify.com")
    for headers, shop in (({}, counter), ({"Host": other.domain}, other)):
        reply = requests.post(
            f"{counter.url}/admin/api/{operations.VERSION}/graphql.json", json={"query": operations.WHO_AM_I},
            headers={"X-Shopify-Access-Token": shop.token(), **headers}, timeout=10,
        )  # fmt: skip
        assert reply.json()["data"]["shop"]["myshopifyDomain"] == shop.domain
