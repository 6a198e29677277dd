"""All versions of a picture on its page, and two of them against each other."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import reviewing
from tests.browser.test_access import findings
from tests.journeys.instance import Instance

HELD_MS = 5_000
SHEETS = """() => [...document.querySelectorAll('.half .sheet')].map((one) => {
  const sheet = one.getBoundingClientRect(), pane = one.parentElement.getBoundingClientRect()
  return [sheet.x - pane.x, sheet.y - pane.y, sheet.width, sheet.height].map((side) => Math.round(side * 100) / 100)
})"""
"""Where each picture lies in its pane."""

pytestmark = pytest.mark.requirement("R25")


@pytest.fixture(scope="module")
def pictures(packshot: Instance, photos: Any) -> list[dict[str, Any]]:
    return reviewing.asked(packshot, "Compared", 2, 2500, versions=3, renewed=(0, 1))


def test_two_versions_side_by_side_zoom_and_move_as_one_and_the_address_holds_it(
    page: Page, pictures: list[dict[str, Any]]
) -> None:
    page.goto(f"/#/asset/{pictures[0]['id']}?v=3")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("region", name="Version 3")).to_be_visible()
    page.get_by_label("Compare with").select_option("2")

    pane = page.get_by_role("group", name="Version 2")
    pane.focus()
    for key in ("+", "+", "ArrowLeft", "ArrowUp", "+", "ArrowDown"):
        pane.press(key)
    left, right = page.evaluate(SHEETS)
    assert left == right
    assert left[2] > page.locator(".half .pane").first.evaluate("one => one.clientWidth")

    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_function(f"() => {{ const [left, right] = ({SHEETS})(); return `${{left}}` === `${{right}}` }}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Wipe").click()
    address = page.url
    page.reload()
    expect(page.get_by_role("slider", name="Where the wipe stands")).to_be_visible()
    assert page.url == address
    assert "with=2" in address
    assert "as=wipe" in address
    page.keyboard.press("Escape")
    expect(page.locator(".half")).to_have_count(0)
    assert f"asset/{pictures[0]['id']}" in page.url


def test_a_wipe_and_a_flick_are_moved_by_keys(page: Page, pictures: list[dict[str, Any]]) -> None:
    page.goto(f"/#/asset/{pictures[0]['id']}?v=3&with=1&as=wipe")
    slider = page.get_by_role("slider", name="Where the wipe stands")
    edge, pane = page.locator(".edge"), page.locator(".half .pane")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "v1 30 %, v3 70 %")
    place, room = edge.bounding_box(), pane.bounding_box()
    assert place
    assert room
    assert place["x"] + place["width"] / 2 == pytest.approx(room["x"] + room["width"] * 0.3, abs=1)
    assert "v=3&with=1&as=wipe" in page.url, "arrows on the slider walk to no other picture"

    page.get_by_role("button", name="Flick").click()
    expect(page.locator(".half > .flow")).to_contain_text("v3")
    page.keyboard.press("f")
    expect(page.locator(".half > .flow")).to_contain_text("v1")
    expect(page.locator(".half > .flow")).not_to_contain_text("v3")
    assert findings(page) == []


def test_the_drawer_lists_versions_to_show_approve_compare_and_download(
    page: Page, packshot: Instance, pictures: list[dict[str, Any]]
) -> None:
    page.clock.install()
    page.goto(f"/#/asset/{pictures[1]['id']}")
    page.get_by_role("button", name="All versions").click()
    listed = page.get_by_role("list", name="Versions").get_by_role("listitem")
    expect(listed).to_have_count(3)
    expect(listed.first).to_contain_text("Pending")
    expect(listed.first).to_contain_text("Drop folder")
    expect(page.get_by_role("link", name="Download v2")).to_have_attribute("href", download(pictures[1], 2))
    expect(page.locator(".drawer").get_by_role("button", name="Add a version")).to_be_visible()
    assert findings(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})

    page.get_by_role("button", name="Show v1").click()
    expect(listed.last.get_by_role("button", name="Show v1")).to_have_attribute("aria-current", "true")
    listed.nth(1).get_by_role("button", name="Approve v2").click()
    expect(listed.nth(1)).to_contain_text("Approved")
    page.get_by_role("button", name="Undo").click()
    expect(listed.nth(1)).not_to_contain_text("Approved")
    listed.nth(1).get_by_role("button", name="Approve v2").click()
    page.clock.fast_forward(HELD_MS)
    assert reviewing.becomes(packshot, pictures[1]["id"], 2, "approved")
    expect(listed.nth(1)).to_contain_text("shown to everyone")

    listed.first.get_by_role("button", name="More for v3").click()
    page.get_by_role("menuitem", name="Reject").click()
    page.get_by_label("Why").fill("Too dark")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert reviewing.becomes(packshot, pictures[1]["id"], 3, "rejected")


def download(one: dict[str, Any], number: int) -> str:
    return f"/v1/assets/{one['id']}/download?version={number}"
