"""A library of a million pictures: the server's windows are made up here, so that its size costs nothing."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from benchmarks import made_up
from tests.browser.conftest import PATIENCE_MS
from tests.browser.gallery import Gallery
from tests.journeys.instance import Instance

MILLION = 1_000_000
ADDRESS = "/#/library?view=grid"
LATER = re.compile(r"/v1/search\?.*\bfrom=\d")
SCROLL = """(part) => {
  const grid = document.querySelector('.gridwrap')
  grid.scrollTop = grid.scrollHeight * part
}"""
WATCHED = """
  window.flying = 0
  window.most = 0
  const plain = window.fetch
  window.fetch = (address, options) => {
    if (!/[?&]from=[0-9]/.test(String(address))) return plain(address, options)
    window.flying += 1
    window.most = Math.max(window.most, window.flying)
    let isOver = false
    const over = () => { if (!isOver) { isOver = true; window.flying -= 1 } }
    options?.signal?.addEventListener('abort', over)
    return plain(address, options).finally(over)
  }
"""


@pytest.fixture
def million(page: Page, photos: Gallery) -> Page:
    page.add_init_script(WATCHED)
    page.route(made_up.WINDOWS, made_up.windows(MILLION))
    page.goto(ADDRESS)
    expect(page.locator("#t0[data-id]")).to_be_visible()
    return page


def test_every_one_of_a_million_is_reached_on_a_phone_with_three_device_pixels_to_one(
    browser: Browser, packshot: Instance, state: Any
) -> None:
    context = browser.new_context(
        base_url=packshot.connection["url"], viewport={"width": 360, "height": 740}, device_scale_factor=3,
        storage_state=state, reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.route(made_up.WINDOWS, made_up.windows(MILLION))
    page.goto(ADDRESS)
    last = page.locator(f"#t{MILLION - 1}[data-id]")

    page.locator(".gridwrap").focus()
    page.keyboard.press("End")
    expect(last).to_be_in_viewport()
    expect(last).to_have_attribute("aria-posinset", str(MILLION))
    page.keyboard.press("Home")
    expect(page.locator("#t0[data-id]")).to_be_in_viewport()
    page.evaluate("document.querySelector('.gridwrap').scrollTop = 1e9")
    expect(last).to_be_visible()
    context.close()


def test_the_page_is_as_small_for_a_million_as_for_a_hundred(million: Page) -> None:
    for part in (0, 0.3, 0.6, 1):
        million.evaluate(SCROLL, part)
        million.wait_for_function("() => [...document.querySelectorAll('.tile')].every((one) => one.dataset.id)")
        assert million.locator(".space *").count() <= 400


def test_windows_that_a_fling_has_left_behind_are_given_up_and_few_are_asked_for_at_once(million: Page) -> None:
    held = list[Route]()
    million.route(LATER, lambda route: held.append(route))
    for part in (0.2, 0.4, 0.6, 0.8):
        with million.expect_request(LATER):
            million.evaluate(SCROLL, part)

    assert million.evaluate("window.most") <= 4
    million.unroute(LATER)
    million.evaluate("document.querySelector('.gridwrap').scrollTop = 0")
    expect(million.locator("#t0[data-id]")).to_be_visible()
    million.wait_for_function("window.flying === 0")


def test_a_selection_of_a_million_is_a_rule_with_exceptions(million: Page) -> None:
    million.locator(".gridwrap").focus()
    million.keyboard.press("Control+a")
    expect(million.locator(".floatbar b")).to_have_text("1,000,000")
    million.keyboard.press("x")
    expect(million.locator(".floatbar b")).to_have_text("999,999")

    assert million.evaluate("window.most") == 0
