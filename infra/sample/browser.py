"""Draws a shader with a headless Chromium, which brings a WebGL that needs no graphics card."""

import base64
import io
import json
import re
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from infra.sample.catalogue import HERE
from infra.sample.scene import Values
from infra.web import chromium

LIMIT_S = 1200
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-gpu-watchdog",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_ANSWER = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
_PNG = "data:image/png;base64,"


class BrowserError(Exception):
    """There is no browser, or it could not draw; the text says why."""


def find() -> str:
    """The browser's program. Raises BrowserError when there is none."""
    if found := chromium.found():
        return str(found)
    raise BrowserError(f"{chromium.MISSING} The pictures that are there already need no browser.")


def draw(shader: str, values: Values, width_px: int, height_px: int) -> Image.Image:
    """The drawn picture as RGBA. Raises BrowserError."""
    job = {"shader": shader, "values": values, "width": width_px, "height": height_px}
    page = (HERE / "page.html").read_text().replace("JOB", json.dumps(job), 1)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "page.html"
        place.write_text(page)
        argv = [find(), *FLAGS, f"--user-data-dir={folder}/profile", "--dump-dom", place.as_uri()]
        try:
            done = subprocess.run(argv, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        except subprocess.TimeoutExpired as error:
            raise BrowserError(f"the browser drew for more than {LIMIT_S} s") from error
    answer = _ANSWER.search(done.stdout)
    if answer is None or not answer[1].startswith(_PNG):
        raise BrowserError(answer[1] if answer else f"the browser ended with {done.returncode}")
    drawn = Image.open(io.BytesIO(base64.b64decode(answer[1].removeprefix(_PNG))))
    return drawn.convert("RGBA")
