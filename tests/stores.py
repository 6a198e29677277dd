"""Shops to play with: the stand-in of Shopify with a clock that stands still, and the hands of app and merchant."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image

from chalicelib import wiring
from chalicelib.adapters import shopify_operations as operations
from chalicelib.adapters.shopify_admin import ShopifyShop
from chalicelib.handlers import connections as handler
from chalicelib.models import catalogue
from chalicelib.ports.context import Context
from chalicelib.services import connection_runs
from standins.shopify import hooks
from standins.shopify.clock import Clock
from standins.shopify.server import running
from standins.shopify.store import Store
from standins.shopify.world import World, opened
from tests.builders import Shop, call

DOMAIN = "one.myshopify.com"
MORNING = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
Answer = dict[str, Any]


def picture(colour: str = "red", size: tuple[int, int] = (60, 40), kind: str = "JPEG") -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


@dataclass
class Counter:
    """One shop, its app and its merchant."""

    world: World
    url: str
    domain: str

    @property
    def store(self) -> Store:
        return self.world.shops[self.domain]

    @property
    def base(self) -> str:
        return f"{self.url}/{self.domain}"

    def token(self, who: str = "app") -> str:
        return self.world.accounts.static(self.store, who)

    def post(self, text: str, *, token: str | None = None, **variables: Any) -> requests.Response:
        """A request of the app as it comes over the wire."""
        return requests.post(
            f"{self.base}/admin/api/{operations.VERSION}/graphql.json", json={"query": text, "variables": variables},
            headers={"X-Shopify-Access-Token": self.token() if token is None else token}, timeout=10,
        )  # fmt: skip

    def ask(self, text: str, **variables: Any) -> Answer:
        """The whole answer."""
        return dict(self.post(text, **variables).json())

    def data(self, text: str, **variables: Any) -> Any:
        """What is below the first field of an answer without errors."""
        told = self.ask(text, **variables)
        assert "errors" not in told, told
        return next(iter(told["data"].values()))

    def control(self, what: str, **asked: Any) -> Any:
        reply = requests.post(f"{self.url}/__standin__/{what}", json={"shop": self.domain, **asked}, timeout=10)
        assert reply.ok, reply.text
        return reply.json()

    def wait(self, seconds: float) -> None:
        """Time passes in all shops."""
        self.control("advance", seconds=seconds)

    def product(self, *skus: str, title: str = "Lamp") -> tuple[str, list[str]]:
        """A new product; its id and those of its variants."""
        told = self.control("seed", products=[{"title": title, "variants": [{"sku": one} for one in skus]}])
        (one,) = told["products"]
        return one["id"], one["variants"]

    def stage(self, name: str, body: bytes, mime: str = "image/jpeg") -> str:
        """Bytes laid ready; the address that names them."""
        asked = {"filename": name, "mimeType": mime, "resource": "IMAGE", "httpMethod": "POST"}
        (target,) = self.data(operations.STAGED_UPLOADS, input=[asked])["stagedTargets"]
        form = {one["name"]: one["value"] for one in target["parameters"]}
        reply = requests.post(target["url"], data=form, files={"file": (name, body, mime)}, timeout=10)
        assert reply.status_code == 201, reply.text
        return str(target["resourceUrl"])

    def create(self, name: str, body: bytes, alt: str = "", **more: Any) -> Answer:
        """The answer to one `fileCreate`."""
        asked = {"originalSource": self.stage(name, body), "filename": name, "alt": alt, "contentType": "IMAGE",
                 "duplicateResolutionMode": "RAISE_ERROR", **more}  # fmt: skip
        return dict(self.data(operations.FILE_CREATE, files=[asked]))

    def file(self, name: str, body: bytes, *products: str) -> str:
        """A ready file that hangs on these products."""
        file_id = str(self.create(name, body)["files"][0]["id"])
        self.wait(5)
        if products:
            self.update(id=file_id, referencesToAdd=list(products))
        return file_id

    def update(self, **change: Any) -> list[str]:
        """One `fileUpdate`; the codes of its errors."""
        told = self.data(operations.FILE_UPDATE, files=[change])
        return [one["code"] for one in told["userErrors"]]

    def poll(self, file_id: str) -> Answer:
        (one,) = self.data(operations.POLL_FILES, ids=[file_id])
        return dict(one)

    def order(self, product: str) -> list[str]:
        told = self.data(operations.PRODUCT_MEDIA, id=product, first=250)
        return [one["id"] for one in told["media"]["nodes"]]

    @property
    def journal(self) -> list[Answer]:
        return list(self.control("journal")["items"])

    @property
    def violations(self) -> list[str]:
        return list(self.control("journal")["violations"])


@contextmanager
def a_counter(home: Path, domain: str = DOMAIN) -> Iterator[Counter]:
    """An empty shop, in which time stands still until somebody moves it."""
    world = opened(home, Clock(home, lambda: MORNING))
    world.shop(domain)
    server, url = running(world)
    try:
        yield Counter(world, url, domain)
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Connected:
    """A workspace that a store is connected to; time passes for both together."""

    shop: Shop
    counter: Counter
    moment: datetime
    id: str = ""

    @property
    def ctx(self) -> Context:
        settings = self.shop.ctx.settings.model_copy(update={"shopify_url": self.counter.url + "/{shop}"})
        return replace(self.shop.ctx, settings=settings, now=lambda: self.moment, shop=self.store)

    def store(self, host: str, credentials: Mapping[str, Any]) -> ShopifyShop:
        pattern, moment = self.counter.url + "/{shop}", self.moment
        return ShopifyShop(
            pattern, host, credentials, now=lambda: moment, spread=lambda: 0.5, sleep=lambda _seconds: None
        )

    def connect(self, credentials: dict[str, str] | None = None, **settings: Any) -> str:
        """Connect the store; the connection's id."""
        asked = {
            "kind": "shopify", "name": "Store", "settings": {"shop": self.counter.domain, **settings},
            "credentials": credentials or self.counter.world.accounts.app,
        }  # fmt: skip
        reply = self.shop.call("POST", "/v1/connections", asked)
        assert reply.status == 201, reply.body
        self.id = str(reply.body["id"])
        return self.id

    def later(self, minutes: float) -> None:
        self.moment += timedelta(minutes=minutes)
        self.counter.wait(minutes * 60)

    def run(self, by: str = "system:schedule", *, after_minutes: float = 1.5) -> str:
        """One invocation for this connection, if it is due a while later; the run's id, or empty."""
        self.later(after_minutes)
        return connection_runs.run(self.ctx, handler.KINDS, self.shop.workspace, self.id, by=by)

    def settle(self) -> None:
        """Until the catalogue was read whole, and what came meanwhile too."""
        for _ in range(4):
            self.run()

    def deliver(self, **how: Any) -> list[int]:
        """What waits is posted; the statuses it was answered with."""
        return [one["status"] for one in hooks.deliver(self.counter.world, self.counter.store, how)]

    @property
    def skus(self) -> list[str]:
        return sorted(one.sku for one in catalogue.every(self.shop.workspace, self.id))

    def shown(self) -> dict[str, Any]:
        return dict(self.shop.call("GET", f"/v1/connections/{self.id}").body)

    def runs(self) -> list[dict[str, Any]]:
        return list(self.shop.call("GET", f"/v1/connections/{self.id}/runs").body["items"])

    def asked(self, operation: str) -> int:
        """How often the store was asked this."""
        return sum(one["operation"] == operation for one in self.counter.journal)


@contextmanager
def connecting(shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connected]:
    """A store within reach of the workspace's API, which hears what the store posts."""

    def post(uri: str, headers: dict[str, str], body: str) -> int:
        return call("POST", urlsplit(uri).path, body.encode(), **headers).status

    found = Connected(shop, counter, shop.ctx.now())
    monkeypatch.setattr(wiring, "context", lambda: found.ctx)
    monkeypatch.setattr(hooks, "_post", post)
    yield found
