"""What every picture function must do. Each sentence runs against the function behind Lambda Invoke with the
emulated S3, and against the function called in this process with the store in memory.

The messages are those that the product builds; they and the answers are held to `media/message.schema.json`.
"""

import dataclasses
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from jsonschema import Draft202012Validator

from chalicelib import wiring
from chalicelib.adapters.media_lambda import LambdaMedia
from chalicelib.domain import recipes
from chalicelib.domain.ids import VersionId, WorkspaceId
from chalicelib.errors import UpstreamUnavailable
from chalicelib.ports.aws import Media
from chalicelib.ports.context import Context
from chalicelib.services import pictures
from infra.local.lambda_endpoint import Endpoint
from infra.local.loopback import free_port
from infra.local.stack import Stack
from media.supervise import Pool
from tests.builders import a_photo
from tests.contracts.memory_store import MemoryStore

SCHEMA = json.loads((Path(__file__).parents[2] / "media" / "message.schema.json").read_text())


class DirectMedia:
    """The picture function in this process; messages and answers pass through JSON as they would on the wire."""

    def __init__(self) -> None:
        self._pool = Pool(1)

    def make(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            answer = json.loads(json.dumps(self._pool.run(json.loads(json.dumps(message)))))
        except Exception as problem:
            raise UpstreamUnavailable("The picture function failed.") from problem
        return dict(answer)

    def close(self) -> None:
        self._pool.close()


class Overheard:
    """Passes messages on, and keeps what was said on both sides."""

    def __init__(self, media: Media) -> None:
        self.media, self.message, self.answer = media, dict[str, Any](), dict[str, Any]()

    def make(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        self.message, self.answer = dict(message), {}
        self.answer = dict(self.media.make(message))
        return self.answer


@dataclass
class Bench:
    """A context whose media is under test, and where one version's bytes lie."""

    ctx: Context
    wire: Overheard
    workspace: WorkspaceId
    version: VersionId

    def ask(self, body: bytes) -> dict[str, Any]:
        """The answer about these bytes, by the way the product asks."""
        key = recipes.original_key(self.workspace, self.version)
        if isinstance(self.ctx.store, MemoryStore):
            self.ctx.store.put("originals", key, body)
        else:
            boto3.client("s3").put_object(Bucket=self.ctx.settings.bucket("originals"), Key=key, Body=body)
        return dict(pictures.make(self.ctx, self.workspace, self.version))

    def pictures(self) -> dict[str, bytes]:
        """The renditions that lie in the store."""
        below = f"{self.workspace}/{self.version}/"
        listed = [one.key for one in self.ctx.store.versions("renditions", below)]
        return {key: self.ctx.store.read("renditions", key) for key in listed}


@pytest.fixture(scope="module")
def direct() -> Iterator[DirectMedia]:
    made = DirectMedia()
    yield made
    made.close()


@pytest.fixture(params=["lambda", "direct"])
def bench(request: pytest.FixtureRequest, stack: Stack, direct: DirectMedia) -> Iterator[Bench]:
    ctx, store = wiring.context(), MemoryStore(lambda: datetime.now(UTC))
    wire = Overheard(ctx.media if request.param == "lambda" else direct)
    used = ctx.store if request.param == "lambda" else store
    workspace, version = WorkspaceId(ctx.new_id()), VersionId(ctx.new_id())
    yield Bench(dataclasses.replace(ctx, store=used, media=wire), wire, workspace, version)
    store.close()


def fits(name: str, value: Any) -> None:
    Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}).validate(value)


def test_a_photograph_gets_facts_and_every_rendition_of_the_recipe(bench: Bench) -> None:
    body = a_photo(size=(640, 480))

    answer = bench.ask(body)

    assert (answer["outcome"], answer["reason"]) == ("ok", None)
    assert (answer["sha256"], answer["size_bytes"]) == (hashlib.sha256(body).hexdigest(), len(body))
    assert (answer["facts"]["width_px"], answer["facts"]["height_px"]) == (640, 480)
    assert answer["type"] == {"mime": "image/jpeg", "format": "jpeg", "kind": "image"}
    sizes = {one["name"]: one["size_bytes"] for one in answer["renditions"]}
    keys = recipes.rendition_keys(bench.workspace, bench.version)
    assert {name: len(bench.pictures()[key]) for name, key in keys.items()} == sizes


