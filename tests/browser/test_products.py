"""Products: a sheet is seen row by row before it counts, a SKU's page names what is missing, rules are tried live."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE_MS, Mishaps
from tests.browser.gallery import Gallery
from tests.browser.test_access import findings
from tests.journeys.instance import Instance

SHEET = """file;sku;position;alt;price
KOS-110-front.jpg;KOS-110;1;"A chair; from the front";5
KOS-111-front.jpg;KOS-110;2;;
nobody.jpg;KOS-110;3;;
KOS-112-front.jpg;KOS-110;first;;
"""


@pytest.mark.requirement("R37", "R33")
def test_a_sheet_is_pasted_seen_row_by_row_applied_and_taken_back(
    page: Page, packshot: Instance, photos: Gallery
) -> None:
    page.goto("/#/manage/sheets")
    page.get_by_label("Paste rows").fill(SHEET)
    page.get_by_role("button", name="See the rows").click()
    tried = page.get_by_role("region", name="What would come of it")
    expect(tried.get_by_role("listitem")).to_have_text(
        [
            re.compile("KOS-110-front.jpg.*Alt text.*A chair; from the front.*To change"),
            re.compile("KOS-111-front.jpg.*SKU.*KOS-111.*KOS-110.*To change"),
            re.compile("nobody.jpg.*No file that you may see is called this.*Refused"),
            re.compile("KOS-112-front.jpg.*Its position “first” is no whole number.*Refused"),
        ]
    )
    expect(tried.get_by_text("Not read: “price”.")).to_be_visible()
    tried.get_by_role("link", name="Refused 2").click()
    expect(tried.get_by_role("listitem")).to_have_count(2)
    assert findings(page) == []

    tried.get_by_role("button", name="Apply 2 rows").click()
    made = page.get_by_role("region", name="What came of it")
    expect(made.get_by_role("status").first).to_have_text("2 files changed, 2 rows refused", timeout=2 * PATIENCE_MS)
    chair = next(one for one in packshot.every("/v1/search?q=KOS-110") if one["name"] == "KOS-110-front.jpg")
    assert packshot.get(f"/v1/assets/{chair['id']}")["alt"] == "A chair; from the front"
    made.get_by_role("button", name="Undo all of it").click()
    expect(made.get_by_text("2 files are as before.")).to_be_visible(timeout=2 * PATIENCE_MS)
    assert packshot.get(f"/v1/assets/{chair['id']}")["alt"] is None
    assert "sheet.csv" not in {one["name"] for one in packshot.every("/v1/search?q=sheet")}


@pytest.mark.requirement("R37")
def test_what_is_no_sheet_is_said_where_it_was_pasted(page: Page, photos: Gallery, mishaps: Mishaps) -> None:
    mishaps.allow("status of 422")
    page.goto("/#/manage/sheets")
    page.get_by_role("button", name="See the rows").click()
    said = page.get_by_role("region", name="Read a sheet").get_by_role("alert")
    expect(said).to_have_text("Paste some rows or choose a file")
    page.get_by_label("Paste rows").fill("Datei;Artikel\na;b\n")
    page.get_by_role("button", name="See the rows").click()

    expect(said).to_contain_text("The first row must name the columns")


@pytest.mark.requirement("R06", "RP3")
def test_a_product_is_reached_from_search_and_picture_and_names_what_is_missing(
    page: Page, packshot: Instance, photos: Gallery
) -> None:
    packshot.call("PATCH", "/v1/workspace", {"required_shots": ["front", "back"]})
    page.goto("/#/library?words=sku%3AKOS-103")
    page.get_by_role("link", name="Product KOS-103").click()
    shots = page.get_by_role("region", name="Shots in order")
    expect(shots.get_by_role("listitem")).to_have_text(
        [re.compile("front.*KOS-103-front.jpg.*No version approved"), re.compile("back.*Missing")]
    )
    expect(page.get_by_text("Missing: back")).to_be_visible()
    leaving = page.get_by_role("region", name="Pictures for shops and programs")
    expect(leaving.get_by_text("Nothing of it is approved yet")).to_be_visible()
    assert findings(page) == []
    shots.get_by_role("link").click()
    expect(page.get_by_role("link", name="All shots of KOS-103")).to_be_visible()
    asset_id = re.search(r"asset/(\w+)", page.url)
    assert asset_id
    packshot.call("PATCH", "/v1/workspace", {"self_approval": True})
    assert packshot.call("POST", f"/v1/assets/{asset_id[1]}/versions/1/approve", {}).ok

    page.get_by_role("link", name="All shots of KOS-103").click()

    expect(leaving.get_by_role("listitem")).to_contain_text(re.compile("front.*no alt text.*Open"))
    expect(leaving.locator("code")).to_have_text(re.compile("/v1/sku-images.sku=KOS-103$"))


@pytest.mark.requirement("R33")
def test_naming_rules_are_tried_while_they_are_written_and_a_wrong_one_says_why(
    page: Page, photos: Gallery, mishaps: Mishaps
) -> None:
    mishaps.allow("status of 422")
    page.goto("/#/manage/naming")
    page.get_by_label("Names of files", exact=True).last.fill("AB 7.jpg\nTS-100_02_back.jpg")
    tried = page.get_by_role("region", name="Try names")
    expect(tried.get_by_role("status")).to_have_text("1 of 2 names say a SKU")
    expect(tried.get_by_role("listitem").last).to_contain_text(re.compile("TS-100.*Position 2.*Shot back"))

    page.get_by_role("button", name="Add a rule").click()
    page.get_by_label("Rule 8", exact=True).fill("{sku} {number}")
    expect(page.get_by_role("alert")).to_contain_text("not {number}")
    expect(page.get_by_role("button", name="Save")).to_have_attribute("title", "A rule cannot be read")
    page.get_by_label("Rule 8", exact=True).fill("{sku} {position}")
    page.get_by_role("listitem").filter(has=page.get_by_label("Rule 8", exact=True)).get_by_role("checkbox").uncheck()

    expect(tried.get_by_role("status")).to_have_text("2 of 2 names say a SKU")
    expect(tried.get_by_role("listitem").first).to_contain_text(re.compile("AB.*Position 7"))
    assert findings(page) == []
    page.get_by_role("button", name="Leave as it was").click()
    expect(page.get_by_label("Rule 8", exact=True)).to_have_count(0)
