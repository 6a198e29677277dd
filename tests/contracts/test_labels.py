"""What every service of labels must do. Each sentence runs against Rekognition (played) and against memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.adapters.rekognition import MOST_BYTES, RekognitionLabels
from chalicelib.domain.labels import Label
from chalicelib.errors import Busy, UpstreamRejected, UpstreamUnavailable
from chalicelib.ports.labels import Labels
from infra.local.loopback import free_port
from standins.rekognition import contract
from standins.rekognition.server import World, running
from tests.builders import a_photo

_SAID = [
    {"Name": "Velvet", "Confidence": 61.0, "Parents": []},
    {"Name": "Sneaker", "Confidence": 93.0, "Parents": [{"Name": "Shoe"}, {"Name": "Footwear"}]},
    {"Name": "Silk", "Confidence": 12.0, "Parents": []},
]
_HEARD = [Label("Sneaker", 0.93, ("Shoe", "Footwear")), Label("Velvet", 0.61)]


@dataclass
class MemoryLabels:
    """Says the same of every picture that begins as one does."""

    faults: list[str] = field(default_factory=list)
    asked: int = 0
    is_there: bool = True

    def detect(self, image: bytes) -> tuple[str, list[Label]]:
        self.asked += 1
        fault = self.faults.pop(0) if self.faults else ""
        if fault in ("ThrottlingException", "ProvisionedThroughputExceededException"):
            raise Busy("Too much to do.")
        if fault:
            raise UpstreamUnavailable("No answer.")
        if not image.startswith((b"\xff\xd8\xff", b"\x89PNG")) or len(image) > MOST_BYTES:
            raise UpstreamRejected("No picture.")
        return "memory/1", list(_HEARD)


@dataclass
class Bench:
    """A service, what goes wrong next, and how often it was asked."""

    labels: Labels
    faults: list[str]
    asked: Any


def client(url: str) -> Any:
    return boto3.client("rekognition", endpoint_url=url, config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture(params=["rekognition", "memory"])
def bench(request: pytest.FixtureRequest, stack: object) -> Iterator[Bench]:
    if request.param == "memory":
        memory = MemoryLabels()
        yield Bench(memory, memory.faults, lambda: memory.asked)
        return
    world = World(says=list(_SAID))
    with running(world) as url:
        yield Bench(RekognitionLabels(client(url)), world.faults, lambda: len(world.journal))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_says_what_it_sees_surest_first_with_wider_words_and_its_version(bench: Bench, kind: str) -> None:
    model, found = bench.labels.detect(a_photo(kind=kind))

    assert model.partition("/")[2]
    assert found == _HEARD


@pytest.mark.parametrize("body", [b"no picture", a_photo(kind="WEBP"), b"\xff\xd8\xff" + bytes(MOST_BYTES)])
def test_a_picture_that_it_does_not_take_is_refused_for_good(bench: Bench, body: bytes) -> None:
    with pytest.raises(UpstreamRejected) as caught:
        bench.labels.detect(body)

    assert not caught.value.retryable


@pytest.mark.parametrize("fault", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_one_that_has_too_much_to_do_says_that_it_did_nothing(bench: Bench, fault: str) -> None:
    bench.faults.append(fault)

    with pytest.raises(Busy):
        bench.labels.detect(a_photo())
    assert bench.asked() == 1, "one call is one price: nothing is tried again here"


@pytest.mark.parametrize("fault", ["cut", "lost", "InternalServerError"])
def test_an_answer_that_does_not_come_whole_is_unknown_and_can_be_asked_for_again(bench: Bench, fault: str) -> None:
    bench.faults.append(fault)

    with pytest.raises(UpstreamUnavailable):
        bench.labels.detect(a_photo())
    assert bench.asked() == 1
    assert bench.labels.detect(a_photo())[1] == _HEARD


def test_a_service_that_is_not_there_is_unavailable(stack: object) -> None:
    with pytest.raises(UpstreamUnavailable):
        RekognitionLabels(client(f"http://127.0.0.1:{free_port()}")).detect(a_photo())


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"Image": {"Bytes": a_photo(size=(64, 48))}}, "InvalidParameterException"),
        ({"Image": {"Bytes": a_photo()}, "MinConfidence": 101}, "InvalidParameterException"),
        ({"Image": {"S3Object": {"Bucket": "bucket", "Name": "a.jpg"}}}, "InvalidS3ObjectException"),
        ({"Image": {"Bytes": a_photo(kind="GIF")}}, "InvalidImageFormatException"),
    ],
)
def test_the_stand_in_refuses_what_the_vendor_refuses(stack: object, given: dict[str, Any], code: str) -> None:
    world = World()
    with running(world) as url, pytest.raises(ClientError) as caught:
        client(url).detect_labels(**given)

    assert caught.value.response["Error"]["Code"] == code
    assert (world.charged, world.journal[0]["became"]) == (0, code)


def test_the_stand_in_never_says_what_the_vendor_could_not() -> None:
    for label in ({"Name": "Shoe", "Confidence": 90.0, "Parents": "Clothing"}, {"Name": "Shoe", "Confidence": 190.0}):
        with pytest.raises(ValueError, match=r"Parents|confidence"):
            contract.answered({"Labels": [label], "LabelModelVersion": "3.0"})
