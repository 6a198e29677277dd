"""The inbox of near duplicates: two pictures side by side, what differs, one key a decision, an undo for each."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from infra.local.polling import await_true
from tests.browser.gallery import Gallery
from tests.browser.seeing import saved_again
from tests.browser.test_access import findings
from tests.journeys.instance import Instance

FIRST, SECOND = "Twins", "Twins web"
NAMES = {
    "pan": "Kitchen/AUR-PAN-01_angle.jpg",
    "soap": "Bath/AUR-SOP-01_front.jpg",
    "lamp": "Lighting/AUR-LMP-01_front.jpg",
    "stool": "Living/AUR-STL-01_front.jpg",
}


@pytest.fixture(scope="module")
def twins(packshot: Instance, photos: Gallery) -> dict[str, dict[str, Any]]:
    """Four pictures, each there twice: large in one collection, then smaller in another. Their pairs by name."""
    for folder, side in ((FIRST, 600), (SECOND, 300)):
        (packshot.drop / folder).mkdir()
        for name, path in NAMES.items():
            (packshot.drop / folder / f"{name}{'' if side == 600 else ' web'}.jpg").write_bytes(saved_again(path, side))
        packshot.await_assets(folder, len(NAMES))
    assert await_true(lambda: NAMES.keys() <= named(packshot).keys(), 60, 0.4), named(packshot)
    return named(packshot)


def named(packshot: Instance) -> dict[str, dict[str, Any]]:
    """The pairs that wait, by the shorter name of the two."""
    found = packshot.every("/v1/duplicates")
    return {min((one["name"] for one in pair["assets"]), key=len).removesuffix(".jpg"): pair for pair in found}


def asset(packshot: Instance, pair: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = packshot.get(
        f"/v1/assets/{next(one['id'] for one in pair['assets'] if one['name'] == name)}"
    )
    return found


def opened(page: Page, pair: dict[str, Any]) -> Locator:
    page.goto(f"/#/duplicates/{pair['id']}")
    verdict = page.get_by_role("region", name="Decide")
    expect(verdict).to_be_visible()
    return verdict


@pytest.fixture
def leaving_sends(page: Page) -> Iterator[None]:
    """What was decided is sent when the page is left, so no test leaves a decision under way."""
    yield
    page.goto("/#/uploads")


@pytest.mark.requirement("RF3")
@pytest.mark.usefixtures("leaving_sends")
def test_a_pair_shows_both_pictures_what_differs_and_what_a_merge_would_do(
    page: Page, packshot: Instance, twins: dict[str, dict[str, Any]]
) -> None:
    verdict = opened(page, twins["pan"])

    for name in ("pan.jpg", "pan web.jpg"):
        expect(page.locator("figure").filter(has=page.get_by_role("heading", name=name, exact=True))).to_be_visible()
    rows = page.get_by_role("table").get_by_role("row")
    for fact, one, other in (
        ("Size", "600 × 400 larger", "300 × 200"),
        ("File name", "pan.jpg", "pan web.jpg"),
        ("Collections", FIRST, SECOND),
    ):
        row = rows.filter(has=page.get_by_role("rowheader", name=fact, exact=True))
        expect(row.get_by_role("cell").nth(0)).to_have_text(one)
        expect(row.get_by_role("cell").nth(1)).to_have_text(other)
    expect(page.get_by_text("The same in both:")).to_contain_text("Format")
    expect(verdict).to_contain_text(f"Merging keeps “pan.jpg”, the older one, and gives it a place in {SECOND}.")
    expect(verdict).to_contain_text("“pan web.jpg” goes to the trash with its versions")
    expect(page.get_by_role("link", name="Duplicates").locator(".n")).to_have_text(str(len(named(packshot))))
    assert findings(page) == []


@pytest.mark.requirement("RF3")
@pytest.mark.usefixtures("leaving_sends")
def test_keys_alone_decide_show_the_next_pair_and_take_back(
    page: Page, packshot: Instance, twins: dict[str, dict[str, Any]]
) -> None:
    opened(page, twins["soap"])
    waiting = len(named(packshot))

    page.keyboard.press("b")

    expect(page).not_to_have_url(re.compile(twins["soap"]["id"]))
    expect(page.get_by_role("region", name="Decide")).to_be_visible()
    expect(page.get_by_role("link", name="Duplicates").locator(".n")).to_have_text(str(waiting - 1))
    page.keyboard.press("z")
    expect(page).to_have_url(re.compile(twins["soap"]["id"]))
    expect(page.get_by_role("link", name="Duplicates").locator(".n")).to_have_text(str(waiting))
    assert "soap" in named(packshot)
    page.keyboard.press("i")
    expect(page).not_to_have_url(re.compile(twins["soap"]["id"]))
    page.keyboard.press("g")
    page.keyboard.press("l")
    assert await_true(lambda: "soap" not in named(packshot), 30, 0.2)


@pytest.mark.requirement("RF3")
@pytest.mark.usefixtures("leaving_sends")
def test_a_merge_is_undone_after_it_was_sent(page: Page, packshot: Instance, twins: dict[str, dict[str, Any]]) -> None:
    pair = twins["lamp"]
    packshot.call("PATCH", f"/v1/assets/{asset(packshot, pair, 'lamp web.jpg')['id']}", {"keywords": ["warm"]})
    expect(opened(page, pair)).to_contain_text("the keywords warm")

    page.get_by_role("button", name="Merge").click()
    line = page.get_by_role("listitem").filter(has_text="“lamp web.jpg” into “lamp.jpg”")
    expect(line).to_be_visible()

    assert asset(packshot, pair, "lamp web.jpg")["state"] == "trashed"
    kept = asset(packshot, pair, "lamp.jpg")
    assert (kept["keywords"], {one["path"] for one in kept["collections"]}) == (["warm"], {FIRST, SECOND})
    line.get_by_role("button", name="Undo the merge").click()
    expect(line).to_contain_text("Both are as they were.")
    back = asset(packshot, pair, "lamp.jpg")
    assert (back["keywords"], [one["path"] for one in back["collections"]]) == ([], [FIRST])
    assert asset(packshot, pair, "lamp web.jpg")["state"] == "live"


@pytest.mark.requirement("RF3")
@pytest.mark.usefixtures("leaving_sends")
def test_a_pair_that_somebody_else_decided_says_so_and_leads_to_the_others(
    page: Page, packshot: Instance, twins: dict[str, dict[str, Any]]
) -> None:
    opened(page, twins["stool"])
    decided = packshot.call("POST", f"/v1/duplicates/{twins['stool']['id']}", {"decision": "ignore"})

    page.reload()

    assert decided.status_code == 200
    expect(page.get_by_role("heading", name="This pair does not wait any more")).to_be_visible()
    page.get_by_role("button", name="Go on with the others").click()
    expect(page.get_by_role("region", name="Decide")).to_be_visible()


@pytest.mark.requirement("RF3")
def test_what_was_decided_is_listed_with_a_way_back_and_its_undo(
    page: Page, packshot: Instance, twins: dict[str, dict[str, Any]]
) -> None:
    pair = twins["stool"]
    if "stool" in named(packshot):
        packshot.call("POST", f"/v1/duplicates/{pair['id']}", {"decision": "ignore"})
    page.goto("/#/duplicates")

    page.get_by_role("link", name="Decided").click()
    line = page.get_by_role("region", name="Decided pairs").get_by_role("listitem").filter(has_text="stool web.jpg")
    expect(line).to_contain_text("Ignored by")
    assert findings(page) == []
    line.get_by_role("button", name="Open again").click()

    expect(line).to_have_count(0)
    assert "stool" in named(packshot)
    page.keyboard.press("u")
    expect(line).to_be_visible()
    assert "stool" not in named(packshot)
    line.get_by_role("button", name="Open again").click()
    expect(line).to_have_count(0)
    page.get_by_role("link", name="Pairs that wait").click()
    expect(page.get_by_role("region", name="Decide")).to_be_visible()


@pytest.mark.requirement("RF3")
@pytest.mark.usefixtures("leaving_sends")
def test_a_decision_of_a_moment_ago_is_in_the_list_when_one_goes_there(
    page: Page, packshot: Instance, twins: dict[str, dict[str, Any]]
) -> None:
    if "pan" not in named(packshot):
        packshot.call("POST", f"/v1/duplicates/{twins['pan']['id']}/reopen")
    opened(page, twins["pan"])

    page.keyboard.press("b")
    page.get_by_role("link", name="Decided").click()

    line = page.get_by_role("region", name="Decided pairs").get_by_role("listitem").filter(has_text="pan web.jpg")
    expect(line).to_contain_text("Both kept by Owner")
    line.get_by_role("button", name="Open again").click()
    expect(line).to_have_count(0)


@pytest.mark.usefixtures("twins")
def test_an_empty_inbox_says_what_would_wait_there(page: Page, packshot: Instance) -> None:
    waiting = packshot.every("/v1/duplicates")
    for pair in waiting:
        packshot.call("POST", f"/v1/duplicates/{pair['id']}", {"decision": "ignore"})
    try:
        page.goto("/#/duplicates")

        expect(page.get_by_role("heading", name="No duplicates wait")).to_be_visible()
        expect(page.get_by_role("link", name="Duplicates").locator(".n")).to_have_count(0)
        assert findings(page) == []
    finally:
        for pair in waiting:
            packshot.call("POST", f"/v1/duplicates/{pair['id']}/reopen")


def test_on_a_phone_the_decision_stays_in_sight_and_the_inbox_is_under_collections(
    page: Page, twins: dict[str, dict[str, Any]]
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/#/library?sheet=places")

    page.get_by_role("dialog", name="Go to").get_by_role("link", name="Duplicates").click()

    expect(page.get_by_role("heading", level=1, name="Duplicates")).to_be_visible()
