"""The stand-in over HTTP: sign-in, API, uploads, and under `/__standin__/` what the vendor's API cannot do.

Control: POST `seed {folders, files}`, `advance {seconds}`, `fault {method, times, kind}`, `reset`, `set {id, flags}`;
GET `journal`, `units`, `dump`. Everything is bound to 127.0.0.1.
"""

import json
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from standins.drive import contract, files, methods, multipart, page
from standins.drive.accounts import Accounts
from standins.drive.contract import Refused
from standins.drive.files import Asked, Bytes
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

    class Handler(_Handler):
        pass

    Handler.world = world
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server


class _Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else b""
        at = urlsplit(self.path)
        given = dict(parse_qsl(at.query, keep_blank_values=True))
        verb = self.headers.get("x-http-method-override", self.command)
        if verb != self.command:  # a long GET comes as a POST with its query as the body
            given |= dict(parse_qsl(body.decode()))
            body = b""
        try:
            if at.path == "/token":
                self._json(200, self.world.accounts.token(dict(parse_qsl(body.decode())), self.world.store.now()))
            elif at.path.startswith("/__standin__/"):
                self._control(at.path.removeprefix("/__standin__/"), body, given)
            elif at.path in ("/", ""):
                self._send(200, page.HTML.encode(), {"Content-Type": "text/html; charset=utf-8"})
            elif at.path.startswith("/upload/drive/v3/"):
                self._upload(verb, at.path.removeprefix("/upload/drive/v3/"), given, body)
            elif at.path.startswith(contract.PREFIX):
                self._call(verb, at.path.removeprefix(contract.PREFIX), given, body, None, None)
            else:
                raise Refused(404, "notFound", "Not Found")
        except Refused as refused:
            self._json(refused.status, refused.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

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
            self._cut()
            return
        if isinstance(told, Bytes):
            self._bytes(told, fault)
            return
        if told is None:
            self._send(204, b"", {})
            return
        contract.check_body(str(method.gives), told, is_answer=True)
        default: contract.Mask = {"kind": {}, "id": {}, "name": {}, "mimeType": {}} if method.gives == "File" else {}
        fields = contract.mask(given["fields"]) if given.get("fields") else default
        self._json(200, contract.masked(method.gives, told, fields))

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
            self._send(200, b"", {"Location": address})
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
            self._send(308, b"", {"Range": f"bytes=0-{got - 1}"} if got else {})
            return
        del self.world.uploads[identifier]
        self._call(upload["verb"], upload["path"], upload["given"], upload["meta"], upload["got"], upload["mime"])

    def _bytes(self, told: Bytes, fault: dict[str, Any] | None) -> None:
        asked, body = self.headers.get("Range"), told.body
        headers = {"Content-Type": told.mime}
        status = 200
        found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked or "")
        if found and not (fault and fault.get("ignores_range")):
            start = int(found[1])
            if start >= len(body):
                self._send(416, b"", {"Content-Range": f"bytes */{len(body)}"})
                return
            end = min(int(found[2]) if found[2] else len(body) - 1, len(body) - 1)
            headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
            body, status = body[start : end + 1], 206
        if fault and fault["kind"] == "cut_body":
            self._send(status, body, headers, cut_after=int(fault.get("after", len(body) // 2)))
        else:
            self._send(status, body, headers)

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
            self._json(refused.status, refused.body, fault.get("headers", {}))
        elif kind == "html":
            self._send(int(fault.get("status", 502)), b"<html>Bad gateway</html>", {"Content-Type": "text/html"})
        elif kind == "broken_json":
            self._send(200, b'{"kind": "drive#', {"Content-Type": "application/json"})
        elif kind == "slow":
            time.sleep(float(fault.get("seconds", 1)))
            self._cut()
        else:
            self._cut()

    def _control(self, what: str, body: bytes, given: dict[str, str]) -> None:
        world, asked = self.world, json.loads(body) if body else {}
        with world.store.lock:
            if what == "journal":
                self._json(200, {"items": world.journal, "violations": world.violations, "units": world.units})
            elif what == "reset":
                world.journal.clear()
                world.faults.clear()
                world.units = 0
                self._json(200, {})
            elif what == "advance":
                world.store.advance(float(asked["seconds"]))
                self._json(200, {"now": world.store.stamp()})
            elif what == "fault":
                world.faults.append(asked)
                self._json(200, {})
            elif what == "set":
                one = world.store.files[asked["id"]]
                one |= {f"_{name}": value for name, value in asked["flags"].items()}
                world.store.save(one)
                self._json(200, {})
            elif what == "revoke":
                world.accounts.revoke()
                self._json(200, {})
            elif what == "seed":
                self._json(200, _seed(world.store, asked))
            elif what == "dump":
                self._json(200, {"files": [files.shown(world.store, world.store.user, one)
                                           for one in world.store.files.values()]})  # fmt: skip
            elif what == "page-token":
                self._json(200, world.accounts.for_page(world.store.now()))
            else:
                raise Refused(404, "notFound", f"There is no control {what}; {given}")

    def _json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self._send(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})

    def _send(self, status: int, body: bytes, headers: dict[str, str], cut_after: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if cut_after is None else body[:cut_after])
        if cut_after is not None:
            self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.close()


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
    server = serve(world, port)
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"
