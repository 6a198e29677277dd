"""Everything on one machine: start in order, keep each process alive, stop in reverse.

Any process may be killed at any moment. What one holds is on disk or can be found again: after S3 and SQS
come back, the resources are re-applied and every object that waits in the inbox is announced anew.
"""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from infra.local import children, emulators, homes, stack
from infra.local.emulators import Addresses
from infra.local.tools import Tools

BACK_OFF_S = (0.1, 0.5, 2.0)
MOST_FAILURES = 5
FAILURE_WINDOW_S = 60.0
PORT_PATIENCE_S = 5.0
PRODUCT_LIMIT_S = 60
MAX_LOG_BYTES = 20_000_000


class RunnerError(Exception):
    """Packshot cannot go on; the text says why."""


@dataclass
class Part:
    """One process: how to start it, and when it failed lately."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    child: subprocess.Popen[bytes] | None = None
    failures: list[float] = field(default_factory=list)


def settings_for(home: Path, kept: homes.Kept) -> stack.Settings:
    """The stack that `local.json` describes, for this start."""
    addresses = Addresses(kept.dynamodb_port, kept.aws_port, kept.root_secret, secrets.token_hex(16))
    return stack.Settings(
        home=home,
        addresses=addresses,
        http_port=kept.http_port,
        media_port=kept.media_port,
        lambda_port=kept.lambda_port,
        master_key=kept.master_key,
        boot_id=secrets.token_hex(8),
        durable=True,
    )


def prepared(home: Path, environment: dict[str, str]) -> homes.Kept:
    """`local.json` with ports that are free now; `PORT` chooses the port of API and web app (0: any)."""
    homes.forget_connection(home)  # a killed run leaves its own behind, and it leads nowhere now
    (home / "log").mkdir(parents=True, exist_ok=True)
    for log in (home / "log").glob("*.log"):
        if log.stat().st_size > MAX_LOG_BYTES:
            log.replace(log.with_suffix(".old"))
    kept = homes.with_free_ports(homes.keep(home), PORT_PATIENCE_S)
    port = int(environment.get("PORT") or 8000)
    if port and not children.await_port(port, PORT_PATIENCE_S):
        raise RunnerError(f"Port {port} is taken. Choose another: make run PORT=8010 (0 takes any free one).")
    kept = replace(kept, http_port=port or children.free_port())
    homes.save(home, kept)
    return kept


class Runner:
    """All processes of one instance, in their order."""

    def __init__(self, home: Path, kept: homes.Kept, tools: Tools) -> None:
        self.home, self.kept = home, kept
        self.settings = settings_for(home, kept)
        self.token = secrets.token_urlsafe(32)
        self.parts = [
            Part("dynamodb", lambda: stack.start_dynamodb(self.settings, tools)),
            Part("aws", lambda: self._aws(tools)),
            Part("media", lambda: stack.start_media(self.settings)),
            Part("server", self._server),
            Part("pump", lambda: self._module("infra.local.pump_main", "pump")),
            Part("drop", lambda: self._module("infra.local.drop_main", "drop")),
        ]
        self._is_founded = False
        self._owes_reconcile = False

    def start(self) -> None:
        """Start everything; ready on return. Raises ChildError or RunnerError, with nothing left running."""
        try:
            for part in self.parts:
                part.child = part.start()
                if part.name == "aws":
                    self._found()
        except BaseException:
            self.stop()
            raise
        told = homes.connection(self.kept, self.home, self.settings.url, f"packshot-{stack.STAGE}-inbox")
        homes.write_whole(self.home / "connection.json", json.dumps(told, indent=2))

    def watch(self) -> None:
        """Look once at every process and restart the dead. Raises RunnerError when one dies again and again."""
        for part in self.parts:
            if part.child is not None and part.child.poll() is not None:
                self._restart(part)
        if self._owes_reconcile:
            self._reconcile()

    def _reconcile(self) -> None:
        """Announce anew what waits in the inbox; while its databases are away, the next look tries again."""
        try:
            self._product("reconcile")
        except (RunnerError, subprocess.TimeoutExpired) as error:
            sys.stderr.write(f"what waits in the inbox is announced later: {error}\n")
        else:
            self._owes_reconcile = False

    def stop(self) -> None:
        """Stop in reverse; may be called more than once."""
        homes.forget_connection(self.home)
        for part in reversed(self.parts):
            if part.child is not None:
                children.stop(part.child, 12.0 if part.name == "pump" else 5.0)
                part.child = None

    def _restart(self, part: Part) -> None:
        now = time.monotonic()
        part.failures = [at for at in part.failures if now - at < FAILURE_WINDOW_S] + [now]
        log = self.home / "log" / f"{part.name}.log"
        if len(part.failures) > MOST_FAILURES:
            raise RunnerError(
                f"{part.name} ended {MOST_FAILURES} times in a minute. The end of {log}:\n{children.tail(log)}"
            )
        time.sleep(BACK_OFF_S[min(len(part.failures), len(BACK_OFF_S)) - 1])
        sys.stderr.write(f"{part.name} ended and is started again\n")
        if part.child is not None:
            children.stop(part.child, 0)
        try:
            part.child = part.start()
        except Exception as error:  # its neighbour may be away too: the next look tries again
            sys.stderr.write(f"{part.name} did not start: {error}\n")

    def _aws(self, tools: Tools) -> subprocess.Popen[bytes]:
        aws = stack.start_aws(self.settings, tools)
        self._owes_reconcile = self._is_founded
        return aws

    def _found(self) -> None:
        asked = {
            "workspace": self.kept.workspace,
            "name": "Packshot",
            "member_id": self.kept.member,
            "email": "owner@localhost",
            "api_key": self.kept.api_key,
            "sign_in_token": self.token,
        }
        self._product("bootstrap", asked)
        self._product("reconcile")
        self._is_founded = True
        homes.drop_folder(self.home, self.kept).mkdir(parents=True, exist_ok=True)

    def _product(self, command: str, asked: dict[str, Any] | None = None) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "chalicelib.handlers.cli", command],
            input=json.dumps(asked or {}),
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=PRODUCT_LIMIT_S,
            check=False,
        )
        if done.returncode != 0:
            raise RunnerError(f"packshot {command} failed:\n{done.stderr[-4000:]}")

    def _server(self) -> subprocess.Popen[bytes]:
        for port in (self.kept.http_port, self.kept.media_port):
            children.await_port(port, PORT_PATIENCE_S)
        child = self._module("infra.local.server", "server", str(self.kept.http_port), str(self.kept.media_port))
        check = f"{self.settings.url}/v1/health"
        children.await_ready(child, lambda: emulators.answers(check), self.home / "log" / "server.log")
        return child

    def _module(self, module: str, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.home / "log" / f"{name}.log").open("ab") as out:
            return children.spawn([sys.executable, "-m", module, *words], self._environment(), out)

    def _environment(self) -> dict[str, str]:
        return {**self.settings.child_environment(), "PACKSHOT_HOME": str(self.home), "PATH": os.environ["PATH"]}


def greeting(runner: Runner, took_s: float) -> str:
    """What a newcomer reads: where to look, and the two ways to bring pictures in."""
    kept, settings = runner.kept, runner.settings
    return f"""
Packshot is ready in {took_s:.1f} s.

  Open       {settings.url}/#/sign-in/{runner.token}   (works once)
  API key    {kept.api_key}
  Drop here  {homes.drop_folder(runner.home, kept)}

  or with the AWS command line:
  export AWS_ACCESS_KEY_ID={emulators.ACCESS_KEY} AWS_SECRET_ACCESS_KEY={kept.root_secret}
  export AWS_DEFAULT_REGION={emulators.REGION} AWS_ENDPOINT_URL={settings.addresses.aws_url}
  aws s3 cp photo.jpg s3://packshot-{stack.STAGE}-inbox/{kept.workspace}/Spring/

Ctrl-C stops it; everything stays in {runner.home}.
"""
