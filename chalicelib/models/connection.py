"""The client of all tables, without the work that a call to DynamoDB does not need.

An answer of DynamoDB is JSON in the very shape that pynamodb takes, so it is read as it is instead of value by value by
its model; and the user agent, which never changes, is not put together twice a call.
"""

import json
from collections.abc import Mapping
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import JSONParser, ResponseParserFactory
from pynamodb.connection import Connection as Pynamodb
from pynamodb.exceptions import GetError

_AS_THEY_ARE = frozenset(
    f"{name}Output"
    for name in (
        "GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems",
    )
)  # fmt: skip
"""Answers that hold neither moments nor, because no table of ours has any, binary values."""


class Connection(Pynamodb):
    """Everything as in pynamodb but for the two savings, and one reading of several tables."""

    @property
    def session(self) -> botocore.session.Session:
        """The session of this thread; clients are made of it."""
        is_new = getattr(self._local, "session", None) is None
        session = super().session
        if is_new:
            session.register_component("response_parser_factory", _Parsers())
            session.set_default_client_config(Config(user_agent=session.user_agent()))
        return session

    def read_tables(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """BatchGetItem over several tables, which pynamodb has for one table only. Raises `GetError`, as its own."""
        try:
            return self.dispatch("BatchGetItem", {"RequestItems": dict(asked)})
        except (BotoCoreError, ClientError) as problem:
            raise GetError("Failed to read several tables", problem) from problem


class _Parsers(ResponseParserFactory):
    def create_parser(self, protocol_name: str) -> Any:
        return _Parser() if protocol_name == "json" else super().create_parser(protocol_name)


class _Parser(JSONParser):
    def _handle_json_body(self, raw_body: bytes, shape: Any) -> Any:
        if shape is not None and shape.name in _AS_THEY_ARE:
            return json.loads(raw_body) if raw_body else {}
        return super()._handle_json_body(raw_body, shape)  # type: ignore[misc]
