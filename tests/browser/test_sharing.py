"""Links: made in three actions, listed with counts, changed, revoked; and what whoever opens one sees on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from infra.web import chromium
from tests.browser import seeing
from tests.browser.conftest import PATIENCE_MS, Mishaps
from tests.browser.gallery import Gallery, dropped, found_by, picture
from tests.browser.test_access import findings
from tests.journeys.instance import Instance


@pytest.fixture
def outside(browser: Browser, packshot: Instance) -> Iterator[Page]:
    """The browser of somebody who has no account, on a phone."""
    made = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    made.set_default_timeout(PATIENCE_MS)
    yield made.new_page()
    made.close()


def a_link(packshot: Instance, photos: Gallery, **more: Any) -> dict[str, Any]:
    """A link to the gallery, to look only unless `switches` say more."""
    body = {"target": {"collection_id": photos.id}, "switches": {"view": True}, **more}
    made = packshot.call("POST", "/v1/shares", body)
    assert made.status_code == 201, made.text
    return dict(made.json())


def row(page: Page, name: str) -> Any:
    return page.get_by_role("listitem").filter(has_text=name)


def act(page: Page, name: str, word: str) -> None:
    page.get_by_role("button", name=f"What to do with: {name}").click()
    page.get_by_role("menuitem", name=word).click()


@pytest.mark.requirement("R15", "R11")
def test_selected_pictures_are_shared_in_three_actions_and_open_on_a_phone_without_an_account(
    context: BrowserContext, page: Page, photos: Gallery, outside: Page
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    seeing.shown(page, f"{photos.address}&view=grid")
    for at in (0, 1, 2):
        page.locator(f"#t{at}").click(modifiers=["Control"])

    page.get_by_role("toolbar").get_by_role("button", name="Share").click()
    page.get_by_role("dialog", name="Share 3 pictures").get_by_role("button", name="Make link").click()
    page.get_by_role("dialog", name="The link is ready").get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Copied")).to_be_visible()

    outside.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(outside.get_by_role("heading", name="Shared pictures")).to_be_visible()
    expect(outside.get_by_text("You can look and download")).to_be_visible()
    expect(outside.locator(".vgrid li")).to_have_count(3)
    assert not seeing.is_wide(outside)


@pytest.mark.requirement("R15", "R48")
def test_a_search_is_shared_as_it_stands_and_its_link_says_what_it_shows(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&view=grid&f=keyword%3Aceramic")

    page.get_by_role("button", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog", name="Share what this search finds")
    dialog.get_by_label("What belongs to it").select_option(label="Only what it finds now")
    dialog.get_by_label("Name").fill("Ceramics for the press")
    dialog.get_by_role("button", name="Make link").click()
    expect(page.get_by_role("heading", name="The link is ready")).to_be_visible()

    page.goto("/#/shares")
    expect(row(page, "Ceramics for the press")).to_contain_text("9 pictures · look, download")
    expect(row(page, "Ceramics for the press")).to_contain_text("Not opened yet")


@pytest.mark.requirement("R15")
def test_a_collection_is_shared_from_its_menu_behind_a_password_that_a_visitor_must_give(
    page: Page, photos: Gallery, outside: Page
) -> None:
    seeing.shown(page, photos.address)
    act(page, "Gallery", "Share")
    dialog = page.get_by_role("dialog", name="Share “Gallery”")
    dialog.get_by_role("checkbox", name="Download").uncheck()
    dialog.get_by_label("Password").fill("open sesame")
    dialog.get_by_role("button", name="Make link").click()
    url = page.get_by_role("dialog").get_by_label("Link").input_value()

    outside.goto(url)
    outside.get_by_label("Password").fill("open barley")
    outside.get_by_role("button", name="Open").click()
    expect(outside.get_by_role("alert")).to_contain_text("not the password")
    outside.get_by_label("Password").fill("open sesame")
    outside.get_by_role("button", name="Open").click()

    expect(outside.get_by_role("heading", name="Gallery")).to_be_visible()
    expect(outside.get_by_role("button", name="Download")).to_have_count(0)


@pytest.mark.requirement("R15", "RS2")
def test_a_link_says_how_often_it_was_opened_and_once_revoked_refuses_who_is_looking(
    page: Page, packshot: Instance, photos: Gallery, outside: Page
) -> None:
    outside.goto(a_link(packshot, photos, name="To be ended")["url"])
    expect(outside.get_by_role("heading", name="To be ended")).to_be_visible()

    page.goto("/#/shares")
    expect(row(page, "To be ended")).to_contain_text("1 visit, 0 downloads")
    act(page, "To be ended", "Revoke")
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row(page, "To be ended")).to_contain_text("Revoked")
    expect(row(page, "To be ended").get_by_role("button")).to_have_count(0)

    outside.locator(".vgrid a").first.click()
    expect(outside.get_by_role("heading", name="This link does not open")).to_be_visible()
    expect(outside.get_by_role("alert")).to_contain_text("revoked")


@pytest.mark.requirement("R11")
def test_what_a_link_lets_through_is_changed_for_who_is_looking_already(
    page: Page, packshot: Instance, photos: Gallery, outside: Page
) -> None:
    outside.goto(a_link(packshot, photos, name="To be widened", password="secret")["url"])
    outside.get_by_label("Password").fill("secret")
    outside.get_by_role("button", name="Open").click()
    expect(outside.get_by_text("You can look")).to_be_visible()

    page.goto("/#/shares")
    act(page, "To be widened", "Change")
    dialog = page.get_by_role("dialog", name="To be widened")
    dialog.get_by_role("checkbox", name="Download").check()
    dialog.get_by_label("Take the password away").check()
    dialog.get_by_role("button", name="Save").click()

    expect(row(page, "To be widened")).to_contain_text("look, download")
    outside.reload()
    expect(outside.get_by_text("You can look and download")).to_be_visible()


@pytest.mark.requirement("R15")
def test_a_day_that_is_over_is_refused_at_its_field_and_what_was_typed_stays(
    page: Page, photos: Gallery, mishaps: Mishaps
) -> None:
    mishaps.allow("status of 422")
    seeing.shown(page, photos.address)
    page.get_by_role("button", name="Share", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Too late")
    dialog.get_by_label("Open until").fill("2020-01-31")
    dialog.get_by_role("button", name="Make link").click()

    expect(dialog.get_by_role("alert")).to_contain_text("lies in the past")
    expect(dialog.get_by_label("Name")).to_have_value("Too late")


@pytest.mark.requirement("R11")
def test_a_visitors_page_is_for_everybody_and_for_a_phone(packshot: Instance, photos: Gallery, outside: Page) -> None:
    outside.goto(a_link(packshot, photos, name="For a phone", switches={"view": True, "download": True})["url"])
    expect(outside.locator(".vgrid li").first).to_be_visible()
    chromium.pictures_are_there(outside)
    assert findings(outside) == []

    outside.set_viewport_size({"width": 360, "height": 740})
    outside.locator(".vgrid a").first.click()
    expect(outside.locator("figure img")).to_be_visible()
    assert findings(outside) == []


@pytest.mark.requirement("R11", "R15")
def test_a_visitor_says_who_they_are_and_comments_at_a_place_and_decides_where_the_link_lets_them(
    packshot: Instance, photos: Gallery, outside: Page
) -> None:
    (one,) = dropped(packshot, "Visited", ["visited.jpg"], 5100)
    switches = {"view": True, "comment": True, "approve": True}
    target = {"asset_ids": [one["id"]]}
    outside.goto(a_link(packshot, photos, target=target, switches=switches, password="secret")["url"])
    outside.get_by_label("Password").fill("secret")
    outside.get_by_role("button", name="Open").click()
    outside.locator(".vgrid a").click()
    outside.locator(".spots").click(position={"x": 30, "y": 60})
    outside.get_by_label("Write a comment").fill("A hair is on the lens")
    outside.get_by_label("Write a comment").press("Enter")
    outside.get_by_label("Your name").fill("Nora Press")
    outside.get_by_role("button", name="Go on").click()

    expect(outside.get_by_role("button", name="Comment 1: A hair is on the lens")).to_be_visible()
    outside.get_by_role("button", name="Request changes").click()
    outside.get_by_label("What to change").fill("Take the hair away")
    outside.get_by_role("dialog").get_by_role("button", name="Request changes").click()
    expect(outside.get_by_role("region", name="Your decision")).to_contain_text("You asked for changes")
    assert findings(outside) == []
    (said,) = packshot.every(f"/v1/assets/{one['id']}/comments?version=1")
    assert (said["by_name"], said["anchor"]["kind"]) == ("Nora Press", "point")
    assert packshot.get(f"/v1/assets/{one['id']}/versions")["items"][0]["approval"] == "changes_requested"

    outside.get_by_role("button", name="Take it back").click()
    expect(outside.get_by_text("Nothing said yet")).to_be_visible()
    outside.get_by_role("button", name="Approve").press("Enter")
    expect(outside.get_by_role("region", name="Your decision")).to_contain_text("You approved it")


@pytest.mark.requirement("R11", "R15")
def test_a_link_without_these_switches_shows_no_comments_and_no_decisions_and_says_when_it_opens(
    packshot: Instance, photos: Gallery, outside: Page
) -> None:
    outside.goto(a_link(packshot, photos, name="To look at")["url"])
    outside.locator(".vgrid a").first.click()
    expect(outside.locator("figure img")).to_be_visible()
    expect(outside.locator(".says, .spots")).to_have_count(0)
    expect(outside.get_by_role("button")).to_have_count(0)

    early = a_link(packshot, photos, starts_at="2098-03-02T12:00:00Z", expires_at="2099-01-01T00:00:00Z")
    outside.goto("about:blank")
    outside.goto(early["url"])
    expect(outside.get_by_role("alert")).to_contain_text("It opens on 2 March 2098")


@pytest.mark.requirement("R11")
def test_a_visitor_sends_files_with_what_the_collection_requires_where_the_link_takes_them(
    packshot: Instance, photos: Gallery, outside: Page
) -> None:
    policy = {"required_fields": ["title"]}
    made = packshot.call("POST", "/v1/collections", {"name": "From outside", "policy": policy}).json()
    target, files = {"collection_id": made["id"]}, ["sent-1.jpg", "sent-2.jpg"]
    outside.goto(a_link(packshot, photos, target=target, switches={"upload": True})["url"])

    part = outside.get_by_role("region", name="Send files")
    part.locator("#visitor-files").set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": picture(5110 + at)} for at, name in enumerate(files)]
    )
    form = outside.get_by_role("region", name="2 files wait for you")
    form.get_by_label("Title").fill("A card")
    assert findings(outside) == []
    form.get_by_role("button", name="Send 2 files").click()

    for name in files:
        expect(part.get_by_role("listitem").filter(has_text=name)).to_contain_text("Sent")
    for one in found_by(packshot, f"collection:{made['id']}", 2):
        assert packshot.get(f"/v1/assets/{one['id']}")["title"] == "A card"


@pytest.mark.requirement("R11")
def test_see_as_a_guest_opens_the_link_as_a_visitor_sees_it_though_one_is_signed_in(
    page: Page, packshot: Instance, photos: Gallery
) -> None:
    link = a_link(packshot, photos, name="Seen from outside")
    page.goto("/#/shares")
    with page.expect_popup() as opened:
        act(page, "Seen from outside", "See as a guest")
    guest = opened.value

    expect(guest.get_by_role("heading", name="Seen from outside")).to_be_visible()
    expect(guest.get_by_text("You can look")).to_be_visible()
    expect(guest.get_by_role("navigation", name="Main")).to_have_count(0)
    guest.locator(".vgrid a").first.click()
    expect(guest.get_by_role("button", name="Download")).to_have_count(0)
    assert guest.url.startswith(link["url"])
    assert packshot.get(f"/v1/shares/{link['id']}/stats")["opens"] == 1
