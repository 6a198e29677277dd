"""Every screen says in words that its data could not be read, keeps the way out, and goes on when asked again."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Mishaps
from tests.browser.gallery import Gallery

BUSY = "The library is busy. Try again in a moment."
FRAME = re.compile(r"/v1/(me|health|collections|searches|changes)\b")
"""What the frame around every screen needs to be there."""
SCREENS = {
    "review": "/#/review", "duplicates": "/#/duplicates", "shares": "/#/shares", "under way": "/#/work",
    "members": "/#/manage", "roles": "/#/manage/roles", "keys": "/#/manage/keys",
    "connections": "/#/manage/connections", "names": "/#/manage/naming", "presets": "/#/manage/presets",
    "visual tags": "/#/manage/looks", "audit": "/#/manage/audit", "product": "/#/sku/KOS-103",
    "notices": "/#/library?sheet=notices",
}  # fmt: skip


def refuse(route: Route) -> None:
    """As a server does that cannot cope; the frame is served."""
    if FRAME.search(route.request.url):
        route.continue_()
    else:
        route.fulfill(status=503, content_type="application/problem+json", json={"code": "busy", "detail": BUSY})


@pytest.mark.parametrize("address", SCREENS.values(), ids=SCREENS)
def test_a_screen_whose_data_did_not_come_says_so_and_shows_them_when_asked_again(
    page: Page, photos: Gallery, mishaps: Mishaps, address: str
) -> None:
    mishaps.allow("503")
    page.route("**/v1/**", refuse)
    page.goto(address)
    trouble = page.locator("section[role=alert]").filter(has_text=BUSY).first
    expect(trouble.get_by_role("heading", name="This part did not load")).to_be_visible()
    expect(trouble.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/v1/**")

    # What reads itself anew now and then may have done so by now: only what is still there is pressed.
    page.locator("section[role=alert] button").evaluate_all("all => all.forEach((one) => one.click())")

    expect(page.locator("section[role=alert]")).to_have_count(0)
    expect(page.get_by_role("heading").first).to_be_attached()
