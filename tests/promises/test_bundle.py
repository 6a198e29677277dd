"""What is uploaded works by itself: the picture function's zip, and the gate of the media host."""

import dataclasses
import json
import platform
import shutil
import subprocess
import sys
import venv
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.domain import sealing
from infra import bundle
from tests.builders import a_photo
from tests.media.conftest import LIMITS, SIZES, Store, store  # noqa: F401 a fixture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]
HERE = dataclasses.replace(
    bundle.LAMBDA, python=f"{sys.version_info[0]}.{sys.version_info[1]}", machine=platform.machine()
)
"""This machine; Lambda's zip differs from it only in the Python its wheels are for."""

INVOKE = """
import json, sys
sys.path[:] = [sys.argv[1], *(one for one in sys.path if "-packages" not in one)]
from media.app import handler, _pool
try:
    print(json.dumps(handler(json.load(sys.stdin), None)))
finally:
    _pool().close()
"""


def test_the_same_sources_give_the_same_zip_byte_for_byte(tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        bundle.build(tmp_path / name)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def invoke(task: Path, answers: Store) -> "subprocess.CompletedProcess[str]":
    """Call the unpacked function with a Python that has no packages of its own."""
    steps = [{"name": name, "long_side_px": side} for name, side in SIZES.items()]
    renditions = [{**step, "format": "webp", "quality": 80, "effort": 2} for step in steps]
    puts = [{"rendition": name, "url": f"{answers.address}/put/{name}", "headers": {}} for name in SIZES]
    message = {
        "v": 1, "id": "01", "get_url": f"{answers.address}/original", "limits": LIMITS,
        "recipe": {"renditions": renditions, "pipeline": 1}, "puts": puts,
    }  # fmt: skip
    venv.create(task.parent / "bare")  # empty: neither function nor child can borrow a package
    return subprocess.run(
        [task.parent / "bare" / "bin" / "python", "-I", "-S", "-c", INVOKE, str(task)],
        input=json.dumps(message), capture_output=True, text=True, timeout=200, cwd=task, env={"PATH": "/usr/bin"},
        check=False,
    )  # fmt: skip


def test_the_zip_of_the_picture_function_renders_with_nothing_else_beside_it(
    tmp_path: Path, store: Store  # noqa: F811 the fixture
) -> None:  # fmt: skip
    bundle.build(tmp_path / "media.zip", HERE)
    task = tmp_path / "task"
    with zipfile.ZipFile(tmp_path / "media.zip") as archive:
        archive.extractall(task)
    store.objects = {"/original": a_photo(size=(2400, 1600))}

    done = invoke(task, store)

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["outcome"] == "ok"
    assert [one["width_px"] for one in answer["renditions"]] == [1600, 512, 256]
    assert store.objects["/put/small"][8:12] == b"WEBP"

    for part in ("pyvips", "PIL", "simplejpeg", "numpy", "defusedxml"):  # nothing lends it what the zip lacks
        (task / part).rename(tmp_path / part)
        lacking = invoke(task, store)
        (tmp_path / part).rename(task / part)
        assert f"No module named '{part}'" in lacking.stderr, part


@pytest.mark.parametrize("target", [bundle.LAMBDA, bundle.ARM], ids=lambda one: one.architecture)
def test_every_compiled_part_is_for_the_python_and_machine_of_the_function(
    tmp_path: Path, target: bundle.Target
) -> None:
    bundle.build(tmp_path / "media.zip", target)
    with zipfile.ZipFile(tmp_path / "media.zip") as archive:
        compiled = [name for name in archive.namelist() if ".cpython-" in name]
        licences = [name for name in archive.namelist() if "licen" in name.lower()]

    assert {name.split(".cpython-")[1] for name in compiled} == {
        f"{target.python.replace('.', '')}-{target.machine}-linux-gnu.so"
    }
    assert bundle.unzipped_bytes(tmp_path / "media.zip") < 200_000_000
    assert any("pyvips_binary" in name for name in licences)


GATE = """
import { readFileSync } from "node:fs";
import crypto from "node:crypto";
const text = readFileSync(process.argv[2], "utf8").replace(/^import .*$/gm, "");
const cf = { kvs: () => ({ get: async () => process.argv[3] }) };
const handler = new Function("cf", "crypto", "Buffer", `${text}; return handler;`)(cf, crypto, Buffer);
const uris = JSON.parse(process.argv[4]);
const answers = [];
for (const uri of uris) { const made = await handler({ request: { uri } }); answers.push(made.statusCode || made.uri); }
console.log(JSON.stringify(answers));
"""


@pytest.mark.requirement("RA6")
def test_the_gate_at_the_edge_opens_what_the_product_seals_and_nothing_else(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node, "make check needs node"
    (tmp_path / "gate.mjs").write_text(GATE)
    key, now = sealing.subkey(b"a master key", "media"), datetime.now(UTC)
    picture = "w" * 26 + "/" + "e" * 26 + "/0a1b2c3d/small.webp"
    good = sealing.seal_media_path(key, picture, now)
    uris = [
        good,
        sealing.seal_media_path(key, picture, now - timedelta(hours=3)),
        sealing.seal_media_path(sealing.subkey(b"another", "media"), picture, now),
        good.replace("/small", "/large"),
        good[:-1],
        "/",
        f"/{picture}",
        good.replace("/", "//", 1),
    ]

    done = subprocess.run(
        [node, str(tmp_path / "gate.mjs"), str(ROOT / "infra" / "media_gate.js"), key.hex(), json.dumps(uris)],
        capture_output=True, text=True, timeout=30, check=True,
    )  # fmt: skip

    assert json.loads(done.stdout) == [f"/{picture}", 410, 404, 404, 404, 404, 404, 404]
