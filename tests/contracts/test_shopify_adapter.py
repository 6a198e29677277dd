"""The adapter of a Shopify store against the stand-in, over loopback: what the port promises, whatever goes wrong."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.adapters.shopify_admin import ShopifyShop
from chalicelib.domain.shop import FileChange, NewFile
from chalicelib.errors import InvalidInput, NotFound, TooLarge, UpstreamRejected, UpstreamUnavailable
from conformance import shopify
from tests.stores import MORNING, Counter, a_counter, picture


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with a_counter(tmp_path) as found:
        yield found


@pytest.fixture
def store(counter: Counter) -> Iterator[ShopifyShop]:
    found = a_store(counter)
    yield found
    found.close()


def a_store(counter: Counter, *, now: datetime = MORNING) -> ShopifyShop:
    """The store as its app sees it, with its own id and secret; waits pass in the store's time."""
    credentials = counter.world.accounts.app
    pattern = counter.url + "/{shop}"
    return ShopifyShop(pattern, counter.domain, credentials, now=lambda: now, spread=lambda: 0.5, sleep=counter.wait)


@pytest.mark.requirement("R35")
def test_every_variant_of_a_product_is_seen_however_many_there_are(counter: Counter, store: ShopifyShop) -> None:
    skus = [f"S-{number}" for number in range(501)]
    product, ids = counter.product(*skus, title="Shirt")
    shown = counter.file("a.jpg", picture(), product)
    store.show_on_variants(product, {ids[500]: shown})

    found, variants = store.product(product), store.variants(product)

    assert [one for one, _ in found.variant_media] == ids
    assert found.variant_media[500] == (ids[500], shown)
    assert [one.sku for one in variants] == skus
    assert {(one.product_id, one.product_title, one.active) for one in variants} == {(product, "Shirt", True)}
    assert counter.violations == []


def test_a_product_that_is_gone_is_said_to_be(store: ShopifyShop) -> None:
    for ask in (store.product, store.variants):
        with pytest.raises(NotFound):
            ask("gid://shopify/Product/404")


@pytest.mark.requirement("R37")
def test_a_file_of_ours_that_failed_can_be_deleted_and_deleting_it_again_is_no_error(
    counter: Counter, store: ShopifyShop
) -> None:
    staged = store.stage("broken.jpg", "image/jpeg", b"no picture")
    (made,), _ = store.make_files([NewFile("broken.jpg", staged, "")])
    counter.wait(5)
    assert store.files([made.id])[made.id].state == "failed"

    assert store.drop_files([made.id]) == ()
    assert store.drop_files([made.id]) == ()
    assert store.drop_files([]) == ()

    assert store.files([made.id]) == {}
    assert counter.violations == []


@pytest.mark.requirement("R38")
def test_the_bytes_of_a_file_can_be_read_back(counter: Counter, store: ShopifyShop) -> None:
    product, _ = counter.product("A-1")
    before, after = picture("red"), picture("blue")
    file_id = counter.file("a.jpg", before, product)
    (medium,) = store.product(product).media
    assert medium.url

    assert store.read(medium.url) == before

    store.change_files([FileChange(file_id, staged=store.stage("a.jpg", "image/jpeg", after))])
    counter.wait(5)
    url = store.files([file_id])[file_id].url
    assert url
    assert store.read(url) == after


@pytest.mark.requirement("R38")
@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/cdn/files/a.jpg", "https://127.0.0.1/a.jpg",
        "https://cdn.shopify.com.example.com/a.jpg", "https://user@cdn.shopify.com/a.jpg",
        "https://cdn.shopify.com:8443/a.jpg", "https://other.myshopify.com/a.jpg", "http://cdn.shopify.com/a.jpg",
        "file:///etc/passwd", "//cdn.shopify.com/a.jpg", "https://[::1/a.jpg", "",
    ],
)  # fmt: skip
def test_no_bytes_are_read_from_where_no_file_of_the_store_lies(store: ShopifyShop, address: str) -> None:
    with pytest.raises(UpstreamRejected) as refused:
        store.read(address)

    assert refused.value.code == "unsafe_address"


