"""All shops behind one port, and what a test may look at or disturb."""

import json
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standins.shopify.accounts import Accounts
from standins.shopify.clock import Clock
from standins.shopify.store import Record, Store

DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
_JOURNAL_MOST = 50_000


@dataclass
class World:
    """Shops by domain. `lock` guards everything that belongs to no shop."""

    place: Path
    clock: Clock
    accounts: Accounts
    shops: dict[str, Store] = field(default_factory=dict)
    journal: list[Record] = field(default_factory=list)
    faults: list[Record] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def shop(self, domain: str) -> Store:
        """The shop of this domain, made if it is new. Raises `ValueError`."""
        with self.lock:
            if not DOMAIN.fullmatch(domain):
                raise ValueError(f"{domain} is not the domain of a shop.")
            if domain not in self.shops:
                self.shops[domain] = Store(self.place / "shops" / domain, domain, self.clock)
            return self.shops[domain]

    def note(self, entry: Record) -> Record:
        """Write a request into the journal."""
        with self.lock:
            self.journal.append(entry)
            del self.journal[:-_JOURNAL_MOST]
        return entry

    def seen(self) -> Record:
        """The journal and what was held against the app, as they are now."""
        with self.lock:
            return {"items": [dict(one) for one in self.journal], "violations": list(self.violations)}

    def breach(self, entry: Record, texts: list[str]) -> None:
        """A request did what it should not have done, even if the vendor lets it pass."""
        with self.lock:
            entry["violations"].extend(texts)
            self.violations += [f"{entry['shop']} {entry['operation']}: {one}" for one in texts]


def opened(place: Path, clock: Clock | None = None) -> World:
    """The world in a folder, as it was left there."""
    place.mkdir(parents=True, exist_ok=True)
    found = clock or Clock(place)
    world = World(place, found, Accounts(place, found))
    for one in sorted((place / "shops").glob("*")):
        world.shop(one.name)
    return world


def told(world: World, url: str) -> dict[str, Any]:
    """What others need to connect."""
    shops = {
        domain: {"url": f"{url}/{domain}", "token": world.accounts.static(store, "app"),
                 "merchant_token": world.accounts.static(store, "merchant")}
        for domain, store in world.shops.items()
    }  # fmt: skip
    first = next(iter(shops), None)
    mine = {"url": f"{url}/{first}", "shop": first, **world.accounts.app}
    return {**mine, "pattern": f"{url}/{{shop}}", "shops": shops}


def write_connection(world: World, url: str) -> None:
    """Leave `connection.json` in the folder of the state."""
    beside = world.place / ".connection.json"
    beside.write_text(json.dumps(told(world, url), indent=1))
    beside.chmod(0o600)
    beside.replace(world.place / "connection.json")
