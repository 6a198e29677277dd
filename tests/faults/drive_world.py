"""A Drive in memory beside the in-memory AWS: every call of it goes through the same choke point."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.domain.connections import Connection
from chalicelib.domain.drive import FOLDER, SHORTCUT
from chalicelib.domain.ids import AssetId
from chalicelib.handlers.connections import KINDS
from chalicelib.models import assets, collections, connections as rows, drive_files
from chalicelib.ports.context import Context
from chalicelib.services import arrivals, connection_runs, connections, deciding, ingest, signing
from chalicelib.services.connections import Asked
from tests.builders import deliver_all
from tests.contracts import memory_drive
from tests.contracts.memory_drive import MemoryDrive
from tests.faults.memory_aws import KEY, World

CALLS = ("get", "children", "start_token", "changes", "export", "new_id", "marked", "begin_upload", "send")


@dataclass
class Team:
    """A workspace that follows a Drive, and the Drive with its user's hands."""

    world: World
    drive: memory_drive.World = field(default_factory=memory_drive.World)
    reads: Counter[str] = field(default_factory=Counter)
    connection: Connection | None = None

    def __post_init__(self) -> None:
        self.photos = self.drive.make("Photos", FOLDER, "root").id

    @property
    def ctx(self) -> Context:
        return replace(self.world.ctx, drive=lambda *_, **__: Choked(self))

    def connect(self, **settings: Any) -> None:
        caller = signing.caller_of(self.ctx, KEY, None)
        asked = Asked("drive", "Team", {"folder_ids": [self.photos], **settings}, {"refresh_token": "x"})
        self.connection = connections.make(self.ctx, caller, asked, KINDS)

    def act(self) -> None:
        """What schedules and queues do: runs until nothing changes, arrivals taken in, announcements told."""
        assert self.connection is not None
        for _ in range(3):
            deliver_all(self.ctx)
            self.world.aws.pass_time(3600)
            connection_runs.run(self.ctx, KINDS, self.world.workspace, self.connection.id)
            self.take_in()

    def take_in(self) -> None:
        """Everything in the inbox becomes what it is to be."""
        for one in list(self.world.aws.inbox):
            known = arrivals.hint_of(self.ctx, one.key, one.version, f"{int(one.version[1:]):018X}")
            ingest.take(self.ctx, known)
            self.world.aws.inbox = [each for each in self.world.aws.inbox if each is not one]

    def approve(self, name: str) -> None:
        (asset,) = [one for one in assets.every(self.world.workspace) if one.fields.name == name]
        caller = signing.caller_of(self.ctx, KEY, None)
        deciding.decide(self.ctx, caller, assets.get(self.world.workspace, AssetId(asset.id)), asset.newest.number,
                        "approve", None)  # fmt: skip

    def ended(self) -> dict[str, Any]:
        """All that counts in the end: assets, what lies in Drive, what is still to do."""
        assert self.connection is not None
        workspace = self.world.workspace
        names = {one.id: one.name for one in collections.tree(workspace).by_id.values()}
        found = sorted(
            (
                one.fields.name, one.versions, one.state, sorted(names.get(each, "") for each in one.collection_ids),
                [(each.path, each.state, each.because) for each in one.sources],
            )
            for one in assets.every(workspace)
        )  # fmt: skip
        left = [
            one.file.name
            for stage in ("1list", "2settle", "3align", "4copy", "5missing")
            for one in drive_files.to_do(workspace, self.connection.id, stage, limit=100)
        ]
        kept = rows.get(workspace, self.connection.id)
        files = sorted((one.name, one.sha256, one.parents) for one in self.drive.files.values() if one.sha256)
        return {
            "assets": found, "left": left, "files": files, "state": kept.state if kept else None,
            "parts": len(self.world.aws.sent),
        }  # fmt: skip


class Choked:
    """The Drive as the product sees it."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._drive = MemoryDrive(team.drive)
        for name in CALLS:
            setattr(self, name, self._choked(name))

    def _choked(self, name: str) -> Callable[..., Any]:
        genuine = getattr(self._drive, name)
        return lambda *asked: self._team.world.choke("drive", name, {}, lambda: genuine(*asked))

    @property
    def units(self) -> int:
        return self._drive.units

    def account(self) -> str:
        return self._drive.account()

    def read(self, file: Any, start: int, length: int) -> Iterator[bytes]:
        def answer() -> list[bytes]:
            self._team.reads[f"{file.id} {file.content} {start}"] += 1
            return list(self._drive.read(file, start, length))

        blocks: list[bytes] = self._team.world.choke("drive", "read", {}, answer)
        yield from blocks

    def close(self) -> None:
        """Nothing is held."""


def first_sync(team: Team) -> None:
    """A Drive with folders, a film in parts, equal names, a document and a shortcut is connected."""
    below = team.drive.make("Below", FOLDER, team.photos).id
    for name, parent in (("a.jpg", team.photos), ("a.jpg", team.photos), ("b.jpg", below)):
        team.drive.make(name, "image/jpeg", parent, f"{name} {parent} {len(team.drive.files)}".encode())
    team.drive.make("film.mp4", "video/mp4", below, bytes(range(250)) * 1_000)
    team.drive.make("Brief", "application/vnd.google-apps.document", below)
    team.drive.make("Up", SHORTCUT, below, target_id=team.photos, target_mime=FOLDER)
    team.connect()


def changes(team: Team) -> None:
    """Everything that people do in a Drive, at once."""
    drive = team.drive
    files = {name: drive.make(name, "image/jpeg", team.photos, name.encode())
             for name in ("rename", "replace", "trash", "delete", "out", "move")}  # fmt: skip
    home, outside = drive.make("Home", FOLDER, team.photos), drive.make("Outside", FOLDER, "root")
    drive.make("inside", "image/jpeg", home.id, b"inside")
    drive.make("far", "image/jpeg", outside.id, b"far")
    team.connect()
    team.act()
    drive.keep(replace(drive.files[files["rename"].id], name="renamed"))
    drive.fill(drive.files[files["replace"].id], b"replaced")
    drive.keep(replace(drive.files[files["trash"].id], trashed=True))
    drive.delete(files["delete"].id)
    drive.keep(replace(drive.files[files["out"].id], parents=("root",)))
    drive.keep(replace(drive.files[files["move"].id], parents=(home.id,)))
    drive.keep(replace(drive.files[home.id], name="New home"))
    drive.keep(replace(drive.files[outside.id], parents=(team.photos,)))


def saving(team: Team) -> None:
    """Two versions are approved; the folder that they are saved into is followed too."""
    approved = team.drive.make("Approved", FOLDER, team.photos).id
    for name in ("a.jpg", "b.jpg"):
        team.drive.make(name, "image/jpeg", team.photos, name.encode() * 20)
    team.connect(write_back_folder_id=approved)
    team.act()
    team.approve("a.jpg")
    team.approve("b.jpg")


def saving_again(team: Team) -> None:
    """A newer version of what was saved is approved."""
    saving(team)
    team.act()
    (one,) = [each for each in team.drive.files.values() if each.name == "a.jpg" and each.parents == (team.photos,)]
    team.drive.fill(one, b"newer" * 60_000)
    team.act()
    team.approve("a.jpg")


HISTORIES = (first_sync, changes, saving, saving_again)
