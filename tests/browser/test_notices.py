"""The bell: how much is new, and the way from a notice to what it is about."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from infra.local.polling import await_true
from tests.browser import gallery
from tests.browser.gallery import Gallery
from tests.browser.talking import LIMIT_S, colleague, said
from tests.journeys.instance import Instance


@pytest.fixture
def asset(packshot: Instance, photos: Gallery) -> Iterator[str]:
    """A picture on which a colleague named the owner twice, who was told of it."""
    (made,) = gallery.dropped(packshot, "Told", ["TLD-1-front.jpg"], 890)
    robin = colleague(packshot, "Robin Teller")
    me = next(one["id"] for one in packshot.every("/v1/members") if one["name"] == "Owner")
    packshot.call("POST", "/v1/notices/read", {"ids": [one["id"] for one in packshot.every("/v1/notices")][:200]})
    for at in (1, 2):
        said(robin, made["id"], f"@[{me}] look here, {at}", anchor={"kind": "point", "x": at / 3, "y": 0.5})

    def has_two() -> bool:
        return sum(made["id"] in one["link"] for one in packshot.every("/v1/notices")) == 2

    assert await_true(has_two, LIMIT_S, 0.3)
    yield made["id"]
    packshot.call("DELETE", f"/v1/members/{robin.id}")
    packshot.call("DELETE", f"/v1/collections/{gallery.collection(packshot, 'Told')['id']}")


@pytest.mark.requirement("R31", "R16")
def test_the_bell_says_how_much_is_new_and_a_notice_leads_to_the_words_it_is_about(page: Page, asset: str) -> None:
    page.goto("/#/library")
    page.get_by_role("button", name="Notices, 2 new").first.click()
    sheet = page.get_by_role("dialog", name="Notices")
    expect(sheet.locator("a.new")).to_have_count(2)
    expect(sheet.locator("a.new").last).to_contain_text("Robin Teller mentions you on “TLD-1-front.jpg”.")
    sheet.locator("a.new").last.click()

    expect(page.locator(".note.on")).to_contain_text("@Owner look here, 1")
    expect(page.locator(".pin.act")).to_have_count(1)
    expect(page.get_by_role("button", name="Notices, 1 new").first).to_be_visible()

    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/#/library")
    page.get_by_role("button", name="Collections. Notices, 1 new").click()
    page.get_by_role("dialog", name="Go to").get_by_role("button", name="Notices").click()
    sheet.get_by_role("button", name="Mark all as read").click()
    expect(sheet.get_by_role("button", name="Mark all as read")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("dialog", name="Notices").get_by_role("listitem").first).to_be_visible()
    expect(page.locator(".fresh")).to_have_count(0)


@pytest.mark.requirement("R31")
def test_mails_about_notices_are_turned_off_and_on_where_notices_are_read(page: Page, packshot: Instance) -> None:
    page.goto("/#/library?sheet=notices")
    box = page.get_by_role("dialog", name="Notices").get_by_label("Mail me what I have not read here")
    box.uncheck()
    expect(page.get_by_text("No more mails about notices.")).to_be_visible()
    page.reload()
    expect(box).not_to_be_checked()

    box.check()

    expect(page.get_by_text("You are told by mail too.")).to_be_visible()
    page.reload()
    expect(box).to_be_checked()
