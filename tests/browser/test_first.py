"""The first screen: what is asked for when, and what waits for nothing."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser import seeing
from tests.browser.conftest import Mishaps
from tests.browser.gallery import MANY, Gallery
from tests.journeys.instance import Instance

WINDOW = re.compile(r"/v1/search\?(?!.*\bfacets=)(?!.*\bfrom=)")
COUNTS = re.compile(r"/v1/search\?.*\bfacets=")
COLLECTIONS = re.compile(r"/v1/collections(\?|$)")


def asked(page: Page) -> list[str]:
    """Addresses in the order in which they are asked for, from now on."""
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url))
    return sent


def place(sent: list[str], pattern: re.Pattern[str]) -> int:
    return next(at for at, url in enumerate(sent) if pattern.search(url))


@pytest.mark.requirement("R07")
def test_the_first_window_is_asked_for_once_before_its_facets_and_before_all_that_stands_beside_it(
    page: Page, photos: Gallery
) -> None:
    sent = asked(page)
    with page.expect_request(COLLECTIONS):
        seeing.shown(page, photos.address)

    assert place(sent, WINDOW) < place(sent, COUNTS)
    assert place(sent, WINDOW) < place(sent, COLLECTIONS)
    assert len([one for one in sent if WINDOW.search(one)]) == 1
    assert len([one for one in sent if one.endswith("/v1/me")]) == 1


def test_the_first_window_is_asked_for_before_it_is_known_who_is_there(page: Page, photos: Gallery) -> None:
    held: list[Route] = []
    page.route("**/v1/me", lambda route: held.append(route))
    with page.expect_response(WINDOW):
        page.goto(photos.address)

    held[0].continue_()
    seeing.shown(page)


def test_no_change_falls_between_the_first_window_and_the_feed_of_changes(page: Page, photos: Gallery) -> None:
    told: list[str] = []
    page.on("response", lambda one: told.append("place") if "/v1/changes" in one.url else None)
    page.on("request", lambda one: told.append("window") if WINDOW.search(one.url) else None)
    seeing.shown(page, photos.address)

    assert told[:2] == ["place", "window"]


def test_who_is_not_signed_in_holds_no_connection_open(browser: Browser, packshot: Instance) -> None:
    context = browser.new_context(base_url=packshot.connection["url"])
    page = context.new_page()
    open_ones: set[Request] = set()
    page.on("request", lambda one: open_ones.add(one))
    page.on("requestfinished", lambda one: open_ones.discard(one))
    page.on("requestfailed", lambda one: open_ones.discard(one))

    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert open_ones == set()
    context.close()


def test_pictures_do_not_wait_for_facets_and_facets_stay_while_others_are_counted(page: Page, photos: Gallery) -> None:
    held: list[Route] = []
    page.route(COUNTS, lambda route: held.append(route))
    with page.expect_request(COUNTS):
        page.goto(photos.address)
    seeing.shown(page)
    seeing.count(page, f"{MANY} pictures")
    panel = page.locator(".lib .facets")
    expect(panel.locator("fieldset")).to_have_count(0)

    held[0].continue_()
    studio = panel.get_by_role("checkbox", name="studio")
    with page.expect_request(COUNTS):
        studio.check()
    expect(studio).to_be_checked()
    expect(panel.locator("fieldset")).not_to_have_count(0)
    held[1].continue_()
    expect(studio).to_be_focused()


def test_what_stands_beside_a_first_window_that_does_not_come_is_asked_for_in_a_while(
    page: Page, photos: Gallery
) -> None:
    held: list[Route] = []
    page.route(WINDOW, lambda route: held.append(route))
    with page.expect_request(COLLECTIONS):
        page.goto(photos.address)

    held[0].continue_()
    seeing.shown(page)


def test_a_first_window_that_was_refused_can_be_asked_for_again(page: Page, photos: Gallery, mishaps: Mishaps) -> None:
    mishaps.allow("503")
    busy = {"status": 503, "json": {"detail": "The library is busy. Try again in a moment."}}
    page.route(WINDOW, lambda route: route.fulfill(**busy), times=1)
    page.goto(photos.address)

    expect(page.get_by_role("alert")).to_contain_text("The library is busy.")
    page.get_by_role("button", name="Try again").click()
    seeing.shown(page)


DRAWN = """async ([hash, side]) => {
  const { thumbHashToDataURL } = await import('/vendor/ui.js'), { placeholder } = await import('/lib/placeholder.js')
  const bytes = Uint8Array.from(atob(hash), (sign) => sign.charCodeAt(0))
  const pixels = async (url) => {
    const image = new Image()
    image.src = url
    await image.decode()
    const tool = new OffscreenCanvas(side, side).getContext('2d')
    tool.imageSmoothingQuality = 'high'
    tool.fillStyle = 'white'
    tool.fillRect(0, 0, side, side)
    tool.drawImage(image, 0, 0, side, side)
    return [...tool.getImageData(0, 0, side, side).data]
  }
  return [await pixels(thumbHashToDataURL(bytes)), await pixels(placeholder(hash))]
}"""


@pytest.mark.parametrize(
    "thumbhash",
    ["1QcSHQRnh493V4dIh4eXh1h4kJUI", "YJqGPQw7sFlslqhFafSE+Q6oJ1h2iHB2Rw==", "3PcNNYSFeXh/d3eld0iHZoZgVwh2"],
)
def test_a_placeholder_of_few_pixels_looks_as_the_hash_says(page: Page, photos: Gallery, thumbhash: str) -> None:
    page.goto("/docs.html")
    whole, small = page.evaluate(DRAWN, [thumbhash, 8])
    apart: list[Any] = [abs(one - other) for one, other in zip(whole, small, strict=True)]

    assert sum(apart) / len(apart) < 5
    assert max(apart) < 40
