"""Comments on the page of a picture: pins where they were set, threads to work through, people named, versions."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import gallery
from tests.browser.conftest import Mishaps
from tests.browser.gallery import Gallery
from tests.browser.talking import Colleague, colleague, said
from tests.journeys.instance import Instance

TIP = """() => {
  const pin = document.querySelector('.pin').getBoundingClientRect(), sheet = document.querySelector('.sheet').getBoundingClientRect()
  return [pin.left, pin.bottom, sheet.left, sheet.top, sheet.width, sheet.height]
}"""  # noqa: E501
_NUMBERS = iter(range(700, 800))


@pytest.fixture
def asset(packshot: Instance, photos: Gallery) -> Iterator[dict[str, Any]]:
    """A picture of the test's own, outside the gallery."""
    number = next(_NUMBERS)
    (made,) = gallery.dropped(packshot, f"Talk {number}", [f"TLK-{number}-front.jpg"], number)
    yield made
    home = gallery.collection(packshot, f"Talk {number}")
    packshot.call("DELETE", f"/v1/collections/{home['id']}")


@pytest.fixture(scope="module")
def sam(packshot: Instance, photos: Gallery) -> Iterator[Colleague]:
    """A colleague who may comment."""
    made = colleague(packshot, "Sam Keller")
    yield made
    packshot.call("DELETE", f"/v1/members/{made.id}")


def opened(page: Page, asset: dict[str, Any], asked: str = "") -> Locator:
    """Its page, once its comments are read; where they stand."""
    page.goto(f"/#/asset/{asset['id']}{asked}")
    talk = page.get_by_role("region", name="Comments")
    expect(talk).to_be_visible()
    expect(talk.get_by_text("Loading")).to_have_count(0)
    return talk


def write(page: Page, text: str) -> None:
    field = page.locator("#say")
    field.fill(text)
    field.press("Enter")
    expect(field).to_have_value("")


def press_on_picture(page: Page, x: float, y: float) -> None:
    box = page.locator(".sheet").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)


@pytest.mark.requirement("R12", "R16")
def test_a_press_on_the_picture_sets_a_pin_and_what_is_written_stays_at_it(
    page: Page, packshot: Instance, asset: dict[str, Any]
) -> None:
    talk = opened(page, asset)
    press_on_picture(page, 0.25, 0.5)
    expect(page.get_by_role("button", name="New pin")).to_be_visible()
    expect(page.locator("#say")).to_be_focused()
    write(page, "Dust on the foot")

    expect(talk.get_by_role("listitem")).to_contain_text("Dust on the foot")
    expect(page.get_by_role("button", name="Comment 1, to do: Dust on the foot")).to_have_count(2)
    (kept,) = packshot.every(f"/v1/assets/{asset['id']}/comments")
    assert kept["anchor"]["kind"] == "point"
    assert abs(kept["anchor"]["x"] - 0.25) < 0.01
    assert abs(kept["anchor"]["y"] - 0.5) < 0.01

    press_on_picture(page, 0.7, 0.7)
    page.get_by_role("button", name="Leave the pin out").click()
    write(page, "Nice otherwise")
    expect(talk.get_by_role("listitem")).to_have_count(2)
    expect(page.locator(".pin")).to_have_count(1)


@pytest.mark.requirement("R12")
def test_a_pin_stays_on_its_point_within_a_pixel_at_every_zoom(
    page: Page, packshot: Instance, asset: dict[str, Any]
) -> None:
    said(packshot, asset["id"], "Here", anchor={"kind": "point", "x": 0.4, "y": 0.6})
    opened(page, asset)

    for _ in range(8):
        left, bottom, x, y, width, height = page.evaluate(TIP)
        assert abs(left - (x + width * 0.4)) <= 1
        assert abs(bottom - (y + height * 0.6)) <= 1
        page.get_by_role("button", name="Zoom in").click()
    assert page.locator(".pin").first.evaluate("one => one.offsetWidth") >= 24


@pytest.mark.requirement("R12")
def test_a_drag_of_the_mouse_sets_a_box_and_keys_alone_set_one_too(
    page: Page, packshot: Instance, asset: dict[str, Any]
) -> None:
    opened(page, asset)
    box = page.locator(".sheet").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5, steps=4)
    page.mouse.up()
    write(page, "All of this")
    page.locator("#say").press("Escape")
    expect(page.locator("#say")).not_to_be_focused()

    page.keyboard.press("c")
    expect(page.locator("#draft")).to_be_focused()
    for key in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#say")).to_be_focused()
    write(page, "And this")

    by_mouse, by_keys = (one["anchor"] for one in packshot.every(f"/v1/assets/{asset['id']}/comments"))
    assert by_mouse["kind"] == by_keys["kind"] == "box"
    assert abs(by_mouse["w"] - 0.2) < 0.02
    assert abs(by_mouse["h"] - 0.3) < 0.02
    assert (by_keys["x"], by_keys["y"]) == (0.49, 0.49)


