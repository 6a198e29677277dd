"""The stand-in over HTTP, and under `/__standin__/` what the vendor cannot do.

Control: POST `fault {kind, times}`, where `kind` is an error's name, `cut` (the answer breaks off in its middle) or
`lost` (looked at, and charged, but the answer never comes); POST `says {labels: [{Name, Confidence, Parents}]}`; GET
`journal`. Everything is bound to 127.0.0.1.
"""

import hashlib
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any

from PIL import Image, UnidentifiedImageError

from standins.answering import Answering, in_a_thread, serving
from standins.rekognition import contract
from standins.rekognition.contract import Refused

MODEL_VERSION = "3.0"
_LEAST_PX, _MOST_PX = 80, 10_000
_JOURNAL_MOST = 20_000
SAYS = [
    {"Name": "Clothing", "Confidence": 99.2, "Parents": []},
    {"Name": "Footwear", "Confidence": 98.7, "Parents": [{"Name": "Clothing"}]},
    {"Name": "Shoe", "Confidence": 98.7, "Parents": [{"Name": "Clothing"}, {"Name": "Footwear"}]},
    {"Name": "Sneaker", "Confidence": 93.1,
     "Parents": [{"Name": "Clothing"}, {"Name": "Footwear"}, {"Name": "Shoe"}]},
]  # fmt: skip
"""What it says of every picture unless it is told otherwise."""


@dataclass
class World:
    """What it says, what goes wrong next, and every call that came with what became of it."""

    says: list[dict[str, Any]] = field(default_factory=lambda: list(SAYS))
    faults: list[str] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def charged(self) -> int:
        """How many pictures the vendor would put on the bill."""
        return sum(one["is_charged"] for one in self.journal)


def serve(world: World, port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1 that answers in threads; the caller runs and stops it."""
    return serving(_Handler, port, world=world)


@contextmanager
def running(world: World) -> Iterator[str]:
    """Its address, until the end of the block."""
    server, url = in_a_thread(serve(world, 0))
    try:
        yield url
    finally:
        server.shutdown()
        server.server_close()


class _Handler(Answering):
    world: World

    def answer(self, body: bytes) -> None:
        if self.path.startswith("/__standin__/"):
            self._control(self.path.removeprefix("/__standin__/"), body)
            return
        entry: dict[str, Any] = {"bytes": 0, "sha256": None, "is_charged": False, "became": "ok"}
        with self.world.lock:
            self.world.journal.append(entry)
            del self.world.journal[:-_JOURNAL_MOST]
            fault = self.world.faults.pop(0) if self.world.faults else None
        try:
            told = self._detect(body, entry, fault)
        except Refused as refused:
            entry["became"] = refused.code
            said = {"__type": refused.code, "Message": refused.message}
            self._send(refused.status, json.dumps(said).encode())
            return
        entry["is_charged"] = True
        entry["became"] = fault or "ok"
        if fault == "lost":
            self.cut()
            return
        self._send(200, told, cut_after=len(told) // 2 if fault == "cut" else None)

    def _detect(self, body: bytes, entry: dict[str, Any], fault: str | None) -> bytes:
        if self.command != "POST" or self.headers.get("X-Amz-Target") != contract.target():
            raise Refused("UnknownOperationException", "The stand-in does DetectLabels.")
        if "/rekognition/aws4_request" not in self.headers.get("Authorization", ""):
            raise Refused("MissingAuthenticationTokenException", "Request is missing Authentication Token.")
        asked = contract.asked(body)
        image = asked["Image"].get("Bytes")
        if image is None:
            raise Refused("InvalidS3ObjectException", "The stand-in has no objects.")
        entry |= {"bytes": len(image), "sha256": hashlib.sha256(image).hexdigest()}
        if fault not in (None, "cut", "lost"):
            raise Refused(str(fault), "As a test has asked for.")
        _check(image)
        least, most = asked.get("MinConfidence", 55), asked.get("MaxLabels", 1000)
        said = sorted(
            (one for one in self.world.says if one["Confidence"] >= least), key=lambda one: -one["Confidence"]
        )
        labels = [{"Instances": [], "Aliases": [], "Categories": [], **one} for one in said[:most]]
        return contract.answered({"Labels": labels, "LabelModelVersion": MODEL_VERSION})

    def _control(self, name: str, body: bytes) -> None:
        told = json.loads(body or b"{}")
        if name == "journal":
            self.json(200, self.world.journal)
        elif name == "fault":
            self.world.faults += [told["kind"]] * int(told.get("times", 1))
            self.json(200, {})
        elif name == "says":
            self.world.says = list(told["labels"])
            self.json(200, {})
        else:
            self.json(404, {})

    def _send(self, status: int, body: bytes, cut_after: int | None = None) -> None:
        self.send(status, body, {"Content-Type": "application/x-amz-json-1.1"}, cut_after)


def _check(image: bytes) -> None:
    """Raise `Refused` unless it is a picture that the vendor takes. Too many bytes the contract has found already."""
    try:
        with Image.open(io.BytesIO(image), formats=["JPEG", "PNG"]) as found:
            found.load()
            sides = found.size
    except (UnidentifiedImageError, OSError) as problem:
        raise Refused("InvalidImageFormatException", "Request has invalid image format") from problem
    if min(sides) < _LEAST_PX:
        raise Refused("InvalidParameterException", "Image dimensions are too small.")
    if max(sides) > _MOST_PX:
        raise Refused("ImageTooLargeException", "Image dimensions are too large.")
