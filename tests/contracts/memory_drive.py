"""A Drive in memory, as strict as Google's where the port promises something. `is_down` makes every method fail."""

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.domain.drive import FOLDER, ChangePage, DriveChange, DriveFile, FilePage, Sent, Upload
from chalicelib.errors import Conflict, Gone, NotFound, UpstreamRejected, UpstreamUnavailable

PAGE = 1000
BLOCK = 1 << 20
STEP = 256 * 1024
_NATIVE = "application/vnd.google-apps."


@dataclass
class Begun:
    """An upload that goes on."""

    upload: Upload
    got: bytes = b""


@dataclass
class World:
    """What lies in a Drive, whoever looks: files, the bytes of every revision, the feed, uploads."""

    files: dict[str, DriveFile] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    feed: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    uploads: dict[str, Begun] = field(default_factory=dict)
    at: int = 100
    is_down: bool = False
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def name(self, kind: str) -> str:
        return f"{kind}{next(self.numbers):08}"

    def keep(self, file: DriveFile) -> DriveFile:
        """Write a file and tell the feed, which keeps the newest entry of each."""
        file = replace(file, version=file.version + 1)
        self.files[file.id] = file
        self.used.add(file.id)
        self.tell(file.id)
        return file

    def tell(self, file_id: str) -> None:
        self.feed[file_id] = self.at
        self.at += 1

    def make(self, name: str, mime: str, parent: str, body: bytes | None = None, **more: Any) -> DriveFile:
        file = DriveFile(more.pop("id", None) or self.name("f"), name, mime, (parent,), **more)
        return self.keep(file) if body is None else self.fill(file, body)

    def fill(self, file: DriveFile, body: bytes) -> DriveFile:
        """Give it other bytes: a new revision."""
        revision = self.name("r")
        self.bodies[revision] = body
        md5, sha256 = hashlib.md5(body, usedforsecurity=False).hexdigest(), hashlib.sha256(body).hexdigest()
        return self.keep(replace(file, size_bytes=len(body), md5=md5, sha256=sha256, revision=revision))

    def delete(self, file_id: str) -> None:
        for below in [one.id for one in self.files.values() if file_id in one.parents]:
            self.delete(below)
        del self.files[file_id]
        self.tell(file_id)

    def trashed(self, file: DriveFile) -> bool:
        above = [self.files[one] for one in file.parents if one in self.files]
        return file.trashed or any(self.trashed(one) for one in above)

    def shown(self, file: DriveFile) -> DriveFile:
        return replace(file, trashed=self.trashed(file), properties={})


class MemoryDrive:
    """One account's Drive."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._units = 0

    @property
    def units(self) -> int:
        return self._units

    def _ask(self, units: int) -> World:
        self._units += units
        if self._world.is_down:
            raise UpstreamUnavailable("This Drive is away.")
        return self._world

    def account(self) -> str:
        self._ask(5)
        return "memory@drive.test"

    def _found(self, file_id: str, units: int = 5) -> DriveFile:
        found = self._ask(units).files.get(file_id)
        if found is None:
            raise NotFound("There is no such file for this account.")
        return found

    def get(self, file_id: str) -> DriveFile:
        return self._world.shown(self._found(file_id))

    def children(self, folder: DriveFile, page: str | None) -> FilePage:
        world = self._ask(100)
        if page is not None and not page.isdigit():
            raise Gone("This page is not known.")
        start = int(page or 0)
        inside = [one for one in world.files.values() if folder.id in one.parents and not world.trashed(one)]
        files = tuple(world.shown(one) for one in inside[start : start + PAGE])
        return FilePage(files, str(start + PAGE) if start + PAGE < len(inside) else None)

    def start_token(self, drive_id: str | None) -> str:
        return str(self._ask(5).at)

    def changes(self, token: str, drive_id: str | None) -> ChangePage:
        world = self._ask(5)
        if not token.isdigit() or int(token) > world.at:
            raise Gone("This place is not known.")
        newer = sorted((at, one) for one, at in world.feed.items() if at >= int(token))
        told = tuple(
            DriveChange(one, world.shown(world.files[one]) if one in world.files else None)
            for _, one in newer[:PAGE]
        )  # fmt: skip
        if len(newer) > PAGE:
            return ChangePage(told, str(newer[PAGE - 1][0] + 1), None)
        return ChangePage(told, None, str(world.at))

    def read(self, file: DriveFile, start: int, length: int) -> Iterator[bytes]:
        known = self._found(file.id, 200)
        body = self._world.bodies[file.revision or known.revision or ""]
        body = body[start : start + length] if length else body
        for at in range(0, len(body), BLOCK):
            if self._world.is_down:
                raise UpstreamUnavailable("The line broke.")
            yield body[at : at + BLOCK]

    def export(self, file_id: str) -> bytes:
        return b"%PDF-1.4 " + self._found(file_id, 200).name.encode()

    def new_id(self) -> str:
        return self._ask(5).name("n")

    def marked(self, folder_id: str, name: str, value: str) -> list[DriveFile]:
        world = self._ask(100)
        return [
            one
            for one in world.files.values()
            if folder_id in one.parents and one.properties.get(name) == value and not world.trashed(one)
        ]

    def begin_upload(self, upload: Upload) -> str:
        world = self._ask(50)
        self._check(upload)
        address = world.name("u")
        world.uploads[address] = Begun(upload)
        return address

    def _check(self, upload: Upload) -> None:
        if any(len(f"{name}{value}".encode()) > 124 for name, value in upload.properties.items()):
            raise UpstreamRejected("A property is too long.", code="invalid")
        if upload.folder_id is None:
            self._found(upload.file_id, 0)
            return
        self._found(upload.folder_id, 0)
        if upload.file_id in self._world.used:
            raise Conflict("This id was used.", code="id_used")

    def send(self, address: str, start: int, body: bytes, size_bytes: int) -> Sent:
        world = self._ask(0)
        begun = world.uploads.get(address)
        if begun is None:
            raise Gone("This upload is over.")
        if body:
            if start != len(begun.got) or (start + len(body) < size_bytes and len(body) % STEP):
                raise UpstreamRejected("This part does not follow.", code="badRequest")
            begun.got += body
        if len(begun.got) < size_bytes:
            return Sent(len(begun.got))
        self._check(begun.upload)
        del world.uploads[address]
        return Sent(size_bytes, world.shown(self._whole(begun)))

    def _whole(self, begun: Begun) -> DriveFile:
        asked = begun.upload
        if asked.folder_id is not None:
            fresh = DriveFile(asked.file_id, asked.name or "", asked.mime, (asked.folder_id,))
            return self._world.fill(replace(fresh, properties=dict(asked.properties)), begun.got)
        known = self._found(asked.file_id, 0)
        properties = {**known.properties, **asked.properties}
        return self._world.fill(replace(known, name=asked.name or known.name, properties=properties), begun.got)

    def close(self) -> None:
        """Nothing is held."""


def a_folder(world: World, name: str, parent: str = "root") -> str:
    """A folder's id."""
    return world.make(name, FOLDER, parent).id
