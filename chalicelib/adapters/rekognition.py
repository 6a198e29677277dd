"""Labels by Amazon Rekognition, `DetectLabels`.

IAM: rekognition:DetectLabels, for which AWS knows no resource: "*" is the only one it takes. Limits (2026-11): JPEG
or PNG, 5 MB as bytes in the request, 80 to 10,000 px a side; a quota of calls a second by account and region; not in
every region. A throttled call is not charged. Whether a refused picture is charged AWS does not say, so it counts.
"""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import classify
from chalicelib.domain.labels import LEAST_CONFIDENCE, MOST, Label
from chalicelib.errors import Busy, UpstreamRejected, UpstreamUnavailable

MOST_BYTES = 5 * 1024 * 1024
NAME = "rekognition"
_SPARED = {"ThrottlingException", "ProvisionedThroughputExceededException", "LimitExceededException"}
_REFUSED = {"InvalidImageFormatException", "ImageTooLargeException", "InvalidParameterException"}


class RekognitionLabels:
    """Rekognition of the stage's own account and region. `client` makes one call of it and never tries again."""

    def __init__(self, client: Any, *, is_there: bool = True) -> None:
        self._rekognition = client
        self._is_there = is_there

    @property
    def is_there(self) -> bool:
        return self._is_there

    def detect(self, image: bytes) -> tuple[str, list[Label]]:
        if len(image) > MOST_BYTES:
            raise UpstreamRejected("The picture has more bytes than Rekognition takes.")
        try:
            answer = self._rekognition.detect_labels(
                Image={"Bytes": image}, MaxLabels=MOST, MinConfidence=100 * LEAST_CONFIDENCE
            )
        except ClientError as problem:
            code = str(problem.response.get("Error", {}).get("Code", ""))
            if code in _SPARED:
                raise Busy(f"Rekognition has too much to do ({code}).") from problem
            if code in _REFUSED:
                raise UpstreamRejected(f"Rekognition does not take this picture ({code}).") from problem
            raise classify(problem, "Rekognition") from problem
        except BotoCoreError as problem:
            raise classify(problem, "Rekognition") from problem
        if not {"Labels", "LabelModelVersion"} <= set(answer):  # boto3 makes a message of an answer that is cut short
            raise UpstreamUnavailable("Rekognition gave no whole answer.")
        return f"{NAME}/{answer['LabelModelVersion']}", [
            Label(
                str(one["Name"]),
                float(one.get("Confidence", 0.0)) / 100,
                tuple(str(each["Name"]) for each in one.get("Parents", ())),
            )
            for one in answer["Labels"]
        ]
