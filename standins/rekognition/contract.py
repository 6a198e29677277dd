"""The vendor's description of `DetectLabels`: what may be asked, what may be answered, which errors there are."""

import base64
import binascii
import functools
import json
from collections.abc import Mapping
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator

OPERATION = "DetectLabels"
MOST_BYTES = 5_242_880
"""Botocore checks the least that a value may be; the most of a picture and of a confidence are checked here."""
COMMON = {"MissingAuthenticationTokenException": 400, "SerializationException": 400, "UnknownOperationException": 400}
"""Errors that every AWS service has, and that no description of a service names."""


class Refused(Exception):
    """What the vendor would answer instead."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message, self.status = code, message, status_of(code)


@functools.cache
def operation() -> OperationModel:
    """The operation, as botocore describes it."""
    described = Loader().load_service_model("rekognition", "service-2")
    return ServiceModel(described, "rekognition").operation_model(OPERATION)


@functools.cache
def target() -> str:
    """What the header `X-Amz-Target` says."""
    return f"{operation().service_model.metadata['targetPrefix']}.{OPERATION}"


def status_of(code: str) -> int:
    """The HTTP status of an error; `KeyError` for one that this operation does not have."""
    known = {shape.name: 500 if shape.name in _FAULTS else 400 for shape in operation().error_shapes}
    return (known | COMMON)[code]


_FAULTS = {"InternalServerError", "ThrottlingException"}
"""The errors that the vendor's reference documents as HTTP 500."""


def asked(body: bytes) -> dict[str, Any]:
    """What was asked, its picture as bytes. Raises `Refused`."""
    try:
        told = json.loads(body)
        image = told["Image"] if isinstance(told, dict) else None
        if isinstance(image, dict) and isinstance(image.get("Bytes"), str):
            told = {**told, "Image": {**image, "Bytes": base64.b64decode(image["Bytes"], validate=True)}}
    except (ValueError, KeyError, binascii.Error) as problem:
        raise Refused("SerializationException", "Start of structure or map found where not expected.") from problem
    if complaints := _complaints(told, operation().input_shape):
        raise Refused("InvalidParameterException", complaints)
    if len(told["Image"].get("Bytes", b"")) > MOST_BYTES:
        raise Refused("ImageTooLargeException", "Image size is too large.")
    if not 0 <= told.get("MinConfidence", 55) <= 100:
        raise Refused("InvalidParameterException", "MinConfidence is not between 0 and 100.")
    return dict(told)


def answered(body: Mapping[str, Any]) -> bytes:
    """The answer, as it is sent; `ValueError` when it is none that the vendor could give."""
    if complaints := _complaints(body, operation().output_shape):
        raise ValueError(complaints)
    if not all(0 <= one["Confidence"] <= 100 for one in body["Labels"]):
        raise ValueError("A confidence is not between 0 and 100.")
    return json.dumps(body).encode()


def _complaints(told: Any, shape: Shape | None) -> str:
    """What is wrong with it, by the description; what the description does not know is wrong too."""
    assert shape is not None
    report = ParamValidator().validate(told, shape)
    return str(report.generate_report())
