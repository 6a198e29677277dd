"""What a Lambda function sees of Lambda: its context object, and how an entry point is found by its name."""

import importlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from infra.local.emulators import REGION
from infra.local.template import PSEUDO

ACCOUNT = PSEUDO["AWS::AccountId"]
Handler = Callable[[Any, Any], Any]


@dataclass
class Context:
    """The context of one invocation, which may last `limit_s` seconds."""

    function_name: str
    limit_s: float
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 1024
    log_group_name: str = ""
    log_stream_name: str = ""
    identity: None = None
    client_context: None = None
    started_s: float = field(default_factory=time.monotonic)

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.started_s + self.limit_s - time.monotonic()) * 1000))


def entry_point(dotted: str) -> Handler:
    """The callable that a chalice `handler_string` such as `app.ingest` names."""
    module, _, name = dotted.rpartition(".")
    found: Handler = getattr(importlib.import_module(module), name)
    return found
