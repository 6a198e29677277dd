"""Google Drive as values, and the one function that says what a change there means for what we know. Pure.

What is followed is an index of files and folders, by Drive's own ids. Each entry says how Drive has it; what the
library must still do about it is the entry's `todo`, done later and as often as needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
_NATIVE = "application/vnd.google-apps."
EXPORTED = frozenset(f"{_NATIVE}{one}" for one in ("document", "spreadsheet", "presentation", "drawing"))
"""Google's own documents that come as PDF."""
MISSING_SHARE = 0.10
MISSING_MOST = 100
MISSING_FEW = 5
Stage = Literal["", "1list", "2settle", "3align", "4copy", "5missing"]
"""What is still to do, in this order: list a folder, pass its state on to what is in it, let the asset follow,
fetch the bytes, ask what became of it."""
State = Literal["linked", "trashed", "detached"]


@dataclass(frozen=True)
class DriveFile:
    """A file or folder as Drive describes it. `revision` and the checksums change with the bytes only."""

    id: str
    name: str
    mime: str
    parents: tuple[str, ...] = ()
    trashed: bool = False
    size_bytes: int | None = None
    md5: str | None = None
    sha256: str | None = None
    revision: str | None = None
    version: int = 0
    modified_at: str = ""
    drive_id: str | None = None
    target_id: str | None = None
    target_mime: str | None = None
    can_download: bool = True
    can_read_revisions: bool = True
    can_add: bool = True
    properties: Mapping[str, str] = field(default_factory=dict)
    """What we wrote beside it, where that was asked for."""

    @property
    def is_folder(self) -> bool:
        """Whether other files may lie in it."""
        return self.mime == FOLDER

    @property
    def is_exported(self) -> bool:
        """Whether it has no bytes of its own and comes as PDF."""
        return self.mime in EXPORTED

    @property
    def has_bytes(self) -> bool:
        """Whether it can become an asset: a size alone says nothing, for Google's documents have one too."""
        return self.is_exported or not self.mime.startswith(_NATIVE)

    @property
    def content(self) -> str:
        """What differs when, and only when, the bytes do; of an exported document any change of it may."""
        if self.is_exported:
            return f"v{self.version}:{self.modified_at}"
        return self.md5 or self.sha256 or self.revision or self.modified_at

    @property
    def file_name(self) -> str:
        """The name the asset gets."""
        name = self.name.strip() or "file"
        return f"{name}.pdf" if self.is_exported and not name.casefold().endswith(".pdf") else name


@dataclass(frozen=True)
class DriveChange:
    """One entry of the feed: the newest state of a file, or None: deleted, or lost from sight."""

    file_id: str
    file: DriveFile | None


@dataclass(frozen=True)
class FilePage:
    """A page of a listing. An incomplete one must not be taken for everything there is."""

    files: tuple[DriveFile, ...]
    next: str | None
    is_complete: bool = True


@dataclass(frozen=True)
class ChangePage:
    """A page of the feed; `start` is where the next look begins and comes with the last page only."""

    changes: tuple[DriveChange, ...]
    next: str | None
    start: str | None


@dataclass(frozen=True)
class Upload:
    """Bytes for one file of ours: a new one of this id in `folder_id`, or other bytes for the one that is there.

    `name` None: it stays. `properties` are ours alone, and at most 124 bytes each with their names.
    """

    file_id: str
    mime: str
    size_bytes: int
    properties: Mapping[str, str]
    folder_id: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Sent:
    """How far an upload is: the place of the next byte, and the file once all of them are there."""

    next: int
    file: DriveFile | None = None


@dataclass(frozen=True)
class Entry:
    """A followed file or folder: how Drive has it, what was done about it, and what is still to do.

    `home` is the followed folder it lies in. `copied` is the content that was fetched. `synced` holds the values the
    library and Drive last agreed on (before they first did: the folders it `left`), and `copying` how far a fetch is.
    `page` is where the listing of a folder goes on.
    """

    id: str
    file: DriveFile
    home: str | None
    is_root: bool = False
    state: State = "linked"
    because: str | None = None
    todo: Stage = ""
    copied: str | None = None
    collection_id: str | None = None
    synced: Mapping[str, Any] = field(default_factory=dict)
    copying: Mapping[str, Any] | None = None
    page: str | None = None
    tries: int = 0
    revision: int = 0


