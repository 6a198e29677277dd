"""The shops over HTTP, on 127.0.0.1 only; `standins/shopify/__init__.py` says what lies where."""

import json
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from chalicelib.adapters.shopify_operations import VERSION
from standins.answering import Answering, in_a_thread, serving
from standins.shopify import api, bulk, control, faults, page, uploads
from standins.shopify.settling import settle
from standins.shopify.store import Record, Store
from standins.shopify.world import World

_HTML = {"Content-Type": "text/html; charset=utf-8"}


def serve(world: World, port: int) -> ThreadingHTTPServer:
    """A server on 127.0.0.1 that answers in threads; the caller runs and stops it."""
    return serving(_Handler, port, world=world)


def running(world: World, port: int = 0) -> tuple[ThreadingHTTPServer, str]:
    """A server that runs in a thread, and its address."""
    return in_a_thread(serve(world, port))


class _Handler(Answering):
    world: World
    most_body_bytes = 64 * 1024 * 1024

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"  # type: ignore[index]

    def answer(self, body: bytes) -> None:
        first, _, rest = urlsplit(self.path).path.lstrip("/").partition("/")
        if first == "__standin__":
            self._control(rest, body)
        elif first == "admin":
            self._of_shop(self._hosted(), urlsplit(self.path).path, body)
        elif first in self.world.shops:
            self._of_shop(self.world.shops[first], "/" + rest, body)
        elif not first:
            self.send(200, page.shops(self.world).encode(), _HTML)
        else:
            self.json(404, {"errors": "Not Found"})

    def _hosted(self) -> Store:
        """The shop that `Host` names, or else the first one."""
        host = self.headers.get("Host", "").partition(":")[0]
        return self.world.shops.get(host) or next(iter(self.world.shops.values()))

    def _of_shop(self, store: Store, path: str, body: bytes) -> None:
        if path == "/admin/oauth/access_token" and self.command == "POST":
            self._token(store, body)
        elif path.startswith("/admin/api/") and path.endswith("/graphql.json") and self.command == "POST":
            self._graphql(store, body)
        elif path.startswith("/uploads"):
            self._upload(store, path.removeprefix("/uploads").lstrip("/"), body)
        elif path.startswith("/bulk/"):
            self._bulk(store, path.removeprefix("/bulk/").removesuffix(".jsonl"))
        elif path.startswith("/cdn/files/"):
            name = unquote(path.removeprefix("/cdn/files/"))
            self._picture(store, name, self._beside(store, "cdn", {"name": name}))
        elif path.startswith("/shown/"):  # the same for our own pages: in no journal, met by no fault
            self._picture(store, unquote(path.removeprefix("/shown/")), None)
        elif path.startswith("/__standin__/"):
            self._control(path.removeprefix("/__standin__/"), body, store.domain)
        elif path == "/":
            self.send(200, page.storefront(store).encode(), _HTML)
        else:
            self.json(404, {"errors": "Not Found"})

    def _token(self, store: Store, body: bytes) -> None:
        fault = self._beside(store, "token", {})
        is_json = "json" in self.headers.get("Content-Type", "")
        try:
            asked = json.loads(body) if is_json else dict(parse_qsl(body.decode()))
        except ValueError:
            asked = {}
        with store.at_once():
            is_open = store.setting("answers") == 200
            status, told = (
                self.world.accounts.token(store, asked if isinstance(asked, dict) else {})
                if is_open else (int(store.setting("answers")), {"error": "shop_not_permitted"})
            )  # fmt: skip
        self._answer(status, json.dumps(told).encode(), {"Content-Type": "application/json"}, fault)

    def _graphql(self, store: Store, body: bytes) -> None:
        try:
            asked = json.loads(body)
        except ValueError:
            return self.json(400, {"errors": {"query": "Required parameter missing or invalid"}})
        token = self.headers.get("X-Shopify-Access-Token", "")
        reply = api.answer(self.world, store, f"{self._url}/{store.domain}", token, asked)
        headers = {"Content-Type": "application/json", "X-Shopify-API-Version": VERSION}
        return self._answer(reply.status, json.dumps(reply.body).encode(), headers, reply.fault)

    def _upload(self, store: Store, path: str, body: bytes) -> None:
        fault = self._beside(store, "upload", {"bytes": len(body)})
        if fault and fault["kind"] in faults.BEFORE:
            return self._answer(502, b"", {}, fault)
        mime = self.headers.get("Content-Type", "")
        try:
            with store.at_once():
                if self.command == "POST":
                    status, told = 201, uploads.post(store, body, mime)[1]
                else:
                    signature = parse_qs(urlsplit(self.path).query).get("X-Goog-Signature", [""])[0]
                    uploads.put(store, path, signature, mime, body)
                    status, told = 200, ""
        except uploads.Rejected as rejected:
            status, told = rejected.status, rejected.body
        return self._answer(status, told.encode(), {"Content-Type": "application/xml; charset=UTF-8"}, fault)

    def _bulk(self, store: Store, number: str) -> None:
        fault = self._beside(store, "bulk", {"id": number})
        with store.at_once():
            rows = bulk.rows(store, number)
        if rows is None:
            return self._answer(400, b"<Error><Code>ExpiredToken</Code></Error>", {}, fault)
        return self._answer(200, rows, {"Content-Type": "application/jsonl"}, fault)

    def _picture(self, store: Store, name: str, fault: Record | None) -> None:
        with store.at_once():
            settle(store)
            one = store.files.get(store.names.get(name.lower(), ""))
        if one is None or one["_digest"] is None:
            return self._answer(404, b"", {}, fault)
        kind = {"png": "image/png", "webp": "image/webp", "gif": "image/gif"}.get(name.rpartition(".")[2].lower())
        return self._answer(200, store.bytes_of(one["_digest"]), {"Content-Type": kind or "image/jpeg"}, fault)

    def _beside(self, store: Store, name: str, more: Record) -> Record | None:
        """Write down a request that is no GraphQL; the fault it meets."""
        fault = faults.hit(self.world, store.domain, {name})
        if fault and fault["kind"] == "before":
            api.before(self.world, store, fault)
        self.world.note({"at": self.world.clock.stamp(), "shop": store.domain, "operation": name, "kind": "http",
                         "fields": [], "variables": more, "fault": fault["kind"] if fault else None})  # fmt: skip
        return fault

    def _control(self, what: str, body: bytes, shop: str | None = None) -> None:
        try:
            asked = json.loads(body) if body else {}
            self.json(200, control.act(self.world, what, {"shop": shop, **asked} if shop else asked, self._url))
        except KeyError as unknown:
            self.json(404, {"error": f"There is no {unknown}."})
        except (TypeError, ValueError) as wrong:
            self.json(400, {"error": str(wrong)})

    def _answer(self, status: int, body: bytes, headers: dict[str, str], fault: Record | None) -> None:
        """Send it, or what a fault makes of it."""
        kind = fault["kind"] if fault else ""
        if fault and kind == "http":
            status = int(fault.get("status", 502))
            self.send(
                status, b"<html>Something went wrong.</html>", {"Content-Type": "text/html"} | fault.get("headers", {})
            )
        elif kind == "broken_json":
            self.send(200, b'{"data": {"', headers)
        elif kind == "redirect":
            self.send(302, b"", {"Location": f"{self._url}/elsewhere"})
        elif kind in ("lost_reply", "drop"):
            self.cut()
        elif fault and kind == "cut_body":
            self.send(status, body, headers, int(fault.get("after", len(body) // 2)))
        else:
            self.send(status, body, headers)
