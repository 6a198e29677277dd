"""Everything on one machine: start in order, keep each process alive, stop in reverse.

Any process may be killed at any moment. What one holds is on disk or can be found again: when S3 and SQS come
back, the resources are re-applied; when they, the tables or the pump come back, what dead workers owned is
freed and every object that waits in the inbox is announced anew.
"""

import contextlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from infra.local import children, commands, emulators, homes, logs, loopback, sample, stack
from infra.local.emulators import Addresses
from infra.local.parts import Part
from infra.local.tools import Tools

DEFAULT_PORT = 8000
PORT_PATIENCE_S = 5.0
PUMP_PATIENCE_S = 12.0
FRONT = {"drop", "pump", "server"}
"""They end side by side; what they use ends after them."""
LOGS_EVERY_S = 10.0
SHOPIFY_TOLD = ("url", "shop", "client_id", "client_secret")
"""What `connection.json` says of all that the stand-in of Shopify tells."""
GATE_VARIABLE = "AWS_SDK_UA_APP_ID"
"""AWS clients put its value into their user agent, and the gate lets the user agent with the word pass."""


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
        drive_port=kept.drive_port,
        shopify_port=kept.shopify_port,
    )


def prepared(home: Path, environment: Mapping[str, str]) -> homes.Kept:
    """`local.json` with ports that are free now; `PORT` chooses the port of API and web app (0: the last, or any).

    A port that was chosen once is taken again whenever it is free; a home that never ran gets the sample library.
    Raises HomeError, PortError, OSError.
    """
    homes.clear(home)
    logs.folder(home).mkdir(exist_ok=True)
    logs.cap(home)
    sample.lay_out(home, environment)
    kept = homes.keep(home)
    ports = {field: getattr(kept, field) or loopback.free_port() for field in homes.PORTS}
    if asked := loopback.asked_port(environment.get("PORT"), DEFAULT_PORT):
        ports["http_port"] = loopback.claimed(asked, PORT_PATIENCE_S)
    found: dict[str, Any] = loopback.kept_or_free({"http_port": ports.pop("http_port"), **ports}, PORT_PATIENCE_S)
    kept = replace(kept, **found)
    homes.save(home, kept)
    return kept


