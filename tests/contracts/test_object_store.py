"""What every object store must do. Each sentence runs against S3 (the emulated one) and against memory."""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from botocore.config import Config

from chalicelib import wiring
from chalicelib.adapters.store_s3 import S3Store
from chalicelib.domain.permits import Permit
from chalicelib.errors import InvalidInput, NotFound, UpstreamUnavailable
from chalicelib.ports.objects import ObjectStore
from infra.local.loopback import free_port
from infra.local.stack import Stack
from tests.contracts.memory_store import MemoryStore

MIB = 1024**2
ODD_KEYS = [
    "plain.jpg",
    "two  blanks .jpg",
    "a+b.jpg",
    "a%2Fb.jpg",
    "100%.jpg",
    "👗 dress.jpg",
    "שמלה.jpg",
    "Ärmel.jpg",
    ".hidden",
    "CON",
    "ends.",
    "semi;colon&and=is?ask#hash.jpg",
    "quote\"'back\\slash.jpg",
    "n" * 255,
]


@dataclass
class Bench:
    """One adapter with what the suite must do behind its back."""

    store: ObjectStore
    put: Callable[..., str | None]
    """(bucket, key, body, metadata, tags) -> version"""
    dead: Callable[[], ObjectStore]
    """The same adapter when the store cannot be reached."""
    prefix: str


def s3_bench() -> Bench:
    ctx = wiring.context()
    client, name = boto3.client("s3"), ctx.settings.bucket

    def put(bucket: str, key: str, body: bytes, metadata: Any = None, tags: Any = None) -> str | None:
        tagging = {"Tagging": "&".join(f"{one}={value}" for one, value in tags.items())} if tags else {}
        answer = client.put_object(Bucket=name(bucket), Key=key, Body=body, Metadata=metadata or {}, **tagging)
        return answer.get("VersionId")

    def dead() -> ObjectStore:
        nowhere = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
        lost = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{free_port()}", config=nowhere)
        return S3Store(lost, ctx.settings)

    return Bench(ctx.store, put, dead, a_prefix())


def memory_bench(store: MemoryStore) -> Bench:
    def dead() -> ObjectStore:
        store.is_down = True
        return store

    return Bench(store, store.put, dead, a_prefix())


def a_prefix() -> str:
    return f"{secrets.token_hex(8)}/"


@pytest.fixture(params=["s3", "memory"])
def bench(request: pytest.FixtureRequest, stack: Stack) -> Iterator[Bench]:
    if request.param == "s3":
        yield s3_bench()
        return
    store = MemoryStore(lambda: datetime.now(UTC))
    yield memory_bench(store)
    store.close()


@pytest.fixture
def strict() -> Iterator[Bench]:
    """Memory alone: the emulated S3 joins whatever it gets. What S3 answers is replayed in `test_s3_answers`."""
    store = MemoryStore(lambda: datetime.now(UTC))
    yield memory_bench(store)
    store.close()


def send(signed: Any, body: bytes) -> requests.Response:
    return requests.put(signed.url, data=body, headers=dict(signed.headers), timeout=20)


def test_a_head_says_size_time_version_and_metadata(bench: Bench) -> None:
    key = bench.prefix + "a.jpg"
    version = bench.put("inbox", key, b"12345", {"title": "Red dress"})

    head = bench.store.head("inbox", key)

    assert (head.size_bytes, head.version, dict(head.metadata)) == (5, version, {"title": "Red dress"})
    assert abs(datetime.now(UTC) - head.modified_at) < timedelta(minutes=1)


def test_what_is_written_is_read_as_it_is_and_replaced_by_the_next(bench: Bench) -> None:
    key = bench.prefix + "a.ndjson"
    bench.store.write("audit", key, b"one", "application/x-ndjson")

    bench.store.write("audit", key, b"two\x00", "application/x-ndjson")

    assert bench.store.read("audit", key) == b"two\x00"


