"""Die before or after a chosen AWS call: every one of the product goes through one choke point."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient


class Crashed(BaseException):
    """The process died here."""


@contextmanager
def dying(at: int, *, before: bool) -> Iterator[list[str]]:
    """Die before or after the AWS call of this number; yields the calls that were made."""
    calls: list[str] = []
    genuine: Callable[..., Any] = BaseClient._make_api_call

    def call(client: BaseClient, name: str, parameters: Any) -> Any:
        calls.append(name)
        if before and len(calls) == at:
            raise Crashed
        answer = genuine(client, name, parameters)
        if not before and len(calls) == at:
            raise Crashed
        return answer

    BaseClient._make_api_call = call  # type: ignore[method-assign]
    try:
        yield calls
    finally:
        BaseClient._make_api_call = genuine  # type: ignore[method-assign]
