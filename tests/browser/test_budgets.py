"""What the app may weigh and ask for."""

import gzip
import re
from pathlib import Path

from playwright.sync_api import Page

from infra.local.tools import ROOT
from tests.browser import seeing
from tests.browser.gallery import Gallery

WEB = ROOT / "web"
EAGER_MODULES, EAGER_KB, OWN_KB, CSS_KB = 15, 40, 90, 8


def packed_kb(places: list[Path]) -> float:
    return sum(len(gzip.compress(place.read_bytes(), 9)) for place in places) / 1024


def eager() -> list[Path]:
    """Every module that the first one imports, at whatever remove."""
    found, due = list[Path](), [WEB / "app.js"]
    while due:
        place = due.pop()
        if place not in found:
            found.append(place)
            due += [
                (place.parent / name).resolve() for name in re.findall(r"^import .*?'(\..*?)'", place.read_text(), re.M)
            ]
    return found


def test_at_most_fifteen_modules_of_forty_kilobytes_are_needed_before_the_first_screen() -> None:
    modules = eager()

    assert len(modules) <= EAGER_MODULES, sorted(str(one.relative_to(WEB)) for one in modules)
    assert packed_kb(modules) <= EAGER_KB


def test_all_own_code_and_styles_keep_their_size() -> None:
    own = [one for one in WEB.rglob("*.js") if "vendor" not in one.parts]

    assert packed_kb(own) <= OWN_KB
    assert packed_kb(list(WEB.glob("css/*.css"))) <= CSS_KB


def test_modules_stay_small_and_typed() -> None:
    own = [one for one in WEB.rglob("*.js") if "vendor" not in one.parts]

    assert [one.name for one in own if not one.read_text().startswith("// @ts-check")] == []
    assert [one.name for one in own if one.read_text().count("\n") > 300 and ".gen." not in one.name] == []


def test_no_page_has_a_script_or_a_style_in_it() -> None:
    for page in WEB.glob("*.html"):
        text = page.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|\bstyle=", text), page.name


def test_styles_name_no_colour_outside_the_tokens() -> None:
    for place in WEB.glob("css/*.css"):
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