def test_a_range_is_cut_out_of_the_object_and_ends_where_it_ends(bench: Bench) -> None:
    key = bench.prefix + "a.bin"
    bench.put("originals", key, b"0123456789")
    read = bench.store.read_range

    assert [read("originals", key, *asked) for asked in ((0, 4), (4, 3), (9, 1), (7, 99))] == [
        b"0123", b"456", b"9", b"789",
    ]  # fmt: skip
    for start, name in ((10, key), (0, bench.prefix + "absent")):
        with pytest.raises(NotFound):
            read("originals", name, start, 1)


def test_parts_put_by_us_are_those_that_arrive_and_the_same_again_changes_nothing(bench: Bench) -> None:
    key, store = bench.prefix + "a.zip", bench.store
    parts_id = store.begin_parts("exports", key)

    first = [store.put_part("exports", key, parts_id, 1, b"a" * 5 * MIB) for _ in range(2)]
    last = store.put_part("exports", key, parts_id, 2, b"b")

    arrived = [(one.number, one.etag) for one in store.arrived_parts("exports", key, parts_id)]
    assert arrived == [(1, first[0]), (2, last)]
    assert first[0] == first[1]
    store.finish_parts("exports", key, parts_id, arrived)
    assert store.read("exports", key) == b"a" * 5 * MIB + b"b"
    with pytest.raises(NotFound):
        store.put_part("exports", key, parts_id, 3, b"late")
    store.drop_parts("exports", key, parts_id)


def test_a_head_without_a_version_is_that_of_the_newest(bench: Bench) -> None:
    key = bench.prefix + "a.jpg"
    first, second = bench.put("inbox", key, b"1"), bench.put("inbox", key, b"22")

    assert bench.store.head("inbox", key).version == second
    assert bench.store.head("inbox", key, first).size_bytes == 1


def test_where_no_versions_are_kept_there_is_no_version(bench: Bench) -> None:
    key = bench.prefix + "a.webp"

    bench.put("renditions", key, b"1")
    bench.put("renditions", key, b"22")

    assert bench.store.head("renditions", key).version is None
    assert [(one.version, one.size_bytes) for one in bench.store.versions("renditions", key)] == [(None, 2)]


def test_what_is_absent_is_not_found(bench: Bench) -> None:
    key, store = bench.prefix + "a.jpg", bench.store
    asked: list[Callable[[], object]] = [
        lambda: store.head("inbox", key),
        lambda: store.tags("inbox", key),
        lambda: store.read("inbox", key),
        lambda: list(store.blocks("inbox", key)),
        lambda: store.copy_original(key, None, key, 1),
    ]
    for ask in asked:
        with pytest.raises(NotFound):
            ask()


def test_a_version_that_was_deleted_is_not_found_while_the_others_are(bench: Bench) -> None:
    key, store = bench.prefix + "a.jpg", bench.store
    first, second = bench.put("inbox", key, b"1"), bench.put("inbox", key, b"22")

    store.delete("inbox", key, first)

    for ask in (store.head, store.tags):
        with pytest.raises(NotFound):
            ask("inbox", key, first)
    with pytest.raises(NotFound):
        store.copy_original(key, first, key, 1)
    assert store.head("inbox", key).version == second


def test_tags_are_those_of_the_version_and_empty_without_any(bench: Bench) -> None:
    key = bench.prefix + "a.jpg"
    first = bench.put("inbox", key, b"1", None, {"sku": "TS-100", "rating": "5"})
    second = bench.put("inbox", key, b"2")

    assert bench.store.tags("inbox", key, first) == {"sku": "TS-100", "rating": "5"}
    assert bench.store.tags("inbox", key, second) == {}


def test_a_copy_has_the_bytes_of_its_version_and_neither_metadata_nor_tags(bench: Bench) -> None:
    key, target = bench.prefix + "a.jpg", bench.prefix + "original"
    first = bench.put("inbox", key, b"first", {"title": "Red"}, {"sku": "TS-100"})
    bench.put("inbox", key, b"second")

    bench.store.copy_original(key, first, target, 5)

    assert bench.store.read("originals", target) == b"first"
    assert dict(bench.store.head("originals", target).metadata) == {}
    assert bench.store.tags("originals", target) == {}


