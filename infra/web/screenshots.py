"""Photograph every screen of the web app, in both themes, wide and narrow: `make screenshots`.

Starts an instance of its own in a temporary folder, with the sample library or with the pictures of a folder given as
argument, and writes PNGs to `build/screenshots/`. The library in light also becomes the README's picture.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from PIL import Image, ImageEnhance
from playwright.sync_api import Browser, Page

from infra.local import homes, sample
from infra.local.polling import await_true
from infra.local.tools import ROOT
from infra.web import chromium
from infra.web.screens import SCREENS

OUT, README = ROOT / "build" / "screenshots", ROOT / "docs" / "screenshots" / "library.webp"
WIDE, NARROW = (1280, 800), (360, 740)
PATIENCE_S, PATIENCE_MS = 300.0, 60_000
README_BYTES = 250_000


class Told:
    """Where the instance is, and the owner's calls to it."""

    def __init__(self, connection: dict[str, Any], link: str) -> None:
        self.url, self.link, self.drop = connection["url"], link, Path(connection["drop_folder"])
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {connection['api_key']}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The API's answer. Raises requests.HTTPError."""
        answer = self._http.request(method, self.url + path, json=body, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def find(self, q: str = "", limit: int = 200) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"/v1/search?q={q}&limit={limit}")
        return found


@contextmanager
def instance(pictures: Path | None) -> Iterator[Told]:
    """A running instance with these pictures, or else with the sample library."""
    with tempfile.TemporaryDirectory() as home:
        running = subprocess.Popen(
            [sys.executable, "-m", "infra.local"], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PACKSHOT_HOME": home, "PORT": "0", "PACKSHOT_SAMPLE": "0" if pictures else ""},
        )  # fmt: skip
        try:
            assert running.stdout
            link = next((line.split()[1] for line in running.stdout if "/#/sign-in/" in line), None)
            if link is None:
                raise SystemExit(f"The instance did not start (exit code {running.wait(30)}).")
            told = Told(json.loads((Path(home) / homes.CONNECTION).read_text()), link)
            if pictures:
                shutil.copytree(pictures, told.drop, dirs_exist_ok=True)
            many = sum(one.is_file() for one in (pictures or sample.LIBRARY).rglob("*"))
            if not await_true(lambda: told.find(limit=1)["total"] >= many, PATIENCE_S, 0.5):
                raise SystemExit(f"Only {told.find(limit=1)['total']} of {many} pictures came in.")
            yield told
        finally:
            if running.poll() is None:
                running.send_signal(signal.SIGINT)
                running.wait(30)


def lived_in(told: Told) -> None:
    """Some words, stars and a saved search, as a library has them after a week."""
    for at, one in enumerate(told.find()["items"]):
        fields: dict[str, Any] = {"keywords": ["packshot"] + (["studio"] if at % 2 else ["gift"])}
        fields |= {"shot_type": ("front", "detail", "angle")[at % 3], "rating": at % 6 or None}
        told.call("PATCH", f"/v1/assets/{one['id']}", fields)
    role = {one["key"]: one["id"] for one in told.call("GET", "/v1/roles")["items"]}
    people = {"Studio": "designer", "Newsletter": "marketing", "Showroom": "staff"}
    for name, key in people.items():
        email = f"{name.lower()}@example.com"
        told.call("POST", "/v1/members", {"name": name, "email": email, "role_ids": [role[key]]})
    told.call("POST", "/v1/keys", {"name": "Web shop", "rights": ["download"]})
    told.call("POST", "/v1/searches", {"name": "Gifts for autumn", "q": "keyword:gift", "shared": True})
    await_true(lambda: told.find("keyword:gift", 1)["total"] > 0, PATIENCE_S, 0.5)
    waiting(told)


def waiting(told: Told) -> None:
    """A round of pictures to approve; two of them have a second version, a little darker."""
    asked = told.find("format:jpeg")["items"][:12]
    for one in asked[:2]:
        source = told.call("GET", f"/v1/assets/{one['id']}")["sources"][0]["path"]
        place = told.drop / source
        with Image.open(place) as before:
            ImageEnhance.Brightness(before.convert("RGB")).enhance(0.8).save(place)
    newest = [f"/v1/assets/{one['id']}" for one in asked[:2]]
    await_true(lambda: all(told.call("GET", path)["newest_version"] == 2 for path in newest), PATIENCE_S, 0.5)
    owner = next(one["id"] for one in told.call("GET", "/v1/members")["items"] if one["name"] == "Owner")
    items = [{"asset_id": one["id"]} for one in asked]
    note = "Autumn, second round. Please check the shade."
    told.call("POST", "/v1/approvals", {"items": items, "approver_ids": [owner], "note": note})


def photograph(browser: Browser, told: Told) -> None:
    """Every screen, and the sign-in screen before them."""
    OUT.mkdir(parents=True, exist_ok=True)
    state: Any = None
    for theme in ("light", "dark"):
        for width, height in (WIDE, NARROW):
            outside = _page(browser, told, theme, (width, height), None)
            outside.goto("/")
            _shoot(outside, f"sign-in-{width}-{theme}")
            if state is None:
                outside.goto(told.link)
                outside.locator(".gridwrap").wait_for()
                outside.get_by_role("button", name="Skip").click()
                state = outside.context.storage_state()
            outside.context.close()
            for name, screen in SCREENS.items():
                page = _page(browser, told, theme, (width, height), state)
                screen(page)
                _shoot(page, f"{name}-{width}-{theme}")
                page.context.close()
                if name == "uploads":
                    for one in told.find('name:"a copy"')["items"]:
                        told.call("DELETE", f"/v1/assets/{one['id']}")


def _page(browser: Browser, told: Told, theme: Any, size: tuple[int, int], state: Any) -> Page:
    context = browser.new_context(
        base_url=told.url, viewport={"width": size[0], "height": size[1]}, device_scale_factor=1.5, color_scheme=theme,
        reduced_motion="reduce", storage_state=state,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def _shoot(page: Page, name: str) -> None:
    page.locator("h1, h2").first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    chromium.pictures_are_there(page, PATIENCE_MS)
    page.screenshot(path=OUT / f"{name}.png")
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()


def main() -> None:
    pictures = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if pictures and not pictures.is_dir():
        sys.exit(f"There is no folder of pictures at {pictures}: name one.")
    with chromium.running() as browser, instance(pictures) as told:
        lived_in(told)
        photograph(browser, told)
    README.parent.mkdir(exist_ok=True)
    Image.open(OUT / "library-1280-light.png").save(README, quality=82, method=6)
    if README.stat().st_size > README_BYTES:
        sys.exit(f"{README} is larger than {README_BYTES // 1000} KB.")


if __name__ == "__main__":
    main()
