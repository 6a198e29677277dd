"""Errors of AWS clients, classified once: what is absent, what is wrong, what may work later."""

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import InvalidInput, NotFound, PackshotError, UpstreamUnavailable

_ABSENT = {"404", "InvalidRange", "NoSuchKey", "NoSuchVersion", "NoSuchUpload", "NoSuchBucket", "ParameterNotFound"}
_WRONG = {"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML", "InvalidArgument"}


def classify(problem: ClientError | BotoCoreError, service: str) -> PackshotError:
    """The error of ours for an error of a client; anything unknown may work later."""
    if isinstance(problem, ClientError):
        code = str(problem.response.get("Error", {}).get("Code", ""))
        if code in _ABSENT:
            return NotFound(f"{service} does not have it.")
        if code in _WRONG:
            return InvalidInput(f"{service} refused the request ({code}).", code="upload_parts")
        return UpstreamUnavailable(f"{service} did not answer ({code}).")
    return UpstreamUnavailable(f"{service} did not answer ({type(problem).__name__}).")