def test_copying_twice_is_the_same_as_once(bench: Bench) -> None:
    key, target = bench.prefix + "a.jpg", bench.prefix + "original"
    version = bench.put("inbox", key, b"bytes")

    bench.store.copy_original(key, version, target, 5)
    bench.store.copy_original(key, version, target, 5)

    assert bench.store.read("originals", target) == b"bytes"


def test_deleting_what_is_gone_or_never_was_is_no_error(bench: Bench) -> None:
    key = bench.prefix + "a.jpg"
    version = bench.put("inbox", key, b"1")

    bench.store.delete("inbox", key, version)
    bench.store.delete("inbox", key, version)
    bench.store.delete("renditions", bench.prefix + "never.webp", None)

    assert list(bench.store.versions("inbox", bench.prefix)) == []


def test_versions_come_by_key_and_newest_first_within_a_key(bench: Bench) -> None:
    b_first = bench.put("inbox", bench.prefix + "b", b"1")
    a_first = bench.put("inbox", bench.prefix + "a", b"1")
    b_second = bench.put("inbox", bench.prefix + "b", b"22")
    a_second = bench.put("inbox", bench.prefix + "a", b"22")
    bench.put("inbox", a_prefix() + "a", b"elsewhere")

    found = [(one.key[-1], one.version, one.size_bytes) for one in bench.store.versions("inbox", bench.prefix)]

    assert found == [("a", a_second, 2), ("a", a_first, 1), ("b", b_second, 2), ("b", b_first, 1)]


@pytest.mark.parametrize("bucket", ["inbox", "originals"])
def test_deleting_without_a_version_hides_the_key_and_keeps_its_versions(bench: Bench, bucket: Any) -> None:
    key, other = bench.prefix + "a.jpg", bench.prefix + "b.jpg"
    version, kept = bench.put(bucket, key, b"1"), bench.put(bucket, other, b"2")

    bench.store.delete(bucket, key, None)

    found = [(one.key, one.version, one.is_current) for one in bench.store.versions(bucket, bench.prefix)]
    assert found == [(key, version, False), (other, kept, True)]
    with pytest.raises(NotFound):
        bench.store.head(bucket, key)


def test_only_the_newest_version_of_a_key_is_current(bench: Bench) -> None:
    for body in (b"1", b"22"):
        bench.put("inbox", bench.prefix + "a.jpg", body)

    assert [one.is_current for one in bench.store.versions("inbox", bench.prefix)] == [True, False]


def test_a_large_object_is_read_in_blocks_that_give_all_of_it(bench: Bench) -> None:
    key, body = bench.prefix + "a.tiff", bytes(range(256)) * 10_000
    bench.put("originals", key, body)

    blocks = list(bench.store.blocks("originals", key))

    assert b"".join(blocks) == body
    assert max(map(len, blocks)) <= 1024**2


def test_a_listing_longer_than_one_page_is_complete(bench: Bench) -> None:
    for number in range(1005):
        bench.put("inbox", f"{bench.prefix}{number:04}", b"")

    keys = [one.key for one in bench.store.versions("inbox", bench.prefix)]

    assert keys == [f"{bench.prefix}{number:04}" for number in range(1005)]


@pytest.mark.parametrize("name", ODD_KEYS)
def test_any_key_goes_in_and_comes_back_as_it_is(bench: Bench, name: str) -> None:
    key = bench.prefix + name
    signed = bench.store.presign_put("inbox", key, expires_s=60)

    assert send(signed, b"odd").status_code == 200

    (listed,) = bench.store.versions("inbox", bench.prefix)
    assert listed.key == key
    bench.store.copy_original(key, listed.version, key, 3)
    assert requests.get(bench.store.presign_get(Permit("originals", key, 60)), timeout=20).content == b"odd"
    bench.store.delete("inbox", key, listed.version)
    assert list(bench.store.versions("inbox", bench.prefix)) == []


def test_a_key_of_1024_bytes_is_kept(bench: Bench) -> None:
    key = bench.prefix + "/".join(["d" * 200] * 5)
    key += "k" * (1024 - len(key))

    assert send(bench.store.presign_put("inbox", key, expires_s=60), b"x").status_code == 200

    assert bench.store.head("inbox", key).size_bytes == 1


