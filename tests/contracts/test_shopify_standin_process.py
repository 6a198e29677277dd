"""The stand-in of Shopify as a process of its own: it begins with a shop to try, and a kill costs nothing."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from chalicelib.adapters import shopify_operations as operations
from infra.local.loopback import free_port
from infra.local.polling import await_true
from infra.sample import catalogue

PATIENCE_S = 30


@contextmanager
def process(home: Path, port: int) -> Iterator[dict[str, Any]]:
    """It runs, and is killed in the end; what it says of how to connect."""
    told = home / "connection.json"
    told.unlink(missing_ok=True)
    argv = [sys.executable, "-m", "standins.shopify", "--port", str(port), "--state", str(home)]
    with subprocess.Popen(argv) as child:
        try:
            assert await_true(lambda: told.exists() or child.poll() is not None, PATIENCE_S, 0.02)
            yield json.loads(told.read_text())
        finally:
            child.send_signal(signal.SIGKILL)


def ask(told: dict[str, Any], text: str) -> Any:
    token = told["shops"][told["shop"]]["token"]
    url = f"{told['url']}/admin/api/{operations.VERSION}/graphql.json"
    reply = requests.post(url, json={"query": text}, headers={"X-Shopify-Access-Token": token}, timeout=10)
    return reply.json()["data"]


def test_it_sells_what_the_sample_library_shows_and_a_kill_loses_nothing(tmp_path: Path) -> None:
    port = free_port()
    skus = "{ productVariants(first: 250) { nodes { sku product { id } } } }"
    with process(tmp_path, port) as told:
        sold = ask(told, skus)["productVariants"]["nodes"]
        product = sold[0]["product"]["id"]
        renamed = f'mutation {{ productUpdate(product: {{id: "{product}", title: "Renamed"}}) {{ product {{ id }} }} }}'
        assert ask(told, renamed)["productUpdate"]["product"] == {"id": product}
    assert {one["sku"] for one in sold} == {one.sku for one in catalogue.load().pictures}

    with process(tmp_path, port) as again:
        assert ask(again, f'{{ product(id: "{product}") {{ title }} }}') == {"product": {"title": "Renamed"}}
        assert ask(again, skus)["productVariants"]["nodes"] == sold
        assert again["client_secret"] == told["client_secret"]
