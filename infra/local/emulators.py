"""Start the two emulators and open the gate: dynoxide is DynamoDB, ministack behind our guard is the rest.

Here: their command lines, environments and readiness. Not here: the tables, queues and buckets (apply.py) and
what happens when one of them dies (runner.py).
"""

import os
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local import children, logs
from infra.local.polling import await_true
from infra.local.tools import HERE, Tools

REGION = "us-east-1"
ACCESS_KEY = "packshot-local"
PROBE_LIMIT_S = 2.0
# A person's own AWS settings must not lead us, or our data, elsewhere.
FOREIGN = ("AWS_", "GUARD_", "S3_", "MINISTACK_", "GATEWAY_", "PERSIST_STATE", "LOCALSTACK_", "PYTHON")


@dataclass(frozen=True)
class Addresses:
    """Where the emulators listen and what opens them. `word` passes the closed gate."""

    dynamodb_port: int
    aws_port: int
    secret: str
    word: str

    @property
    def dynamodb_url(self) -> str:
        return f"http://127.0.0.1:{self.dynamodb_port}"

    @property
    def aws_url(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"


def clean_environment() -> dict[str, str]:
    """Our environment without what would change how AWS clients or the emulators behave."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    loopback = {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
    return {**kept, **loopback, "PYTHONUNBUFFERED": "1"}


def start_dynamodb(tools: Tools, home: Path, addresses: Addresses, *, durable: bool) -> subprocess.Popen[bytes]:
    """Ready to serve on return. Durable: every acknowledged write is on disk in `home/dynamodb.sqlite`."""
    argv = [str(tools.dynoxide), "serve", "--host", "127.0.0.1", "--port", str(addresses.dynamodb_port)]
    if durable:
        argv += ["--db-path", str(home / "dynamodb.sqlite")]
    with logs.opened(home, "dynamodb") as out:
        child = children.spawn(argv, clean_environment(), out)
    children.await_ready(child, lambda: answers(f"{addresses.dynamodb_url}/"), logs.place(home, "dynamodb"))
    return child


def start_aws(
    tools: Tools, home: Path, addresses: Addresses, origins: list[str], *, durable: bool
) -> subprocess.Popen[bytes]:
    """Ready on return, with the gate closed: only clients whose user agent holds the word are let in."""
    (home / "tmp").mkdir(exist_ok=True)
    with logs.opened(home, "aws") as out:
        child = children.spawn(
            [str(tools.emulator_python), "-I", str(HERE / "guard.py")],
            {**clean_environment(), **_aws_environment(home, addresses, origins, durable)},
            out,
        )
    health = f"{addresses.aws_url}/_ministack/health"
    children.await_ready(child, lambda: answers(health), logs.place(home, "aws"))
    return child


def open_gate(aws: subprocess.Popen[bytes], addresses: Addresses) -> None:
    """Let everybody in; returns when it has happened."""
    aws.send_signal(signal.SIGUSR1)
    if not await_true(lambda: _let_in(addresses.aws_url), PROBE_LIMIT_S):
        raise children.ChildError("The gate before S3 and SQS did not open.")


def answers(url: str) -> bool:
    """Whether `url` answers 200 now."""
    try:
        with urllib.request.urlopen(url, timeout=PROBE_LIMIT_S) as response:  # noqa: S310 our own address
            return bool(response.status == 200)
    except OSError:
        return False


def _let_in(url: str) -> bool:
    """Anonymous requests are refused by the emulator itself (403) once the gate no longer says 503."""
    try:
        with urllib.request.urlopen(f"{url}/gate-probe", timeout=PROBE_LIMIT_S):  # noqa: S310 our own address
            return True
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code != 503
    except OSError:
        return False


def _aws_environment(home: Path, addresses: Addresses, origins: list[str], durable: bool) -> Mapping[str, str]:
    return {
        "GATEWAY_PORT": str(addresses.aws_port),
        "GUARD_ORIGINS": " ".join(origins),
        "GUARD_WORD": addresses.word,
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": addresses.secret,
        "AWS_DEFAULT_REGION": REGION,
        "S3_PERSIST": "1" if durable else "0",
        "S3_DATA_DIR": str(home / "s3"),
        "PERSIST_STATE": "0",
        "TMPDIR": str(home / "tmp"),
        "LOG_LEVEL": "WARNING",
    }