def test_the_same_message_gives_the_same_answer_and_the_same_bytes(bench: Bench) -> None:
    body = a_photo(7)

    first, first_pictures = bench.ask(body), bench.pictures()
    second, second_pictures = bench.ask(body), bench.pictures()

    assert first == second
    assert first_pictures == second_pictures
    assert len(second_pictures) == len(recipes.STEPS)


@pytest.mark.requirement("RF4")
@pytest.mark.parametrize(
    ("body", "outcome", "is_refused"),
    [
        pytest.param(a_photo(), "ok", False, id="a photograph"),
        pytest.param(b"only words\n" * 9, "unsupported", False, id="no picture"),
        pytest.param(a_photo()[:3000], "corrupt", True, id="cut short"),
        pytest.param(b"\xff\xd8\xff\xe0" + bytes(500), "corrupt", True, id="only a beginning"),
    ],
)
def test_every_outcome_is_one_the_product_knows(bench: Bench, body: bytes, outcome: str, is_refused: bool) -> None:
    answer = bench.ask(body)

    assert answer["outcome"] == outcome
    assert (pictures.refusal_in(answer) is not None) == is_refused
    assert bool(pictures.renditions_in(answer, bench.workspace, bench.version)) == (outcome == "ok")
    assert bool(bench.pictures()) == (outcome == "ok")


def test_what_is_over_a_limit_of_the_message_is_an_outcome_with_a_reason(bench: Bench) -> None:
    settings = bench.ctx.settings.model_copy(update={"max_pixels": 100})
    bench.ctx = dataclasses.replace(bench.ctx, settings=settings)

    answer = bench.ask(a_photo())

    refusal = pictures.refusal_in(answer)
    assert answer["outcome"] == "limit"
    assert refusal is not None
    assert refusal.reason == answer["reason"]


@pytest.mark.parametrize("body", [a_photo(), a_photo(kind="PNG"), a_photo()[:3000], b"words", b""])
def test_message_and_answer_fit_the_schema_on_the_side_of_the_product(bench: Bench, body: bytes) -> None:
    bench.ask(body)

    fits("request", bench.wire.message)
    fits("answer", bench.wire.answer)


def test_a_file_that_cannot_be_fetched_is_nothing_known_and_not_an_outcome(bench: Bench) -> None:
    with pytest.raises(UpstreamUnavailable) as caught:
        pictures.make(bench.ctx, bench.workspace, bench.version)

    assert caught.value.retryable
    assert bench.pictures() == {}


def test_a_message_of_an_unknown_version_is_refused_and_never_half_done(bench: Bench) -> None:
    bench.ask(a_photo())
    message = {**bench.wire.message, "v": 2}

    with pytest.raises(UpstreamUnavailable):
        bench.wire.media.make(message)


def test_a_function_that_cannot_be_reached_is_unavailable(stack: Stack) -> None:
    nowhere = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    client = boto3.client("lambda", endpoint_url=f"http://127.0.0.1:{free_port()}", config=nowhere)

    with pytest.raises(UpstreamUnavailable):
        LambdaMedia(client, wiring.context().settings).make({})


@pytest.mark.parametrize("answer", [{}, {"outcome": None}, {"outcome": "perhaps"}, ["ok"], None, "ok"])
def test_an_answer_without_an_outcome_is_no_answer(stack: Stack, answer: Any) -> None:
    settings = wiring.context().settings
    server = Endpoint(0, settings.media_function, lambda _: answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    client = boto3.client("lambda", endpoint_url=f"http://127.0.0.1:{server.server_port}")

    with pytest.raises(UpstreamUnavailable):
        LambdaMedia(client, settings).make({})

    client.close()
    server.shutdown()
    server.server_close()
    thread.join()
