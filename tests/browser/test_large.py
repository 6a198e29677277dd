"""A library of a million pictures: the server's windows are made up here, so that its size costs nothing."""

import re
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from benchmarks import made_up
from infra.local.polling import await_true
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
ADDRESSES = """() => {
  const frame = document.querySelector('.gridwrap').getBoundingClientRect()
  const all = [...document.querySelectorAll('.tile')]
    .map((one) => [one.getBoundingClientRect(), one.querySelector('img')])
  const seen = all.filter(([box]) => box.bottom > frame.top && box.top < frame.bottom)
  return [seen.map(([, image]) => image?.src ?? ''), all.length - seen.length]
}"""
"""The addresses of the pictures on screen, empty for one that is not asked for, and how many tiles are off it."""
ALL_ASKED = f"""() => {{
  const [seen, off] = ({ADDRESSES})()
  return seen.length && seen.every(Boolean) && [seen, off]
}}"""
"""The same, once all pictures on screen are asked for."""
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


MIDDLE = """() => {
  const box = document.querySelector('.room').getBoundingClientRect()
  return Number(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).closest('.pl')?.ariaPosInSet)
}"""
"""The place of the line in the middle of the screen; falsy until it is read."""
LINES = 5_000
PLAN = {
    "id": "p", "connection_id": "c", "state": "ready", "created_at": "2026-11-30T08:00:00Z", "because": None,
    "counts": {"matched": LINES, "ambiguous": 0, "unmatched": 0, "blocked": 0, "unchanged": 0},
    "cost_points": 1, "minutes": 1,
}  # fmt: skip


def a_line(place: int) -> dict[str, Any]:
    """A line of a plan, every third with a reason that takes several lines on screen."""
    reason = "The SKU in the file's name is one that exactly one variant has. " * (1 + 4 * (place % 3 == 0))
    shown = {"version": None, "alt": None, "position": None, "variant_ids": []}
    return {
        "id": f"l{place}", "list": "matched", "asset_id": f"a{place}", "sku": f"SKU-{place:04}", "product_id": "x",
        "product_title": "A product", "variant_ids": ["v"], "actions": ["create"], "because": reason, "before": shown,
        "after": {**shown, "version": 1, "position": 1}, "drift": [], "result": None,
    }  # fmt: skip


def lines(route: Route) -> None:
    """A window of the lines, as the API gives it."""
    asked = parse_qs(urlsplit(route.request.url).query)
    first, many = int(asked.get("cursor", ["0"])[0]), int(asked["limit"][0])
    end = min(LINES, first + many)
    items = [a_line(place) for place in range(first, end)]
    route.fulfill(json={"items": items, "next": str(end) if end < LINES else None})


def settled(page: Page, flying: set[str], shown: set[str]) -> bool:
    """Whether all pictures on screen are on their way, and at most twelve others."""
    page.evaluate("0")  # what happened meanwhile is told
    return shown <= flying and len(flying - shown) <= 12


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
    expect(page.locator("#t0[data-id]")).to_be_in_viewport()

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


def test_at_most_twelve_pictures_of_hidden_rows_are_on_their_way_at_once(page: Page, photos: Gallery) -> None:
    page.set_viewport_size({"width": 2560, "height": 700})
    page.add_init_script("localStorage.setItem('packshot.density', 'small')")
    page.route(made_up.WINDOWS, made_up.windows(MILLION, apart=True))
    page.route("**/wall/*", lambda _: None)
    flying, most = set[str](), 0
    page.on("request", lambda sent: flying.add(sent.url) if "/wall/" in sent.url else None)
    page.on("requestfailed", lambda sent: flying.discard(sent.url))
    page.goto(ADDRESS)
    expect(page.locator("#t0[data-id]")).to_be_visible()
    for step in (0, 60, 60, 60, 400, 2_000_000, -90, -90):
        page.evaluate("(by) => { document.querySelector('.gridwrap').scrollTop += by }", step)
        shown, off = page.wait_for_function(ALL_ASKED).json_value()
        most = max(most, off)

        assert await_true(partial(settled, page, flying, set(shown)), 10)
    assert most > 12


def test_a_selection_of_a_million_is_a_rule_with_exceptions(million: Page) -> None:
    million.locator(".gridwrap").focus()
    million.keyboard.press("Control+a")
    expect(million.locator(".floatbar b")).to_have_text("1,000,000")
    million.keyboard.press("x")
    expect(million.locator(".floatbar b")).to_have_text("999,999")

    assert million.evaluate("window.most") == 0


@pytest.mark.requirement("R36")
def test_five_thousand_lines_of_a_plan_scroll_as_few_and_stay_where_one_decides(page: Page, photos: Gallery) -> None:
    page.route("**/v1/plans/p", lambda route: route.fulfill(json=PLAN))
    page.route("**/v1/plans/p/lines?*", lines)
    page.route("**/v1/plans/p/lines/*", lambda route: route.fulfill(json=a_line(2_500)))
    page.route(re.compile(r"/v1/assets/a\d+"), lambda route: route.fulfill(json={"items": [], "name": "a.jpg"}))
    page.goto("/#/manage/connections?connection=c&plan=p")
    rows = page.get_by_role("region", name="Matched").get_by_role("listitem")
    room = page.locator(".room")
    expect(rows.first).to_contain_text("SKU-0000")

    for part, shown in ((0.5, r"SKU-2[45]"), (1, "SKU-4999"), (0.25, r"SKU-1[23]"), (0, "SKU-0000")):
        room.evaluate("(one, part) => { one.scrollTop = part * (one.scrollHeight - one.clientHeight) }", part)
        expect(rows.filter(has_text=re.compile(shown)).last).to_be_visible()
        assert rows.count() <= 80
    expect(rows.first).to_have_attribute("aria-setsize", str(LINES))

    room.evaluate("(one) => { one.scrollTop = 0.5 * one.scrollHeight }")
    middle = page.wait_for_function(MIDDLE).json_value()
    here = page.locator(f".pl[aria-posinset='{middle}']")
    here.get_by_role("button", name="Skip").click()
    expect(page.get_by_text("Skipped, in later plans too.")).to_be_visible()
    expect(here).to_be_in_viewport()
    assert 2_400 < middle < 2_600
