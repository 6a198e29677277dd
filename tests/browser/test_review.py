"""The review queue: one picture, one key, the next; every decision can be taken back before it is sent."""

import statistics
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from infra.local.polling import await_true
from tests.browser import reviewing
from tests.browser.conftest import Mishaps
from tests.browser.test_access import SMALL, findings
from tests.journeys.instance import Instance

NEXT_MS = 100
HELD_MS = 5_000
TWICE, LAST = 11, 15
"""Places in the queue whose pictures have a second version."""
TIMED = """() => {
  window.times = []
  addEventListener('keydown', (event) => {
    if (!'ajk'.includes(event.key)) return
    const began = performance.now(), before = document.querySelector('.sheet img')?.src
    const look = () => {
      const now = document.querySelector('.sheet img')
      if (now && now.src !== before && now.complete && now.naturalWidth) window.times.push(performance.now() - began)
      else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  }, true)
}"""
"""From the key to the frame after which the next picture is there, in ms, of each press."""

pytestmark = pytest.mark.requirement("R54")


@pytest.fixture(scope="module")
def queue(packshot: Instance, photos: Any) -> list[dict[str, Any]]:
    """Pictures in one request, as the queue has them. Each test decides on its own ones."""
    return reviewing.asked(packshot, "Reviewed", 16, 2000, renewed=(TWICE, LAST))


@pytest.fixture
def review(page: Page, queue: list[dict[str, Any]]) -> Page:
    page.clock.install()
    return page


def at(page: Page, one: dict[str, Any], version: int = 1) -> None:
    """Go to a picture of the queue, and see it with what is known of it."""
    page.goto(f"/#/review/{one['id']}/{version}")
    on(page, one)


def on(page: Page, one: dict[str, Any]) -> None:
    expect(page.get_by_role("main", name=str(one["name"]).removesuffix("-front.jpg"))).to_be_visible()
    expect(page.locator(".sheet img")).to_be_visible()


@pytest.mark.timed
def test_the_next_picture_is_there_within_a_hundred_milliseconds_of_the_key(
    page: Page, packshot: Instance, queue: list[dict[str, Any]]
) -> None:
    at(page, queue[0])
    page.wait_for_load_state("networkidle")
    page.evaluate(TIMED)

    for press, key in enumerate("jjkjaaj", 1):
        page.keyboard.press(key)
        page.wait_for_function("(many) => window.times.length === many", arg=press)
        page.wait_for_load_state("networkidle")

    assert statistics.median(page.evaluate("window.times")) <= NEXT_MS, page.evaluate("window.times")
    for one in queue[2:4]:
        assert reviewing.becomes(packshot, one["id"], 1, "approved")


