"""What happens elsewhere and what goes wrong: changes of others, no connection, an ended session, unknown addresses."""

from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from infra.local.polling import await_true
from tests.browser import gallery, seeing
from tests.browser.conftest import PATIENCE_MS, Mishaps
from tests.browser.gallery import Gallery
from tests.journeys.instance import Instance


def test_a_picture_dropped_by_another_appears_by_itself(page: Page, packshot: Instance) -> None:
    gallery.dropped(packshot, "Live", ["LIV-1.jpg"], 1200)
    home = gallery.collection(packshot, "Live")
    seeing.shown(page, f"/#/library?in={home['id']}")
    seeing.count(page, "1 picture")
    (packshot.drop / "Live" / "LIV-2.jpg").write_bytes(gallery.picture(1201))
    seeing.count(page, "2 pictures")
    expect(page.locator(".side .tree .nav", has_text="Live").locator(".n")).to_have_text("2")


def test_a_change_of_another_leaves_place_scroll_and_selection_alone(
    page: Page, packshot: Instance, photos: Gallery
) -> None:
    seeing.shown(page, photos.address)
    page.locator(".gridwrap").focus()
    for key in ("PageDown", "PageDown"):
        seeing.on(page, seeing.moved(page, key))
    page.keyboard.press("x")
    seeing.selected(page, 1)
    held, top = seeing.here(page), page.evaluate("document.querySelector('.gridwrap').scrollTop")
    other = next(one for one in seeing.tiles(page) if one["id"] != held)
    with page.expect_response(lambda one: "fresh_for" in one.url or "/v1/search?" in one.url):
        packshot.call("PATCH", f"/v1/assets/{other['id']}", {"skus": ["LIVE-SKU-1"]})
    expect(page.get_by_role("option", name="LIVE-SKU-1")).to_be_attached()

    assert seeing.here(page) == held
    assert page.evaluate("document.querySelector('.gridwrap').scrollTop") == pytest.approx(top, abs=2)
    seeing.selected(page, 1)
    packshot.call("PATCH", f"/v1/assets/{other['id']}", {"skus": []})


def test_without_a_connection_a_banner_says_so_and_it_goes_when_the_line_is_back(
    page: Page, photos: Gallery, mishaps: Mishaps
) -> None:
    mishaps.allow("ERR_INTERNET_DISCONNECTED")
    seeing.shown(page, photos.address)
    page.context.set_offline(True)
    banner = page.get_by_text("No connection.")
    expect(banner).to_be_visible()
    expect(page.locator(".tile").first).to_be_visible()
    page.context.set_offline(False)
    expect(banner).to_have_count(0)


def test_a_server_that_is_away_is_noticed_and_its_return_too(page: Page, photos: Gallery, mishaps: Mishaps) -> None:
    mishaps.allow("ERR_CONNECTION_REFUSED")
    seeing.shown(page, photos.address)
    page.route("**/v1/**", lambda route: route.abort("connectionrefused"))
    page.get_by_role("combobox", name="Search the library").fill("studio")
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.unroute("**/v1/**")
    expect(page.get_by_text("No connection.")).to_have_count(0)


def test_a_search_that_failed_offers_to_try_again(page: Page, photos: Gallery, mishaps: Mishaps) -> None:
    mishaps.allow("503")
    refused: dict[str, Any] = {"status": 503, "json": {"detail": "The library is busy. Try again in a moment."}}
    page.route("**/v1/search?*", lambda route: route.fulfill(**refused))
    page.goto(photos.address)
    expect(page.get_by_role("alert")).to_contain_text("The library is busy.")
    page.unroute("**/v1/search?*")
    page.get_by_role("button", name="Try again").click()
    seeing.shown(page)


def test_an_ended_session_says_so_and_keeps_what_was_typed(page: Page, packshot: Instance, mishaps: Mishaps) -> None:
    mishaps.allow("401")
    asset = gallery.dropped(packshot, "Ended", ["END-1.jpg"], 1210)[0]
    page.goto(f"/#/asset/{asset['id']}")
    expect(page.get_by_label("Title")).to_be_visible()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("Title").fill("typed before")
    page.keyboard.press("Tab")
    over = page.get_by_role("dialog", name="Your session is over")
    expect(over).to_be_visible()
    over.get_by_role("button", name="Go on").click()
    expect(over.get_by_role("alert")).to_have_text("You are not signed in yet.")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    over.get_by_role("button", name="Go on").click()
    expect(over).to_have_count(0)
    expect(page.get_by_label("Title")).to_have_value("typed before")


def test_whoever_is_not_signed_in_is_told_what_to_do(browser: Browser, packshot: Instance) -> None:
    context = browser.new_context(base_url=packshot.connection["url"])
    page = context.new_page()
    page.goto("/", timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("Open the link you were given")).to_be_visible()
    context.close()


def test_a_member_has_a_link_sent_and_signs_in_with_it(browser: Browser, packshot: Instance) -> None:
    told = packshot.connection
    context = browser.new_context(base_url=told["url"])
    page = context.new_page()
    page.goto("/", timeout=PATIENCE_MS)
    page.get_by_label("Work e-mail").fill("owner@localhost")

    page.get_by_role("button", name="Send me a link").click()

    expect(page.get_by_role("status")).to_contain_text("If owner@localhost is a member, a link is on its way.")
    links: list[str] = []

    def is_there() -> bool:
        mails = requests.get(told["mail_url"], timeout=10).json()["items"]
        to_owner = [link for one in mails if "owner@localhost" in str(one["to"]) for link in one["links"]]
        links[:] = [link for link in to_owner if "/#/sign-in/" in link]  # notices go to the owner too
        return bool(links)

    assert await_true(is_there, PATIENCE_MS / 1000)
    page.goto(links[0])
    expect(page.get_by_role("combobox", name="Search the library")).to_be_visible()
    expect(page.locator(".tile").or_(page.get_by_text("No pictures yet")).first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # an earlier refusal is no end of the session
    context.close()


def test_a_used_link_says_so(browser: Browser, packshot: Instance) -> None:
    context = browser.new_context(base_url=packshot.connection["url"])
    page = context.new_page()
    page.goto("/#/sign-in/no-such-token-no-such-token-no-such", timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_contain_text("This sign-in link is used or over.")
    assert "no-such-token" not in page.url
    context.close()


def test_an_unknown_address_leads_back_to_the_library(page: Page) -> None:
    page.goto("/#/nowhere/at/all")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    page.get_by_role("link", name="Go to the library").click()
    seeing.shown(page)


@pytest.mark.parametrize(
    ("broken", "outcome"),
    [("new DOMException('given up', 'AbortError')", "AbortError"), ("new TypeError('cut off')", "0")],
)
def test_an_answer_that_breaks_off_in_its_body_fails_like_the_request(page: Page, broken: str, outcome: str) -> None:
    page.goto("/")

    said = page.evaluate(
        """async () => {
          const { call } = await import('/lib/http.js')
          const reply = new Response('{}', { status: 200 })
          reply.json = () => Promise.reject(__BROKEN__)
          globalThis.fetch = async () => reply
          return call('GET', '/v1/health').then(() => 'an answer', (problem) => String(problem.status ?? problem.name))
        }""".replace("__BROKEN__", broken)
    )

    assert said == outcome
