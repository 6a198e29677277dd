"""Files of the stand-in of Shopify: staged, made, read some time later, changed and deleted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from chalicelib.adapters import shopify_operations as operations
from tests.contracts.test_shopify_standin import codes
from tests.stores import Counter, a_counter, picture


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with a_counter(tmp_path) as found:
        yield found


def test_bytes_are_read_some_time_after_they_came(counter: Counter) -> None:
    file_id = counter.create("a.jpg", picture(size=(60, 40)), alt="Red")["files"][0]["id"]
    assert counter.poll(file_id)["fileStatus"] == "UPLOADED"
    counter.wait(1)
    assert (counter.poll(file_id)["fileStatus"], counter.poll(file_id)["image"]) == ("PROCESSING", None)
    counter.wait(3)
    told = counter.poll(file_id)
    assert (told["fileStatus"], told["image"]["width"], told["image"]["height"]) == ("READY", 60, 40)
    assert requests.get(told["image"]["url"], timeout=10).content == picture(size=(60, 40))


@pytest.mark.parametrize(
    ("name", "body", "because"),
    [
        ("a.jpg", b"no picture", "UNSUPPORTED_IMAGE_FILE_TYPE"),
        ("a.jpg", picture(size=(900, 900))[:2000], "IMAGE_PROCESSING_FAILURE"),
        ("a.jpg", picture(size=(5000, 4001)), "INVALID_IMAGE_RESOLUTION"),
        ("a.jpg", picture(size=(1010, 10)), "INVALID_IMAGE_ASPECT_RATIO"),
        ("a.jpg", picture(kind="PNG"), "UNSUPPORTED_IMAGE_FILE_TYPE"),
    ],
)
def test_a_picture_that_will_not_do_fails(counter: Counter, name: str, body: bytes, because: str) -> None:
    file_id = counter.create(name, body)["files"][0]["id"]
    counter.wait(5)
    told = counter.poll(file_id)
    assert (told["fileStatus"], [one["code"] for one in told["fileErrors"]]) == ("FAILED", [because])


def test_bytes_that_never_came_fail_as_a_download(counter: Counter) -> None:
    asked = {"filename": "a.jpg", "mimeType": "image/jpeg", "resource": "IMAGE", "httpMethod": "POST"}
    (target,) = counter.data(operations.STAGED_UPLOADS, input=[asked])["stagedTargets"]
    made = counter.data(operations.FILE_CREATE, files=[
        {"originalSource": target["resourceUrl"], "filename": "a.jpg", "duplicateResolutionMode": "RAISE_ERROR"}
    ])  # fmt: skip
    counter.wait(5)
    assert counter.poll(made["files"][0]["id"])["fileErrors"][0]["code"] == "IMAGE_DOWNLOAD_FAILURE"


def test_a_staged_form_must_be_whole_in_time_and_have_the_file_last(counter: Counter) -> None:
    asked = {"filename": "a.jpg", "mimeType": "image/jpeg", "resource": "IMAGE", "httpMethod": "POST"}
    (target,) = counter.data(operations.STAGED_UPLOADS, input=[asked])["stagedTargets"]
    form = {one["name"]: one["value"] for one in target["parameters"]}
    file = {"file": ("a.jpg", picture(), "image/jpeg")}
    short = {name: value for name, value in form.items() if name != "policy"}
    assert requests.post(target["url"], data=short, files=file, timeout=10).status_code == 403
    assert requests.post(target["url"], files=file, timeout=10).status_code == 400
    early = [("file", ("a.jpg", picture(), "image/jpeg")), *((name, (None, value)) for name, value in form.items())]
    assert requests.post(target["url"], files=early, timeout=10).status_code == 400
    counter.wait(86_400)
    assert requests.post(target["url"], data=form, files=file, timeout=10).status_code == 403


def test_a_name_that_is_taken_is_refused_and_found_only_after_a_while(counter: Counter) -> None:
    counter.create("a.jpg", picture())
    assert codes(counter.create("A.jpg", picture())) == ["FILENAME_ALREADY_EXISTS"]
    asked = {"q": "filename:'a.jpg'", "first": 10}
    assert counter.data(operations.FILES_BY_NAME, **asked)["nodes"] == []
    counter.wait(10)
    assert len(counter.data(operations.FILES_BY_NAME, **asked)["nodes"]) == 1
    assert counter.violations == []


def test_the_search_finds_more_than_was_asked_for_and_passes_over_what_it_does_not_know(counter: Counter) -> None:
    counter.file("TEE-1.jpg", picture("red"))
    counter.file("TEE-1.jpg-2.jpg", picture("blue"))
    counter.wait(10)
    assert len(counter.data(operations.FILES_BY_NAME, q="filename:'TEE-1.jpg'", first=10)["nodes"]) == 2
    told = counter.ask(operations.FILES_BY_NAME, q="nope:'TEE-1.jpg'", first=10)
    assert len(told["data"]["files"]["nodes"]) == 2
    assert told["extensions"]["search"][0]["warnings"][0]["code"] == "invalid_field"


def test_a_twin_is_made_for_who_does_not_forbid_it_and_held_against_them(counter: Counter) -> None:
    counter.create("a.jpg", picture())
    assert codes(counter.create("a.jpg", picture(), duplicateResolutionMode="APPEND_UUID")) == []
    assert len(counter.store.files) == 2
    assert any("twin" in one for one in counter.violations)


def test_one_bad_file_of_many_is_named_and_the_others_are_made(counter: Counter) -> None:
    files = [
        {"originalSource": counter.stage(f"{one}.jpg", picture()), "filename": f"{one}.jpg",
         "alt": "x" * (513 if one == 1 else 512), "duplicateResolutionMode": "RAISE_ERROR"}
        for one in range(3)
    ]  # fmt: skip
    told = counter.data(operations.FILE_CREATE, files=files)
    assert [(one["code"], one["field"][:2]) for one in told["userErrors"]] == [
        ("ALT_VALUE_LIMIT_EXCEEDED", ["files", "1"])
    ]
    assert len(told["files"]) == 2


def test_new_bytes_keep_id_address_and_links(counter: Counter) -> None:
    product, variants = counter.product("A-1")
    file_id = counter.file("a.jpg", picture("red"), product)
    counter.data(operations.VARIANT_IMAGES, productId=product, variants=[{"id": variants[0], "mediaId": file_id}])
    before = counter.poll(file_id)["image"]["url"]

    assert counter.update(id=file_id, originalSource=counter.stage("b.jpg", picture("blue"))) == []
    assert counter.update(id=file_id, alt="Too early") == ["NON_READY_STATE"]
    counter.wait(5)

    after = counter.poll(file_id)["image"]["url"]
    assert (after.partition("?")[0], after != before) == (before.partition("?")[0], True)
    assert requests.get(after, timeout=10).content == picture("blue")
    assert counter.order(product) == [file_id]
    assert counter.control("dump")["products"][0]["variants"][0]["medium"] == file_id


def test_new_bytes_that_fail_leave_the_old_ones_once_that_is_acknowledged(counter: Counter) -> None:
    file_id = counter.file("a.jpg", picture("red"))
    assert counter.update(id=file_id, originalSource=counter.stage("b.png", b"x", "image/png")) == [
        "INVALID_FILENAME_EXTENSION"
    ]
    counter.update(id=file_id, originalSource=counter.stage("b.jpg", b"no picture"))
    counter.wait(5)
    assert counter.poll(file_id)["fileStatus"] == "FAILED"
    assert codes(counter.data(operations.FILE_ACKNOWLEDGE, ids=[file_id])) == []
    told = counter.poll(file_id)
    assert (told["fileStatus"], told["fileErrors"]) == ("READY", [])
    assert requests.get(told["image"]["url"], timeout=10).content == picture("red")
    assert codes(counter.data(operations.FILE_ACKNOWLEDGE, ids=[file_id])) == ["INVALID_FAILED_MEDIA_STATE"]


def test_a_file_that_is_not_ready_locked_or_gone_is_not_changed(counter: Counter) -> None:
    product, _ = counter.product("A-1")
    file_id = counter.create("a.jpg", picture())["files"][0]["id"]
    assert counter.update(id=file_id, referencesToAdd=[product]) == ["NON_READY_STATE"]
    counter.wait(5)
    counter.control("lock", file=file_id)
    assert counter.update(id=file_id, alt="x") == ["FILE_LOCKED"]
    counter.control("delete_file", file=file_id)
    assert counter.update(id=file_id, alt="x") == ["FILE_DOES_NOT_EXIST"]
    assert codes(counter.data(operations.FILE_DELETE, ids=[file_id])) == ["FILE_DOES_NOT_EXIST"]
    assert counter.data(operations.POLL_FILES, ids=[file_id]) == [None]


def test_deleting_what_another_made_is_held_against_the_app(counter: Counter) -> None:
    product, _ = counter.product("A-1")
    foreign = counter.control("add", product=product)["id"]
    counter.data(operations.FILE_DELETE, ids=[foreign])
    assert counter.order(product) == []
    assert len(counter.violations) == 1
