"""Presets as those who manage see them: made with a form that says what is wrong, tried on a picture, deleted."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Mishaps
from tests.browser.gallery import Gallery
from tests.journeys.instance import Instance


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=name)


@pytest.mark.requirement("R49", "R28")
def test_a_preset_is_made_tried_on_a_picture_changed_and_deleted(
    page: Page, packshot: Instance, photos: Gallery
) -> None:
    page.goto("/#/manage/presets")
    page.get_by_role("button", name="Make a preset").click()
    form = page.get_by_role("dialog", name="Make a preset")
    form.get_by_label("Name", exact=True).fill("Tiny square")
    form.get_by_label("Width in pixels").fill("100")
    form.get_by_label("Height in pixels").fill("100")
    form.get_by_label("How it fits").select_option(label="Exactly this size, cut off evenly")
    form.get_by_label("Format").select_option(label="WebP")
    form.get_by_role("button", name="Make", exact=True).click()
    expect(row(page, "Tiny square")).to_contain_text("cut to 100 × 100, WebP 85")

    page.get_by_role("button", name="Try: Tiny square").click()
    tried = page.get_by_role("dialog", name="Try “Tiny square”")
    tried.get_by_label("Find a picture").fill("KOS-103")
    tried.get_by_role("button", name="KOS-103").click()
    expect(tried.get_by_role("status")).to_contain_text("KOS-103-front-Tiny square.webp")
    picture = tried.get_by_role("img")
    expect(picture).to_be_visible()
    page.wait_for_function("document.querySelector('dialog figure img').naturalWidth === 100")
    tried.get_by_role("button", name="Close").click()

    page.get_by_role("button", name="What to do with: Tiny square").click()
    page.get_by_role("menuitem", name="Change").click()
    page.get_by_role("dialog").get_by_label("Heaviest file in KB").fill("50")
    page.get_by_role("button", name="Save").click()
    expect(row(page, "Tiny square")).to_contain_text("below 50 KB")

    page.get_by_role("button", name="What to do with: Tiny square").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row(page, "Tiny square")).to_have_count(0)
    assert all(one["name"] != "Tiny square" for one in packshot.every("/v1/presets"))


@pytest.mark.requirement("R28")
def test_a_picture_that_is_too_small_for_a_preset_says_what_it_lacks(
    page: Page, packshot: Instance, photos: Gallery, mishaps: Mishaps
) -> None:
    mishaps.allow("status of 422")
    body = {"name": "Poster", "width_px": 4000, "height_px": 4000, "mode": "fill"}
    made = packshot.call("POST", "/v1/presets", body).json()
    page.goto("/#/manage/presets")
    page.get_by_role("button", name="Try: Poster").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("KOS")
    page.get_by_role("dialog").get_by_role("button", name="KOS-").first.click()

    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("nothing is enlarged")
    packshot.call("DELETE", f"/v1/presets/{made['id']}")


@pytest.mark.requirement("R49")
def test_what_is_wrong_with_a_preset_is_said_at_its_field_before_anything_is_sent(page: Page) -> None:
    sent = list[str]()
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    page.goto("/#/manage/presets")
    page.get_by_role("button", name="Make a preset").click()
    form = page.get_by_role("dialog", name="Make a preset")
    for label, text in (
        ("Width in pixels", "9000"), ("Quality", "20"), ("Heaviest file", "5"), ("File name", "{sku}-{colour}"),
        ("Channel", "Not Small"),
    ):  # fmt: skip
        form.get_by_label(label).fill(text)
    form.get_by_role("button", name="Make", exact=True).click()

    expect(form.get_by_role("alert")).to_have_text([
        "Give it a name first", "Each side is 1 to 8,192 pixels", "Quality is 40 to 100",
        "The heaviest file is 10 KB or more", "The file name has braces that mean nothing",
        "A channel is small letters, digits and dashes",
    ])  # fmt: skip
    expect(form.get_by_label("Name", exact=True)).to_be_focused()
    form.get_by_label("Width in pixels").fill("8000")
    form.get_by_label("Height in pixels").fill("8000")
    expect(form.get_by_text("At most 25 megapixels")).to_be_visible()
    assert not sent
