"""The picture function's own zip, built from `media/` and its pinned wheels without installing anything.

Here: wheels for the machine the function runs on, fetched once by hash, and one archive of them that is the same,
byte for byte, whenever its inputs are. Not here: the API's zip, which chalice makes (package.py).
"""

import fcntl
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from infra.local.tools import ROOT, folder

REQUIREMENTS = ROOT / "media" / "requirements.txt"
FETCH_LIMIT_S = 600
SDIST_ONLY = {"pyvips": "pure Python; its compiled part is the wheel pyvips-binary"}
"""Pins without a wheel: taken from the source archive, as they lie there, without running its build."""
_SAME_TIME = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = re.compile(r"(^|/)(tests?|__pycache__)/|\.pyi$|\.dist-info/(RECORD|INSTALLER|REQUESTED)$")


class BundleError(Exception):
    """The zip cannot be made; the text says what is missing."""


@dataclass(frozen=True)
class Target:
    """Where a zip runs. Lambda's `python3.12` has glibc 2.34; its `python3.11` has 2.26, too old for our wheels."""

    python: str = "3.12"
    machine: str = "x86_64"
    glibc_minor: int = 34

    @property
    def runtime(self) -> str:
        """Lambda's name of the runtime."""
        return f"python{self.python}"

    @property
    def architecture(self) -> str:
        """Lambda's name of the machine."""
        return {"aarch64": "arm64"}.get(self.machine, self.machine)


LAMBDA = Target()
ARM = Target(machine="aarch64")


def build(to: Path, target: Target = LAMBDA) -> None:
    """Write the picture function's zip. Same sources, pins and target: same bytes. Raises BundleError."""
    contents = dict(_sources())
    for archive in sorted(fetched(target).iterdir()):
        if archive.suffix == ".whl":
            contents.update(_of_wheel(archive))
        elif archive.name.endswith(".tar.gz"):
            contents.update(_of_source(archive))
    write(to, contents)


def drop(archive: Path, unused: re.Pattern[str]) -> None:
    """Rewrite a zip without the files whose names begin like this."""
    with zipfile.ZipFile(archive) as found:
        kept = {name: found.read(name) for name in found.namelist() if not unused.match(name)}
    write(archive, kept)


def write(to: Path, contents: Mapping[str, bytes]) -> None:
    """A zip of these files, sorted, all of one time; whole or absent."""
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f".{to.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, _SAME_TIME)
            entry.create_system = 3
            entry.external_attr = (0o100755 if ".so" in PurePosixPath(name).suffixes else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, contents[name])
    part.rename(to)


def unzipped_bytes(path: Path) -> int:
    """What Lambda counts against its limit of 250 MB."""
    with zipfile.ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def fetched(target: Target, requirements: Path = REQUIREMENTS) -> Path:
    """A folder with every pinned archive for this target, checked by hash; fetched at most once. Raises BundleError."""
    pins = requirements.read_bytes()
    digest = hashlib.sha256(pins + repr(target).encode()).hexdigest()[:16]
    place = folder() / "wheels" / digest
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not place.exists():
            with tempfile.TemporaryDirectory(dir=place.parent) as scratch:
                _fetch(target, pins.decode(), Path(scratch))
                (Path(scratch) / "got").rename(place)
    return place


def _fetch(target: Target, pins: str, scratch: Path) -> None:
    parts = re.split(r"(?m)^(?=[A-Za-z0-9])", pins)
    sources = [part for part in parts if part.split("==")[0] in SDIST_ONLY]
    wheels = [part for part in parts if "==" in part.split("\n")[0] and part not in sources]
    platforms = [f"manylinux_2_{minor}_{target.machine}" for minor in range(17, target.glibc_minor + 1)]
    machine = [f"--platform={one}" for one in (*platforms, f"manylinux2014_{target.machine}", "any")]
    python = f"cp{target.python.replace('.', '')}"
    abis = [f"--abi={one}" for one in (python, "abi3", "none")]
    version = [f"--python-version={target.python}", "--implementation=cp"]
    _pip(scratch, "wheels.txt", wheels, ["--only-binary=:all:", *version, *abis, *machine])
    _pip(scratch, "sources.txt", sources, ["--no-binary=:all:", "--no-build-isolation"])


def _pip(scratch: Path, name: str, pins: list[str], flags: list[str]) -> None:
    listed = scratch / name
    listed.write_text("".join(pins))
    asked = ["download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    argv = [sys.executable, "-m", "pip", *asked, *flags, "-r", str(listed), "-d", str(scratch / "got")]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=FETCH_LIMIT_S, check=False)
    if done.returncode:
        said = "\n  ".join(done.stderr.strip().splitlines()[-6:])
        raise BundleError(
            f"pip could not fetch what {REQUIREMENTS.name} pins; is this machine on the network?\n  {said}"
        )


def _sources() -> Iterator[tuple[str, bytes]]:
    for path in (ROOT / "media").rglob("*"):
        if path.suffix in (".py", ".json", ".bin") and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def _of_wheel(wheel: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            name = re.sub(r"^[^/]+\.data/(purelib|platlib)/", "", entry.filename)
            if not entry.is_dir() and ".data/" not in name and not _LEFT_OUT.search(name):
                yield name, archive.read(entry)


def _of_source(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The package folder of a pure source archive, with its metadata and licence where a wheel has them."""
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            stem, _, name = member.name.partition("/")
            package = stem.rpartition("-")[0]
            kept = {"PKG-INFO": f"{stem}.dist-info/METADATA", "LICENSE.txt": f"{stem}.dist-info/LICENSE.txt"}
            target = kept.get(name) or (name if name.startswith(f"{package}/") else "")
            body = tar.extractfile(member) if member.isfile() and target and not _LEFT_OUT.search(target) else None
            if body is not None:
                yield target, body.read()
