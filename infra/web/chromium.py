"""Debian's Chromium under playwright: for browser tests, screenshots and measurements. Nothing is downloaded.

`python -m infra.web.chromium` says whether there is one; without, it ends with 1 and the line that installs it.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "There is no Chromium: apt-get install -y --no-install-recommends chromium fonts-liberation"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
]


class ChromiumError(Exception):
    """There is no browser; the text says how to get one."""


def found() -> Path | None:
    """The browser's program, if there is one."""
    return next((Path(place) for name in NAMES if (place := shutil.which(name))), None)


@contextmanager
def running() -> Iterator[Browser]:
    """A headless browser until the block ends. Raises ChromiumError."""
    program = found()
    if program is None:
        raise ChromiumError(MISSING)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def pictures_are_there(page: Page, timeout_ms: float = 20_000) -> None:
    """Wait until the typeface and every picture on screen have been drawn, the last frame showing no others."""
    page.wait_for_function(
        """() => {
          const seen = [...document.images].filter((one) => one.getBoundingClientRect().bottom > 0
            && one.getBoundingClientRect().top < innerHeight)
          const before = window.picturesSeen
          window.picturesSeen = seen.map((one) => one.currentSrc).join()
          return document.fonts.status === 'loaded' && before === window.picturesSeen
            && seen.every((one) => one.currentSrc && one.complete)
        }""",
        timeout=timeout_ms,
    )


if __name__ == "__main__":
    sys.exit(None if found() else MISSING)
