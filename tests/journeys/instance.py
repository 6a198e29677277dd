"""A whole Packshot as a person has it: a process started from outside, its folder, its HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import requests
from botocore.config import Config

from infra.local.polling import await_true
from infra.local.tools import ROOT

READY_LIMIT_S = 120.0
DONE_LIMIT_S = 60.0
SOUND_LIMIT_S = 120.0
"""A lease of what was killed (20 s), the sweep after it (a minute), and what that sweep has to do."""
MAX_OBJECT_BYTES = 40_000_000
PROGRAMS = {
    "dynamodb": "dynoxide",
    "aws": "guard.py",
    "media": "infra.local.lambda_endpoint",
    "server": "infra.local.server",
    "pump": "infra.local.pump_main",
    "drop": "infra.local.drop_main",
}


def begin(home: Path, **environment: str) -> subprocess.Popen[str]:
    """Start the runner as a shell's foreground job: a group of its own in which Ctrl-C means something."""
    own = _own_environment()
    kept = {name: os.environ[name] for name in ("PACKSHOT_TOOLS",) if name in os.environ}
    asked = {
        "PACKSHOT_HOME": str(home),
        "PORT": "0",
        "PACKSHOT_MAX_OBJECT_BYTES": str(MAX_OBJECT_BYTES),
        "PACKSHOT_SAMPLE": "0",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local"],
        cwd=ROOT,
        env={**own, **kept, **asked, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )


@dataclass
class Instance:
    """One home, started and stopped as often as a test likes."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    said: str = ""
    http: requests.Session = field(default_factory=requests.Session)

    def start(self) -> "Instance":
        self.process = begin(self.home, **self.environment)
        await_true(lambda: self.has_ended or self.is_ready(), READY_LIMIT_S, 0.05)
        if self.has_ended or not self.is_ready():
            self.ended() if self.has_ended else self.kill()
            raise AssertionError(f"it did not start: {self.said}")
        return self

    @property
    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def is_ready(self) -> bool:
        if self.has_ended:
            return False
        try:
            return self.http.get(f"{self.connection['url']}/v1/health", timeout=5).status_code == 200
        except (OSError, ValueError):
            return False

    @property
    def connection(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((self.home / "connection.json").read_text())
        return told

    def sign_in_link(self) -> str:
        """The link that was printed at this start; it works once."""
        assert self.process is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "/#/sign-in/" in line:
                return line.split()[1]
        raise AssertionError("no sign-in link was printed")

    @property
    def drop(self) -> Path:
        return Path(self.connection["drop_folder"])

    def interrupt(self) -> int:
        """Ctrl-C, as a terminal sends it: to the whole group. The exit code."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        assert self.process is not None
        self.said = self.process.communicate(timeout=30)[0]
        return self.process.returncode

    def kill(self) -> None:
        """`kill -9` of the runner alone; returns when its children have noticed."""
        assert self.process is not None
        pids = list(self.children().values())
        self.process.kill()
        self.ended()
        assert await_true(lambda: not any(_lives(pid) for pid in pids), 60)

    def children(self) -> dict[str, int]:
        """Process ids of what the runner keeps alive, by name."""
        assert self.process is not None
        pid = self.process.pid
        found: dict[str, int] = {}
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            words = _words(int(child))
            for name, program in PROGRAMS.items():
                if program in words:
                    found[name] = int(child)
        return found

    def call(self, method: str, path: str, body: Any = None) -> requests.Response:
        """Call the API as the owner, waiting out a server that is being started anew."""
        told, until_s = self.connection, time.monotonic() + 30
        while True:
            try:
                return self.http.request(
                    method,
                    told["url"] + path,
                    json=body,
                    headers={"Authorization": f"Bearer {told['api_key']}"},
                    timeout=30,
                )
            except requests.ConnectionError:
                if time.monotonic() > until_s:
                    raise
                time.sleep(0.1)  # between two tries while the instance comes back, up to the deadline above

    def get(self, path: str) -> Any:
        """What a GET answers, once the answer is 200."""
        answers: list[requests.Response] = []

        def is_answered() -> bool:
            answers.append(self.call("GET", path))
            return answers[-1].status_code == 200

        assert await_true(is_answered, 30, 0.1), (path, answers[-1].status_code, answers[-1].text)
        return answers[-1].json()

    def every(self, path: str) -> list[dict[str, Any]]:
        """Every item of a list, page by page."""
        found, cursor = list[dict[str, Any]](), ""
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit=200{cursor}")
            found += page["items"]
            if not page["next"]:
                return found
            cursor = f"&cursor={page['next']}"

    def assets(self, folder: str) -> dict[str, dict[str, Any]]:
        """The slim assets of a folder's collection and of those below it, by path. None may be there twice."""
        found: dict[str, dict[str, Any]] = {}
        for one in self.every("/v1/collections"):
            if one["path"] == folder or one["path"].startswith(f"{folder}/"):
                for asset in self.every(f"/v1/assets?collection_id={one['id']}"):
                    path = f"{one['path']}/{asset['name']}"
                    assert path not in found, f"{path} is there twice"
                    found[path] = asset
        return found

    def await_assets(self, folder: str, count: int, limit_s: float = DONE_LIMIT_S) -> dict[str, dict[str, Any]]:
        """Wait until `count` assets are there, then return them."""
        assert await_true(lambda: len(self.assets(folder)) >= count, limit_s, 0.4), (
            f"{len(self.assets(folder))} of {count}",
            self.quarantined(),
        )
        return self.assets(folder)

    def quarantined(self) -> dict[str, str]:
        """Reasons by file name."""
        return {one["file_name"]: one["reason"] for one in self.every("/v1/ingest?state=quarantined")}

    def findings(self, within_s: float = SOUND_LIMIT_S) -> list[dict[str, Any]]:
        """What `packshot fsck` finds wrong; asked again for as long as something may still be on its way."""
        told: list[list[dict[str, Any]]] = []

        def is_sound() -> bool:
            told.append(self._checked())
            return not told[-1]

        await_true(is_sound, within_s, 1.0)
        return told[-1]

    def _checked(self) -> list[dict[str, Any]]:
        done = subprocess.run(
            [sys.executable, "-m", "infra.local.packshot", "fsck", "--grace", "0"],
            cwd=ROOT,
            env={**_own_environment(), "PACKSHOT_HOME": str(self.home)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.stdout, done.stderr
        (library,) = json.loads(done.stdout)["workspaces"]
        return [one for one in library["findings"] if one["code"] != "object_spare"]

    def s3(self) -> Any:
        """A client with the keys that were printed, as anybody's own script makes one."""
        told = self.connection["s3"]
        return boto3.client(
            "s3",
            endpoint_url=told["endpoint"],
            region_name=told["region"],
            aws_access_key_id=told["access_key"],
            aws_secret_access_key=told["secret_key"],
            config=Config(s3={"addressing_style": "path"}),
        )


def _own_environment() -> dict[str, str]:
    """Ours, without what names another instance."""
    return {name: text for name, text in os.environ.items() if not name.startswith(("AWS_", "PACKSHOT_"))}


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _lives(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