def test_a_signed_get_gives_the_bytes_to_anybody_under_the_name_of_the_permit(bench: Bench) -> None:
    key, name = bench.prefix + "a", 'Rotes "Kleid" 👗?.jpg'
    bench.put("originals", key, b"bytes")

    answer = requests.get(bench.store.presign_get(Permit("originals", key, 60, name, "image/jpeg")), timeout=20)

    assert (answer.status_code, answer.content) == (200, b"bytes")
    assert answer.headers["Content-Type"] == "image/jpeg"
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment;")
    assert "filename*=UTF-8''Rotes%20%22Kleid%22%20%F0%9F%91%97%3F.jpg" in said


def test_an_unknown_type_never_leaves_as_something_a_browser_opens(bench: Bench) -> None:
    key = bench.prefix + "a"
    bench.put("originals", key, b"<script>")

    answer = requests.get(bench.store.presign_get(Permit("originals", key, 60, "a.html")), timeout=20)

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_signing_a_get_never_checks_existence(bench: Bench) -> None:
    url = bench.store.presign_get(Permit("originals", bench.prefix + "never", 60))

    assert requests.get(url, timeout=20).status_code == 404


def test_a_signed_put_takes_the_object_with_the_headers_it_names(bench: Bench) -> None:
    key = bench.prefix + "a.webp"
    signed = bench.store.presign_put("renditions", key, expires_s=60, content_type="image/webp")

    answer = send(signed, b"picture")

    assert (answer.status_code, dict(signed.headers)) == (200, {"Content-Type": "image/webp"})
    assert bench.store.read("renditions", key) == b"picture"


def test_a_signed_put_with_another_type_is_refused(bench: Bench) -> None:
    signed = bench.store.presign_put("renditions", bench.prefix + "a", expires_s=60, content_type="image/webp")

    answer = requests.put(signed.url, data=b"x", headers={"Content-Type": "text/html"}, timeout=20)

    assert answer.status_code == 403
    assert list(bench.store.versions("renditions", bench.prefix)) == []


def test_an_address_opens_neither_another_key_nor_another_act(bench: Bench) -> None:
    key = bench.prefix + "a"
    bench.put("originals", key, b"bytes")
    url = bench.store.presign_get(Permit("originals", key, 60))
    at = len(urlsplit(url)._replace(query="").geturl())
    altered = url[: at - 1] + "b" + url[at:]

    assert requests.get(altered, timeout=20).status_code == 403
    assert requests.put(url, data=b"other", timeout=20).status_code == 403
    assert bench.store.read("originals", key) == b"bytes"


def test_addresses_are_over_when_their_time_is(bench: Bench) -> None:
    key = bench.prefix + "a"
    bench.put("originals", key, b"bytes")
    url = bench.store.presign_get(Permit("originals", key, 2))
    deadline = time.monotonic() + 20

    seen = [requests.get(url, timeout=20).status_code]
    while seen[-1] == 200 and time.monotonic() < deadline:
        seen.append(requests.get(url, timeout=20).status_code)

    assert (seen[0], seen[-1]) == (200, 403)


def test_a_signed_put_used_twice_leaves_one_object(bench: Bench) -> None:
    signed = bench.store.presign_put("renditions", bench.prefix + "a", expires_s=60)

    send(signed, b"same")
    send(signed, b"same")

    assert len(list(bench.store.versions("renditions", bench.prefix))) == 1


def parts_of(bench: Bench, key: str, *bodies: bytes) -> tuple[str, list[tuple[int, str]]]:
    parts_id = bench.store.begin_parts("inbox", key)
    etags = []
    for number, body in enumerate(bodies, 1):
        answer = send(bench.store.presign_part("inbox", key, parts_id, number, expires_s=60), body)
        etags.append((number, answer.headers["ETag"]))
    return parts_id, etags


