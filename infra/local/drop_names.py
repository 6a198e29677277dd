"""Which files of the drop folder go into the inbox, and under which key.

Pure rules over relative paths; nothing here looks at a file.
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

KEY_LIMIT_BYTES = 1024
UNFINISHED = re.compile(r"^~\$|\.(part|crdownload|tmp)$", re.IGNORECASE)
WORKSPACE = re.compile(r"[a-z2-7]{26}")


@dataclass(frozen=True)
class Named:
    """The object key of a file: workspace, then the path in NFC."""

    key: str


@dataclass(frozen=True)
class Skipped:
    """Left alone on purpose; `because` ends the sentence "skipped, it …"."""

    because: str


@dataclass(frozen=True)
class Refused:
    """Cannot be an object; the person must see it. `path` is printable and within the workspace."""

    workspace: str
    path: str


def judge(relative: PurePath) -> Named | Skipped | Refused:
    """What becomes of a file at `relative`, whose first folder names the workspace."""
    parts = relative.parts
    if any(part.startswith(".") for part in parts):
        return Skipped("or a folder above it begins with a dot")
    if UNFINISHED.search(relative.name):
        return Skipped("looks unfinished")
    if len(parts) < 2 or not WORKSPACE.fullmatch(parts[0]):
        return Skipped("lies outside a workspace's folder")
    if not _is_text(str(relative)):
        return Refused(parts[0], printable(PurePath(*parts[1:])))
    key = unicodedata.normalize("NFC", relative.as_posix())
    if len(key.encode()) > KEY_LIMIT_BYTES:
        return Refused(parts[0], printable(PurePath(*parts[1:])))
    return Named(key)


def printable(path: PurePath) -> str:
    r"""The path in NFC, its bytes that are no UTF-8 written as \xNN."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", text)


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
