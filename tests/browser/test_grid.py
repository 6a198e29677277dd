"""The grid: where tiles lie, what exists of it, how it is remembered."""

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import seeing
from tests.browser.conftest import PATIENCE_MS, Mishaps
from tests.browser.gallery import MANY, Gallery
from tests.journeys.instance import Instance

WIDTHS = [320, 360, 640, 1280, 1920]
WANTED_PX = 132


def rows(tiles: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    return [list(row) for _, row in itertools.groupby(tiles, key=lambda one: round(one["y"]))]


@pytest.mark.parametrize("width", WIDTHS)
def test_tiles_fill_rows_of_about_the_wanted_height_and_never_overlap(page: Page, photos: Gallery, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    seeing.shown(page, photos.address)
    found = seeing.tiles(page)

    assert not seeing.is_wide(page)
    for row in rows(found)[:-1]:
        assert len({round(one["h"]) for one in row}) == 1
        assert 0.5 * WANTED_PX <= row[0]["h"] <= 1.9 * 1.15 * WANTED_PX
        for left, right in itertools.pairwise(row):
            assert left["x"] + left["w"] <= right["x"] + 0.5
    for upper, lower in itertools.pairwise(rows(found)):
        assert upper[0]["y"] + upper[0]["h"] + 26 <= lower[0]["y"] + 0.5
    edges = {(round(row[0]["x"]), round(row[-1]["x"] + row[-1]["w"])) for row in rows(found)[:-1]}
    assert len(edges) == 1
    assert 0 <= edges.pop()[1] <= width


def test_a_phone_shows_about_two_pictures_a_row(page: Page, photos: Gallery) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    seeing.shown(page, photos.address)

    sizes = [len(row) for row in rows(seeing.tiles(page))[:-1]]
    assert 1.5 <= sum(sizes) / len(sizes) <= 3


def test_pictures_keep_their_shape(page: Page, photos: Gallery) -> None:
    seeing.shown(page, photos.address)

    shapes = page.evaluate(
        """() => [...document.querySelectorAll('.tile img')].filter((one) => one.naturalWidth).map((one) => {
          const box = one.getBoundingClientRect()
          return [one.naturalWidth / one.naturalHeight, box.width / box.height]
        })"""
    )
    assert len(shapes) > 10
    for natural, drawn in shapes:
        assert drawn == pytest.approx(natural, rel=0.02)


def test_only_what_is_near_the_screen_exists(page: Page, photos: Gallery) -> None:
    seeing.shown(page, photos.address)

    assert len(seeing.tiles(page)) < 70
    assert page.evaluate("document.querySelectorAll('#app *').length") < 1000
    assert page.evaluate("document.querySelectorAll('.space *').length") <= 70 * 8


def test_a_placeholder_is_there_before_the_picture_and_nothing_shifts(
    page: Page, photos: Gallery, mishaps: Mishaps
) -> None:
    mishaps.allow("ERR_FAILED")
    page.route("**/*-small.webp", lambda route: route.abort())
    page.goto(photos.address)
    first = page.locator(".tile .pic").first
    expect(first).to_have_attribute("style", re.compile("data:image"))
    before = seeing.tiles(page)[:8]
    page.unroute("**/*-small.webp")
    seeing.shown(page, photos.address)

    after = seeing.tiles(page)[:8]
    assert [(one["x"], one["y"], one["w"]) for one in before] == [(one["x"], one["y"], one["w"]) for one in after]


def test_the_scroll_bar_and_the_end_key_reach_the_last_picture(page: Page, photos: Gallery) -> None:
    seeing.shown(page, photos.address)
    page.evaluate("document.querySelector('.gridwrap').scrollTop = 1e9")
    expect(page.locator(f"#t{MANY - 1}[data-id]")).to_be_visible()

    page.locator(".gridwrap").focus()
    page.keyboard.press("Home")
    expect(page.locator("#t0[data-id]")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator(f"#t{MANY - 1}[data-id]")).to_be_visible()
    seeing.on(page, MANY - 1)


def test_what_was_at_the_top_stays_there_when_the_window_changes(page: Page, photos: Gallery) -> None:
    seeing.shown(page, photos.address)
    page.locator(".gridwrap").evaluate("(one) => { one.scrollTop = 1500 }")
    expect(page.locator("#t0")).to_have_count(0)
    seeing.shown(page)
    first = next(one["at"] for one in seeing.tiles(page) if one["isSeen"])
    page.set_viewport_size({"width": 900, "height": 800})
    expect(page.locator(f"#t{first}")).to_be_in_viewport()


def test_density_and_list_are_remembered(page: Page, context: BrowserContext, photos: Gallery) -> None:
    seeing.shown(page, photos.address)
    heights = []
    for size in ("0", "1", "2"):
        page.get_by_label("Size of the pictures").fill(size)
        heights.append(seeing.tiles(page)[0]["h"])
    assert heights == sorted(heights)
    assert heights[2] > 1.5 * heights[0]
    page.get_by_role("button", name="List").click()
    expect(page.locator(".line-row").first).to_be_visible()
    assert "view=list" in page.url

    second = context.new_page()
    second.goto(photos.address)
    expect(second.locator(".line-row").first).to_be_visible()
    assert second.evaluate("document.documentElement.dataset.density") == "large"
    second.get_by_role("button", name="Grid").click()
    expect(second.locator(".tile").first).to_be_visible()


def test_list_lines_are_of_one_height_and_show_whole_pictures(page: Page, photos: Gallery) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    seeing.shown(page, f"{photos.address}&view=list")
    found = seeing.tiles(page)

    assert {round(one["h"]) for one in found} == {68}
    assert not seeing.is_wide(page)
    assert page.evaluate(
        """() => [...document.querySelectorAll('.line-row img')].every((one) => {
          const box = one.getBoundingClientRect(), frame = one.parentNode.getBoundingClientRect()
          return box.width <= frame.width + 0.5 && box.height <= frame.height + 0.5
        })"""
    )


ABORTS = """
  window.givenUp = []
  const plain = window.fetch
  window.fetch = (address, options) => {
    options?.signal?.addEventListener('abort', () => window.givenUp.push(String(address)))
    return plain(address, options)
  }
"""


def test_requests_for_places_left_behind_are_given_up(page: Page, photos: Gallery) -> None:
    held: list[Any] = []
    page.add_init_script(ABORTS)
    page.route("**/v1/search?*from=100*", lambda route: held.append(route))
    seeing.shown(page, photos.address)
    page.locator(".gridwrap").focus()
    with page.expect_request("**/v1/search?*from=100*"):
        page.keyboard.press("End")
    page.goto(f"{photos.address}&words=KOS-101")
    seeing.count(page, "1 picture")

    assert any("from=100" in url for url in page.evaluate("window.givenUp"))


def test_a_long_press_selects_on_a_touch_screen(
    browser: Browser, packshot: Instance, photos: Gallery, state: Any
) -> None:
    context = browser.new_context(
        base_url=packshot.connection["url"],
        viewport={"width": 360, "height": 740},
        has_touch=True,
        is_mobile=True,
        storage_state=state,
    )
    page = context.new_page()
    page.goto(photos.address, timeout=PATIENCE_MS)
    seeing.shown(page)
    box = page.locator("#t1").bounding_box()
    assert box
    tool = context.new_cdp_session(page)
    finger = {"x": box["x"] + 30, "y": box["y"] + 30}
    tool.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    seeing.selected(page, 1)
    tool.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    seeing.selected(page, 1)
    page.locator("#t2").tap()
    expect(page.get_by_role("complementary", name="Details")).to_be_visible()
    context.close()