@pytest.mark.requirement("R10")
def test_parts_become_one_object_in_their_order(bench: Bench) -> None:
    key = bench.prefix + "big.tif"
    parts_id, etags = parts_of(bench, key, b"a" * 5 * MIB, b"b" * 5 * MIB, b"c")

    bench.store.finish_parts("inbox", key, parts_id, etags)

    assert bench.store.read("inbox", key) == b"a" * 5 * MIB + b"b" * 5 * MIB + b"c"
    assert len(list(bench.store.versions("inbox", bench.prefix))) == 1


@pytest.mark.requirement("R10")
def test_parts_that_have_arrived_are_listed_by_number_whatever_order_they_came_in(bench: Bench) -> None:
    key = bench.prefix + "big.tif"
    parts_id = bench.store.begin_parts("inbox", key)
    etags = {}
    for number, size in ((3, 1), (1, 5 * MIB), (3, 2)):
        answer = send(bench.store.presign_part("inbox", key, parts_id, number, expires_s=60), bytes(size))
        etags[number] = answer.headers["ETag"]

    arrived = bench.store.arrived_parts("inbox", key, parts_id)

    assert [(one.number, one.size_bytes) for one in arrived] == [(1, 5 * MIB), (3, 2)]
    assert {one.number: one.etag.strip('"') for one in arrived} == {n: one.strip('"') for n, one in etags.items()}


def test_a_small_object_is_put_whole_and_over_what_was_there(bench: Bench) -> None:
    key = f"{bench.prefix}a"

    bench.store.put("inbox", key, b"one")
    bench.store.put("inbox", key, b"two")

    assert bench.store.read("inbox", key) == b"two"
    assert [one.size_bytes for one in bench.store.versions("inbox", key)] == [3, 3]


def test_parts_that_we_put_become_the_object_and_a_part_put_again_replaces_itself(bench: Bench) -> None:
    key, big = f"{bench.prefix}film", b"a" * (5 * MIB)
    parts_id = bench.store.begin_parts("inbox", key)

    bench.store.put_part("inbox", key, parts_id, 1, b"b" * (5 * MIB))
    first = bench.store.put_part("inbox", key, parts_id, 1, big)
    last = bench.store.put_part("inbox", key, parts_id, 2, b"end")
    bench.store.finish_parts("inbox", key, parts_id, [(1, first), (2, last)])

    assert bench.store.read("inbox", key) == big + b"end"
    with pytest.raises(NotFound):
        bench.store.put_part("inbox", key, parts_id, 3, b"late")


def test_parts_that_were_given_up_make_nothing_and_giving_up_again_is_no_error(bench: Bench) -> None:
    key = f"{bench.prefix}film"
    parts_id = bench.store.begin_parts("inbox", key)
    etag = bench.store.put_part("inbox", key, parts_id, 1, b"some")

    bench.store.drop_parts("inbox", key, parts_id)
    bench.store.drop_parts("inbox", key, parts_id)

    with pytest.raises(NotFound):
        bench.store.put_part("inbox", key, parts_id, 1, b"some")
    with pytest.raises(NotFound):
        bench.store.finish_parts("inbox", key, parts_id, [(1, etag)])
    assert list(bench.store.versions("inbox", key)) == []


def test_nothing_is_there_before_the_parts_are_finished(bench: Bench) -> None:
    key = bench.prefix + "big.tif"
    parts_of(bench, key, b"only")

    with pytest.raises(NotFound):
        bench.store.head("inbox", key)
    assert list(bench.store.versions("inbox", bench.prefix)) == []


def test_each_begin_is_another_upload(bench: Bench) -> None:
    key = bench.prefix + "big.tif"
    first, _ = parts_of(bench, key, b"of the first")

    second = bench.store.begin_parts("inbox", key)

    assert first != second
    assert bench.store.arrived_parts("inbox", key, second) == []


def test_an_upload_that_is_over_or_unknown_is_not_found(bench: Bench) -> None:
    key = bench.prefix + "big.tif"
    over, etags = parts_of(bench, key, b"only")
    bench.store.finish_parts("inbox", key, over, etags)

    for parts_id in (over, "unknown" * 6):
        with pytest.raises(NotFound):
            bench.store.arrived_parts("inbox", key, parts_id)
    with pytest.raises(NotFound):
        bench.store.finish_parts("inbox", key, "unknown" * 6, etags)


