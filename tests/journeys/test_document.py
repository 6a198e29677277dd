"""The API is what its document says: thousands of requests, fitting and not, against a whole instance."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.tools import ROOT
from tests.builders import a_photo
from tests.journeys.instance import Instance

CONFIG = """
hooks = "tests.journeys.fuzzing"
[generation]
allow-x00 = false
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", 400, 401, 403, 404, 409, 410, 412, 413, 422, 429]
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 429]
[warnings]
fail-on = ["missing_auth"]
[parameters]
"""
"""Texts with NUL are refused everywhere, which no shape says. Which 4xx a fitting request may get: fuzzing.py."""


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance whose library may be ruined."""
    running = Instance(tmp_path_factory.mktemp("spoiled")).start()
    yield running
    running.interrupt()


def made(instance: Instance, path: str, body: dict[str, Any]) -> str:
    return str(instance.call("POST", path, body).json()["id"])


def things(instance: Instance) -> dict[str, list[str]]:
    """Ids of things to try, by the parameter that names them."""
    folder = instance.drop / "Spring"
    folder.mkdir()
    for shade in (10, 60, 110):
        (folder / f"TS-{shade}.jpg").write_bytes(a_photo(shade))
    (folder / "empty.jpg").write_bytes(b"")
    assets = [one["id"] for one in instance.await_assets("Spring", 3).values()]
    homes = [one["id"] for one in instance.every("/v1/collections") if one["path"]]
    return {
        "asset_id": assets,
        "collection_id": [*homes, *(made(instance, "/v1/collections", {"name": name}) for name in "abc")],
        "ingest_id": [one["id"] for one in instance.every("/v1/ingest")],
        "upload_id": [
            made(instance, "/v1/uploads", {"file_name": "a.jpg", "size_bytes": size}) for size in (9, 30_000_000)
        ],
        "key_id": [made(instance, "/v1/keys", {"name": name}) for name in "abc"],
        "search_id": [made(instance, "/v1/searches", {"name": name, "q": "type:image"}) for name in "abc"],
    }


def config(named: dict[str, list[str]]) -> str:
    bound = (f'"path.{name}" = {{dictionary = "{name}", probability = 0.6}}' for name in named)
    values = (f"[dictionaries.{name}]\nvalues = {json.dumps(ids)}" for name, ids in named.items())
    return "\n".join([CONFIG, *bound, *values])


def tried(instance: Instance, place: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """A run of schemathesis with all its checks and ours."""
    (place / "fuzz.toml").write_text(config(things(instance)))
    key, url = instance.connection["api_key"], f"{instance.connection['url']}/v1/openapi.json"
    asked = ["--config-file", str(place / "fuzz.toml"), "run", url, "--header", f"Authorization: Bearer {key}"]
    return subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *asked, "--checks", "all", "--continue-on-failure", *words],
        cwd=place, env={**os.environ, "FUZZING_WITH": key.split("_")[1], "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.journey
@pytest.mark.timeout(400)
def test_no_request_finds_the_api_other_than_its_document_says(spoiled: Instance, tmp_path: Path) -> None:
    done = tried(spoiled, tmp_path, "--max-examples", "5", "--seed", "1")

    assert done.returncode == 0, done.stdout[-20_000:]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_request_of_many_finds_the_api_other_than_its_document_says(spoiled: Instance, tmp_path: Path) -> None:
    done = tried(spoiled, tmp_path, "--max-examples", "300")

    assert done.returncode == 0, done.stdout[-20_000:]
