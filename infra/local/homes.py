"""The folder in which one local instance keeps everything: `$PACKSHOT_HOME`, by default `.packshot/`.

Here: where it is, who holds it, what stays the same from start to start (`local.json`), and what is told to
others (`connection.json`).
"""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from infra.local import children
from infra.local.emulators import ACCESS_KEY, REGION
from infra.local.tools import ROOT

PRIVATE = 0o600


class HomeError(Exception):
    """The folder cannot be used; the text is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Kept:
    """What `local.json` keeps. Ports are tried again at each start, secrets and ids never change."""

    dynamodb_port: int
    aws_port: int
    lambda_port: int
    media_port: int
    http_port: int
    root_secret: str
    master_key: str
    workspace: str
    member: str
    api_key: str


def folder(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("PACKSHOT_HOME") or ROOT / ".packshot").absolute()


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold `home` for this process alone. Raises HomeError when another instance runs there."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise HomeError(f"Packshot already runs in {home} (process {lock.read().strip()}).") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_running(home: Path) -> bool:
    """Whether an instance holds `home` at this moment."""
    try:
        with (home / "lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def keep(home: Path) -> Kept:
    """Read `local.json`, or make it. Raises HomeError when it is there but cannot be read."""
    path = home / "local.json"
    try:
        return Kept(**json.loads(path.read_text()))
    except FileNotFoundError:
        kept = _new()
        save(home, kept)
        return kept
    except (ValueError, TypeError) as error:
        raise HomeError(f"{path} is damaged: {error}. It holds the keys of everything in {home}.") from error


def save(home: Path, kept: Kept) -> None:
    write_whole(home / "local.json", json.dumps(asdict(kept), indent=2))


def with_free_ports(kept: Kept, wait_s: float) -> Kept:
    """With another port in place of each that stays taken for `wait_s` (a dying child frees its own)."""
    names = ("dynamodb_port", "aws_port", "lambda_port", "media_port")
    taken = [name for name in names if not children.await_port(getattr(kept, name), wait_s)]
    changed: dict[str, Any] = {name: children.free_port() for name in taken}
    return replace(kept, **changed)


def _new() -> Kept:
    return Kept(
        dynamodb_port=children.free_port(),
        aws_port=children.free_port(),
        lambda_port=children.free_port(),
        media_port=children.free_port(),
        http_port=children.free_port(),
        root_secret=secrets.token_urlsafe(24),
        master_key=secrets.token_urlsafe(32),
        workspace=new_id(),
        member=new_id(),
        api_key=f"ps_{new_id()[:10]}_{secrets.token_urlsafe(32)}",
    )


def new_id() -> str:
    """26 signs of lower-case base32, all random."""
    return base64.b32encode(secrets.token_bytes(17)).decode().lower()[:26]


def write_whole(path: Path, text: str) -> None:
    """Write a private file so that readers see the old text or the new, never a part."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


def connection(kept: Kept, home: Path, url: str, inbox_bucket: str) -> dict[str, Any]:
    """What `connection.json` says; parts that do not exist yet are null."""
    return {
        "url": url,
        "workspace": kept.workspace,
        "api_key": kept.api_key,
        "s3": {
            "endpoint": f"http://127.0.0.1:{kept.aws_port}",
            "region": REGION,
            "access_key": ACCESS_KEY,
            "secret_key": kept.root_secret,
            "inbox_bucket": inbox_bucket,
        },
        "drop_folder": str(drop_folder(home, kept)),
        "mail_url": None,
        "shopify": None,
        "drive": None,
    }


def drop_folder(home: Path, kept: Kept) -> Path:
    return home / "drop" / kept.workspace


def forget_connection(home: Path) -> None:
    with suppress(FileNotFoundError):
        (home / "connection.json").unlink()
