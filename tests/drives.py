"""A Drive to play with: the stand-in, the vendor's own client as its user, and a connection that follows it."""

import copy
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build_from_document
from googleapiclient.http import MediaIoBaseUpload

from chalicelib.adapters.drive_google import GoogleDrive
from chalicelib.handlers import connections as handler
from chalicelib.ports.context import Context
from chalicelib.services import connection_runs
from standins.drive import contract
from standins.drive.__main__ import opened, told
from standins.drive.server import World, running
from tests.builders import _COUNT, _SEQUENCERS, Shop
from tests.policies import at

FOLDER = "application/vnd.google-apps.folder"
ALL = {"supportsAllDrives": True}


def client_of(url: str, credentials: dict[str, str]) -> Any:
    """The vendor's client as the user of the Drive at this address."""
    document = {**copy.deepcopy(contract.document()), "rootUrl": f"{url}/", "mtlsRootUrl": f"{url}/"}
    signed = Credentials(None, token_uri=f"{url}/token", **credentials)  # type: ignore[no-untyped-call]
    return build_from_document(document, credentials=signed)


@dataclass
class Hands:
    """The hands of the user of a Drive, wherever it runs; `photos` is a folder there."""

    url: str
    api: Any
    photos: str

    def folder(self, name: str, parent: str | None = None) -> str:
        body = {"name": name, "mimeType": FOLDER, "parents": [parent or self.photos]}
        return str(self.api.files().create(body=body, **ALL).execute()["id"])

    def file(self, name: str, body: bytes, parent: str | None = None, mime: str = "image/jpeg", **more: Any) -> str:
        media = MediaIoBaseUpload(io.BytesIO(body), mime)
        about = {"name": name, "parents": [parent or self.photos], **more}
        return str(self.api.files().create(body=about, media_body=media, **ALL).execute()["id"])

    def native(self, name: str, kind: str = "document", parent: str | None = None, **more: Any) -> str:
        body = {"name": name, "mimeType": f"application/vnd.google-apps.{kind}", "parents": [parent or self.photos]}
        return str(self.api.files().create(body={**body, **more}, **ALL).execute()["id"])

    def update(self, file_id: str, **body: Any) -> None:
        self.api.files().update(fileId=file_id, body=body, **ALL).execute()

    def move(self, file_id: str, to: str) -> None:
        self.api.files().update(fileId=file_id, addParents=to, body={}, **ALL).execute()

    def replace(self, file_id: str, body: bytes) -> None:
        media = MediaIoBaseUpload(io.BytesIO(body), "image/jpeg")
        self.api.files().update(fileId=file_id, media_body=media, **ALL).execute()

    def delete(self, file_id: str) -> None:
        self.api.files().delete(fileId=file_id, **ALL).execute()

    def control(self, what: str, **asked: Any) -> Any:
        return requests.post(f"{self.url}/__standin__/{what}", json=asked, timeout=10).json()

    def journal(self) -> list[dict[str, Any]]:
        return list(self.control("journal")["items"])


@dataclass
class Place(Hands):
    """A stand-in in this process."""

    world: World

    @property
    def credentials(self) -> dict[str, Any]:
        return self.world.accounts.user_credentials()

    @property
    def service_account(self) -> dict[str, Any]:
        return {"service_account": self.world.accounts.service_account(self.url)}


@contextmanager
def a_drive(home: Path) -> Iterator[Place]:
    """A fresh Drive."""
    world = opened(home)
    server, url = running(world)
    try:
        with client_of(url, world.accounts.user_credentials()) as api:
            yield Place(url, api, str(told(world, url)["folder_id"]), world)
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Following:
    """A connection that follows the Drive, and the library it fills."""

    shop: Shop
    place: Place
    id: str
    minutes: float = 0

    @property
    def ctx(self) -> Context:
        moment = self.shop.ctx.now() + timedelta(minutes=self.minutes)
        return replace(at(self.shop.ctx, moment), drive=self.drive)

    def drive(self, credentials: Any, *, writes: bool = False) -> GoogleDrive:
        return GoogleDrive(self.place.url, credentials, writes=writes, spread=lambda: 0.5, sleep=lambda _seconds: None)

    def run(self, by: str = "system:schedule", *, takes_in: bool = True) -> None:
        """One run an hour later than the one before, then everything in the inbox is taken in."""
        self.minutes += 60
        connection_runs.run(self.ctx, handler.KINDS, self.shop.workspace, self.id, by=by)
        if takes_in:
            self.take_in()

    def take_in(self) -> None:
        for key in self.shop.waiting():
            path = key.partition("/")[2]
            found = next(self.shop.ctx.store.versions("inbox", key))
            _SEQUENCERS.setdefault(found.version, f"{next(_COUNT):018X}")
            self.shop.take(path, found.version)

    def sync(self) -> None:
        """Until assets have followed too."""
        self.run()
        self.run()

    def shown(self) -> dict[str, Any]:
        return dict(self.shop.call("GET", f"/v1/connections/{self.id}").body)

    def runs(self) -> list[dict[str, Any]]:
        return list(self.shop.call("GET", f"/v1/connections/{self.id}/runs").body["items"])

    def assets(self) -> dict[str, dict[str, Any]]:
        """Whole assets by name, whatever their state."""
        from chalicelib.models import assets

        found = [one.id for one in assets.every(self.shop.workspace)]
        whole = [dict(self.shop.call("GET", f"/v1/assets/{one}").body) for one in found]
        return {one["name"]: one for one in whole}


def following(shop: Shop, place: Place, *folders: str, credentials: dict[str, Any] | None = None) -> Following:
    """A connection to these folders."""
    asked = {
        "kind": "drive", "name": "Team", "settings": {"folder_ids": list(folders) or [place.photos]},
        "credentials": credentials or place.credentials,
    }  # fmt: skip
    return Following(shop, place, str(shop.call("POST", "/v1/connections", asked).body["id"]))


def paths(asset: dict[str, Any]) -> list[str]:
    """Those of the collections that an asset lies in."""
    return [one["path"] for one in asset["collections"]]


def source(asset: dict[str, Any]) -> dict[str, Any]:
    """The one place that an asset comes from."""
    (one,) = asset["sources"]
    return dict(one)


def logged(drive: Following) -> str:
    """All that the runs have told."""
    return "\n".join(line["text"] for one in drive.runs() for line in one["log"])
