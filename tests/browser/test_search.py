"""Search: chips, suggestions, facets, counts, and answers that come late."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import seeing
from tests.browser.gallery import CERAMIC, MANY, STUDIO, Gallery

pytestmark = pytest.mark.requirement("R07")
WINDOW = re.compile(r"/v1/search\?(?!.*\bfacets=)")


@pytest.fixture
def library(page: Page, photos: Gallery) -> Page:
    seeing.shown(page, photos.address)
    return page


def field(page: Page) -> Any:
    return page.get_by_role("combobox", name="Search the library")


def facet(page: Page, name: str) -> Any:
    return page.locator(".lib .facets label", has_text=name).locator("input")


def test_results_come_while_one_writes_and_the_count_is_announced(library: Page) -> None:
    field(library).press_sequentially("studio")
    seeing.count(library, f"{STUDIO} pictures")
    field(library).press_sequentially(" KOS-101")
    seeing.count(library, "1 picture")


def test_keys_pressed_quickly_ask_once(library: Page) -> None:
    asked: list[str] = []
    library.on("request", lambda sent: asked.append(sent.url) if WINDOW.search(sent.url) else None)
    field(library).press_sequentially("studio", delay=10)
    seeing.count(library, f"{STUDIO} pictures")

    assert len(asked) <= 3


def test_an_older_answer_never_overwrites_a_newer_one(library: Page) -> None:
    held: list[Route] = []
    library.route("**/v1/search?q=studio+*", lambda route: held.append(route))
    with library.expect_request("**/v1/search?q=studio+*"):
        field(library).fill("studio")
    field(library).fill("ceramic")
    seeing.count(library, f"{CERAMIC} pictures")
    for route in held:
        route.continue_()
    seeing.shown(library)
    seeing.count(library, f"{CERAMIC} pictures")


def test_typed_forms_become_chips_and_backspace_takes_them_back(library: Page) -> None:
    for text in ("keyword:studio", "-ceramic", '"KOS"'):
        field(library).fill(text)
        field(library).press("Enter")
    chips = library.locator(".search .chip")
    expect(chips).to_have_text(["inGallery", "keywordstudio", "notceramic", "KOS"])
    seeing.count(library, f"{STUDIO - CERAMIC} pictures")
    field(library).press("Backspace")
    expect(field(library)).to_have_value('"KOS"')
    expect(chips).to_have_count(3)
    library.get_by_role("button", name="Remove not ceramic").press("Delete")
    expect(chips).to_have_count(2)
    seeing.count(library, f"{STUDIO} pictures")


def test_suggestions_are_taken_by_keys(library: Page) -> None:
    field(library).press_sequentially("cer")
    offer = library.get_by_role("option", name="ceramic")
    expect(offer).to_be_visible()
    expect(offer).to_contain_text(str(CERAMIC))
    field(library).press("ArrowDown")
    expect(offer).to_have_attribute("aria-selected", "true")
    field(library).press("Enter")
    expect(library.locator(".search .chip")).to_have_text(["inGallery", "keywordceramic"])
    seeing.count(library, f"{CERAMIC} pictures")


def test_escape_closes_suggestions_before_anything_else(library: Page) -> None:
    field(library).press_sequentially("cer")
    expect(library.get_by_role("option", name="ceramic")).to_be_visible()
    field(library).press("Escape")
    expect(library.get_by_role("listbox", name="Suggestions")).to_be_hidden()
    expect(field(library)).to_be_focused()
    expect(field(library)).to_have_value("cer")


def test_facets_or_inside_and_across_with_counts_that_agree(library: Page) -> None:
    label = library.locator(".lib .facets label", has_text="ceramic")
    expect(label.locator(".n")).to_have_text(str(CERAMIC))
    facet(library, "ceramic").check()
    seeing.count(library, f"{CERAMIC} pictures")
    expect(library.locator(".lib .facets label", has_text="studio").locator(".n")).to_have_text(str(STUDIO))
    facet(library, "studio").check()
    seeing.count(library, f"{STUDIO} pictures")
    expect(library.locator(".search .chip").last).to_have_text("Keywordceramic or studio")
    library.get_by_role("button", name="Remove Keyword ceramic or studio").click()
    seeing.count(library, f"{MANY} pictures")
    library.go_back()
    seeing.count(library, f"{STUDIO} pictures")


def test_an_empty_result_names_the_chip_to_drop_and_what_that_gives(library: Page) -> None:
    for text in ("keyword:studio", "nothing-like-this"):
        field(library).fill(text)
        field(library).press("Enter")
    expect(library.get_by_role("heading", name="No picture matches all of this")).to_be_visible()
    library.get_by_role("button", name=f"Without “nothing-like-this”: {STUDIO} pictures").click()
    seeing.count(library, f"{STUDIO} pictures")


def test_a_query_that_cannot_be_read_is_refused_in_words(library: Page, mishaps: Any) -> None:
    mishaps.allow("422")
    field(library).fill("width:>=abc (")
    field(library).press("Enter")
    expect(library.get_by_role("alert")).to_contain_text("This part did not load")
    library.get_by_role("button", name="Remove").last.click()


def test_order_goes_both_ways(library: Page) -> None:
    library.get_by_label("Order").select_option("name")
    expect(library.locator("#t0")).to_have_attribute("aria-label", "KOS-100, Not asked")
    library.get_by_label("Order").select_option("-name")
    expect(library.locator("#t0")).to_have_attribute("aria-label", f"KOS-{99 + MANY}, Not asked")
    assert "sort=-name" in library.url


def test_on_a_phone_filters_are_a_sheet(library: Page) -> None:
    library.set_viewport_size({"width": 360, "height": 740})
    library.get_by_role("button", name="Filters").click()
    sheet = library.get_by_role("dialog", name="Filters")
    sheet.get_by_label("ceramic").check()
    sheet.get_by_role("button", name=f"Show {CERAMIC} pictures").click()
    expect(sheet).to_have_count(0)
    seeing.count(library, f"{CERAMIC} pictures")
    library.get_by_role("button", name="Filters").click()
    sheet.get_by_role("button", name="List").click()
    library.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(library.locator(".line-row").first).to_be_visible()
