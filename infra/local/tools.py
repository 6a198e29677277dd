"""The two emulators, installed once into `.tools/` from pinned packages.

Here: what is installed, where, and the check of the binary at each start. Nothing here starts anything, and
nothing here needs a package: it runs on a bare Python.
"""

import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local.errors import LocalError

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EMULATOR_PINS = HERE / "emulator-requirements.txt"
NODE_PINS = HERE / "node-requirements.txt"
PINS = HERE / "pins.json"
INSTALL_LIMIT_S = 900


class ToolsError(LocalError):
    """The emulators cannot be had."""


@dataclass(frozen=True)
class Tools:
    emulator_python: Path
    dynoxide: Path


def folder() -> Path:
    """Where tools live: `$PACKSHOT_TOOLS`, else `.tools` beside the sources."""
    return Path(os.environ.get("PACKSHOT_TOOLS") or ROOT / ".tools").absolute()


def ensure(into: Path, say: Callable[[str], None] = print) -> Tools:
    """Install what is missing or pinned anew, then check it.

    Safe to call from several checkouts' processes at once and after a kill at any point. Quick (well under a
    second) when nothing is to be done. Raises ToolsError.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ToolsError(
            f"Tools cannot be kept in {into}: {error.strerror}. Choose a folder: PACKSHOT_TOOLS=…"
        ) from error
    with _locked(into / "lock"):
        pins = json.loads(PINS.read_text())["dynoxide"]
        _installed(into / "emulator" / "bin" / "python", _digest(EMULATOR_PINS), _install_emulator, say)
        _installed(into / "dynoxide" / "dynoxide", f"{pins['version']} {platform_name()}", _install_dynoxide, say)
    return found(into)


def found(into: Path) -> Tools:
    """The installed tools, their binary checked against its pin. Raises ToolsError."""
    tools = Tools(into / "emulator" / "bin" / "python", into / "dynoxide" / "dynoxide")
    for path in (tools.emulator_python, tools.dynoxide):
        if not path.exists():
            raise ToolsError(f"{path} is missing: run `make setup`.")
    _check_binary(tools.dynoxide)
    return tools


def platform_name() -> str:
    """The name npm gives this machine's builds, for example linux-x64 or darwin-arm64."""
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
    name = platform.machine().lower()
    return f"{platform.system().lower()}-{machine.get(name, name)}"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _digest(path: Path) -> str:
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return f"{python} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _installed(program: Path, stamp: str, install: Callable[[Path], None], say: Callable[[str], None]) -> None:
    """Install into a folder beside the tool's own and rename, so that a tool is always whole or absent."""
    place = program.parent if program.parent.name != "bin" else program.parent.parent
    mark = place / "STAMP"
    if program.exists() and mark.exists() and mark.read_text() == stamp:
        return
    say(f"Installing {place.name} into {place.parent} (once) …")
    new, old = place.with_name(f".new-{place.name}"), place.with_name(f".old-{place.name}")
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir()
    install(new)
    (new / "STAMP").write_text(stamp)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _install_emulator(place: Path) -> None:
    _venv(place, EMULATOR_PINS)
    python = place / "bin" / "python"
    run(
        [str(python), "-m", "compileall", "-q", "-j", "0", str(place / "lib")],
        "could not compile",
        check=False,
    )


def _venv(place: Path, requirements: Path) -> None:
    run(
        [sys.executable, "-m", "venv", str(place)],
        "could not make a virtual environment (on Debian: python3-venv)",
    )
    argv = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input"]
    run(
        [*argv, "--disable-pip-version-check", "--require-hashes", "-r", str(requirements)],
        f"pip could not install what {requirements.name} pins; is this machine on the network?",
    )


def _install_dynoxide(place: Path) -> None:
    version = json.loads(PINS.read_text())["dynoxide"]["version"]
    package = f"@dynoxide/{platform_name()}"
    flags = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    node = place / "node"
    program, env = npm(node)
    run(
        [*program, "install", "--prefix", str(place), *flags, f"{package}@{version}"],
        f"npm could not install {package} {version}, the DynamoDB emulator for this machine "
        f"({platform_name()}). Packshot is proven on linux-x64; elsewhere it needs that package to exist. "
        "If it does, is this machine on the network?",
        env=env,
    )
    binary = place / "node_modules" / package / "dynoxide"
    if not binary.exists():
        raise ToolsError(f"The package {package} {version} came without its program.")
    binary.rename(place / "dynoxide")
    for left in (node, place / "node_modules"):
        shutil.rmtree(left, ignore_errors=True)
    (place / "dynoxide").chmod(0o755)
    (place / "SHA256").write_text(_sha256(place / "dynoxide"))
    _check_binary(place / "dynoxide")


def npm(node: Path) -> tuple[list[str], dict[str, str]]:
    """The machine's npm, else one from a wheel in a throw-away virtual environment."""
    if there := npm_on(os.environ["PATH"]):
        return [there], dict(os.environ)
    _venv(node, NODE_PINS)
    return [str(node / "bin" / "npm")], {
        **os.environ,
        "PATH": f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }


def npm_on(path: str) -> str | None:
    """The npm of a search path, if the node it needs is there too."""
    return shutil.which("npm", path=path) if shutil.which("node", path=path) else None


def run(
    argv: list[str],
    sorry: str,
    *,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
    check: bool = True,
) -> None:
    """Run an installer to its end. Raises ToolsError: what it was for, and its last lines."""
    try:
        done = subprocess.run(
            argv, env=env, cwd=cwd, capture_output=True, text=True, timeout=INSTALL_LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ToolsError(f"{sorry}\n  {error}") from error
    if check and done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-12:]
        raise ToolsError("\n  ".join([sorry, *said]))


def _check_binary(path: Path) -> None:
    """The pinned hash where we have one; elsewhere the hash that was written down at installation."""
    pinned = json.loads(PINS.read_text())["dynoxide"]["sha256"].get(platform_name())
    expected = pinned or (path.parent / "SHA256").read_text()
    if _sha256(path) != expected:
        raise ToolsError(
            f"{path} is not the program that was pinned (sha256 differs). Remove {path.parent} and run `make setup`."
        )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    try:
        ensure(folder())
    except KeyboardInterrupt:
        print("\nStopped before everything was installed; the next start goes on.")
        return 130
    except ToolsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
