"""Run the stand-in: python -m standins.shopify --port 8790 --state FOLDER. What it holds stays in the folder."""

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path

from standins.shopify import hooks, seed
from standins.shopify.server import serve
from standins.shopify.settling import settle
from standins.shopify.world import World, opened, write_connection

_PAUSE_S = 0.5


def _deliver(world: World) -> None:
    while True:
        for store in list(world.shops.values()):
            with store.at_once():
                settle(store)
            hooks.deliver(world, store)
        time.sleep(_PAUSE_S)


def main() -> int:
    asked = argparse.ArgumentParser(description="A Shopify for one machine.")
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--state", type=Path, required=True)
    given = asked.parse_args()
    world = opened(given.state)
    if not world.shops:
        seed.sample(world.shop(seed.DOMAIN))
    server = serve(world, given.port)
    write_connection(world, f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=_deliver, args=(world,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
