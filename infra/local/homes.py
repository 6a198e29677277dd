"""The folder in which one local instance keeps everything: `$PACKSHOT_HOME`, by default `.packshot/`.

Here: where it is, who holds it, what stays the same from start to start (`local.json`), and what is told to
others (`connection.json`).
"""

import base64
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, TextIO

from infra.local import loopback, mailbox
from infra.local.emulators import ACCESS_KEY, REGION
from infra.local.errors import LocalError
from infra.local.tools import ROOT

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
LAYOUT = 1
"""Raised when what lies in a home changes so that an older Packshot would misread it."""
LEAST_FREE_BYTES = 200_000_000
KEPT, CONNECTION = "local.json", "connection.json"
PORTS = ("http_port", "media_port", "lambda_port", "aws_port", "dynamodb_port", "drive_port", "shopify_port")


class HomeError(LocalError):
    """The folder cannot be used."""


@dataclass(frozen=True)
class Kept:
    """What `local.json` keeps. Ports are taken again at each start when they are free; secrets and ids never change."""

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
    drive_port: int = 0
    shopify_port: int = 0


def folder(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("PACKSHOT_HOME") or ROOT / ".packshot").absolute()


@contextmanager
def held(home: Path) -> Iterator[None]:
    """Hold `home` for this process alone; a killed holder holds nothing.

    Raises HomeError when another instance runs there, the folder cannot be written, or its disk is full.
    """
    try:
        home.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        lock = (home / "lock").open("a+")
    except OSError as error:
        raise HomeError(
            f"Packshot cannot write to {home}: {error.strerror}. Choose another folder: make run PACKSHOT_HOME=…"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise HomeError(_who_holds(home, lock)) from error
        if (free := shutil.disk_usage(home).free) < LEAST_FREE_BYTES:
            raise HomeError(
                f"The disk of {home} is full: {free // 1_000_000} MB are free, "
                f"Packshot needs {LEAST_FREE_BYTES // 1_000_000} MB to start."
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _who_holds(home: Path, lock: TextIO) -> str:
    lock.seek(0)
    process = lock.read().strip()
    try:
        at = f" at {json.loads((home / CONNECTION).read_text())['url']}"
    except (OSError, ValueError, KeyError):
        at = ""
    return f"Packshot already runs{at} in {home} (process {process}). Ctrl-C there stops it."


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
    """Read `local.json`, or make it.

    Raises HomeError when it cannot be read, or when a newer Packshot made it: nothing is changed then.
    """
    path = home / KEPT
    try:
        found = json.loads(path.read_text())
        layout = found.pop("layout", 1)
        if layout > LAYOUT:
            raise HomeError(
                f"{home} was last used by a newer Packshot (layout {layout}; this one knows {LAYOUT}). "
                "Update Packshot, or choose another folder with PACKSHOT_HOME."
            )
        since = {field.name: field.default for field in fields(Kept) if field.default is not MISSING}
        return Kept(**{field.name: {**since, **found}[field.name] for field in fields(Kept)})
    except FileNotFoundError:
        kept = _new()
        save(home, kept)
        return kept
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise HomeError(f"{path} is damaged ({error}). It holds the keys of everything in {home}.") from error


def save(home: Path, kept: Kept) -> None:
    write_whole(home / KEPT, json.dumps({"layout": LAYOUT, **asdict(kept)}, indent=2))


def _new() -> Kept:
    return Kept(
        **dict(zip(PORTS, loopback.free_ports(len(PORTS)), strict=True)),
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
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


def connection(
    kept: Kept, home: Path, url: str, inbox_bucket: str, *, drive: dict[str, Any] | None, shopify: dict[str, Any] | None
) -> dict[str, Any]:
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
        "mail_url": f"{url}{mailbox.PATH}",
        "shopify": shopify,
        "drive": drive,
    }


def drop_folder(home: Path, kept: Kept) -> Path:
    return home / "drop" / kept.workspace


def forget_connection(home: Path) -> None:
    (home / CONNECTION).unlink(missing_ok=True)


def clear(home: Path) -> None:
    """Remove what a killed run left: where it could be reached, and texts it had not finished writing."""
    forget_connection(home)
    for name in (KEPT, CONNECTION):
        for left in home.glob(f".{name}.*"):
            left.unlink(missing_ok=True)