def test_on_a_phone_the_picture_has_all_the_room_between_its_state_and_what_is_said_of_it(
    page: Page, queue: list[dict[str, Any]]
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    at(page, queue[1])

    box = page.locator(".sheet img").bounding_box()

    assert box is not None
    assert box["width"] > 300
    assert box["height"] > 150
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_decision_can_be_taken_back_for_five_seconds_and_is_sent_then(
    review: Page, packshot: Instance, queue: list[dict[str, Any]]
) -> None:
    at(review, queue[6])
    review.keyboard.press("a")
    on(review, queue[7])
    expect(review.get_by_text("REV-16 approved")).to_be_visible()
    review.keyboard.press("z")
    on(review, queue[6])
    review.clock.fast_forward(HELD_MS)
    assert reviewing.approval(packshot, queue[6]["id"], 1) == "pending"

    review.keyboard.press("a")
    with review.expect_response("**/decisions") as sent:
        review.clock.fast_forward(HELD_MS)
    assert sent.value.status == 200
    assert reviewing.approval(packshot, queue[6]["id"], 1) == "approved"

    review.keyboard.press("z")
    on(review, queue[6])
    expect(review.get_by_text("Decide again to change it")).to_be_visible()
    review.keyboard.press("a")
    review.keyboard.press("k")
    on(review, queue[6])
    review.keyboard.press("c")
    review.get_by_label("What to change").fill("Less shadow")
    review.keyboard.press("Enter")
    with review.expect_response("**/request-changes"):
        review.clock.fast_forward(HELD_MS)
    assert reviewing.becomes(packshot, queue[6]["id"], 1, "changes_requested")


def test_rejecting_asks_why_and_leaving_the_page_sends_what_is_held(
    review: Page, packshot: Instance, queue: list[dict[str, Any]]
) -> None:
    at(review, queue[8])
    review.keyboard.press("r")
    dialog = review.get_by_role("dialog", name="Reject REV-18 v1?")
    review.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Why").fill("Dust on the foot")
    review.keyboard.press("Enter")
    on(review, queue[9])
    review.keyboard.press("Escape")
    assert reviewing.becomes(packshot, queue[8]["id"], 1, "rejected")

    at(review, queue[9])
    review.keyboard.press("a")
    on(review, queue[10])
    review.goto("about:blank")
    assert reviewing.becomes(packshot, queue[9]["id"], 1, "approved")


def test_any_version_can_be_approved_where_it_is_looked_at(
    review: Page, packshot: Instance, queue: list[dict[str, Any]]
) -> None:
    at(review, queue[TWICE], 2)
    review.keyboard.press("[")
    expect(review.get_by_role("button", name="Approve v1")).to_be_visible()
    review.keyboard.press("a")
    with review.expect_response("**/versions/1/approve"):
        review.clock.fast_forward(HELD_MS)

    on(review, queue[TWICE])
    assert reviewing.becomes(packshot, queue[TWICE]["id"], 1, "approved")
    assert reviewing.approval(packshot, queue[TWICE]["id"], 2) == "pending"


def test_what_somebody_else_decided_is_said_and_no_key_decides_it_again(
    page: Page, packshot: Instance, queue: list[dict[str, Any]]
) -> None:
    at(page, queue[12])
    path = f"/v1/assets/{queue[12]['id']}/versions/1/approve"
    assert packshot.call("POST", path, {}).status_code == 200

    expect(page.locator(".decide")).to_contain_text("Somebody else decided this")
    page.keyboard.press("a")
    on(page, queue[12])


def test_what_goes_to_the_trash_leaves_the_queue_and_its_count_and_comes_back_when_it_is_restored(
    page: Page, packshot: Instance, queue: list[dict[str, Any]]
) -> None:
    at(page, queue[13])
    count = page.locator(".side a[href='#/review'] .n")
    before = int(count.inner_text())

    assert packshot.call("DELETE", f"/v1/assets/{queue[13]['id']}").status_code == 204
    expect(count).to_have_text(str(before - 1))
    expect(page.locator(".decide")).to_contain_text("it is not in the library now")
    assert packshot.call("POST", f"/v1/assets/{queue[13]['id']}/restore", {}).status_code == 200

    expect(count).to_have_text(str(before))
    expect(page.get_by_role("button", name="Approve")).to_be_visible()


def test_a_refused_decision_comes_back_to_the_queue(
    review: Page, queue: list[dict[str, Any]], mishaps: Mishaps
) -> None:
    mishaps.allow("500")
    review.route("**/decisions", lambda route: route.fulfill(status=500, body="{}"), times=1)
    at(review, queue[13])
    review.keyboard.press("a")
    on(review, queue[14])
    review.clock.fast_forward(HELD_MS)

    expect(review.get_by_role("button", name="Try again")).to_be_visible()
    on(review, queue[14])
    expect(review.locator(".queue .badge")).to_have_count(0)


def reviewed(page: Page, one: dict[str, Any]) -> None:
    at(page, one, 2)


def side_by_side(page: Page, one: dict[str, Any]) -> None:
    page.goto(f"/#/review/{one['id']}/2?as=side")
    expect(page.get_by_role("region", name="Version 1")).to_be_visible()


def why(page: Page, one: dict[str, Any]) -> None:
    at(page, one, 2)
    page.keyboard.press("r")
    expect(page.get_by_role("dialog")).to_be_visible()


@pytest.mark.parametrize("screen", [reviewed, side_by_side, why], ids=lambda one: one.__name__)
def test_axe_finds_nothing_in_review(page: Page, queue: list[dict[str, Any]], screen: Any) -> None:
    screen(page, queue[LAST])
    assert findings(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate(SMALL) == []


def test_the_count_stands_beside_the_name_and_two_keys_lead_there(
    page: Page, packshot: Instance, queue: list[dict[str, Any]]
) -> None:
    def waiting() -> int:
        found = packshot.every("/v1/approvals?assigned=me&state=open")
        return sum(item["state"] == "open" for request in found for item in request["items"])

    page.goto("/#/library")
    count = page.locator(".side a[href='#/review'] .n")
    assert await_true(lambda: count.inner_text() == str(waiting()), 30, 0.3)
    page.keyboard.press("g")
    page.keyboard.press("r")

    expect(page.locator(".top [role=status]")).to_have_text(f"1 of {waiting()}")
    expect(page.locator(".rside")).to_contain_text(f"{waiting()} to go")
    expect(page.locator(".rside")).to_contain_text("Please check the colour.")


def test_an_empty_queue_says_what_comes_here(page: Page) -> None:
    page.route("**/v1/approvals?*", lambda route: route.fulfill(json={"items": [], "next": None}))
    page.goto("/#/review")

    expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    expect(page.locator(".side a[href='#/review']")).to_have_attribute("aria-current", "page")
    assert findings(page) == []
