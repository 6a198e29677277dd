"""What is seen in a picture, as people meet it: tags to judge, what looks alike, filters by what is seen."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.local import sample
from infra.local.polling import await_true
from tests.browser import gallery, seeing
from tests.browser.gallery import Gallery
from tests.browser.test_access import findings
from tests.journeys.instance import Instance

FOLDER = "Sight"
LOOKING_MS = 180_000  # for every picture of the library that these tests share
KITCHEN = sample.LIBRARY / "Autumn 26" / "Kitchen"
KETTLE, MUG, CUT_OUT = "AUR-KTL-01_front.jpg", "AUR-MUG-01_angle.jpg", "AUR-KTL-02_cutout.png"


@pytest.fixture(scope="module")
def seen(packshot: Instance, photos: Gallery) -> dict[str, dict[str, Any]]:
    """Four pictures in a collection of their own: a mug, a kettle that is there twice, and one cut out."""
    folder = packshot.drop / FOLDER
    folder.mkdir()
    for name, path in (("mug.jpg", MUG), ("kettle.jpg", KETTLE), ("kettle small.jpg", KETTLE)):
        (folder / name).write_bytes(seeing.saved_again(f"Kitchen/{path}", 400 if "small" in name else 800))
    (folder / "cut-out.png").write_bytes((KITCHEN / CUT_OUT).read_bytes())
    packshot.await_assets(FOLDER, 4)
    gallery.found_by(packshot, "auto_tag:drinkware", 1)
    gallery.found_by(packshot, "auto_tag:tableware", 3)
    return {one["name"]: one for one in packshot.every(f"/v1/search?q=collection:{home(packshot)}")}


def home(packshot: Instance) -> str:
    return str(gallery.collection(packshot, FOLDER)["id"])


def now(packshot: Instance, asset: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = packshot.get(f"/v1/assets/{asset['id']}")
    return told


def tags(packshot: Instance, asset: dict[str, Any]) -> list[str]:
    return [one["name"] for one in now(packshot, asset)["auto_tags"]]


def ended(packshot: Instance, do: str) -> dict[str, Any]:
    """The job that looks at everything, or forgets it, once it is done."""
    job = packshot.call("POST", "/v1/auto-tags", {"do": do}).json()["job_id"]
    assert await_true(lambda: packshot.get(f"/v1/jobs/{job}")["state"] == "done", gallery.LIMIT_S, 0.3)
    told: dict[str, Any] = packshot.get(f"/v1/jobs/{job}")
    return told


@pytest.fixture
def mug(page: Page, seen: dict[str, dict[str, Any]]) -> Page:
    page.goto(f"/#/asset/{seen['mug.jpg']['id']}")
    expect(page.get_by_role("region", name="Seen in the picture")).to_be_visible()
    return page


@pytest.mark.requirement("R01")
def test_a_visual_tag_stands_apart_from_keywords_with_how_sure_it_is_and_becomes_one_when_accepted(
    mug: Page, packshot: Instance, seen: dict[str, dict[str, Any]]
) -> None:
    guesses = mug.get_by_role("list", name="Visual tags")
    line = guesses.get_by_role("listitem").filter(has_text="drinkware")
    expect(line).to_contain_text("sure")
    assert now(packshot, seen["mug.jpg"])["keywords"] == []

    line.get_by_role("button", name="Accept").click()

    expect(line).to_have_count(0)
    expect(mug.get_by_role("button", name="Remove drinkware")).to_be_visible()
    assert now(packshot, seen["mug.jpg"])["keywords"] == ["drinkware"]
    mug.keyboard.press("u")
    expect(line).to_be_visible()
    expect(mug.get_by_role("button", name="Remove drinkware")).to_have_count(0)
    assert await_true(lambda: not now(packshot, seen["mug.jpg"])["keywords"], 30, 0.2)


@pytest.mark.requirement("R01")
def test_a_rejected_tag_goes_and_comes_back_by_undo_with_keys_alone(
    mug: Page, packshot: Instance, seen: dict[str, dict[str, Any]]
) -> None:
    line = mug.get_by_role("list", name="Visual tags").get_by_role("listitem").filter(has_text="drinkware")
    line.get_by_role("button", name="Reject").focus()

    mug.keyboard.press("Enter")

    expect(line).to_have_count(0)
    expect(mug.get_by_role("status").filter(has_text="does not come back")).to_be_visible()
    assert "drinkware" not in tags(packshot, seen["mug.jpg"])
    assert mug.evaluate("document.activeElement !== document.body")
    mug.keyboard.press("u")
    expect(line).to_be_visible()
    assert "drinkware" in tags(packshot, seen["mug.jpg"])


@pytest.mark.requirement("R01")
def test_a_picture_says_where_visual_tags_are_off(mug: Page, packshot: Instance) -> None:
    place = f"/v1/collections/{home(packshot)}"
    packshot.call("PATCH", place, {"policy": {"auto_tags": False}})
    try:
        mug.reload()
        seen_of = mug.get_by_role("region", name="Seen in the picture")
        expect(seen_of).to_contain_text(f"Off in “{FOLDER}”: nobody looks at its pictures.")
        expect(seen_of).to_contain_text("What was seen before is still here.")
    finally:
        packshot.call("PATCH", place, {"policy": {"auto_tags": None}})


@pytest.mark.requirement("R01")
def test_a_picture_says_when_the_whole_installation_looks_at_nothing(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """An instance of its own, which was started so."""
    blind = Instance(tmp_path_factory.mktemp("blind"), environment={"PACKSHOT_VISUAL_TAGS": "false"}).start()
    try:
        (blind.drop / "mug.jpg").write_bytes(seeing.saved_again(f"Kitchen/{MUG}", 400))
        assert await_true(lambda: bool(blind.get("/v1/assets")["items"]), gallery.LIMIT_S, 0.4)
        (asset,) = blind.get("/v1/assets")["items"]
        page = browser.new_context(base_url=blind.connection["url"]).new_page()
        page.goto(blind.sign_in_link())
        page.get_by_role("button", name="Skip").click()

        page.goto(f"/#/asset/{asset['id']}")

        seen_of = page.get_by_role("region", name="Seen in the picture")
        expect(seen_of).to_contain_text("Off in this installation: nobody looks at new pictures.")
        expect(seen_of.get_by_role("list", name="Visual tags")).to_have_count(0)
        assert blind.get("/v1/workspace")["visual_tags"] is False
        page.context.close()
    finally:
        blind.interrupt()


@pytest.mark.requirement("R59")
def test_similar_pictures_stand_in_a_row_that_a_key_goes_to_and_open_with_enter(
    page: Page, seen: dict[str, dict[str, Any]]
) -> None:
    page.goto(f"/#/asset/{seen['kettle.jpg']['id']}")
    row = page.get_by_role("region", name="Similar pictures")
    other = row.get_by_role("link", name="kettle small.jpg")
    expect(other).to_contain_text("Nearly the same")
    assert findings(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})

    page.keyboard.press("s")
    expect(other).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("kettle small.jpg")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(row.get_by_role("link", name="kettle.jpg")).to_be_visible()
    page.keyboard.press("Escape")
    seeing.shown(page)


@pytest.mark.requirement("R59")
def test_a_picture_like_no_other_says_so(mug: Page) -> None:
    expect(mug.get_by_role("region", name="Similar pictures")).to_contain_text("No other picture looks like this one.")


@pytest.mark.requirement("R59")
def test_walking_goes_on_from_a_similar_picture_where_it_is_in_the_result(
    page: Page, packshot: Instance, seen: dict[str, dict[str, Any]]
) -> None:
    seeing.shown(page, f"/#/library?in={home(packshot)}&view=grid&sort=name")
    page.locator("[role=option]").filter(has_text="mug.jpg").click()
    expect(page.locator(".top").get_by_text("4 of 4")).to_be_visible()

    page.goto(f"{page.url.partition('/#/')[0]}/#/asset/{seen['kettle.jpg']['id']}?in={home(packshot)}&sort=name")

    expect(page.locator(".top").get_by_text("3 of 4")).to_be_visible()


@pytest.mark.requirement("R01")
@pytest.mark.parametrize(
    ("group", "value"),
    [("Colour", "Blue"), ("Ground", "Transparent"), ("Orientation", "Square"), ("Visual tag", "drinkware")],
)
def test_a_filter_by_what_is_seen_has_a_word_and_a_count_and_narrows(
    page: Page, packshot: Instance, seen: dict[str, dict[str, Any]], group: str, value: str
) -> None:
    seeing.shown(page, f"/#/library?in={home(packshot)}&view=grid")
    line = page.get_by_role("group", name=group).locator("label").filter(has_text=value)
    expect(line.locator(".n")).to_have_text("1")

    line.get_by_role("checkbox", name=value).check()

    seeing.count(page, "1 picture")
    expect(page.get_by_role("option", name="cut-out.png" if group == "Ground" else "mug.jpg")).to_be_visible()


def test_filters_by_aspect_name_the_ratio(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&view=grid")

    page.get_by_role("group", name="Aspect").get_by_role("checkbox", name="4:3").check()

    expect(page).to_have_url(re.compile(r"f=aspect"))
    expect(page.locator(".line [role=status]")).not_to_have_text(f"{gallery.MANY} pictures")
    expect(page.locator(".chip", has_text="4:3")).to_be_visible()


@pytest.mark.requirement("R01")
def test_managers_delete_all_tags_and_look_again_with_progress_and_accepted_words_stay(
    page: Page, packshot: Instance, seen: dict[str, dict[str, Any]]
) -> None:
    kettle = seen["kettle.jpg"]
    packshot.call("POST", f"/v1/assets/{kettle['id']}/auto-tags", {"accept": ["tableware"]})
    page.goto("/#/manage/looks")
    expect(page.get_by_text("looks at every new picture")).to_be_visible()

    page.get_by_role("button", name="Delete all tags").click()
    expect(page.get_by_role("dialog")).to_contain_text("Accepted words stay keywords")
    page.get_by_role("dialog").get_by_role("button", name="Delete all tags").click()

    said = page.get_by_role("region", name="All pictures").get_by_role("status")
    expect(said).to_have_text(re.compile("All that was seen in .* is deleted"))
    assert tags(packshot, seen["mug.jpg"]) == []
    assert now(packshot, kettle)["keywords"] == ["tableware"]
    page.get_by_role("button", name="Look again").click()
    expect(said).to_have_text(re.compile("looked at anew"), timeout=LOOKING_MS)
    assert tags(packshot, seen["mug.jpg"]) == ["drinkware"]
    assert findings(page) == []
    packshot.call("PATCH", f"/v1/assets/{kettle['id']}", {"keywords": []})
    gallery.found_by(packshot, "auto_tag:tableware", 3)


@pytest.mark.requirement("R01")
def test_managers_agree_to_an_outside_service_with_a_cap_and_end_it(page: Page, packshot: Instance) -> None:
    page.goto("/#/manage/looks")
    service = page.get_by_role("region", name="Labels by Amazon Rekognition")
    expect(service).to_contain_text("Off: no picture is sent to anybody else. A picture costs 0.1 cents")

    service.get_by_role("button", name="Agree to it").click()
    page.get_by_role("dialog").get_by_label("At most in a month, in US cents").fill("250")
    page.get_by_role("dialog").get_by_role("button", name="Agree to it").click()
    expect(service).to_contain_text("0 of 250 cents")
    agreed = packshot.get("/v1/auto-tags/service")
    service.get_by_role("button", name="End it").click()
    expect(service).to_contain_text("Off: no picture is sent")

    assert (agreed["service"], agreed["monthly_cap_cents"]) == ("rekognition", 250)
    assert packshot.get("/v1/auto-tags/service")["service"] is None
    assert findings(page) == []


@pytest.mark.requirement("R01")
def test_a_running_look_is_found_again_and_can_be_stopped(
    page: Page, packshot: Instance, seen: dict[str, dict[str, Any]]
) -> None:
    """The gallery beside it makes the job long enough to be met in its middle."""
    ended(packshot, "forget")
    page.goto("/#/manage/looks")
    region = page.get_by_role("region", name="All pictures")

    region.get_by_role("button", name="Look again").click()
    expect(region.get_by_role("button", name="Stop")).to_be_visible()
    page.reload()
    expect(region.get_by_role("status")).to_contain_text("Looking again:")
    expect(region.get_by_role("button", name="Delete all tags")).to_have_attribute("aria-disabled", "true")
    region.get_by_role("button", name="Stop").click()

    expect(region.get_by_role("status")).to_have_text("It was stopped. What it has done stays.")
    told = next(one for one in packshot.every("/v1/jobs") if one["kind"] == "auto_tags.look")
    assert told["state"] == "cancelled"
    assert ended(packshot, "look")["result"]["looked_at"] >= gallery.MANY
    assert tags(packshot, seen["mug.jpg"]) == ["drinkware"]


@pytest.mark.requirement("R01")
def test_a_collection_is_switched_off_and_on_where_all_that_are_off_are_listed(
    page: Page, packshot: Instance, seen: dict[str, dict[str, Any]]
) -> None:
    page.goto("/#/manage/looks")
    page.get_by_role("button", name="Switch off for a collection").click()
    page.get_by_role("dialog").get_by_role("button", name=FOLDER, exact=True).click()

    line = page.get_by_role("region", name="Where nobody looks").get_by_role("listitem").filter(has_text=FOLDER)
    expect(line).to_be_visible()

    place = f"/v1/collections/{home(packshot)}"
    assert packshot.get(place)["policy"]["auto_tags"] is False
    line.get_by_role("button", name=f"Switch on for “{FOLDER}”").click()
    expect(line).to_have_count(0)
    assert packshot.get(place)["policy"]["auto_tags"] is True
