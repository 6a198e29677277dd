"""Run the stand-in: python -m standins.drive PORT FOLDER. What it holds stays in the folder."""

import json
import os
import signal
import sys
from pathlib import Path

from standins.drive.accounts import Accounts
from standins.drive.server import World, serve
from standins.drive.store import FOLDER, Store

USER = "team@standin.test"
CONNECTION = "connection.json"


def opened(place: Path) -> World:
    """The world in a folder; a new one has a folder for photos, shared with the service account."""
    store = Store(place, USER)
    accounts = Accounts(place, USER)
    if len(store.files) == 1:
        store.add({"name": "Photos", "mimeType": FOLDER, "_shared": [accounts.service_email]})
    return World(store, accounts)


def told(world: World, url: str) -> dict[str, object]:
    """What others need to connect."""
    photos = next((one["id"] for one in world.store.files.values() if one["name"] == "Photos"), world.store.root)
    return {
        "url": url, "credentials": world.accounts.user_credentials(),
        "service_account": world.accounts.service_account(url), "folder_id": photos,
    }  # fmt: skip


def main() -> int:
    port, place = int(sys.argv[1]), Path(sys.argv[2])
    world = opened(place)
    server = serve(world, port)
    beside = place / f".{CONNECTION}.{os.getpid()}"
    beside.write_text(json.dumps(told(world, f"http://127.0.0.1:{port}")))
    beside.chmod(0o600)
    beside.replace(place / CONNECTION)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
