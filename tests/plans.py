"""A store with products, a library with pictures of them, and the hands of who plans, approves and applies."""

import hashlib
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from chalicelib import wiring
from chalicelib.adapters.shopify_admin import ShopifyShop
from chalicelib.domain.assets import Asset, Fields, Rendition, Version
from chalicelib.domain.ids import ROOT, AssetId, VersionId, short_hash
from chalicelib.domain.presets import Preset, key
from chalicelib.handlers.connections import KINDS
from chalicelib.handlers.jobs import WORKS
from chalicelib.models import assets, base, catalogue, jobs as job_rows, presets as preset_rows
from chalicelib.models.catalogue import Mirror
from chalicelib.ports.context import Context
from chalicelib.services import connection_runs, connections, jobs, signing
from chalicelib.services.presets import channel_id
from tests.builders import Shop
from tests.policies import acting_as
from tests.stores import Counter

SMALL = Preset("", "Store", 40, 40, "fit", quality=60, max_bytes=19_000_000, channel="shopify")


def jpeg(text: str, kind: str = "JPEG") -> bytes:
    """A small picture that no other text gives."""
    digest = hashlib.sha256(text.encode()).digest()
    out = io.BytesIO()
    Image.frombytes("RGB", (4, 2), digest[:24]).resize((40, 20), Image.Resampling.NEAREST).save(out, kind)
    return out.getvalue()


class Killed(BaseException):
    """The process died here."""


@dataclass
class Killer:
    """Lets a run die before or after any call of the store, each with this chance."""

    chance: float
    kills: int = 0
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def around(self, store: Any) -> Any:
        """The store, as it is called by a run that may die."""
        return _Mortal(self, store)

    def dies(self) -> bool:
        hit = self.dice.random() < self.chance
        self.kills += hit
        return hit


class _Mortal:
    def __init__(self, killer: Killer, store: Any) -> None:
        self._killer, self._store = killer, store

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if not callable(found) or name == "close":
            return found

        def call(*given: Any) -> Any:
            if self._killer.dies():
                raise Killed
            answer = found(*given)
            if self._killer.dies():
                raise Killed
            return answer

        return call