def test_a_file_that_breaks_off_leads_elsewhere_or_is_too_large_is_not_taken(
    counter: Counter, store: ShopifyShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    product, _ = counter.product("A-1")
    counter.file("a.jpg", picture(), product)
    url = store.product(product).media[0].url or ""

    counter.control("fault", kind="cut_body", operation="cdn")
    with pytest.raises(UpstreamUnavailable):
        store.read(url)
    counter.control("fault", kind="redirect", operation="cdn")
    with pytest.raises(UpstreamRejected):
        store.read(url)
    monkeypatch.setattr("chalicelib.adapters.shopify_admin.MOST_BYTES", 100)
    with pytest.raises(TooLarge):
        store.read(url)


class TestItsToken:
    """A store lends a token for 24 hours, or somebody has entered one that does not end."""

    @staticmethod
    def asked(counter: Counter) -> int:
        return sum(one["operation"] == "token" for one in counter.journal)

    @pytest.mark.requirement("R36")
    def test_one_token_serves_until_five_minutes_before_its_end(self, counter: Counter) -> None:
        app = counter.world.accounts.app
        moment = [MORNING]
        store = ShopifyShop(counter.url + "/{shop}", counter.domain, app, now=lambda: moment[0], spread=lambda: 0.5)

        for _ in range(3):
            assert store.missing_scopes() == ()
        assert self.asked(counter) == 1
        moment[0] += timedelta(hours=23, minutes=54)
        store.missing_scopes()
        assert self.asked(counter) == 1
        moment[0] += timedelta(minutes=2)
        store.missing_scopes()
        assert self.asked(counter) == 2

    def test_a_lent_token_serves_others_too(self, counter: Counter, store: ShopifyShop) -> None:
        assert store.lent == {}
        store.missing_scopes()
        credentials = {**counter.world.accounts.app, "lent": store.lent}

        other = ShopifyShop(
            counter.url + "/{shop}", counter.domain, credentials, now=lambda: MORNING, spread=lambda: 0.5
        )
        other.missing_scopes()

        assert self.asked(counter) == 1
        assert other.lent == {}

    def test_a_token_that_was_taken_back_is_renewed_once_and_then_new_credentials_are_needed(
        self, counter: Counter, store: ShopifyShop
    ) -> None:
        store.missing_scopes()
        counter.control("revoke")
        assert store.missing_scopes() == ()
        assert self.asked(counter) == 2

        counter.control("uninstall")
        with pytest.raises(UpstreamRejected) as refused:
            store.missing_scopes()
        assert refused.value.code == "needs_reconnect"

    def test_a_token_that_does_not_end_is_used_as_it_is_and_cannot_be_renewed(self, counter: Counter) -> None:
        given = {"access_token": counter.token()}
        store = ShopifyShop(counter.url + "/{shop}", counter.domain, given, now=lambda: MORNING, spread=lambda: 0.5)
        assert store.missing_scopes() == ()
        assert self.asked(counter) == 0

        counter.control("revoke")
        with pytest.raises(UpstreamRejected) as refused:
            store.missing_scopes()
        assert refused.value.code == "needs_reconnect"

    def test_neither_token_nor_secret_follows_a_redirect(self, counter: Counter, store: ShopifyShop) -> None:
        counter.control("fault", kind="redirect", operation="token")
        with pytest.raises(UpstreamRejected) as refused:
            store.missing_scopes()
        assert refused.value.code == "needs_reconnect"

        counter.control("fault", kind="redirect", operation="WhoAmI")
        with pytest.raises(UpstreamRejected):
            store.missing_scopes()
        assert all(one["operation"] in ("token", "WhoAmI") for one in counter.journal)

    def test_a_host_that_is_no_store_is_asked_nothing(self, counter: Counter) -> None:
        for host in (
            "evil.example",
            "a.myshopify.com.evil.example",
            "a.myshopify.com/x",
            "",
            "-a.myshopify.com",
            "a b",
        ):
            with pytest.raises(InvalidInput):
                ShopifyShop("https://{shop}", host, {}, now=lambda: MORNING, spread=lambda: 0.5)


@pytest.mark.requirement("R36")
def test_it_waits_as_long_as_the_store_asks_and_leaves_a_quarter_to_people(
    counter: Counter, store: ShopifyShop
) -> None:
    store.missing_scopes()
    counter.control("fault", kind="throttle", operation="WhoAmI")
    assert store.missing_scopes() == ()
    counter.control("fault", kind="http", operation="WhoAmI", status=429, headers={"Retry-After": "2.0"})
    assert store.missing_scopes() == ()
    assert store.cost_points > 0

    counter.control("fault", kind="http", operation="WhoAmI", status=429, headers={"Retry-After": "600"})
    with pytest.raises(UpstreamUnavailable):
        store.missing_scopes()


@pytest.mark.requirement("R36")
def test_what_changes_nothing_is_asked_again_and_a_change_is_not(counter: Counter, store: ShopifyShop) -> None:
    for kind in ("internal", "lost_reply", "drop", "broken_json", "cut_body"):
        counter.control("fault", kind=kind, operation="WhoAmI")
        assert store.missing_scopes() == ()

    staged = store.stage("a.jpg", "image/jpeg", picture())
    counter.control("fault", kind="lost_reply", operation="FileCreate")
    with pytest.raises(UpstreamUnavailable):
        store.make_files([NewFile("a.jpg", staged, "")])
    _, (taken,) = store.make_files([NewFile("a.jpg", staged, "")])
    assert taken.code == "FILENAME_ALREADY_EXISTS"
    assert counter.violations == []


@pytest.mark.requirement("R33")
def test_a_catalogue_is_read_whole_or_not_at_all(counter: Counter, store: ShopifyShop) -> None:
    counter.control("seed", count=600, variants_each=2)
    read = store.begin_catalogue()
    assert store.bulk(read).state == "running"
    counter.wait(60)
    state = store.bulk(read)
    assert (state.state, state.rows) == ("done", 600)

    found = list(store.catalogue(state.url or ""))
    assert len({one.id for one in found}) == 600
    for kind in ("cut_body", "http", "drop"):
        counter.control("fault", kind=kind, operation="bulk")
        with pytest.raises(UpstreamUnavailable):
            list(store.catalogue(state.url or ""))
    with pytest.raises(NotFound):
        store.bulk("gid://shopify/BulkOperation/404")


@pytest.mark.requirement("R33")
def test_products_that_changed_since_a_moment_of_the_store_are_named(counter: Counter, store: ShopifyShop) -> None:
    assert store.newest_change() is None
    first, variants = counter.product("A-1")
    counter.wait(3600)
    others = [counter.product(f"B-{number}")[0] for number in range(260)]
    newest = store.newest_change()
    assert newest == MORNING + timedelta(hours=1)

    assert [one for one, _ in store.changed_since(newest)] == others
    counter.wait(60)
    counter.control("rename", variant=variants[0], sku="A-2")
    assert [one for one, _ in store.changed_since(newest + timedelta(seconds=1))] == [first]
    assert counter.violations == []


@pytest.mark.requirement("R33")
def test_topics_are_followed_once_and_no_longer(counter: Counter, store: ShopifyShop) -> None:
    topics, here = ("PRODUCTS_UPDATE", "APP_UNINSTALLED"), "https://packshot.example/v1/hooks/shopify/a"
    store.follow("https://packshot.example/v1/hooks/shopify/other", topics)

    assert store.follow(here, topics) == topics
    assert store.follow(here, (*topics, "PRODUCTS_DELETE")) == ("PRODUCTS_DELETE",)
    store.unfollow(here)
    store.unfollow(here)

    assert [one["uri"] for one in counter.store.tables["hook"].values()] == [
        "https://packshot.example/v1/hooks/shopify/other"
    ] * 2
    assert counter.violations == []


def test_the_trial_for_real_stores_finds_the_stand_in_as_believed_and_leaves_nothing_behind(
    counter: Counter, store: ShopifyShop
) -> None:
    counter.product("A-1", "A-2")
    told: list[str] = []

    assert shopify.run(shopify.Trial(store, "https://packshot.example/hook", counter.wait), told.append), told

    assert len(told) == 12
    assert all(one.startswith("ok") for one in told)
    assert (counter.store.files, counter.store.tables["hook"]) == ({}, {})
    assert counter.violations == []


def test_the_trial_says_what_differs_and_takes_its_file_away(counter: Counter, store: ShopifyShop) -> None:
    counter.product("A-1")
    counter.control("set", scopes=["read_products", "read_files", "write_files"])
    counter.control("fault", kind="http", operation="cdn", status=404, times=99)
    told: list[str] = []

    assert not shopify.run(shopify.Trial(store, None, counter.wait), told.append)

    assert [one.partition(":")[0] for one in told if not one.startswith("ok")] == [
        "DIFFERS  the app has every scope", "DIFFERS  the bytes of a file can be read back",
        "DIFFERS  other bytes come under the same id and path",
    ]  # fmt: skip
    assert counter.store.files == {}


@pytest.mark.requirement("R35")
def test_bytes_are_staged_or_it_is_said_why_not(counter: Counter, store: ShopifyShop) -> None:
    with pytest.raises(TooLarge):
        store.stage("a.jpg", "image/jpeg", bytes(20 * 1000**2 + 1))
    assert counter.journal == []
    for kind, status, error in (
        ("http", 403, UpstreamRejected), ("redirect", 0, UpstreamRejected), ("http", 503, UpstreamUnavailable),
        ("drop", 0, UpstreamUnavailable),
    ):  # fmt: skip
        counter.control("fault", kind=kind, operation="upload", status=status)
        with pytest.raises(error):
            store.stage("a.jpg", "image/jpeg", picture())

    staged = store.stage("a.jpg", "image/jpeg", picture())
    (made,), refused = store.make_files([NewFile("a.jpg", staged, "A lamp")])
    counter.wait(5)

    assert refused == ()
    assert (store.files([made.id])[made.id].state, store.files([made.id])[made.id].alt) == ("ready", "A lamp")