def plan(known: Entry | None, found: DriveFile | None, home: str | None, above: State) -> Entry | None:
    """What the index must say of a file after this news of it; None when nothing of it concerns us or has changed.

    `found` None: deleted, or lost from sight, which cannot be told apart, so that is asked later. `home` is the
    followed folder that it lies in now, `above` how that one is.
    """
    if known is None:
        return None if found is None else _new(found, home, above)
    if found is None:
        return replace(known, todo="5missing") if known.state != "detached" and known.todo != "5missing" else None
    state, because = _state(known, found, home, above)
    next_home = known.home if known.is_root else (home or known.home)
    new = replace(
        known, file=found, state=state, because=because, home=next_home, todo="", synced=_left(known, next_home)
    )  # fmt: skip
    if known == replace(new, file=replace(found, version=known.file.version), todo=known.todo) and (
        known.todo != "5missing" and not _wants_bytes(new)
    ):
        return None
    return replace(new, todo=_todo(known, new), tries=0)


def _left(known: Entry, home: str | None) -> Mapping[str, Any]:
    """Until the library has followed once, the folders that were left: what came in may lie in any of them."""
    if known.file.is_folder or known.home in (None, home) or "collection_id" in known.synced:
        return known.synced
    return {**known.synced, "left": [*known.synced.get("left", []), known.home]}


def _new(found: DriveFile, home: str | None, above: State) -> Entry | None:
    if home is None or above != "linked" or found.trashed:
        return None
    entry = Entry(found.id, found, home)
    if found.is_folder:
        return replace(entry, todo="1list")
    if found.mime == SHORTCUT:
        return replace(entry, because="a shortcut: what it points at is followed where it lies")
    if not found.has_bytes:
        return replace(entry, because="Google keeps no file of this kind that could be fetched")
    if not found.can_download:
        return replace(entry, because="its owner does not let it be downloaded")
    return replace(entry, todo="4copy")


def _state(known: Entry, found: DriveFile, home: str | None, above: State) -> tuple[State, str | None]:
    if found.trashed:
        return "trashed", "in the trash of Drive"
    if not known.is_root and home is None:
        return "detached", "moved out of the folders that are followed"
    if above != "linked":
        return above, known.because or "its folder is"
    return "linked", known.because if known.state == "linked" and not known.copied else None


def _todo(known: Entry, new: Entry) -> Stage:
    if new.file.is_folder:
        if new.state == "linked" and known.state != "linked":
            return "1list"
        is_same = (new.state, new.file.name, new.home) == (known.state, known.file.name, known.home)
        return known.todo if is_same and known.todo != "5missing" else "2settle"
    if not new.file.has_bytes:
        return ""
    return "4copy" if _wants_bytes(new) and not _has_to_follow(known, new) else "3align"


def _has_to_follow(known: Entry, new: Entry) -> bool:
    """Whether something beside the bytes has changed: the asset follows that first, in the same run."""
    was, now = ((one.state, one.home, one.file.file_name) for one in (known, new))
    return known.copied is not None and was != now


def _wants_bytes(one: Entry) -> bool:
    is_wanted = one.state == "linked" and one.file.can_download and not one.file.is_folder and one.file.has_bytes
    return is_wanted and one.copied != one.file.content


def after_align(one: Entry) -> Stage:
    """What is to do once the asset follows."""
    return "4copy" if _wants_bytes(one) else ""


def passed_on(known: Entry, folder: Entry) -> Entry | None:
    """What becomes of an entry when the folder that it lies in is trashed, left, or back; None: nothing."""
    if folder.state == known.state and folder.state != "linked":
        return None
    if folder.state != "linked":
        because = "its folder is in the trash of Drive" if folder.state == "trashed" else "its folder is not followed"
        return replace(known, state=folder.state, because=because, todo="2settle" if known.file.is_folder else "3align")
    if known.file.is_folder:
        return replace(known, todo="2settle")
    may_follow = known.todo == "" or (known.todo == "4copy" and known.copied is not None)
    return replace(known, todo="3align") if may_follow else None


def is_suspicious(missing: int, known: int) -> bool:
    """Whether so many files gone at once are probably a lost share, so that people are asked first."""
    return missing > MISSING_MOST or (missing >= MISSING_FEW and missing > known * MISSING_SHARE)


def merged_name(base: str | None, ours: str, theirs: str) -> str:
    """The name after both sides had their say: who alone has changed it wins; both differently: Drive."""
    if theirs == base:
        return ours
    return theirs