@dataclass
class Playing:
    """A workspace, a store that it is connected to, and time that passes for both."""

    shop: Shop
    counter: Counter
    moment: datetime
    id: str = ""
    preset: Preset = SMALL
    made: dict[str, str] = field(default_factory=dict)
    """Assets by name."""
    killer: "Killer | None" = None
    invocations: int = 0

    @property
    def ctx(self) -> Context:
        return replace(self.shop.ctx, now=lambda: self.moment, shop=self.store)

    def store(self, host: str, credentials: Mapping[str, Any]) -> Any:
        url, moment = self.counter.url + "/{shop}", self.moment
        found = ShopifyShop(url, host, credentials, now=lambda: moment, spread=lambda: 0.5, sleep=self.counter.wait)
        return found if self.killer is None else self.killer.around(found)

    def connect(self, **settings: Any) -> str:
        caller = signing.caller_of(self.ctx, self.shop.key, None)
        asked = connections.Asked(
            "shopify", "Store", {"shop": self.counter.domain, "match": {"fields": ["sku", "name"]}, **settings},
            {"access_token": self.counter.token()},
        )  # fmt: skip
        self.id = connections.make(self.ctx, caller, asked, KINDS).id
        self.preset = replace(SMALL, id=channel_id(self.shop.workspace, "shopify"))
        base.transact([preset_rows.put(self.shop.workspace, self.preset, known=None)])
        return self.id

    def set_format(self, format_: Any) -> None:
        """Another format for the channel."""
        self.set_preset(format=format_)

    def set_preset(self, **values: Any) -> None:
        """Another preset for the channel."""
        old = self.preset
        self.preset = replace(old, **values, revision=old.revision + 1)
        base.transact([preset_rows.put(self.shop.workspace, self.preset, known=old.revision)])

    def asset(self, name: str) -> Asset:
        """The asset of this name as it is now."""
        found = assets.get(self.shop.workspace, AssetId(self.made[name]))
        assert found is not None
        return found

    def mirror(self) -> None:
        """The catalogue as it is now."""
        place = self.shop.workspace, self.id
        store = self.counter.store
        rows = [
            self.store(self.counter.domain, {"access_token": self.counter.token()}).variants(one)
            for one in store.products
        ]
        for old in catalogue.every(*place):
            base.transact([catalogue.drop(*place, old.id)])
        every = [one for part in rows for one in part]
        for start in range(0, len(every), 100):
            base.transact([catalogue.put(*place, one) for one in every[start : start + 100]])
        base.transact([catalogue.put_mirror(*place, Mirror(self.moment, sum(map(len, rows))))])

    def picture(self, name: str, version: int = 1, *, approved: bool = True, **fields: Any) -> str:
        """An asset with its approved version, as the channel's preset makes it; the asset's id."""
        asset_id = self.made.get(name)
        if asset_id is None:
            asset_id = self.made[name] = self.shop.ctx.new_id()
        one = self.version(asset_id, name, version)
        old = assets.get(self.shop.workspace, AssetId(asset_id)) if version > 1 or fields.pop("again", 0) else None
        if old is None:
            new = Asset(
                AssetId(asset_id), 1, Fields(name, **fields), (ROOT,), (), one, version, self.moment, self.moment,
                approved=one if approved else None,
            )  # fmt: skip
            base.transact([assets.add(self.shop.workspace, new)])
        else:
            change = replace(old, newest=one, versions=version, approved=one, fields=replace(old.fields, **fields))
            base.transact([assets.change(self.shop.workspace, old, change)])
        return asset_id

    def version_id(self, asset_id: str, number: int) -> VersionId:
        return VersionId(f"{asset_id[:24]}{number:02d}")

    def reconnect(self) -> None:
        """New credentials."""
        caller = signing.caller_of(self.ctx, self.shop.key, None)
        old = connections.load(caller, self.id)
        connections.change(self.ctx, caller, old, {}, {"access_token": self.counter.token()}, KINDS)

    def version(self, asset_id: str, name: str, number: int) -> Version:
        version_id = self.version_id(asset_id, number)
        body = jpeg(f"{asset_id} {number}", self.preset.format.upper())
        where = key(self.shop.workspace, version_id, self.preset)
        self.shop.ctx.store.write("renditions", where, body, self.preset.mime)
        rendition = Rendition("small", where, 40, 20, len(body), "webp")
        return Version(
            version_id, number, ("", "", version_id), self.moment, None, None, name,
            hashlib.sha256(body).hexdigest(), len(body), "image", "image/jpeg", "jpeg",
            {"width_px": 40, "height_px": 20}, None, (rendition,), source="drop",
        )  # fmt: skip

    def change(self, name: str, **values: Any) -> None:
        """Change fields of an asset, or the asset itself with `asset=`."""
        old = assets.get(self.shop.workspace, AssetId(self.made[name]))
        new = replace(old, **values.pop("asset", {}), fields=replace(old.fields, **values))
        base.transact([assets.change(self.shop.workspace, old, new)])

    def later(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.counter.wait(seconds)

    def work(self, *, most: int = 60, kinds: tuple[str, ...] = ("shopify_",)) -> None:
        """Jobs, until none is left to do."""
        for _ in range(most):
            found = job_rows.page(self.shop.workspace, None, None, limit=50, start=None).items
            todo = [one for one in found if not one.is_over and one.kind.startswith(kinds)]
            if not todo:
                return
            for one in todo:
                self.step(one.id)
            self.later(self.shop.ctx.settings.lease_s + 1)
        raise AssertionError(f"These jobs do not end: {todo}")

    def step(self, job_id: str) -> None:
        """One invocation for a job."""
        self.invocations += 1
        with acting_as("run_job"), suppress(Killed):
            jobs.run(self.ctx, WORKS, self.shop.workspace, job_id)

    def tick(self, by: str = "system:schedule", *, minutes: float = 2) -> None:
        """A while later: the connection runs if it is due, and what it began goes on until it is over."""
        for _ in range(3):
            self.later(minutes * 60)
            connection_runs.run(self.ctx, KINDS, self.shop.workspace, self.id, by=by)
        self.work()

    def plans(self) -> list[dict[str, Any]]:
        """The connection's plans, newest first."""
        return list(self.shop.call("GET", f"/v1/connections/{self.id}/plans").body["items"])

    def plan(self, q: str | None = None) -> dict[str, Any]:
        """A plan that is ready."""
        reply = self.shop.call("POST", f"/v1/connections/{self.id}/plans", {"q": q} if q else {})
        assert reply.status == 202, reply.body
        self.work()
        return self.read(reply.body["plan_id"])

    def read(self, plan_id: str) -> dict[str, Any]:
        return dict(self.shop.call("GET", f"/v1/plans/{plan_id}").body)

    def lines(self, plan: Mapping[str, Any], name: str = "") -> list[dict[str, Any]]:
        found, asked = [], f"/v1/plans/{plan['id']}/lines?limit=200" + (f"&list={name}" if name else "")
        page = self.shop.call("GET", asked).body
        found += page["items"]
        while page["next"]:
            page = self.shop.call("GET", f"{asked}&cursor={page['next']}").body
            found += page["items"]
        return found

    def turn(self, plan: Mapping[str, Any], what: str, body: Any = None, *, most: int = 60) -> dict[str, Any]:
        """Approve, apply or roll back, and wait until it is over."""
        reply = self.shop.call("POST", f"/v1/plans/{plan['id']}/{what}", body)
        assert reply.status == 202, reply.body
        self.work(most=most)
        return self.read(plan["id"])

    def push(self) -> dict[str, Any]:
        """Plan, approve, apply."""
        plan = self.plan()
        self.turn(plan, "approve")
        return self.turn(plan, "apply")

    def dump(self) -> dict[str, Any]:
        return dict(self.counter.control("dump"))

    def shown(self, product: str) -> list[str]:
        """The files of a product in their order, by the asset they are of, or their own name."""
        told = self.dump()
        (found,) = [one for one in told["products"] if one["id"] == product]
        return [self.name_of(told["files"][one]["name"]) for one in found["media"]]

    def name_of(self, file_name: str) -> str:
        for name, asset_id in self.made.items():
            if short_hash("file", asset_id)[:10] in file_name:
                return name
        return file_name

    def state(self) -> Sequence[Any]:
        """All that a merchant sees: media in order, alt texts, bytes, what variants show."""
        told = self.dump()
        files = told["files"]
        return [
            (
                one["id"], [(each, files[each]["alt"], files[each]["sha256"]) for each in one["media"]],
                [(each["id"], each["medium"]) for each in one["variants"]],
            )
            for one in told["products"]
        ]  # fmt: skip


@contextmanager
def playing(shop: Shop, counter: Counter, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Iterator[Playing]:
    """A workspace that is connected to the store."""
    found = Playing(shop, counter, shop.ctx.now())
    monkeypatch.setattr(wiring, "context", lambda: found.ctx)
    found.connect(**settings)
    yield found
