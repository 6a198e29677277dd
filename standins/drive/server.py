"""The stand-in over HTTP: sign-in, API, uploads, and under `/__standin__/` what the vendor's API cannot do.

Control: POST `seed {folders, files}`, `generate {name, size_bytes, parents}` (a large file that takes no room),
`advance {seconds}`, `fault {method, times, kind}`, `reset`, `set {id, flags}`, `skew {seconds}`, `scope {scope}`,
`renew` (the user's refresh token), `revoke`; GET `journal`, `units`, `dump`. Everything is bound to 127.0.0.1.
"""

import json
import re
import secrets
import time
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from standins.answering import Answering, in_a_thread, serving
from standins.drive import contract, files, methods, multipart, page
from standins.drive.accounts import Accounts
from standins.drive.contract import Refused
from standins.drive.files import Asked, Bytes
from standins.drive.generated import Generated
from standins.drive.store import FOLDER, Store

_CHUNK = 256 * 1024
_JOURNAL_MOST = 20_000


@dataclass
class World:
    """The store with everything around it that a test may look at or disturb."""

    store: Store
    accounts: Accounts
    journal: list[dict[str, Any]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    uploads: dict[str, dict[str, Any]] = field(default_factory=dict)
    units: int = 0
    violations: list[str] = field(default_factory=list)


def serve(world: World, port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1 that answers in threads; the caller runs and stops it."""
    return serving(_Handler, port, world=world)


class _Handler(Answering):
    world: World

    def answer(self, body: bytes) -> None:
        at = urlsplit(self.path)
        given = dict(parse_qsl(at.query, keep_blank_values=True))
        verb = self.headers.get("x-http-method-override", self.command)
        if verb != self.command:  # a long GET comes as a POST with its query as the body
            given |= dict(parse_qsl(body.decode()))
            body = b""
        try:
            if at.path == "/token":
                self.json(200, self.world.accounts.token(dict(parse_qsl(body.decode())), self.world.store.now()))
            elif at.path.startswith("/__standin__/"):
                self._control(at.path.removeprefix("/__standin__/"), body, given)
            elif at.path in ("/", ""):
                self.send(200, page.HTML.encode(), {"Content-Type": "text/html; charset=utf-8"})
            elif at.path.startswith("/upload/drive/v3/"):
                self._upload(verb, at.path.removeprefix("/upload/drive/v3/"), given, body)
            elif at.path.startswith(contract.PREFIX):
                self._call(verb, at.path.removeprefix(contract.PREFIX), given, body, None, None)
            else:
                raise Refused(404, "notFound", "Not Found")
        except Refused as refused:
            self.json(refused.status, refused.body)

    def _who(self) -> str:
        who = self.world.accounts.who(self.headers.get("Authorization", ""), self.world.store.now())
        if who is None:
            raise Refused(401, "authError", "Invalid Credentials", location="Authorization", locationType="header")
        return who

    def _call(
        self, verb: str, path: str, given: dict[str, str], body: bytes, media: bytes | None, mime: str | None
    ) -> None:
        world = self.world
        method, named = contract.method(verb, path)
        entry: dict[str, Any] = {"method": method.id, "parameters": given, "path": named}
        entry["range"] = self.headers.get("Range")
        with world.store.lock:
            world.journal.append(entry)
            del world.journal[:-_JOURNAL_MOST]
        fault = self._fault(method.id, named)
        if fault and fault["kind"] not in ("lost_reply", "cut_body"):
            self._disturb(fault)
            return
        try:
            who = self._who()
            parameters = contract.check_parameters(method, given, named)
            if "supportsAllDrives" not in method.parameters:
                parameters["supportsAllDrives"] = True  # methods that do not know the flag need none
            asked = Asked(who, parameters, named, json.loads(body) if body else {}, media, mime)
            if method.takes and body:
                contract.check_body(method.takes, asked.body)
            if verb != "GET" and not self.world.accounts.may_write(self.headers.get("Authorization", "")):
                raise Refused(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
            act = methods.METHODS.get(method.id)
            if act is None:
                raise Refused(501, "notImplemented", f"The stand-in does not do {method.id}.")
            with world.store.lock:
                told = act(world.store, asked)
                is_download = isinstance(told, Bytes)
                world.units += methods.DOWNLOAD_UNITS if is_download else methods.UNITS.get(method.id, 5)
        except ValueError as problem:
            raise Refused(400, "parseError", "Parse Error") from problem
        except Refused as refused:
            entry["refused"] = refused.body["error"]["errors"][0]["reason"]
            raise
        if fault and fault["kind"] == "lost_reply":
            self.cut()
            return
        if isinstance(told, Bytes):
            self._bytes(told, fault)
            return
        if told is None:
            self.send(204, b"", {})
            return
        contract.check_body(str(method.gives), told, is_answer=True)
        default: contract.Mask = {"kind": {}, "id": {}, "name": {}, "mimeType": {}} if method.gives == "File" else {}
        fields = contract.mask(given["fields"]) if given.get("fields") else default
        self.json(200, contract.masked(method.gives, told, fields))

    def _upload(self, verb: str, path: str, given: dict[str, str], body: bytes) -> None:
        kind = given.get("uploadType")
        if "upload_id" in given:
            self._resume(given["upload_id"], body)
        elif kind == "media":
            self._call(verb, path, given, b"", body, self.headers.get("Content-Type"))
        elif kind == "multipart":
            meta, media, mime = multipart.parse_multipart(body, self.headers.get("Content-Type", ""))
            self._call(verb, path, given, json.dumps(meta).encode(), media, mime)
        elif kind == "resumable":
            self._who()
            identifier = secrets.token_urlsafe(16)
            self.world.uploads[identifier] = {
                "verb": verb, "path": path, "given": given, "meta": body, "got": b"",
                "mime": self.headers.get("X-Upload-Content-Type"),
            }  # fmt: skip
            address = (
                f"http://{self.headers['Host']}/upload/drive/v3/{path}?uploadType=resumable&upload_id={identifier}"
            )
            self.send(200, b"", {"Location": address})
        else:
            raise Refused(400, "badRequest", "uploadType is missing")

    def _resume(self, identifier: str, body: bytes) -> None:
        upload = self.world.uploads.get(identifier)
        if upload is None:
            raise Refused(404, "notFound", "The upload session is unknown or over.")
        told = self.headers.get("Content-Range", "")
        found = re.fullmatch(r"bytes (\*|(\d+)-(\d+))/(\d+|\*)", told)
        if found and found[1] != "*":
            if int(found[2]) != len(upload["got"]):
                raise Refused(400, "badRequest", "This part does not follow the one before.")
            upload["got"] += body
            is_last = found[4] != "*" and int(found[4]) == len(upload["got"])
            if not is_last and len(body) % _CHUNK:
                raise Refused(400, "badRequest", "Parts must be multiples of 256 KiB.")
        elif not found:
            upload["got"], is_last = body, True
        else:
            is_last = found[4] != "*" and int(found[4]) == len(upload["got"])
        if not is_last:
            got = len(upload["got"])
            self.send(308, b"", {"Range": f"bytes=0-{got - 1}"} if got else {})
            return
        del self.world.uploads[identifier]
        self._call(upload["verb"], upload["path"], upload["given"], upload["meta"], upload["got"], upload["mime"])

    def _bytes(self, told: Bytes, fault: dict[str, Any] | None) -> None:
        asked, body = self.headers.get("Range"), told.body
        headers, status, start, end = {"Content-Type": told.mime}, 200, 0, len(body)
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked or "")
        if found and not (fault and fault.get("ignores_range")):
            start = int(found[1])
            if start >= len(body):
                self.send(416, b"", {"Content-Range": f"bytes */{len(body)}"})
                return
            end = min(int(found[2]) + 1 if found[2] else end, end)
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(body)}"
            status = 206
        is_cut = fault is not None and fault["kind"] == "cut_body"
        cut_after = int(fault.get("after", (end - start) // 2)) if fault and is_cut else None
        if isinstance(body, Generated):
            self.stream(status, body, start, end, headers, cut_after)
        else:
            self.send(status, body[start:end], headers, cut_after)

    def _fault(self, method: str, named: dict[str, str]) -> dict[str, Any] | None:
        with self.world.store.lock:
            for one in self.world.faults:
                fits = one.get("method") in (None, method) and one.get("file_id") in (None, named.get("fileId"))
                if fits and one.get("skip", 0) > 0:
                    one["skip"] -= 1
                elif fits and one.get("times", 1) > 0:
                    one["times"] = one.get("times", 1) - 1
                    return one
        return None

    def _disturb(self, fault: dict[str, Any]) -> None:
        kind = fault["kind"]
        if kind == "refuse":
            refused = Refused(int(fault.get("status", 403)), fault["reason"], fault.get("message", fault["reason"]))
            self.json(refused.status, refused.body, fault.get("headers", {}))
        elif kind == "html":
            self.send(int(fault.get("status", 502)), b"<html>Bad gateway</html>", {"Content-Type": "text/html"})
        elif kind == "broken_json":
            self.send(200, b'{"kind": "drive#', {"Content-Type": "application/json"})
        elif kind == "odd":
            self.json(200, fault["body"])
        elif kind == "slow":
            time.sleep(float(fault.get("seconds", 1)))
            self.cut()
        else:
            self.cut()

    def _control(self, what: str, body: bytes, given: dict[str, str]) -> None:
        world, asked = self.world, json.loads(body) if body else {}
        with world.store.lock:
            if what == "journal":
                self.json(200, {"items": world.journal, "violations": world.violations, "units": world.units})
            elif what == "reset":
                world.journal.clear()
                world.faults.clear()
                world.units = 0
                self.json(200, {})
            elif what == "advance":
                world.store.advance(float(asked["seconds"]))
                self.json(200, {"now": world.store.stamp()})
            elif what == "fault":
                world.faults.append(asked)
                self.json(200, {})
            elif what == "set":
                one = world.store.files[asked["id"]]
                one |= {f"_{name}": value for name, value in asked["flags"].items()}
                world.store.save(one)
                self.json(200, {})
            elif what == "skew":
                world.accounts.skew_s = float(asked["seconds"])
                self.json(200, {})
            elif what == "scope":
                world.accounts.scope = str(asked["scope"])
                self.json(200, {})
            elif what == "renew":
                world.accounts.renew()
                self.json(200, {})
            elif what == "revoke":
                world.accounts.revoke()
                self.json(200, {})
            elif what == "seed":
                with world.store.at_once():
                    made_folders = _seed(world.store, asked)
                self.json(200, made_folders)
            elif what == "generate":
                made = Generated(int(asked.pop("size_bytes")), int(asked.pop("seed", 1)))
                self.json(200, files.shown(world.store, world.store.user, world.store.add(asked, made)))
            elif what == "dump":
                self.json(200, {"files": [files.shown(world.store, world.store.user, one)
                                           for one in world.store.files.values()]})  # fmt: skip
            elif what == "page-token":
                self.json(200, world.accounts.for_page(world.store.now()))
            else:
                raise Refused(404, "notFound", f"There is no control {what}; {given}")


def _seed(store: Store, asked: dict[str, Any]) -> dict[str, Any]:
    """Make `files` small files spread over `folders` new folders below `parent`."""
    parent = asked.get("parent", store.root)
    folders = [store.add({"name": f"Folder {one}", "mimeType": FOLDER, "parents": [parent]})["id"]
               for one in range(asked.get("folders", 0))] or [parent]  # fmt: skip
    for number in range(asked.get("files", 0)):
        name = f"{asked.get('prefix', 'file')} {number}.txt"
        store.add({"name": name, "mimeType": "text/plain", "parents": [folders[number % len(folders)]]}, name.encode())
    return {"folders": folders}


def running(world: World, port: int = 0) -> tuple[ThreadingHTTPServer, str]:
    """A server that runs in a thread, and its address."""
    return in_a_thread(serve(world, port))
