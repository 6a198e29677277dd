"""What the app may weigh and ask for."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from infra.local.tools import ROOT
from tests.browser import seeing
from tests.browser.conftest import Mishaps
from tests.browser.gallery import Gallery

WEB = ROOT / "web"
# What a first visit loads and what any other screen adds to it: docs/adr/0008-weight-is-what-a-visit-loads.md
EAGER_MODULES, EAGER_KB, LIBRARY_KB, SCREEN_KB, VISIT_KB = 15, 40, 26, 14, 80
STYLES_KB, SCREEN_STYLES_KB = 8, 2
IMPORTED = re.compile(r"^import .*?'(\..*?)'", re.M)
DRESSED = re.compile(r"\bdressed\('([\w-]+)', import\('\.[\w./-]*?/([\w-]+)\.js'\)\)")
LOADED_LATER = re.compile(r"\bimport\('(\..*?\.js)'\)(?!\.[A-Z])")


def packed_kb(places: Iterable[Path]) -> float:
    return sum(len(gzip.compress(place.read_bytes(), 9)) for place in places) / 1024


def own() -> list[Path]:
    return [one for one in WEB.rglob("*.js") if "vendor" not in one.parts]


def needed(first: Path) -> set[Path]:
    """This module and every one that it imports, at whatever remove."""
    found, due = set[Path](), [first]
    while due:
        place = due.pop()
        if place not in found:
            found.add(place)
            due += [(place.parent / name).resolve() for name in IMPORTED.findall(place.read_text())]
    return found


def loaded_later() -> set[Path]:
    """The modules that are loaded when they are first shown."""
    later = {(one.parent / name).resolve() for one in own() for name in LOADED_LATER.findall(one.read_text())}
    return {one for one in later if "vendor" not in one.parts}


def frame() -> set[Path]:
    """What is needed before the first screen: the start, and the frame that it loads at once."""
    return needed(WEB / "app.js") | needed(WEB / "screens" / "shell.js") | needed(WEB / "lib" / "look.js")


def test_at_most_fifteen_modules_of_forty_kilobytes_are_needed_before_the_first_screen() -> None:
    modules = frame()

    assert len(modules) <= EAGER_MODULES, sorted(str(one.relative_to(WEB)) for one in modules)
    assert packed_kb(modules) <= EAGER_KB


def test_the_page_names_all_that_the_first_screen_needs_so_that_nothing_waits_to_be_discovered() -> None:
    named = re.findall(r'<link rel="modulepreload" href="(.*?)">', (WEB / "index.html").read_text())
    listed = re.search(r"const LIBRARY = '(.*?)'", (WEB / "app.js").read_text())
    assert listed

    assert {(WEB / name).resolve() for name in named} == frame() - {WEB / "app.js"}
    library = {(WEB / f"{name}.js").resolve() for name in listed[1].split()}
    assert library == needed(WEB / "screens" / "library.js") - frame()


def test_a_screen_adds_at_most_fourteen_kilobytes_to_the_library() -> None:
    library = needed(WEB / "screens" / "library.js")
    adds = {str(one.relative_to(WEB)): packed_kb(needed(one) - frame() - library) for one in loaded_later()}

    assert packed_kb(library - frame()) <= LIBRARY_KB
    assert {"screens/asset.js", "screens/sign-in.js", "screens/visit.js"} <= set(adds)
    assert {name: round(kb, 1) for name, kb in adds.items() if kb > SCREEN_KB} == {}


def test_no_visit_to_one_screen_loads_more_than_eighty_kilobytes() -> None:
    library = frame() | needed(WEB / "screens" / "library.js")
    loads = {str(one.relative_to(WEB)): round(packed_kb(library | needed(one)), 1) for one in loaded_later()}

    assert {name: kb for name, kb in loads.items() if kb > VISIT_KB} == {}


def test_the_first_page_of_a_visitor_loads_at_most_forty_kilobytes() -> None:
    assert packed_kb(frame() | needed(WEB / "screens" / "visit.js")) <= EAGER_KB


def test_styles_that_every_visit_loads_and_those_of_one_screen_keep_their_size() -> None:
    screens = {one.stem: packed_kb([one]) for one in WEB.glob("styles/*.css")}
    dressed = [pair for one in own() for pair in DRESSED.findall(one.read_text())]

    assert packed_kb(WEB.glob("css/*.css")) <= STYLES_KB
    assert {name: round(kb, 1) for name, kb in screens.items() if kb > SCREEN_STYLES_KB} == {}
    assert {name for name, _ in dressed} == set(screens)
    assert [pair for pair in dressed if pair[0] != pair[1]] == []


def test_a_screen_is_not_seen_before_its_styles(page: Page, mishaps: Mishaps) -> None:
    mishaps.allow("404|410")
    held = list[Route]()
    page.route("**/styles/visit.css", lambda route: held.append(route))

    with page.expect_request("**/styles/visit.css"):
        page.goto("/#/s/no-such-link-no-such-link-no-such-link")
    page.evaluate("import('/screens/visit.js').then(() => new Promise(requestAnimationFrame))")
    expect(page.locator("main[aria-busy]")).to_have_count(1)
    expect(page.locator(".visit")).to_have_count(0)
    held[0].continue_()

    expect(page.get_by_role("heading", name="This link does not open")).to_be_visible()
    assert page.locator(".visit").evaluate("one => getComputedStyle(one).overflowY") == "auto"


def test_a_screen_whose_styles_did_not_come_can_be_asked_for_again(page: Page, mishaps: Mishaps) -> None:
    mishaps.allow("404|410|ERR_FAILED")
    page.route("**/styles/visit.css", lambda route: route.abort(), times=1)

    page.goto("/#/s/no-such-link-no-such-link-no-such-link")
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("heading", name="This link does not open")).to_be_visible()


def test_modules_stay_small_and_typed() -> None:
    assert [one.name for one in own() if not one.read_text().startswith("// @ts-check")] == []
    assert [one.name for one in own() if one.read_text().count("\n") > 300] == []


def test_no_page_has_a_script_or_a_style_in_it() -> None:
    for page in WEB.glob("*.html"):
        text = page.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|\bstyle=", text), page.name


def test_styles_name_no_colour_outside_the_tokens() -> None:
    for place in [*WEB.glob("css/*.css"), *WEB.glob("styles/*.css")]:
        if place.name != "tokens.css":
            named = set(re.findall(r"#[0-9a-f]{6}\b|\brgba?\(", place.read_text()))
            assert not named, (place.name, named)


def test_the_page_obeys_a_strict_policy(page: Page, photos: Gallery) -> None:
    said = page.goto(photos.address)
    seeing.shown(page)

    assert said
    policy = said.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
