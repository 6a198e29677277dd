"""Collections and saved searches in the sidebar: made, renamed, moved, deleted, filled, with a way back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import gallery, seeing
from tests.browser.conftest import Mishaps
from tests.browser.gallery import CERAMIC, MANY, STUDIO, Gallery
from tests.journeys.instance import Instance


def line(page: Page, name: str) -> Locator:
    return page.locator(".side .tree .nav").filter(has=page.get_by_role("link", name=name))


def choose(page: Page, name: str, word: str) -> None:
    """Open the menu of a place and take one of its acts."""
    line(page, name).hover()
    line(page, name).get_by_role("button", name="What to do with").click()
    page.get_by_role("menuitem", name=word, exact=True).click()


def make(page: Page, name: str) -> None:
    page.get_by_role("button", name="Make a collection").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Make", exact=True).click()
    expect(line(page, name)).to_be_visible()


@pytest.fixture
def library(page: Page, photos: Gallery) -> Page:
    seeing.shown(page, photos.address)
    return page


def test_a_collection_is_made_renamed_moved_and_deleted_each_with_a_way_back(library: Page, packshot: Instance) -> None:
    make(library, "Winter")
    make(library, "Shelf")
    choose(library, "Winter", "Rename")
    library.get_by_label("Name", exact=True).fill("Winter 27")
    library.keyboard.press("Enter")
    expect(line(library, "Winter 27")).to_be_visible()
    library.get_by_role("button", name="Undo").click()
    expect(line(library, "Winter 27")).to_have_count(0)

    choose(library, "Winter", "Move to")
    library.get_by_label("Find a collection").fill("she")
    library.get_by_role("dialog").get_by_role("button", name="Shelf").click()
    expect(library.get_by_text("“Winter” is now in “Shelf”.")).to_be_visible()
    expect(line(library, "Winter")).to_be_visible()
    assert gallery.collection(packshot, "Shelf/Winter")

    choose(library, "Shelf", "Move to trash")
    expect(line(library, "Shelf")).to_have_count(0)
    library.get_by_role("button", name="Undo").click()
    expect(line(library, "Shelf")).to_be_visible()
    expect(line(library, "Winter")).to_be_visible()


def test_a_name_that_is_taken_is_refused_and_what_was_typed_stays(library: Page, mishaps: Mishaps) -> None:
    mishaps.allow("409|422")
    library.get_by_role("button", name="Make a collection").click()
    library.get_by_label("Name", exact=True).fill("Gallery")
    library.get_by_role("button", name="Make", exact=True).click()
    expect(library.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    expect(library.get_by_label("Name", exact=True)).to_have_value("Gallery")
    library.keyboard.press("Escape")
    expect(library.get_by_role("dialog")).to_have_count(0)


def test_pictures_dragged_onto_a_collection_are_in_it_and_undo_takes_them_out(
    library: Page, packshot: Instance
) -> None:
    make(library, "Dragged")
    library.locator("#t1").click(modifiers=["Control"])
    library.locator("#t3").click(modifiers=["Control"])
    library.locator("#t3").drag_to(line(library, "Dragged"))
    expect(library.get_by_text("2 pictures added to “Dragged”.")).to_be_visible()
    expect(line(library, "Dragged").locator(".n")).to_have_text("2")
    library.get_by_role("button", name="Undo").click()
    expect(line(library, "Dragged").locator(".n")).to_have_text("0")
    library.get_by_role("button", name="Clear the selection").click()

    library.locator("#t5").drag_to(line(library, "Dragged"))
    expect(library.get_by_text("1 picture added to “Dragged”.")).to_be_visible()


def test_the_menu_way_adds_a_whole_result_by_rule(library: Page, packshot: Instance, photos: Gallery) -> None:
    make(library, "Pottery")
    library.goto(f"{photos.address}&words=ceramic")
    seeing.count(library, f"{CERAMIC} pictures")
    library.locator(".gridwrap").focus()
    library.keyboard.press("Control+a")
    seeing.selected(library, CERAMIC)
    library.get_by_role("button", name="Add to").click()
    library.get_by_label("Find a collection").fill("pott")
    library.get_by_role("dialog").get_by_role("button", name="Pottery").click()
    expect(library.get_by_text(f"{CERAMIC} pictures added to “Pottery”.")).to_be_visible()
    expect(line(library, "Pottery").locator(".n")).to_have_text(str(CERAMIC))


@pytest.mark.requirement("R48")
def test_a_search_is_saved_opens_as_it_was_and_is_forgotten_with_undo(library: Page, photos: Gallery) -> None:
    library.locator(".lib .facets label", has_text="studio").locator("input").check()
    seeing.count(library, f"{STUDIO} pictures")
    library.get_by_role("button", name="Save search").click()
    library.get_by_label("Name", exact=True).fill("From the studio")
    library.get_by_role("button", name="Save", exact=True).click()
    expect(line(library, "From the studio").locator(".n")).to_have_text(str(STUDIO))

    library.goto("/#/library")
    line(library, "From the studio").get_by_role("link").click()
    seeing.count(library, f"{STUDIO} pictures")
    expect(library.locator(".search .chip")).to_have_text(["inGallery", "Keywordstudio"])
    expect(line(library, "From the studio").get_by_role("link")).to_have_attribute("aria-current", "page")

    choose(library, "From the studio", "Share with everyone")
    expect(line(library, "From the studio").get_by_label("Shared")).to_be_visible()
    choose(library, "From the studio", "Delete")
    expect(line(library, "From the studio")).to_have_count(0)
    library.get_by_role("button", name="Undo").click()
    expect(line(library, "From the studio")).to_be_visible()


def test_on_a_phone_the_places_are_a_sheet_that_back_closes(library: Page, photos: Gallery) -> None:
    library.set_viewport_size({"width": 360, "height": 740})
    library.get_by_role("button", name="Collections").click()
    sheet = library.get_by_role("dialog", name="Go to")
    expect(sheet.get_by_role("link", name="Gallery")).to_be_visible()
    library.go_back()
    expect(sheet).to_have_count(0)
    library.get_by_role("button", name="Collections").click()
    sheet.get_by_role("link", name="Gallery").click()
    expect(sheet).to_have_count(0)


def test_what_is_in_the_trash_is_found_and_restored(library: Page, packshot: Instance) -> None:
    gallery.dropped(packshot, "Leavings", ["LEA-1.jpg", "LEA-2.jpg"], 1300)
    seeing.shown(library, f"/#/library?in={gallery.collection(packshot, 'Leavings')['id']}")
    library.locator(".gridwrap").focus()
    asked = list[str]()
    library.on("request", lambda sent: asked.append(f"{sent.method} {sent.url.partition('/v1/')[2]}"))
    library.keyboard.press("Control+a")
    library.get_by_role("toolbar").get_by_role("button", name="Move to trash").click()
    expect(library.get_by_text("2 pictures in the trash.")).to_be_visible()
    library.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(line(library, "Leavings").locator(".n")).to_have_text("2")
    assert next(one for one in asked if not one.startswith("GET")) == "POST bulk"
    assert not any(one.startswith("DELETE") for one in asked)
    seeing.shown(library)
    for name in ("LEA-1", "LEA-2"):  # by name: all that is found may for a second be what was found in the trash
        library.get_by_role("option", name=name).click(modifiers=["Control"])
    library.get_by_role("toolbar").get_by_role("button", name="Move to trash").click()
    expect(library.get_by_text("2 pictures in the trash.")).to_be_visible()

    library.get_by_role("link", name="Trash").click()
    expect(library.get_by_role("navigation").locator("[aria-current=page]")).to_have_text(["Trash"])
    library.get_by_role("option", name="LEA-1").click(modifiers=["Control"])
    expect(library.get_by_role("toolbar").get_by_role("button", name="Share")).to_have_count(0)
    library.get_by_role("toolbar").get_by_role("button", name="Restore").click()
    expect(library.get_by_text("1 picture restored.")).to_be_visible()
    expect(line(library, "Leavings").locator(".n")).to_have_text("1")


def test_an_empty_trash_says_what_would_be_there(page: Page) -> None:
    nothing = {"items": [], "total": 0, "facets": {}, "next": None, "snapshot": "none", "fresh": None}
    page.route("**/v1/search?*", lambda route: route.fulfill(json=nothing))
    page.goto("/#/library?words=state:trashed")

    expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()


def test_what_waits_in_the_trash_is_restored_together_and_found_again_under_way(
    library: Page, packshot: Instance
) -> None:
    made = gallery.dropped(packshot, "Peelings", ["PEE-1.jpg", "PEE-2.jpg", "PEE-3.jpg"], 1320)
    asked = {"selection": {"ids": [one["id"] for one in made]}, "change": {"trash": True}}
    assert packshot.call("POST", "/v1/bulk", asked).status_code == 202
    home = gallery.collection(packshot, "Peelings")["id"]
    gallery.found_by(packshot, f"state:trashed collection:{home}", 3)
    seeing.shown(library, f"/#/library?words=state:trashed&in={home}")
    library.locator(".gridwrap").focus()
    library.keyboard.press("Control+a")

    library.get_by_role("toolbar").get_by_role("button", name="Restore").click()

    expect(library.get_by_text("3 pictures restored.")).to_be_visible()
    expect(line(library, "Peelings").locator(".n")).to_have_text("3")
    library.get_by_role("link", name="Under way").click()
    row = library.get_by_role("listitem").filter(has_text="3 pictures out of the trash").first
    expect(row.get_by_role("button", name="Undo")).to_be_visible()


def test_very_many_pictures_are_added_by_work_that_goes_on_and_can_be_undone(
    library: Page, packshot: Instance, photos: Gallery
) -> None:
    make(library, "Crowd")
    to = gallery.collection(packshot, "Crowd")

    library.evaluate(
        """([q, to]) => import('/parts/adding.js').then(({ addTo }) =>
          addTo({ chosen: { all: true, ids: new Set() }, q, total: 501 }, to))""",
        [f"collection:{photos.id}", to],
    )
    expect(library.get_by_text("501 pictures on their way to “Crowd”.")).to_be_visible()
    library.get_by_role("button", name="Show", exact=True).click()
    row = library.get_by_role("listitem").filter(has_text=f"Change to {MANY} pictures").first
    expect(row.get_by_text("Done")).to_be_visible()
    expect(line(library, "Crowd").locator(".n")).to_have_text(str(MANY))
    row.get_by_role("button", name="Undo").click()
    expect(line(library, "Crowd").locator(".n")).to_have_text("0")