def test_finishing_again_makes_no_second_object(bench: Bench) -> None:
    key = bench.prefix + "big.tif"
    parts_id, etags = parts_of(bench, key, b"only")
    bench.store.finish_parts("inbox", key, parts_id, etags)

    with contextlib.suppress(NotFound):
        bench.store.finish_parts("inbox", key, parts_id, etags)

    assert len(list(bench.store.versions("inbox", bench.prefix))) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda etags: [*etags, (3, '"' + "0" * 32 + '"')], id="one that never came"),
        pytest.param(lambda etags: [(1, '"' + "0" * 32 + '"'), etags[1]], id="other bytes"),
    ],
)
def test_parts_that_do_not_fit_are_refused_and_can_be_finished_right_afterwards(bench: Bench, spoil: Any) -> None:
    key = bench.prefix + "big.tif"
    parts_id, etags = parts_of(bench, key, b"a" * 5 * MIB, b"b")

    with pytest.raises(InvalidInput):
        bench.store.finish_parts("inbox", key, parts_id, spoil(etags))

    bench.store.finish_parts("inbox", key, parts_id, etags)
    assert bench.store.head("inbox", key).size_bytes == 5 * MIB + 1


@pytest.mark.parametrize(
    ("bodies", "spoil"),
    [
        pytest.param((b"a" * 5 * MIB, b"b"), lambda etags: etags[::-1], id="out of order"),
        pytest.param((b"a" * 5 * MIB, b"b"), lambda _: [], id="none"),
        pytest.param((b"small", b"last"), lambda etags: etags, id="too small"),
    ],
)
def test_parts_that_cannot_be_joined_are_refused(strict: Bench, bodies: tuple[bytes, ...], spoil: Any) -> None:
    key = strict.prefix + "big.tif"
    parts_id, etags = parts_of(strict, key, *bodies)

    with pytest.raises(InvalidInput):
        strict.store.finish_parts("inbox", key, parts_id, spoil(etags))


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda store: store.head("inbox", "a"), id="head"),
        pytest.param(lambda store: store.tags("inbox", "a"), id="tags"),
        pytest.param(lambda store: store.copy_original("a", None, "a", 1), id="copy"),
        pytest.param(lambda store: store.delete("inbox", "a", None), id="delete"),
        pytest.param(lambda store: store.read("inbox", "a"), id="read"),
        pytest.param(lambda store: store.read_range("inbox", "a", 0, 1), id="read range"),
        pytest.param(lambda store: list(store.versions("inbox")), id="versions"),
        pytest.param(lambda store: store.begin_parts("inbox", "a"), id="begin"),
        pytest.param(lambda store: store.arrived_parts("inbox", "a", "u"), id="arrived"),
        pytest.param(lambda store: store.finish_parts("inbox", "a", "u", [(1, "e")]), id="finish"),
    ],
)
def test_a_store_that_does_not_answer_is_unavailable_which_can_be_tried_again(bench: Bench, ask: Any) -> None:
    store = bench.dead()

    with pytest.raises(UpstreamUnavailable) as caught:
        ask(store)

    assert caught.value.retryable


def test_every_address_is_signed_with_the_fourth_version_and_ends(stack: Stack) -> None:
    store = wiring.context().store
    parts_id = store.begin_parts("inbox", "a")
    urls = [
        store.presign_get(Permit("originals", "a", 61)),
        store.presign_put("inbox", "a", expires_s=61).url,
        store.presign_part("inbox", "a", parts_id, 1, expires_s=61).url,
    ]

    for url in urls:
        asked = parse_qs(urlsplit(url).query)
        assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
        assert asked["X-Amz-Expires"] == ["61"]
    typed = store.presign_put("inbox", "a", expires_s=61, content_type="image/webp").url
    assert "content-type" in parse_qs(urlsplit(typed).query)["X-Amz-SignedHeaders"][0]
