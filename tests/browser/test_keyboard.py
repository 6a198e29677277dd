"""Everything by keys, and the focus where one left it."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import seeing
from tests.browser.gallery import MANY, Gallery


@pytest.fixture
def grid(page: Page, photos: Gallery) -> Page:
    """The gallery with the keyboard on its first tile."""
    seeing.shown(page, photos.address)
    page.locator(".gridwrap").focus()
    return page


def test_arrows_walk_and_the_tile_stays_in_sight(grid: Page) -> None:
    assert [seeing.moved(grid, key) for key in ("ArrowRight", "ArrowRight", "ArrowLeft")] == [1, 2, 1]
    before = {one["at"]: one for one in seeing.tiles(grid)}
    down = seeing.moved(grid, "ArrowDown")
    assert before[down]["y"] > before[1]["y"]
    assert before[down]["x"] < before[1]["x"] + before[1]["w"]
    assert seeing.moved(grid, "ArrowUp") == 1
    for _ in range(9):
        seeing.on(grid, seeing.moved(grid, "ArrowDown"))


def test_home_end_and_pages(grid: Page) -> None:
    page_down = seeing.moved(grid, "PageDown")
    assert page_down > 10
    assert seeing.moved(grid, "PageUp") < page_down
    grid.keyboard.press("End")
    seeing.on(grid, MANY - 1)
    grid.keyboard.press("Home")
    seeing.on(grid, 0)


def test_space_and_x_select_and_shift_extends(grid: Page) -> None:
    grid.keyboard.press("Space")
    seeing.selected(grid, 1)
    grid.keyboard.press("ArrowRight")
    grid.keyboard.press("x")
    seeing.selected(grid, 2)
    grid.keyboard.press("Shift+ArrowRight")
    grid.keyboard.press("Shift+ArrowRight")
    seeing.selected(grid, 4)
    grid.keyboard.press("Shift+End")
    seeing.selected(grid, MANY)


@pytest.mark.timed
def test_control_a_takes_the_whole_result_and_loads_nothing(grid: Page) -> None:
    asked: list[str] = []
    grid.wait_for_load_state("networkidle")  # facets and what stands beside the grid come after its pictures
    grid.on("request", lambda sent: asked.append(sent.url) if "/v1/search?" in sent.url else None)
    took_ms = grid.evaluate(
        """() => {
          const begun = performance.now()
          document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', ctrlKey: true, bubbles: true}))
          return performance.now() - begun
        }"""
    )
    seeing.selected(grid, MANY)
    grid.keyboard.press("x")
    seeing.selected(grid, MANY - 1)

    assert took_ms < 50
    assert asked == []


def test_a_cleared_selection_comes_back_with_undo(grid: Page) -> None:
    grid.keyboard.press("Control+a")
    seeing.selected(grid, MANY)
    grid.keyboard.press("Escape")
    seeing.selected(grid, 0)
    grid.get_by_role("button", name="Undo").click()
    seeing.selected(grid, MANY)


def test_control_click_toggles_shift_click_ranges_and_click_opens(grid: Page) -> None:
    grid.locator("#t2").click(modifiers=["Control"])
    seeing.selected(grid, 1)
    grid.locator("#t6").click(modifiers=["Shift"])
    seeing.selected(grid, 5)
    grid.locator("#t3").click(modifiers=["Control"])
    seeing.selected(grid, 4)
    grid.locator("#t1").click()
    expect(grid.get_by_role("complementary", name="Details")).to_be_visible()


def test_escape_closes_the_innermost_thing_only(grid: Page) -> None:
    grid.keyboard.press("x")
    grid.keyboard.press("?")
    sheet = grid.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_text("Select all")).to_be_visible()
    grid.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    seeing.selected(grid, 1)
    grid.locator(".gridwrap").focus()
    grid.keyboard.press("Escape")
    seeing.selected(grid, 0)


def test_escape_on_a_sheet_over_a_picture_leaves_the_picture_open(grid: Page) -> None:
    grid.keyboard.press("Enter")
    details = grid.get_by_role("complementary", name="Details")
    expect(details).to_be_visible()
    grid.keyboard.press("?")
    expect(grid.get_by_role("dialog", name="Keys")).to_be_visible()
    grid.keyboard.press("Escape")
    expect(grid.get_by_role("dialog", name="Keys")).to_have_count(0)
    expect(details).to_be_visible()


def test_single_keys_can_be_switched_off(grid: Page) -> None:
    grid.keyboard.press("?")
    grid.get_by_label("Single keys act").uncheck()
    grid.get_by_role("button", name="Close").click()
    grid.locator(".gridwrap").focus()
    grid.keyboard.press("x")
    grid.keyboard.press("?")
    expect(grid.get_by_role("dialog")).to_have_count(0)
    seeing.selected(grid, 0)
    grid.keyboard.press("Space")
    seeing.selected(grid, 1)


def test_slash_goes_to_search_and_g_u_to_uploads(grid: Page) -> None:
    grid.keyboard.press("/")
    expect(grid.get_by_role("combobox", name="Search the library")).to_be_focused()
    grid.keyboard.press("Escape")
    grid.keyboard.press("g")
    grid.keyboard.press("u")
    expect(grid.get_by_role("heading", name="Uploads")).to_be_visible()


@pytest.mark.parametrize("way", ["Escape", "button", "Back"])
def test_closing_a_picture_returns_to_its_tile(grid: Page, way: str) -> None:
    for key in ("PageDown", "PageDown", "PageDown", "ArrowRight"):
        seeing.on(grid, seeing.moved(grid, key))
    left, top = seeing.here(grid), grid.evaluate("document.querySelector('.gridwrap').scrollTop")
    assert left
    grid.keyboard.press("Enter")
    expect(grid.get_by_role("complementary", name="Details")).to_be_visible()
    if way == "Escape":
        grid.keyboard.press("Escape")
    elif way == "button":
        grid.get_by_role("button", name="Back to the library").click()
    else:
        grid.go_back()
    seeing.shown(grid)

    expect(grid.locator(".gridwrap")).to_be_focused()
    assert seeing.here(grid) == left
    assert grid.evaluate("document.querySelector('.gridwrap').scrollTop") == pytest.approx(top, abs=2)


def test_closing_leaves_no_step_that_opens_the_picture_again(grid: Page) -> None:
    grid.keyboard.press("Enter")
    expect(grid.get_by_role("complementary", name="Details")).to_be_visible()
    grid.keyboard.press("Escape")
    expect(grid.locator(".gridwrap")).to_be_focused()
    grid.go_forward()
    expect(grid.get_by_role("complementary", name="Details")).to_be_visible()
    grid.go_back()
    expect(grid.locator(".gridwrap")).to_be_focused()


def test_arrows_walk_through_pictures_and_closing_returns_to_the_last_one(grid: Page) -> None:
    ids = [one["id"] for one in seeing.tiles(grid)[:3]]
    grid.keyboard.press("Enter")
    expect(grid.get_by_text(f"1 of {MANY}")).to_be_visible()
    grid.keyboard.press("ArrowRight")
    grid.keyboard.press("ArrowRight")
    expect(grid.get_by_text(f"3 of {MANY}")).to_be_visible()
    assert ids[2] in grid.url
    grid.keyboard.press("Escape")
    seeing.shown(grid)
    expect(grid.locator(".gridwrap")).to_be_focused()
    assert seeing.here(grid) == ids[2]


def test_a_copied_address_opens_the_same_thing(page: Page, context: BrowserContext, photos: Gallery) -> None:
    seeing.shown(page, f"/#/library?in={photos.id}&words=studio&f=keyword%3Aceramic&sort=name&view=list")
    names = [one["name"] for one in seeing.tiles(page)]
    second = context.new_page()
    seeing.shown(second, page.url)
    assert [one["name"] for one in seeing.tiles(second)] == names
    expect(second.get_by_label("Order")).to_have_value("name")

    page.locator("#t4").click()
    expect(page.get_by_role("complementary", name="Details")).to_be_visible()
    title = page.get_by_role("heading", level=1).inner_text()
    second.goto(page.url)
    expect(second.get_by_role("heading", level=1)).to_have_text(title)
