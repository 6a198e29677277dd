"""The outside systems of a rehearsal: a Drive that is followed and a store that is filled, by the schedules alone.

Nobody calls a function here: a file is put into the Drive, a person approves it and connects the store, and the
deployed schedules have to find both within their own role policies.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.deploy.errors import DeployError
from infra.deploy.smoke import PICTURE, Api
from standins.drive.__main__ import opened as open_drive, told as told_of_drive
from standins.drive.server import running as run_drive
from standins.shopify import seed
from standins.shopify.server import running as run_shop
from standins.shopify.settling import settle
from standins.shopify.world import opened as open_shop

SHOP = "rehearsal.myshopify.com"
SKU = "AUR-MUG-01"
LIMIT_S = 420.0
PAUSE_S = 2.0


@dataclass(frozen=True)
class Outside:
    """Both stand-ins as they run, and the hands of those who use them."""

    drive: Any
    drive_url: str
    shops: Any
    shop_url: str

    @property
    def environment(self) -> Mapping[str, str]:
        """Where the functions are told to look for them."""
        return {"PACKSHOT_DRIVE_URL": self.drive_url, "PACKSHOT_SHOPIFY_URL": f"{self.shop_url}/{{shop}}"}

    @property
    def store(self) -> Any:
        return self.shops.shops[SHOP]

    def put(self, name: str, body: bytes) -> None:
        """A file into the folder that is followed."""
        folder = told_of_drive(self.drive, self.drive_url)["folder_id"]
        self.drive.store.add({"name": name, "mimeType": "image/jpeg", "parents": [folder]}, body)

    def shown(self) -> int:
        """How many pictures the store's one product has."""
        with self.store.at_once():
            settle(self.store)
            return len(next(iter(self.store.products.values()))["_media"])


@contextlib.contextmanager
def outside(home: Path) -> Iterator[Outside]:
    """Both stand-ins until the end of the block; the store has one product with one SKU."""
    drive, shops = open_drive(home / "drive"), open_shop(home / "shopify")
    seed.add_product(shops.shop(SHOP), {"title": "Mug", "variants": [{"sku": SKU}]})
    (drive_server, drive_url), (shop_server, shop_url) = run_drive(drive), run_shop(shops)
    there, ended = Outside(drive, drive_url, shops, shop_url), threading.Event()

    def keep_settling() -> None:
        while not ended.wait(0.5):
            there.shown()

    threading.Thread(target=keep_settling, daemon=True).start()
    try:
        yield there
    finally:
        ended.set()
        for server in (drive_server, shop_server):
            server.shutdown()
            server.server_close()


def use(api: Api, there: Outside, say: Callable[[str], None]) -> None:
    """Follow the Drive and fill the store. Raises DeployError where it stopped."""
    _connect_drive(api, there)
    there.put(f"{SKU}_front.jpg", PICTURE.read_bytes())
    begun = time.monotonic()
    found = _until(lambda: api.call("GET", f"/v1/search?q=name:{SKU}_front.jpg")["items"], "The Drive was not followed")
    say(f"A file put into the Drive was found {time.monotonic() - begun:.0f} s later, by the schedule.")
    asset_id = str(found[0]["id"])
    api.call("POST", f"/v1/assets/{asset_id}/versions/1/approve", {})
    begun = time.monotonic()
    credentials = there.shops.accounts.app
    settings = {"shop": SHOP, "auto_apply": True}
    asked = {"kind": "shopify", "name": "Store", "settings": settings, "credentials": credentials}
    api.call("POST", "/v1/connections", asked)
    _until(there.shown, "The store was not filled")
    say(f"The approved picture was in the store {time.monotonic() - begun:.0f} s later, by the schedule.")


def _connect_drive(api: Api, there: Outside) -> None:
    told = told_of_drive(there.drive, there.drive_url)
    settings = {"folder_ids": [told["folder_id"]], "every_minutes": 1}
    asked = {"kind": "drive", "name": "Team", "settings": settings, "credentials": told["credentials"]}
    one = api.call("POST", "/v1/connections", asked)
    _until(
        lambda: api.call("GET", f"/v1/connections/{one['id']}")["last_run"], "The first run of the Drive did not end"
    )


def _until(look: Callable[[], Any], otherwise: str) -> Any:
    begun = time.monotonic()
    while not (found := look()):
        if time.monotonic() - begun > LIMIT_S:
            raise DeployError(f"{otherwise} within {LIMIT_S:.0f} s. Look at the log groups run_connection and run_job.")
        time.sleep(PAUSE_S)
    return found
