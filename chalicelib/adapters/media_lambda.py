"""Media on AWS Lambda: one synchronous invocation a picture.

IAM: lambda:InvokeFunction on the picture function only.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.aws import classify
from chalicelib.errors import UpstreamUnavailable
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

_OUTCOMES = ("ok", "unsupported", "corrupt", "limit")


class LambdaMedia:
    """The picture function of one stage."""

    def __init__(self, client: "LambdaClient", settings: Settings) -> None:
        self._lambda = client
        self._function = settings.media_function

    def make(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            answer = self._lambda.invoke(FunctionName=self._function, Payload=json.dumps(message).encode())
            body = json.loads(answer["Payload"].read())
        except (ClientError, BotoCoreError) as problem:
            raise classify(problem, "The picture function") from problem
        except ValueError as problem:
            raise UpstreamUnavailable("The picture function gave no readable answer.") from problem
        if answer.get("FunctionError") or not isinstance(body, dict) or body.get("outcome") not in _OUTCOMES:
            raise UpstreamUnavailable("The picture function failed.")
        return body