class Runner:
    """All processes of one instance, in their order."""

    def __init__(self, home: Path, kept: homes.Kept, tools: Tools) -> None:
        self.home, self.kept = home, kept
        self.settings = settings_for(home, kept)
        self.sign_in_token = secrets.token_urlsafe(32)
        self._tools = tools
        self._environment = {
            **self.settings.child_environment(),
            "PACKSHOT_HOME": str(home),
            "PACKSHOT_LONE_WORKSPACE": kept.workspace,
        }
        self._announcer = commands.Announcer(home, self._environment)
        self._is_founded = False
        self._next_look_at_logs_s = 0.0
        self._parts = [
            self._part("dynamodb", self._dynamodb),
            self._part("aws", self._aws),
            self._part("media", lambda: stack.start_media(self.settings)),
            self._part("drive", self._drive),
            self._part("shopify", self._shopify),
            self._part("server", self._server),
            self._part("pump", self._pump, PUMP_PATIENCE_S),
            self._part("drop", lambda: self._module("drop_main", "drop")),
        ]

    def start(self) -> None:
        """Start everything; ready on return. Raises LocalError or OSError; `stop` is due in every case."""
        homes.drop_folder(self.home, self.kept).mkdir(parents=True, exist_ok=True)
        for part in self._parts:
            part.begin()
        drive, shopify = (json.loads((self.home / one / "connection.json").read_text()) for one in ("drive", "shopify"))
        bucket, shopify = f"packshot-{stack.STAGE}-inbox", {name: shopify[name] for name in SHOPIFY_TOLD}
        told = homes.connection(self.kept, self.home, self.settings.url, bucket, drive=drive, shopify=shopify)
        homes.write_whole(self.home / homes.CONNECTION, json.dumps(told, indent=2))
        sample.hand_in(self.home, homes.drop_folder(self.home, self.kept))

    def watch(self) -> None:
        """Look once at every process and start the dead anew. Raises PartError when one dies again and again."""
        now_s = time.monotonic()
        for part in self._parts:
            part.look(now_s)
        with contextlib.suppress(OSError):  # no process or file to be had now: the next look tries again
            self._announcer.look(now_s)
        if now_s >= self._next_look_at_logs_s:
            self._next_look_at_logs_s = now_s + LOGS_EVERY_S
            logs.cap(self.home)

    def stop(self) -> None:
        """Stop in reverse; may be called more than once."""
        homes.forget_connection(self.home)
        self._announcer.end()
        for part in self._parts:
            if part.name in FRONT:
                part.ask_to_end()
        for part in reversed(self._parts):
            part.end()

    def _part(self, name: str, start: Callable[[], subprocess.Popen[bytes]], patience_s: float = 5.0) -> Part:
        return Part(name, start, logs.place(self.home, name), patience_s)

    def _dynamodb(self) -> subprocess.Popen[bytes]:
        """What was at work while the tables were away has failed and would wait for the queue's patience."""
        child = stack.start_dynamodb(self.settings, self._tools)
        self._announcer.owe()
        return child

    def _pump(self) -> subprocess.Popen[bytes]:
        """Each has a name of its own, so that what a dead one owned is free at once."""
        self._environment["PACKSHOT_BOOT_ID"] = secrets.token_hex(8)
        self._announcer.owe()
        return self._module("pump_main", "pump")

    def _aws(self) -> subprocess.Popen[bytes]:
        """The first time the gate stays closed until the workspace is there."""
        child = stack.start_aws(self.settings, self._tools, self._found)
        self._announcer.owe()
        return child

    def _found(self) -> None:
        """Once a run: the workspace, its owner, the sign-in link."""
        if self._is_founded:
            return
        passing = {**self._environment, GATE_VARIABLE: self.settings.addresses.word}
        asked = {
            "workspace": self.kept.workspace,
            "name": "Packshot",
            "member_id": self.kept.member,
            "email": "owner@localhost",
            "api_key": self.kept.api_key,
            "sign_in_token": self.sign_in_token,
        }
        commands.run("bootstrap", passing, asked)
        self._is_founded = True

    def _server(self) -> subprocess.Popen[bytes]:
        """Its ports are bound in their order, so the second one says that the first is ours and no other program's."""
        web, pictures = self.kept.http_port, self.kept.media_port
        loopback.claimed(web, PORT_PATIENCE_S)
        loopback.await_free(pictures, PORT_PATIENCE_S)
        child, log = self._module("server", "server", str(web), str(pictures)), logs.place(self.home, "server")
        check = f"{self.settings.url}/v1/health"
        try:
            children.await_ready(child, lambda: loopback.is_served(pictures) and emulators.answers(check), log)
        except children.ChildError:
            loopback.claimed(web, 0)  # somebody was faster
            raise
        return child

    def _drive(self) -> subprocess.Popen[bytes]:
        """The stand-in of Google Drive; a real one is followed with PACKSHOT_DRIVE_URL=https://www.googleapis.com."""
        port = self.kept.drive_port
        return self._standin("drive", port, str(port), str(self.home / "drive"))

    def _shopify(self) -> subprocess.Popen[bytes]:
        """The stand-in of Shopify; real stores are reached with PACKSHOT_SHOPIFY_URL=https://{shop}."""
        port = self.kept.shopify_port
        return self._standin("shopify", port, "--port", str(port), "--state", str(self.home / "shopify"))

    def _standin(self, name: str, port: int, *words: str) -> subprocess.Popen[bytes]:
        loopback.await_free(port, PORT_PATIENCE_S)
        with logs.opened(self.home, name) as out:
            child = children.spawn([sys.executable, "-m", f"standins.{name}", *words], self._environment, out)
        address = f"http://127.0.0.1:{port}/"
        children.await_ready(child, lambda: emulators.answers(address), logs.place(self.home, name))
        return child

    def _module(self, module: str, name: str, *words: str) -> subprocess.Popen[bytes]:
        with logs.opened(self.home, name) as out:
            return children.spawn([sys.executable, "-m", f"infra.local.{module}", *words], self._environment, out)


def greeting(runner: Runner, took_s: float) -> str:
    """What a newcomer reads: where to look, and the two ways to bring pictures in."""
    kept, settings = runner.kept, runner.settings
    return f"""
Packshot is ready in {took_s:.1f} s.

  Open       {settings.url}/#/sign-in/{runner.sign_in_token}   (works once)
  API key    {kept.api_key}
  Drop here  {homes.drop_folder(runner.home, kept)}
  Drive      http://127.0.0.1:{kept.drive_port}/   (a stand-in of Google Drive on this machine)
  Shop       http://127.0.0.1:{kept.shopify_port}/   (a stand-in of Shopify on this machine)

  or with the AWS command line:
  export AWS_ACCESS_KEY_ID={emulators.ACCESS_KEY} AWS_SECRET_ACCESS_KEY={kept.root_secret}
  export AWS_DEFAULT_REGION={emulators.REGION} AWS_ENDPOINT_URL={settings.addresses.aws_url}
  aws s3 cp photo.jpg s3://packshot-{stack.STAGE}-inbox/{kept.workspace}/Spring/

Ctrl-C stops it; everything stays in {runner.home}.
"""
