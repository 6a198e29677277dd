"""From a selection: asking for approval, downloading, changing many; and where one finds again what one set going."""

import io
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import gallery, seeing
from tests.browser.test_access import findings
from tests.journeys.instance import Instance

WORDS = ["first", "second", "third"]


def people(packshot: Instance) -> dict[str, str]:
    """Two more who may approve, by name."""
    known = {one["name"]: one["id"] for one in packshot.every("/v1/members")}
    role = next(one["id"] for one in packshot.every("/v1/roles") if one["key"] == "dam_manager")
    for name in ("Ada Asked", "Ben Asked"):
        if name not in known:
            body = {"name": name, "email": f"{name[:3].lower()}@asked.example", "role_ids": [role]}
            known[name] = packshot.call("POST", "/v1/members", body).json()["id"]
    return known


def own(page: Page, packshot: Instance, folder: str, first: int, many: int = 3) -> list[dict[str, Any]]:
    """A collection of a test's own, all of it selected."""
    found = gallery.dropped(packshot, folder, [f"{folder}-{WORDS[at]}.jpg" for at in range(many)], first)
    seeing.shown(page, f"/#/library?in={gallery.collection(packshot, folder)['id']}&view=grid")
    for at in range(many):
        page.locator(f"#t{at}").click(modifiers=["Control"])
    seeing.selected(page, many)
    return found


def press(page: Page, word: str) -> Locator:
    """Press what the bar of the selection offers; its dialog."""
    page.get_by_role("toolbar").get_by_role("button", name=word).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def is_done(dialog: Locator) -> None:
    expect(dialog.get_by_text("Done", exact=True)).to_be_visible()


@pytest.mark.requirement("R54")
def test_people_are_asked_about_a_selection_and_the_request_is_found_again_and_withdrawn(
    page: Page, packshot: Instance
) -> None:
    known = people(packshot)
    found = own(page, packshot, "Asking", 5000)
    packshot.call("PATCH", "/v1/workspace", {"self_approval": True})
    assert packshot.call("POST", f"/v1/assets/{found[0]['id']}/versions/1/approve", {}).status_code == 200

    dialog = press(page, "Ask for approval")
    expect(dialog.get_by_role("button", name="Ask", exact=True)).to_have_attribute("aria-disabled", "true")
    for name in ("Ada Asked", "Ben Asked"):
        dialog.get_by_role("checkbox", name=name).check()
    dialog.get_by_label("Who must decide").select_option(label="At least so many must approve")
    dialog.get_by_label("Due").fill("2099-12-24")
    dialog.get_by_label("Note").fill("For the autumn page")
    assert findings(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    dialog.get_by_role("button", name="Ask", exact=True).click()
    expect(dialog.get_by_text("2 pictures of 3 can be asked about")).to_be_visible()
    expect(dialog.get_by_role("listitem")).to_contain_text("is approved")
    dialog.get_by_role("button", name="Ask for 2").click()
    is_done(dialog)

    made = next(one for one in packshot.every("/v1/approvals") if one["note"] == "For the autumn page")
    assert {one["asset_id"] for one in made["items"]} == {one["id"] for one in found[1:]}
    assert made["rule"] == {"at_least": 2}
    assert set(made["approver_ids"]) == {known["Ada Asked"], known["Ben Asked"]}
    dialog.get_by_role("link", name="Asked for approval").click()
    page.reload()
    row = page.get_by_role("region", name="Asked for approval").get_by_role("listitem").filter(has_text="autumn page")
    expect(row).to_contain_text("Ada Asked and Ben Asked · due 24 Dec 2099 · 0 of 2 decided")
    row.get_by_role("button", name="Withdraw").click()
    expect(row.get_by_text("Withdrawn")).to_be_visible()
    assert packshot.get(f"/v1/approvals/{made['id']}")["state"] == "withdrawn"


@pytest.mark.requirement("R54")
def test_a_pictures_own_page_asks_and_says_who_was_asked(page: Page, packshot: Instance) -> None:
    people(packshot)
    (one,) = gallery.dropped(packshot, "Asking one", ["asking-one.jpg"], 5010)
    page.goto(f"/#/asset/{one['id']}")

    page.get_by_role("button", name="Ask for approval").press("Enter")
    dialog = page.get_by_role("dialog", name="Ask for approval of “asking-one.jpg v1”")
    dialog.get_by_role("checkbox", name="Ada Asked").press("Space")
    dialog.get_by_label("Note").fill("This one")
    dialog.get_by_role("button", name="Ask", exact=True).press("Enter")

    expect(page.get_by_text("Ada Asked asked about")).to_be_visible()
    drawer = page.get_by_role("complementary", name="Details")
    expect(drawer.get_by_text("You asked Ada Asked")).to_be_visible()
    drawer.get_by_role("button", name="Withdraw").click()
    expect(drawer.get_by_text("You asked Ada Asked")).to_have_count(0)
    assert packshot.get(f"/v1/assets/{one['id']}")["approval"] == "none"


@pytest.mark.requirement("R27")
def test_a_selection_leaves_as_a_zip_that_says_what_did_not_come_along_and_is_found_after_a_reload(
    page: Page, packshot: Instance
) -> None:
    found = own(page, packshot, "Leaving", 5020)
    body = {"restriction": {"reason": "The model's contract is over"}}
    assert packshot.call("PATCH", f"/v1/assets/{found[0]['id']}", body).status_code == 200

    dialog = press(page, "Download")
    dialog.get_by_label("As what").select_option(label="The original files")
    dialog.get_by_role("button", name="Make the ZIP").click()
    is_done(dialog)
    expect(dialog).to_contain_text("2 files")
    assert findings(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})

    page.goto("/#/work")
    page.reload()
    row = page.get_by_role("region", name="Files and changes").get_by_role("listitem").first
    row.get_by_text("1 picture did not come along").click()
    expect(row.locator(".left")).to_contain_text(f"nobody downloads it. {found[0]['name']}")
    with page.expect_download() as saved:
        row.get_by_role("button", name="Save").click()
    names = zipfile.ZipFile(io.BytesIO(saved.value.path().read_bytes())).namelist()
    assert sorted(names) == sorted(one["name"] for one in found[1:])