@pytest.mark.requirement("R16")
def test_a_thread_is_answered_and_only_ones_own_words_are_changed_or_deleted(
    page: Page, packshot: Instance, asset: dict[str, Any], sam: Colleague
) -> None:
    said(sam, asset["id"], "Pole leans left")
    talk = opened(page, asset)
    talk.get_by_role("button", name="Answer").click()
    page.keyboard.type("I turn it")
    page.keyboard.press("Enter")
    expect(talk.locator(".answer")).to_contain_text("I turn it")

    talk.get_by_role("button", name="What to do with: I turn it").click()
    page.get_by_role("menuitem", name="Edit").click()
    talk.get_by_label("Your comment").fill("I turn it tomorrow")
    talk.get_by_role("button", name="Save").click()
    expect(talk.locator(".answer")).to_contain_text("I turn it tomorrow")
    expect(talk.locator(".answer")).to_contain_text("edited")
    talk.get_by_role("button", name="What to do with: Pole leans left").click()
    expect(page.get_by_role("menuitem", name="Edit")).to_have_count(0)
    page.keyboard.press("Escape")

    talk.get_by_role("button", name="What to do with: I turn it tomorrow").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(talk.locator(".answer")).to_have_count(0)
    expect(talk.get_by_role("listitem")).to_contain_text("Sam Keller")


@pytest.mark.requirement("R13")
def test_a_resolved_thread_leaves_the_list_of_what_is_to_do_and_says_by_whom_and_in_which_version(
    page: Page, packshot: Instance, asset: dict[str, Any]
) -> None:
    for at, body in enumerate(("Crop it", "Brighten it")):
        said(packshot, asset["id"], body, anchor={"kind": "point", "x": 0.3 + at / 4, "y": 0.5})
    talk = opened(page, asset)
    talk.get_by_role("button", name="To do 2").click()
    talk.get_by_role("listitem").filter(has_text="Crop it").get_by_role("button", name="Resolve").click()

    expect(talk.get_by_role("listitem")).to_have_count(1)
    expect(talk.get_by_role("button", name="To do 1")).to_be_visible()
    expect(page.locator(".pin")).to_have_count(1)
    talk.get_by_role("button", name="All").click()
    expect(talk.get_by_role("listitem").first).to_contain_text(re.compile("Resolved by .+ in v1"))
    expect(page.locator(".pin.done")).to_have_count(1)
    talk.get_by_role("button", name="Open again").click()
    expect(talk.get_by_role("button", name="To do 2")).to_be_visible()


@pytest.mark.requirement("R16", "R31")
def test_an_at_sign_offers_people_and_who_is_named_hears_of_it_with_the_way_to_the_words(
    page: Page, packshot: Instance, asset: dict[str, Any], sam: Colleague
) -> None:
    talk = opened(page, asset)
    page.locator("#say").click()
    page.keyboard.type("Please look, @sa")
    expect(page.get_by_role("option", name="Sam Keller")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_value("Please look, @Sam Keller ")
    page.keyboard.type("today")
    page.keyboard.press("Enter")

    expect(talk.get_by_role("listitem").get_by_text("@Sam Keller")).to_be_visible()
    (kept,) = packshot.every(f"/v1/assets/{asset['id']}/comments")
    assert kept["body"] == f"Please look, @[{sam.id}] today"
    assert [one["name"] for one in kept["mentions"]] == ["Sam Keller"]


@pytest.mark.requirement("R13", "R14")
def test_an_older_version_says_so_is_only_read_and_its_open_comments_go_with_the_newest(
    page: Page, packshot: Instance, asset: dict[str, Any]
) -> None:
    said(packshot, asset["id"], "Still to do", anchor={"kind": "point", "x": 0.5, "y": 0.5})
    packshot.call("POST", f"/v1/assets/{asset['id']}/versions/1/approve", {})
    folder = asset["name"].split("-")[1]
    (packshot.drop / f"Talk {folder}" / asset["name"]).write_bytes(gallery.picture(int(folder) + 5000))
    page.goto(f"/#/asset/{asset['id']}?v=2")
    expect(page.get_by_text("You are looking at v2. Everyone else sees v1 until v2 is approved.")).to_be_visible()
    talk = page.get_by_role("region", name="Comments")
    expect(talk.get_by_role("listitem")).to_contain_text("on v1")
    expect(page.locator("#say")).to_have_attribute("placeholder", re.compile("v2"))

    page.goto(f"/#/asset/{asset['id']}?v=1")
    expect(page.get_by_text("You are looking at v1. The newest is v2. Everyone else sees this one.")).to_be_visible()
    expect(page.locator("#say")).to_have_count(0)
    press_on_picture(page, 0.2, 0.2)
    expect(page.locator("#draft")).to_have_count(0)
    page.get_by_role("button", name="Show v2").first.click()
    expect(page.locator("#say")).to_be_visible()


@pytest.mark.requirement("R16")
def test_a_comment_that_could_not_be_sent_stays_where_it_was_written(
    page: Page, asset: dict[str, Any], mishaps: Mishaps
) -> None:
    mishaps.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    opened(page, asset)
    page.route("**/comments", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.locator("#say").fill("Not lost")
    page.locator("#say").press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    expect(page.locator("#say")).to_have_value("Not lost")
    page.unroute("**/comments")
    page.locator("#say").press("Enter")
    expect(page.get_by_role("region", name="Comments").get_by_role("listitem")).to_contain_text("Not lost")
