"""Debian's Chromium under playwright: for browser tests, screenshots and measurements. Nothing is downloaded."""

import shutil
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
    """Wait until every picture on screen has been drawn, and the typeface too."""
    page.wait_for_function(
        """() => {
          const seen = [...document.images].filter((one) => one.getBoundingClientRect().bottom > 0
            && one.getBoundingClientRect().top < innerHeight && one.currentSrc)
          return document.fonts.status === 'loaded' && seen.every((one) => one.complete)
        }""",
        timeout=timeout_ms,
    )
