"""One picture: what is known of it, edits that save themselves, and two people at once."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from infra.local.polling import await_true
from tests.browser import gallery, seeing
from tests.browser.conftest import Mishaps
from tests.journeys.instance import Instance


@pytest.fixture(scope="module")
def asset(packshot: Instance, photos: gallery.Gallery) -> dict[str, Any]:
    """A picture that these tests may change."""
    return gallery.dropped(packshot, "Edited", ["EDT-1-front.jpg"], 900)[0]


@pytest.fixture
def picture(page: Page, asset: dict[str, Any]) -> Page:
    page.goto(f"/#/asset/{asset['id']}")
    expect(page.get_by_label("Title")).to_be_visible()
    return page


def now(packshot: Instance, asset: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = packshot.get(f"/v1/assets/{asset['id']}")
    return found


def test_an_edit_saves_when_the_field_is_left_and_undo_takes_it_back(
    picture: Page, packshot: Instance, asset: dict[str, Any]
) -> None:
    before = now(packshot, asset)["title"]
    picture.get_by_label("Title").fill("A lamp of linen")
    picture.get_by_label("Title").press("Enter")
    expect(picture.get_by_text("Title saved.")).to_be_visible()
    assert now(packshot, asset)["title"] == "A lamp of linen"
    picture.get_by_role("button", name="Undo").click()
    assert await_true(lambda: now(packshot, asset)["title"] == before, 30, 0.2)


def test_keywords_and_stars_are_set_by_keys(picture: Page, packshot: Instance, asset: dict[str, Any]) -> None:
    picture.get_by_label("Keywords").fill("linen")
    picture.get_by_label("Keywords").press("Enter")
    expect(picture.locator(".chip", has_text="linen")).to_be_visible()
    picture.get_by_label("4 of 5").press("Space")
    assert await_true(lambda: now(packshot, asset)["rating"] == 4, 30, 0.2)
    assert now(packshot, asset)["keywords"] == ["linen"]
    picture.get_by_role("button", name="Remove linen").click()
    assert await_true(lambda: now(packshot, asset)["keywords"] == [], 30, 0.2)


def test_an_edit_made_while_another_is_being_saved_is_saved_after_it(
    picture: Page, packshot: Instance, asset: dict[str, Any]
) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "PATCH" and not held:
            held.append(route)
        else:
            route.continue_()

    picture.route("**/v1/assets/*", hold)
    with picture.expect_request(lambda sent: sent.method == "PATCH"):
        picture.get_by_label("Keywords").fill("silk")
        picture.get_by_label("Keywords").press("Enter")
    picture.get_by_label("2 of 5").press("Space")
    expect(picture.get_by_label("2 of 5")).to_be_checked()
    with picture.expect_response(lambda told: "rating" in (told.request.post_data or "")) as last:
        held[0].continue_()

    assert last.value.status == 200
    assert (now(packshot, asset)["rating"], now(packshot, asset)["keywords"]) == (2, ["silk"])
    with picture.expect_response(lambda told: told.request.method == "PATCH"):
        picture.get_by_role("button", name="Remove silk").click()
    assert now(packshot, asset)["keywords"] == []


def test_a_change_of_another_shows_both_values_and_asks(
    picture: Page, packshot: Instance, asset: dict[str, Any], mishaps: Mishaps
) -> None:
    mishaps.allow("412")
    picture.get_by_label("Description").click()
    picture.keyboard.press("Control+a")
    picture.keyboard.type("mine")
    assert packshot.call("PATCH", f"/v1/assets/{asset['id']}", {"description": "theirs"}).status_code == 200
    picture.keyboard.press("Tab")
    clash = picture.get_by_role("alert")
    expect(clash).to_contain_text("theirs")
    expect(clash).to_contain_text("mine")
    assert now(packshot, asset)["description"] == "theirs"
    clash.get_by_role("button", name="Use mine").click()
    assert await_true(lambda: now(packshot, asset)["description"] == "mine", 30, 0.2)
    expect(picture.get_by_label("Description")).to_have_value("mine")


def test_a_change_of_another_field_by_another_is_no_clash(
    picture: Page, packshot: Instance, asset: dict[str, Any], mishaps: Mishaps
) -> None:
    mishaps.allow("412")
    picture.get_by_label("Title").fill("Both")
    assert packshot.call("PATCH", f"/v1/assets/{asset['id']}", {"alt": "seen from the front"}).status_code == 200
    picture.get_by_label("Title").press("Enter")
    expect(picture.get_by_text("Title saved.")).to_be_visible()
    found = now(packshot, asset)
    assert (found["title"], found["alt"]) == ("Both", "seen from the front")


def test_a_refused_value_says_why_and_stays_in_the_field(picture: Page, mishaps: Mishaps) -> None:
    mishaps.allow("422")
    picture.get_by_label("File name").fill("x" * 300)
    picture.get_by_label("File name").press("Tab")
    expect(picture.get_by_role("alert")).to_be_visible()
    expect(picture.get_by_label("File name")).to_have_value("x" * 300)


def test_a_failed_save_offers_to_try_again(
    picture: Page, packshot: Instance, asset: dict[str, Any], mishaps: Mishaps
) -> None:
    mishaps.allow("503")
    refused: dict[str, Any] = {"status": 503, "json": {"detail": "The library is busy. Try again in a moment."}}
    picture.route(
        "**/v1/assets/*",
        lambda route: route.fulfill(**refused) if route.request.method == "PATCH" else route.continue_(),
    )
    picture.get_by_label("Alt text").fill("kept words")
    picture.get_by_label("Alt text").press("Tab")
    expect(picture.get_by_text("The library is busy.")).to_be_visible()
    expect(picture.get_by_label("Alt text")).to_have_value("kept words")
    picture.unroute("**/v1/assets/*")
    picture.get_by_role("button", name="Try again").click()
    assert await_true(lambda: now(packshot, asset)["alt"] == "kept words", 30, 0.2)


def test_a_change_of_another_appears_in_the_open_picture(
    picture: Page, packshot: Instance, asset: dict[str, Any]
) -> None:
    packshot.call("PATCH", f"/v1/assets/{asset['id']}", {"shot_type": "detail"})
    expect(picture.get_by_label("Shot")).to_have_value("detail")


def test_a_picture_that_is_not_there_says_so(page: Page, mishaps: Mishaps) -> None:
    mishaps.allow("404")
    page.goto("/#/asset/none")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    page.get_by_role("button", name="Go to the library").click()
    seeing.shown(page)


SHEET = "document.querySelector('.sheet').getBoundingClientRect()"


def test_a_picture_zooms_pans_and_fits_by_keys(picture: Page) -> None:
    picture.locator(".pane").focus()
    width, x = picture.evaluate(f"[{SHEET}.width, {SHEET}.x]")
    picture.keyboard.press("+")
    picture.wait_for_function(f"(width) => {SHEET}.width > width * 1.4", arg=width)
    zoomed = picture.evaluate(f"{SHEET}.x")
    picture.keyboard.press("ArrowRight")
    picture.wait_for_function(f"(x) => {SHEET}.x < x", arg=zoomed)
    picture.keyboard.press("0")
    picture.wait_for_function(f"(x) => Math.abs({SHEET}.x - x) < 1", arg=x)


def test_trash_and_undo(picture: Page, packshot: Instance, asset: dict[str, Any]) -> None:
    picture.get_by_role("button", name="Move to trash").click()
    expect(picture.get_by_text("The picture is in the trash.")).to_be_visible()
    assert now(packshot, asset)["state"] == "trashed"
    picture.get_by_role("button", name="Undo").click()
    assert await_true(lambda: now(packshot, asset)["state"] == "live", 30, 0.2)


def test_details_push_the_picture_on_a_wide_screen_and_follow_it_on_a_phone(picture: Page) -> None:
    stage, details = picture.locator(".stage"), picture.get_by_role("complementary", name="Details")
    for width in (1280, 800):
        picture.set_viewport_size({"width": width, "height": 800})
        left, right = stage.bounding_box(), details.bounding_box()
        assert left
        assert right
        assert left["x"] + left["width"] <= right["x"] + 1
    picture.set_viewport_size({"width": 360, "height": 740})
    below, above = details.bounding_box(), stage.bounding_box()
    assert below
    assert above
    assert below["width"] == 360
    assert above["y"] < below["y"]
    assert not seeing.is_wide(picture)


def test_the_download_has_the_file_s_name(picture: Page) -> None:
    with picture.expect_download() as given:
        picture.get_by_role("link", name="Download").click()
    assert re.search(r"\.jpg$", given.value.suggested_filename)