@pytest.mark.requirement("R27")
def test_one_selected_picture_is_downloaded_at_once(page: Page, packshot: Instance) -> None:
    own(page, packshot, "Leaving alone", 5030, many=1)

    dialog = press(page, "Download")
    dialog.get_by_label("As what").select_option(label="The original files")
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="Download", exact=True).click()

    assert saved.value.suggested_filename == "Leaving alone-first.jpg"
    assert saved.value.path().read_bytes() == gallery.picture(5030)


@pytest.mark.requirement("R05", "R46")
def test_many_are_changed_after_a_trial_and_changed_back(page: Page, packshot: Instance) -> None:
    found = own(page, packshot, "Editing", 5040)
    for one in found:
        packshot.call("PATCH", f"/v1/assets/{one['id']}", {"keywords": ["raw"]})
    packshot.call("POST", f"/v1/assets/{found[0]['id']}/archive", {"reason": "old"})

    dialog = press(page, "Edit")
    expect(dialog.get_by_role("button", name="Check")).to_have_attribute("aria-disabled", "true")
    dialog.get_by_label("Add keywords").fill("linen, summer")
    dialog.get_by_label("Add keywords").press("Enter")
    dialog.get_by_label("Take keywords away").fill("raw,")
    dialog.get_by_label("Add a field").select_option(label="Rating")
    dialog.get_by_label("Rating", exact=True).fill("4")
    dialog.get_by_role("button", name="Put into: Choose a collection").click()
    page.get_by_role("dialog", name="Put into").get_by_role("button", name="Gallery").click()
    assert findings(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})
    dialog.get_by_role("button", name="Check").click()
    expect(dialog.get_by_text("2 of 3 may change, 1 may not. Nothing is changed yet.")).to_be_visible()
    expect(dialog.get_by_role("listitem")).to_contain_text("archived")
    expect(dialog).to_contain_text("raw becomes linen, summer")
    assert packshot.get(f"/v1/assets/{found[1]['id']}")["keywords"] == ["raw"]
    dialog.get_by_role("button", name="Change 2").click()
    is_done(dialog)
    changed = packshot.get(f"/v1/assets/{found[1]['id']}")
    assert (changed["keywords"], changed["rating"], len(changed["collections"])) == (["linen", "summer"], 4, 2)

    dialog.get_by_role("button", name="Undo").click()
    expect(dialog.get_by_text("2 as before")).to_be_visible()
    dialog.get_by_role("link", name="All that is under way").click()
    row = page.get_by_role("listitem").filter(has_text="taken back").first
    expect(row.get_by_text("Done")).to_be_visible()
    back = packshot.get(f"/v1/assets/{found[1]['id']}")
    assert (back["keywords"], back["rating"], len(back["collections"])) == (["raw"], None, 1)


@pytest.mark.requirement("R05", "R46")
def test_a_keyword_or_collection_that_all_some_or_none_have_is_given_to_all_or_taken_from_all(
    page: Page, packshot: Instance
) -> None:
    found = own(page, packshot, "Thirds", 5060)
    for one, words in zip(found, (["all", "some"], ["all"], ["all", "other"]), strict=True):
        packshot.call("PATCH", f"/v1/assets/{one['id']}", {"keywords": words})

    dialog = press(page, "Edit")
    words = dialog.get_by_role("group", name="Keywords now")
    expect(words.get_by_role("checkbox", name="all all")).to_be_checked()
    some = words.get_by_role("checkbox", name="some 1 of 3")
    expect(some).to_be_checked(indeterminate=True)
    some.click()
    expect(words.get_by_role("checkbox", name="some to all")).to_be_checked()
    words.get_by_role("checkbox", name="all all").click()
    expect(words.get_by_role("checkbox", name="all to none")).not_to_be_checked()
    other = words.get_by_role("checkbox", name="other")
    for _ in range(3):
        other.click()
    expect(words.get_by_role("checkbox", name="other 1 of 3")).to_be_checked(indeterminate=True)
    places = dialog.get_by_role("group", name="Collections now")
    expect(places.get_by_role("checkbox", name="Thirds all")).to_be_checked()

    dialog.get_by_role("button", name="Check").click()
    expect(dialog.get_by_text("All 3 may change. Nothing is changed yet.")).to_be_visible()
    dialog.get_by_role("button", name="Change 3").click()
    is_done(dialog)
    kept = [packshot.get(f"/v1/assets/{one['id']}")["keywords"] for one in found]
    assert [sorted(one) for one in kept] == [["some"], ["some"], ["other", "some"]]
