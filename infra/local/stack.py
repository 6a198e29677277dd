"""One emulated AWS with the data stack applied: what the tests and `make run` have in common.

Here: the two emulators, the resources, the media endpoint, and the environment that leads the product to
them. Not here: keeping them alive (runner.py).
"""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.local import apply, children, emulators, logs, loopback
from infra.local.emulators import ACCESS_KEY, REGION, Addresses
from infra.local.tools import ROOT, Tools, ensure, folder

STAGE = "local"
LEASE_S = 20
VISIBILITY_S = 30
MAIL_FROM = "packshot@localhost"
MAX_OBJECT_BYTES = 256 * 1024 * 1024
ADJUSTABLE = ("PACKSHOT_MAX_OBJECT_BYTES", "PACKSHOT_VISUAL_TAGS", "PACKSHOT_DRIVE_URL", "PACKSHOT_SHOPIFY_URL",
              "AWS_ENDPOINT_URL_REKOGNITION")  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """Everything that makes one stack different from another; ports are free when the stack starts."""

    home: Path
    addresses: Addresses
    http_port: int
    media_port: int
    lambda_port: int
    master_key: str
    boot_id: str
    durable: bool
    drive_port: int = 0
    shopify_port: int = 0
    bucket_suffix: str = ""
    media_command: Sequence[str] = ()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def origins(self) -> list[str]:
        return [self.url, f"http://localhost:{self.http_port}"]

    @property
    def wanted(self) -> apply.Wanted:
        return apply.Wanted(STAGE, self.bucket_suffix, self.url, VISIBILITY_S, self.master_key, MAIL_FROM)

    def environment(self) -> dict[str, str]:
        """What the product needs to find everything. The only difference between this machine and AWS."""
        aws = self.addresses.aws_url
        return {
            "AWS_ENDPOINT_URL": aws,
            "AWS_ENDPOINT_URL_DYNAMODB": self.addresses.dynamodb_url,
            "AWS_ENDPOINT_URL_LAMBDA": f"http://127.0.0.1:{self.lambda_port}",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": self.addresses.secret,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_RETRY_MODE": "standard",
            "AWS_MAX_ATTEMPTS": "8",
            "NO_PROXY": "127.0.0.1,localhost",
            "PACKSHOT_STAGE": STAGE,
            "PACKSHOT_URL": self.url,
            "PACKSHOT_MEDIA_URL": f"http://127.0.0.1:{self.media_port}",
            "PACKSHOT_BUCKET_SUFFIX": self.bucket_suffix,
            "PACKSHOT_LEASE_S": str(LEASE_S),
            "PACKSHOT_MAX_OBJECT_BYTES": str(MAX_OBJECT_BYTES),
            "PACKSHOT_INDEX_FOLDER": str(self.home / "index"),
            "PACKSHOT_MAIL_FROM": MAIL_FROM,
            "PACKSHOT_MAIL_WAIT_S": "5",
            "PACKSHOT_MAIL_APART_S": "60",
            "PACKSHOT_BOOT_ID": self.boot_id,
            "PACKSHOT_VISUAL_TAGS": "1",
            **({"PACKSHOT_DRIVE_URL": f"http://127.0.0.1:{self.drive_port}"} if self.drive_port else {}),
            **({"PACKSHOT_SHOPIFY_URL": f"http://127.0.0.1:{self.shopify_port}/{{shop}}"} if self.shopify_port else {}),
        }

    def child_environment(self) -> dict[str, str]:
        """`environment` over our own, less what could lead a child elsewhere; a person's own limits win."""
        ours = emulators.clean_environment()
        limits = {name: os.environ[name] for name in ADJUSTABLE if name in os.environ}
        return {**ours, **self.environment(), **limits, "PYTHONPATH": str(ROOT)}


@dataclass
class Stack:
    """A running emulated AWS. `env` is what the product needs; `stop` may be called more than once."""

    settings: Settings
    dynamodb: subprocess.Popen[bytes]
    aws: subprocess.Popen[bytes]
    media: subprocess.Popen[bytes] | None = None
    env: dict[str, str] = field(default_factory=dict)

    @property
    def clients(self) -> apply.Clients:
        """Clients for tests and tools, independent of the environment."""
        return apply.clients(self.settings.addresses)

    def stop(self) -> None:
        for child in (self.media, self.aws, self.dynamodb):
            if child is not None:
                children.stop(child)


def start(home: Path, *, durable: bool = False, tools: Tools | None = None, media_command: Sequence[str] = ()) -> Stack:
    """A stack on fresh ports with everything applied and the gate open.

    `durable=False` keeps all in memory and ends with it. `media_command` replaces the program that answers
    media invocations. Raises ToolsError, ChildError, ApplyError; nothing is left running then.
    """
    logs.folder(home).mkdir(parents=True, exist_ok=True)
    return launch(fresh_settings(home, durable, media_command), tools or ensure(folder()))


def launch(settings: Settings, tools: Tools) -> Stack:
    """Start what `settings` describes, in order: tables, the rest of AWS, resources, media, gate."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        started.append(start_dynamodb(settings, tools))
        started.append(start_aws(settings, tools))
        started.append(start_media(settings))
    except BaseException:
        for child in reversed(started):
            children.stop(child)
        raise
    dynamodb, aws, media = started
    return Stack(settings, dynamodb, aws, media, settings.environment())


def start_dynamodb(settings: Settings, tools: Tools) -> subprocess.Popen[bytes]:
    return emulators.start_dynamodb(tools, settings.home, settings.addresses, durable=settings.durable)


def start_aws(
    settings: Settings, tools: Tools, before_opening: Callable[[], None] = lambda: None
) -> subprocess.Popen[bytes]:
    """S3, SQS and the rest with their resources; `before_opening` runs last while nobody else is let in."""
    aws = emulators.start_aws(tools, settings.home, settings.addresses, settings.origins, durable=settings.durable)
    try:
        apply.apply(apply.clients(settings.addresses), settings.wanted)
        before_opening()
        emulators.open_gate(aws, settings.addresses)
    except BaseException:
        children.stop(aws)
        raise
    return aws


def start_media(settings: Settings) -> subprocess.Popen[bytes]:
    """The endpoint that answers Lambda invocations of the media function."""
    own = [sys.executable, "-m", "infra.local.lambda_endpoint"]
    argv = [*(settings.media_command or own), str(settings.lambda_port), STAGE]
    with logs.opened(settings.home, "media") as out:
        child = children.spawn(argv, settings.child_environment(), out)
    health = f"http://127.0.0.1:{settings.lambda_port}/health"
    children.await_ready(child, lambda: emulators.answers(health), logs.place(settings.home, "media"))
    return child


def fresh_settings(home: Path, durable: bool, media_command: Sequence[str]) -> Settings:
    dynamodb, aws, http, media, functions = loopback.free_ports(5)
    return Settings(
        home=home,
        addresses=Addresses(dynamodb, aws, secrets.token_urlsafe(24), secrets.token_hex(16)),
        http_port=http,
        media_port=media,
        lambda_port=functions,
        master_key=secrets.token_urlsafe(32),
        boot_id=secrets.token_hex(8),
        durable=durable,
        media_command=media_command,
    )
