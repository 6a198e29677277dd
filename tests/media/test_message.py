"""The message contract: what is sent fits the schema, and what does not fit is refused before any work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import media
from media import app, message
from media.message import BadMessage
from media.supervise import Pool
from tests.media import drawn
from tests.media.conftest import Asker, Store

SCHEMA = json.loads((Path(media.__file__).parent / "message.schema.json").read_text())


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_request_fits_the_schema(ask: Asker) -> None:
    _validator("request").validate(ask.message())


@pytest.mark.parametrize(
    "body",
    [
        drawn.saved(drawn.corners(), "JPEG"),
        drawn.saved(drawn.corners(mode="RGBA"), "PNG"),
        drawn.saved(drawn.corners(), "JPEG")[:900],
        drawn.png(50_000, 50_000),
        b"",
        b"only words",
        bytes(range(256)),
    ],
    ids=["photo", "alpha", "cut short", "bomb", "empty", "text", "unknown"],
)
def test_every_answer_fits_the_schema(ask: Asker, body: bytes) -> None:
    told = ask(body)

    _validator("answer").validate(told.answer)
    assert told.answer["size_bytes"] == len(body)
    assert len(told.answer["sha256"]) == 64


def test_an_answer_without_a_download_fits_the_schema(ask: Asker) -> None:
    _validator("answer").validate(ask(bytes(5000), max_bytes=1000).answer)


def test_an_answer_full_of_metadata_fits_the_schema(ask: Asker) -> None:
    packet = drawn.xmp(drawn.bag("dc:subject", "a", "b") + drawn.bag("dc:title", "T", kind="Alt"))
    body = drawn.with_segments(
        drawn.saved(drawn.corners(), "JPEG"), drawn.xmp_segment(packet), drawn.iptc_segment((55, "20240102"))
    )

    told = ask(body)

    _validator("answer").validate(told.answer)
    assert told.facts["keywords"] == ["a", "b"]
    assert told.facts["captured_at"] == "2024-01-02T00:00:00"


def _without(request: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key != name}


@pytest.mark.parametrize("name", ["v", "get_url", "limits", "recipe", "puts"])
def test_a_request_that_lacks_a_field_is_refused(ask: Asker, pool: Pool, name: str) -> None:
    with pytest.raises(BadMessage):
        pool.run(_without(ask.message(), name))


def test_a_pipeline_from_the_future_is_refused_by_name(ask: Asker, pool: Pool) -> None:
    request = ask.message()
    request["recipe"]["pipeline"] = 2

    with pytest.raises(BadMessage, match="asks for pipeline 2; this function knows only 1"):
        pool.run(request)


@pytest.mark.parametrize(
    "change",
    [{"format": "jpeg"}, {"long_side_px": 0}, {"long_side_px": 20_000}, {"quality": 101}, {"name": "../x"}],
)
def test_a_rendition_that_cannot_be_made_is_refused(ask: Asker, change: dict[str, Any]) -> None:
    request = ask.message()
    request["recipe"]["renditions"][0] |= change

    with pytest.raises(BadMessage):
        message.parse(request)


def test_a_rendition_without_a_place_to_go_is_refused(ask: Asker) -> None:
    request = ask.message()
    request["puts"] = request["puts"][1:]

    with pytest.raises(BadMessage, match="large"):
        message.parse(request)


@pytest.mark.parametrize("value", [0, -1, 1.5, "20", True, None])
def test_a_limit_that_is_no_limit_is_refused(ask: Asker, value: Any) -> None:
    request = ask.message()
    request["limits"]["cpu_s"] = value

    with pytest.raises(BadMessage, match="cpu_s"):
        message.parse(request)


def test_the_lambda_entry_point_answers(ask: Asker, store: Store) -> None:
    store.objects["/original"] = drawn.saved(drawn.corners(), "JPEG")

    answer = app.handler(ask.message(), None)
    app._pool().close()

    assert answer["outcome"] == "ok"
    assert "/put/large" in store.objects
