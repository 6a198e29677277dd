"""The first minutes: three steps that end with the newcomer's own photo found."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import seeing
from tests.browser.conftest import PATIENCE_MS
from tests.browser.gallery import Gallery, picture
from tests.browser.test_access import findings
from tests.journeys.instance import Instance

PHOTO = 9001


@pytest.mark.requirement("R62")
def test_three_steps_end_with_the_newcomers_own_photo_found(
    browser: Browser, packshot: Instance, photos: Gallery, state: dict[str, list[object]]
) -> None:
    context = browser.new_context(
        base_url=packshot.connection["url"], storage_state={"cookies": state["cookies"], "origins": []}  # type: ignore[arg-type]
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    seeing.shown(page, "/#/library")
    steps = page.get_by_role("region", name="First steps")
    expect(steps).to_contain_text("1 of 3")
    assert findings(page) == []

    page.locator("#t0").click()
    page.get_by_label("Title").wait_for()
    page.keyboard.press("Escape")
    expect(steps).to_contain_text("2 of 3")
    file = {"name": "my-holiday-mug.jpg", "mimeType": "image/jpeg", "buffer": picture(PHOTO)}
    page.locator("#guide-file").set_input_files(file)  # type: ignore[arg-type]
    expect(steps).to_contain_text("type “my-holiday-mug”")
    page.get_by_role("combobox", name="Search the library").fill("my-holiday-mug")
    expect(steps).to_contain_text("There it is.")
    seeing.count(page, "1 picture")

    steps.get_by_role("button", name="Close").click()
    page.reload()
    seeing.shown(page)
    expect(steps).to_have_count(0)
    trashed = next(one["id"] for one in packshot.every("/v1/search?q=my-holiday-mug"))
    packshot.call("DELETE", f"/v1/assets/{trashed}")
    context.close()
