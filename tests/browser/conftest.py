"""A running instance with a gallery, a browser that is signed in, and a page that notices every mishap."""

import fcntl
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from infra.web import chromium
from tests.browser import gallery
from tests.journeys.instance import Instance

PATIENCE_MS = 30_000
MAX_OBJECT_BYTES = 200_000_000
"""Enough for an upload that the store takes in parts."""
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(autouse=True)
def _in_turn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A test that measures time (mark `timed`) runs while the other worker waits between two of its own."""
    if not hasattr(request.config, "workerinput"):
        yield
        return
    shared = tmp_path_factory.getbasetemp().parent
    with (shared / "queue").open("w") as queue, (shared / "running").open("w") as running:
        fcntl.flock(queue, fcntl.LOCK_EX)  # whoever waits to be alone is waited for
        fcntl.flock(running, fcntl.LOCK_EX if request.node.get_closest_marker("timed") else fcntl.LOCK_SH)
        fcntl.flock(queue, fcntl.LOCK_UN)
        yield


@dataclass
class Mishaps:
    """What went wrong on a page; a test names beforehand what it means to cause."""

    allowed: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        self.allowed.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        return [one for one in self.seen if not any(re.search(pattern, one) for pattern in self.allowed)]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium.found() is None:
        # A machine without Chromium may still run `pytest tests`; `make check` has refused to begin there.
        pytest.skip(chromium.MISSING)
    with chromium.running() as running:
        yield running


@pytest.fixture(scope="session")
def packshot(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance that holds the gallery; tests leave the gallery as it is."""
    running = Instance(
        tmp_path_factory.mktemp("browser"),
        environment={
            "PACKSHOT_MAX_OBJECT_BYTES": str(MAX_OBJECT_BYTES),
            "AWS_ENDPOINT_URL_REKOGNITION": "http://127.0.0.1:9",  # so that it can be agreed to; no test has it asked
        },
    ).start()
    yield running
    running.interrupt()


@pytest.fixture(scope="session")
def state(browser: Browser, packshot: Instance) -> Any:
    """The cookies of somebody who opened the sign-in link and knows the first steps."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(packshot.sign_in_link(), timeout=PATIENCE_MS)
    expect(page.get_by_role("searchbox").or_(page.get_by_role("combobox", name="Search the library"))).to_be_visible()
    page.get_by_role("button", name="Skip").click()
    expect(page.get_by_role("region", name="First steps")).to_have_count(0)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture(scope="session")
def photos(packshot: Instance) -> gallery.Gallery:
    return gallery.filled(packshot)


@pytest.fixture
def mishaps() -> Mishaps:
    return Mishaps()


@pytest.fixture
def context(browser: Browser, packshot: Instance, photos: gallery.Gallery, state: Any) -> Iterator[BrowserContext]:
    made = browser.new_context(
        base_url=packshot.connection["url"],
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
        storage_state=state,
    )
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, packshot: Instance, photos: gallery.Gallery, mishaps: Mishaps) -> Iterator[Page]:
    """A page on which an error in the console or a request to a foreign place fails the test."""
    own = (packshot.connection["url"], packshot.connection["s3"]["endpoint"], photos.media_url, "data:", "blob:")
    made = context.new_page()
    made.on("pageerror", lambda error: mishaps.seen.append(f"error: {error}"))
    made.on("console", lambda said: mishaps.seen.append(f"console: {said.text}") if said.type == "error" else None)
    made.on("request", lambda sent: None if sent.url.startswith(own) else mishaps.seen.append(f"foreign: {sent.url}"))
    yield made
    assert not mishaps.unexpected
