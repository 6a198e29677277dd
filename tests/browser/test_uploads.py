"""The upload centre: files and folders in, progress, resuming, and what was not taken in."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import gallery, seeing
from tests.browser.conftest import Mishaps
from tests.browser.test_access import findings
from tests.journeys.instance import Instance

PART_BYTES, ONE_PUT_BYTES = 8 * 1024**2, 100 * 1024**2
PARTS = re.compile(r"[?&]partNumber=\d+")


@pytest.fixture
def centre(page: Page) -> Page:
    page.goto("/#/uploads")
    expect(page.get_by_role("heading", name="Uploads")).to_be_visible()
    return page


def line(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name="Progress").get_by_role("listitem").filter(has_text=name)


def written(folder: Path, name: str, number: int, padding: int = 0) -> Path:
    """A picture on disk, with so many bytes after its end."""
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(gallery.picture(number) + b"\0" * padding)
    return place


def is_part(packshot: Instance, route: Route) -> bool:
    return route.request.method == "PUT" and route.request.url.startswith(packshot.connection["s3"]["endpoint"])


def test_files_chosen_by_button_are_in_the_library_with_a_link(centre: Page, tmp_path: Path) -> None:
    with centre.expect_file_chooser() as asked:
        centre.get_by_role("button", name="Choose files").first.click()
    asked.value.set_files([written(tmp_path, "UPL-1.jpg", 1000), written(tmp_path, "UPL-2.jpg", 1001)])
    expect(line(centre, "UPL-1.jpg")).to_contain_text("In the library")
    expect(line(centre, "UPL-2.jpg")).to_contain_text("In the library")
    expect(centre.get_by_role("heading", name="2 of 2 files")).to_be_visible()
    line(centre, "UPL-1.jpg").get_by_role("link", name="Open").click()
    expect(centre.get_by_label("File name")).to_have_value("UPL-1.jpg")


@pytest.mark.requirement("R45")
def test_a_folder_chosen_by_button_becomes_collections(centre: Page, packshot: Instance, tmp_path: Path) -> None:
    for place, number in (("Shoot/Front/UPF-1.jpg", 1010), ("Shoot/UPF-2.jpg", 1011)):
        written(tmp_path, place, number)
    centre.locator("#choose-folder").set_input_files(tmp_path / "Shoot")
    expect(line(centre, "UPF-1.jpg")).to_contain_text("In the library")
    expect(line(centre, "UPF-2.jpg")).to_contain_text("In the library")
    assert set(packshot.assets("Shoot")) == {"Shoot/Front/UPF-1.jpg", "Shoot/UPF-2.jpg"}


@pytest.mark.requirement("R45")
def test_files_and_folders_dropped_anywhere_are_taken_where_the_drag_shows(
    page: Page, packshot: Instance, photos: gallery.Gallery, tmp_path: Path
) -> None:
    written(tmp_path, "Dropped/Inner/DRP-1.jpg", 1020)
    loose = written(tmp_path, "DRP-2.jpg", 1021)
    seeing.shown(page, "/#/library")
    data = {"items": [], "files": [str(tmp_path / "Dropped"), str(loose)], "dragOperationsMask": 1}
    tool = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver"):
        tool.send("Input.dispatchDragEvent", {"type": kind, "x": 600, "y": 400, "data": data})
    expect(page.locator(".app")).to_have_class(re.compile("dropping"))
    tool.send("Input.dispatchDragEvent", {"type": "drop", "x": 600, "y": 400, "data": data})
    expect(line(page, "DRP-1.jpg")).to_contain_text("In the library")
    expect(line(page, "DRP-2.jpg")).to_contain_text("In the library")
    assert set(packshot.assets("Dropped")) == {"Dropped/Inner/DRP-1.jpg"}


@pytest.mark.requirement("R10")
def test_after_a_reload_only_the_missing_parts_are_sent(centre: Page, mishaps: Mishaps, tmp_path: Path) -> None:
    mishaps.allow("ERR_FAILED")
    big, sent, again = written(tmp_path, "BIG-1.jpg", 1030, padding=ONE_PUT_BYTES), set[int](), list[int]()

    def number(url: str) -> int:
        return int(re.findall(r"partNumber=(\d+)", url)[0])

    def only_the_first(route: Route) -> None:
        if number(route.request.url) > 2:
            return route.abort()
        sent.add(number(route.request.url))
        return route.continue_()

    centre.route(PARTS, only_the_first)
    with centre.expect_event("requestfailed"):
        centre.locator("#choose-files").set_input_files(big)
    assert sent == {1, 2}
    centre.unroute(PARTS)
    centre.once("dialog", lambda asked: asked.accept())
    centre.reload()

    centre.on("request", lambda one: again.append(number(one.url)) if "partNumber=" in one.url else None)
    centre.locator("#choose-files").set_input_files(big)
    expect(line(centre, "BIG-1.jpg")).to_contain_text("In the library", timeout=120_000)
    assert sorted(again) == list(range(3, ONE_PUT_BYTES // PART_BYTES + 2))


@pytest.mark.requirement("R10")
def test_a_store_that_stumbles_is_asked_again_and_nobody_notices(
    centre: Page, packshot: Instance, mishaps: Mishaps, tmp_path: Path
) -> None:
    mishaps.allow("503")
    stumbles = [503, 503]

    def stumble(route: Route) -> None:
        if is_part(packshot, route) and stumbles:
            return route.fulfill(status=stumbles.pop(), headers={"Access-Control-Allow-Origin": "*"})
        return route.continue_()

    centre.route(f"{packshot.connection['s3']['endpoint']}/**", stumble)
    centre.locator("#choose-files").set_input_files(written(tmp_path, "STB-1.jpg", 1040))
    expect(line(centre, "STB-1.jpg")).to_contain_text("In the library")
    assert stumbles == []


def test_what_failed_is_tried_again_together_and_never_held_others_up(
    centre: Page, mishaps: Mishaps, tmp_path: Path
) -> None:
    mishaps.allow("503")
    refused = {"status": 503, "json": {"detail": "The library is busy. Try again in a moment."}}

    def refuse(route: Route) -> Any:
        return route.fulfill(**refused) if "BAD-" in (route.request.post_data or "") else route.continue_()

    centre.clock.install()
    centre.route("**/v1/uploads", refuse)
    names = ["BAD-1.jpg", "BAD-2.jpg", "GOOD-1.jpg"]
    files = [written(tmp_path, name, number) for number, name in enumerate(names, 1050)]
    centre.locator("#choose-files").set_input_files(files)
    for _ in range(12):
        centre.clock.run_for(20_000)
    expect(line(centre, "GOOD-1.jpg")).to_contain_text("In the library")
    for name in names[:2]:
        expect(line(centre, name)).to_contain_text("Stopped")
        expect(line(centre, name)).to_contain_text("The library is busy.")
    centre.unroute("**/v1/uploads")
    centre.get_by_role("button", name="Try all failed again").click()
    for name in names[:2]:
        expect(line(centre, name)).to_contain_text(re.compile("Being read|In the library"))
        centre.clock.run_for(10_000)
    centre.clock.resume()
    for name in names[:2]:
        expect(line(centre, name)).to_contain_text("In the library")


def test_pausing_stops_the_bytes_and_going_on_finishes(
    centre: Page, packshot: Instance, mishaps: Mishaps, tmp_path: Path
) -> None:
    held: list[Route] = []
    pattern = f"{packshot.connection['s3']['endpoint']}/**"
    centre.route(pattern, lambda route: held.append(route) if is_part(packshot, route) else route.continue_())
    with centre.expect_request(lambda one: one.method == "PUT"):
        centre.locator("#choose-files").set_input_files(written(tmp_path, "PAU-1.jpg", 1060))
    centre.get_by_role("button", name="Pause").click()
    expect(line(centre, "PAU-1.jpg")).to_contain_text("Paused")
    centre.unroute(pattern)
    centre.get_by_role("button", name="Go on").click()
    expect(line(centre, "PAU-1.jpg")).to_contain_text("In the library")


@pytest.mark.requirement("R10")
def test_without_a_connection_files_wait_and_go_on_by_themselves_when_it_is_back(
    centre: Page, mishaps: Mishaps, tmp_path: Path
) -> None:
    mishaps.allow("ERR_INTERNET_DISCONNECTED")
    centre.context.set_offline(True)
    centre.locator("#choose-files").set_input_files(written(tmp_path, "OFF-1.jpg", 1065))
    expect(line(centre, "OFF-1.jpg")).to_contain_text("Waiting")

    centre.context.set_offline(False)

    expect(line(centre, "OFF-1.jpg")).to_contain_text("In the library")


def test_the_same_picture_again_is_already_here_with_a_link_to_it(
    centre: Page, photos: gallery.Gallery, tmp_path: Path
) -> None:
    centre.locator("#choose-files").set_input_files(written(tmp_path, "another name.jpg", 7))
    expect(line(centre, "another name.jpg")).to_contain_text("Already here")
    line(centre, "another name.jpg").get_by_role("link", name="Open it").click()
    expect(centre.get_by_label("File name")).to_have_value("KOS-107-front.jpg")


def in_place(packshot: Instance, centre: Page, folder: str) -> None:
    """Open the upload centre for this collection."""
    centre.goto(f"/#/uploads?in={gallery.collection(packshot, folder)['id']}")
    expect(centre.get_by_text("Files go to")).to_be_visible()


def test_a_file_named_as_a_picture_of_its_place_becomes_its_next_version_when_told_so(
    centre: Page, packshot: Instance, tmp_path: Path
) -> None:
    kept = gallery.dropped(packshot, "Likely", ["LIK-1_front.jpg"], 1200)[0]
    in_place(packshot, centre, "Likely")
    centre.locator("#choose-files").set_input_files(
        [written(tmp_path, "LIK-1_front.jpg", 1201), written(tmp_path, "LIK-9_front.jpg", 1202)]
    )
    table = centre.get_by_role("region", name="1 file looks like pictures you have")
    expect(table.get_by_role("radio", name="Version 2")).to_be_checked()
    for one in ("In the library", "Your file"):
        shown = table.get_by_title(one)
        expect(shown).to_have_js_property("complete", True)
        assert shown.evaluate("one => one.naturalWidth") > 0
    expect(line(centre, "LIK-1_front.jpg")).to_contain_text("Your choice")
    expect(line(centre, "LIK-9_front.jpg")).to_contain_text("In the library")
    assert packshot.get(f"/v1/assets/{kept['id']}")["newest_version"] == 1
    assert not findings(centre)

    table.get_by_role("button", name="Send 1 file").click()

    expect(line(centre, "LIK-1_front.jpg")).to_contain_text("In the library")
    assert packshot.get(f"/v1/assets/{kept['id']}")["newest_version"] == 2
    expect(table).to_have_count(0)


def test_a_name_or_shot_known_from_elsewhere_begins_as_a_new_picture_and_all_are_chosen_at_once(
    centre: Page, packshot: Instance, tmp_path: Path
) -> None:
    kept = gallery.dropped(packshot, "Likely too", ["LIT-1_front.jpg", "LIT-2_front.jpg"], 1210)
    centre.locator("#choose-files").set_input_files(
        [written(tmp_path, "LIT-1_front.jpg", 1213), written(tmp_path, "LIT-2-front.jpg", 1214)]
    )
    table = centre.get_by_role("region", name="2 files look like pictures you have")
    expect(table.get_by_role("radio", name="New picture", checked=True)).to_have_count(2)
    expect(table).to_contain_text("Same file name elsewhere")
    expect(table).to_contain_text("Same SKU, same shot")
    table.get_by_role("button", name="All as new versions").click()
    expect(table.get_by_role("radio", name="Version 2", checked=True)).to_have_count(2)
    table.get_by_role("radio", name="New picture").first.check()

    table.get_by_role("button", name="Send 2 files").click()

    expect(centre.get_by_role("heading", name="2 of 2 files")).to_be_visible()
    expect(line(centre, "LIT-1_front.jpg")).to_contain_text("In the library")
    newest = {one["name"]: packshot.get(f"/v1/assets/{one['id']}")["newest_version"] for one in kept}
    assert newest == {"LIT-1_front.jpg": 1, "LIT-2_front.jpg": 2}


def test_the_very_same_file_again_is_already_here_and_none_of_its_bytes_are_sent(
    centre: Page, packshot: Instance, tmp_path: Path
) -> None:
    file = written(tmp_path, "LIS-1.jpg", 1220)
    gallery.dropped(packshot, "Likely same", ["LIS-1.jpg"], 1220)
    in_place(packshot, centre, "Likely same")
    sent: list[str] = []
    centre.on("request", lambda one: sent.append(one.url) if one.method == "PUT" else None)
    centre.locator("#choose-files").set_input_files(file)

    expect(line(centre, "LIS-1.jpg")).to_contain_text("Already here")
    line(centre, "LIS-1.jpg").get_by_role("link", name="Open it").click()

    expect(centre.get_by_label("File name")).to_have_value("LIS-1.jpg")
    assert sent == []


def test_a_file_is_sent_as_a_new_picture_when_nobody_can_say_what_it_looks_like(
    centre: Page, packshot: Instance, mishaps: Mishaps, tmp_path: Path
) -> None:
    gallery.dropped(packshot, "Likely not", ["LIN-1.jpg"], 1230)
    in_place(packshot, centre, "Likely not")
    centre.route(
        "**/v1/uploads/try", lambda route: route.fulfill(status=403, json={"code": "not_allowed", "detail": "No"})
    )
    mishaps.allow("403")
    centre.locator("#choose-files").set_input_files(written(tmp_path, "LIN-1.jpg", 1231))

    expect(line(centre, "LIN-1.jpg")).to_contain_text("In the library")


def test_what_cannot_be_taken_in_is_set_aside_with_its_reason_and_can_be_tried_again(
    centre: Page, tmp_path: Path
) -> None:
    (tmp_path / "empty.jpg").write_bytes(b"")
    centre.locator("#choose-files").set_input_files(tmp_path / "empty.jpg")
    expect(line(centre, "empty.jpg")).to_contain_text("Not taken in")
    aside = centre.get_by_role("region", name="Set aside").get_by_role("listitem").filter(has_text="empty.jpg").first
    expect(aside).to_contain_text("The file is empty (0 bytes).")
    with centre.expect_response(lambda one: one.url.endswith("/retry") and one.ok):
        aside.get_by_role("button", name="Try again").click()


QUEUE = """async (many) => {
  const { queue } = await import('/lib/uploads.js')
  const file = new File(['x'], 'M.jpg')
  queue.pause()
  let turns = 0, isOver = false
  const others = () => { turns += 1; if (!isOver) setTimeout(others) }
  setTimeout(others)
  await queue.add(Array.from({length: many}, (_, at) => ({ file, path: `M-${at}.jpg` })))
  isOver = true
  return turns
}"""


def test_while_ten_thousand_files_are_queued_the_page_gets_its_turn_again_and_again(centre: Page) -> None:
    turns = centre.evaluate(QUEUE, 10_000)

    assert turns >= 10
    expect(centre.get_by_role("heading", name="0 of 10,000 files")).to_be_visible()


def test_of_ten_thousand_files_only_rows_near_the_screen_exist_and_every_one_is_reached_by_scrolling(
    centre: Page,
) -> None:
    centre.evaluate(QUEUE, 10_000)
    rows = centre.get_by_role("region", name="Progress").get_by_role("listitem")
    expect(line(centre, "M-9999.jpg")).to_have_attribute("aria-posinset", "1")

    for part, seen in ((1, "M-0.jpg"), (0.5, "M-5000.jpg"), (0, "M-9999.jpg")):
        centre.evaluate(
            """(part) => {
              const list = document.querySelector('[aria-label=Progress] ul'), room = list.closest('.room')
              const box = list.getBoundingClientRect()
              room.scrollTop += box.top + part * box.height - innerHeight / 2
            }""",
            part,
        )
        expect(centre.get_by_text(seen, exact=True)).to_be_in_viewport()
        assert rows.count() <= 60
    expect(rows.first).to_have_attribute("aria-setsize", "10000")


def test_failed_files_are_all_tried_again_in_one_go_and_told_once(centre: Page) -> None:
    told = centre.evaluate(
        """async () => {
          const { overall, queue } = await import('/lib/uploads.js')
          const { effect } = await import('/vendor/ui.js')
          const file = new File(['x'], 'M.jpg')
          queue.pause()
          await queue.add(Array.from({length: 400}, (_, at) => ({ file, path: `M-${at}.jpg` })))
          for (const one of overall.value.entries) one.state = 'stopped'
          let told = 0
          const stop = effect(() => { overall.value; told += 1 })
          await queue.retryAll()
          stop()
          return [told - 1, overall.value.stopped, overall.value.isBusy]
        }"""
    )

    assert told[0] <= 3
    assert told[1:] == [0, True]


def test_leaving_while_files_are_on_their_way_asks_first(centre: Page, packshot: Instance, tmp_path: Path) -> None:
    pattern = f"{packshot.connection['s3']['endpoint']}/**"
    held: list[Route] = []
    centre.route(pattern, lambda route: held.append(route) if is_part(packshot, route) else route.continue_())
    with centre.expect_request(lambda one: one.method == "PUT"):
        centre.locator("#choose-files").set_input_files(written(tmp_path, "LEV-1.jpg", 1070))
    centre.locator("h1").click()
    with centre.expect_event("dialog") as asked:
        centre.evaluate("setTimeout(() => location.reload())")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()


def test_a_new_version_of_a_picture_is_added_from_its_screen(page: Page, packshot: Instance, tmp_path: Path) -> None:
    asset = gallery.dropped(packshot, "Versions", ["VER-1.jpg"], 1080)[0]
    page.goto(f"/#/asset/{asset['id']}")
    strip = page.get_by_role("navigation", name="Versions")
    expect(strip.get_by_role("button", name="v1")).to_be_visible()
    with page.expect_file_chooser() as asked:
        strip.get_by_role("button", name="Add a version").click()
    asked.value.set_files(written(tmp_path, "VER-1.jpg", 1081))
    expect(strip.get_by_role("button", name="v2")).to_be_visible()
    strip.get_by_role("button", name="v1").click()
    assert "v=1" in page.url


@pytest.mark.requirement("R53")
def test_files_for_a_collection_with_required_fields_wait_for_one_form_and_then_carry_its_words(
    page: Page, packshot: Instance, tmp_path: Path, mishaps: Mishaps
) -> None:
    mishaps.allow("422")
    policy = {"required_fields": ["alt", "keywords"]}
    made = packshot.call("POST", "/v1/collections", {"name": "Strict", "policy": policy}).json()
    page.goto(f"/#/library?in={made['id']}")
    page.get_by_role("link", name="Upload", exact=True).first.click()
    expect(page.get_by_text("Files go to “Strict”.")).to_be_visible()
    files = [written(tmp_path, f"STR-{number}.jpg", 1100 + number) for number in (1, 2)]
    page.locator("#choose-files").set_input_files(files)

    form = page.get_by_role("region", name="2 files wait for you")
    expect(form).to_contain_text("“Strict” requires these fields")
    expect(form.get_by_role("button", name="Send 2 files")).to_have_attribute("aria-disabled", "true")
    form.get_by_label("Alt text").fill("A plain card")
    form.get_by_label("Keywords").fill("card, plain, " + "x" * 300)
    assert findings(page) == []
    form.get_by_role("button", name="Send 2 files").click()
    expect(form.get_by_role("alert")).to_contain_text("255")
    form.get_by_label("Keywords").fill("card, plain")
    form.get_by_label("Keywords").press("Enter")

    for number in (1, 2):
        expect(line(page, f"STR-{number}.jpg")).to_contain_text("In the library")
    expect(form).to_have_count(0)
    for one in gallery.found_by(packshot, f"collection:{made['id']}", 2):
        asset = packshot.get(f"/v1/assets/{one['id']}")
        assert (asset["alt"], asset["keywords"]) == ("A plain card", ["card", "plain"])


@pytest.mark.requirement("R53")
def test_a_folder_that_is_a_collection_with_required_fields_is_asked_about_too(
    centre: Page, packshot: Instance, tmp_path: Path, mishaps: Mishaps
) -> None:
    mishaps.allow("422")
    packshot.call("POST", "/v1/collections", {"name": "Strictly", "policy": {"required_fields": ["title"]}})
    written(tmp_path, "Strictly/STF-1.jpg", 1110)

    centre.locator("#choose-folder").set_input_files(tmp_path / "Strictly")
    form = centre.get_by_role("region", name="1 file waits for you")
    form.get_by_label("Title").fill("A card")
    form.get_by_role("button", name="Send 1 file").click()

    expect(line(centre, "STF-1.jpg")).to_contain_text("In the library")
    assert set(packshot.assets("Strictly")) == {"Strictly/STF-1.jpg"}
