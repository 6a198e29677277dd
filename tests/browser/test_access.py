"""Everybody can use it: axe on every screen, contrast, targets, sideways scrolling, motion."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import seeing
from tests.browser.conftest import PATIENCE_MS
from tests.browser.gallery import Gallery
from tests.journeys.instance import Instance

AXE = Axe().axe_script
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # the long lists of what passed cost more than the rules themselves
}
OF_COLOUR = {**RULES, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""The rules that the other theme can break, which changes colours and nothing else."""
THEMES = {"light": RULES, "dark": OF_COLOUR}
SIZES = [(1280, 800), (360, 740)]
NARROWEST, WIDEST = 320, 3840


def library(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&view=grid")
    page.locator("#t1").click(modifiers=["Control"])
    expect(page.locator(".floatbar")).to_be_visible()


def as_list(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&view=list")


def search(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&view=grid&words=-keyword%3Aceramic&f=keyword%3Astudio")
    page.get_by_role("combobox", name="Search the library").press_sequentially("cer")
    expect(page.get_by_role("option", name="ceramic")).to_be_visible()


def nothing_found(page: Page, photos: Gallery) -> None:
    page.goto(f"{photos.address}&words=zzz")
    expect(page.get_by_role("heading", name="No picture matches all of this")).to_be_visible()


def picture(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&view=grid")
    page.locator("#t0").click()
    expect(page.get_by_label("Title")).to_be_visible()
    expect(page.get_by_role("region", name="Seen in the picture")).to_be_visible()


def uploads(page: Page, photos: Gallery) -> None:
    page.goto("/#/uploads")
    expect(page.get_by_role("heading", name="Uploads")).to_be_visible()
    bad = {"name": "axe.jpg", "mimeType": "image/jpeg", "buffer": b""}
    page.locator("#choose-files").set_input_files(bad)  # type: ignore[arg-type]
    expect(page.get_by_text("Not taken in").first).to_be_visible()


def keys(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&sheet=keys")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def filters(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&sheet=filters")
    expect(page.get_by_role("dialog", name="Filters")).to_be_visible()


def places(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&sheet=places")
    expect(page.get_by_role("dialog", name="Go to").get_by_role("link", name="Gallery")).to_be_visible()


def lost(page: Page, photos: Gallery) -> None:
    page.goto("/#/nowhere")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()


def members(page: Page, photos: Gallery) -> None:
    page.goto("/#/manage")
    page.get_by_role("button", name="Add a member").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def roles(page: Page, photos: Gallery) -> None:
    page.goto("/#/manage/roles")
    expect(page.locator(".matrix")).to_be_visible()
    expect(page.get_by_text("picture").first).to_be_visible()
    expect(page.locator(".sight img").first).to_be_visible()


def api_keys(page: Page, photos: Gallery) -> None:
    page.goto("/#/manage/keys")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def audit(page: Page, photos: Gallery) -> None:
    page.goto("/#/manage/audit")
    page.locator("summary").first.click()


def connections(page: Page, photos: Gallery) -> None:
    page.goto("/#/manage/connections")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def sharing(page: Page, photos: Gallery) -> None:
    library(page, photos)
    page.get_by_role("toolbar").get_by_role("button", name="Share").click()
    page.get_by_role("dialog").get_by_text("More limits").click()


def shared(page: Page, photos: Gallery) -> None:
    said = page.request.get("/v1/shares").json()["items"]
    if not said:
        body = {"target": {"collection_id": photos.id}, "switches": {"view": True}, "name": "Axe", "password": "axe"}
        page.request.post("/v1/shares", data=body)
    page.goto("/#/shares")
    expect(page.get_by_role("button", name="Copy link").first).to_be_visible()


def talk(page: Page, photos: Gallery) -> None:
    picture(page, photos)
    asset = page.url.partition("/asset/")[2].partition("?")[0]
    if not page.request.get(f"/v1/assets/{asset}/comments").json()["items"]:
        for x, body in ((0.02, "At the edge"), (0.97, "At the other one")):
            said = {"version": 1, "body": body, "anchor": {"kind": "point", "x": x, "y": 0.02}}
            made = page.request.post(f"/v1/assets/{asset}/comments", data=said).json()
        page.request.post(f"/v1/comments/{made['id']}/resolve", data={"version": 1})
    page.reload()
    page.get_by_role("region", name="Comments").get_by_role("button", name="Answer").first.click()
    page.get_by_label("Answer").press_sequentially("@")
    expect(page.get_by_role("option", name="Owner").last).to_be_visible()


def notices(page: Page, photos: Gallery) -> None:
    seeing.shown(page, f"{photos.address}&sheet=notices")
    expect(
        page.get_by_role("dialog", name="Notices").get_by_role("listitem").or_(page.get_by_text("Nothing yet")).first
    ).to_be_visible()


def under_way(page: Page, photos: Gallery) -> None:
    asked = {"selection": {"q": f"collection:{photos.id} keyword:ceramic"}}
    job = page.request.post("/v1/downloads", data=asked).json()["job_id"]
    page.goto("/#/work")
    row = page.get_by_role("listitem").filter(has_text="ZIP of 9 pictures").first
    expect(row.get_by_role("button", name="Save")).to_be_visible()
    assert page.request.get(f"/v1/jobs/{job}").json()["state"] == "done"


def presets(page: Page, photos: Gallery) -> None:
    body = {"name": "Axe", "width_px": 100, "height_px": 80, "channel": "axe"}
    if not page.request.get("/v1/presets").json()["items"]:
        page.request.post("/v1/presets", data=body)
    page.goto("/#/manage/presets")
    page.get_by_role("button", name="Make a preset").click()
    page.get_by_role("dialog").get_by_label("Width in pixels").fill("0")
    page.get_by_role("button", name="Make", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()


def sheets(page: Page, photos: Gallery) -> None:
    page.goto("/#/manage/sheets")
    page.get_by_label("Paste rows").fill("file,sku,position\nKOS-110-front.jpg,A-1,3\nnobody.jpg,A-1,1\n")
    page.get_by_role("button", name="See the rows").click()
    expect(page.get_by_role("region", name="What would come of it").get_by_role("listitem")).to_have_count(2)


def naming(page: Page, photos: Gallery) -> None:
    page.goto("/#/manage/naming")
    expect(page.get_by_role("region", name="Try names").get_by_role("listitem").first).to_be_visible()


def product(page: Page, photos: Gallery) -> None:
    page.request.patch("/v1/workspace", data={"required_shots": ["front", "back"]})
    page.goto("/#/sku/KOS-103")
    expect(page.get_by_role("region", name="Shots in order").get_by_role("listitem")).to_have_count(2)


def rules(page: Page, photos: Gallery) -> None:
    seeing.shown(page, photos.address)
    page.get_by_role("button", name="What to do with: Gallery").click()
    page.get_by_role("menuitem", name="Rules").click()
    expect(page.get_by_role("dialog", name="Rules: Gallery")).to_be_visible()


def duplicates(page: Page, photos: Gallery) -> None:
    page.goto("/#/duplicates")
    expect(page.get_by_role("region", name="Decide").or_(page.get_by_text("No duplicates wait"))).to_be_visible()


def decided(page: Page, photos: Gallery) -> None:
    page.goto("/#/duplicates/decided")
    expect(
        page.get_by_role("region", name="Decided pairs").or_(page.get_by_text("Nothing was decided yet"))
    ).to_be_visible()


def looks(page: Page, photos: Gallery) -> None:
    page.goto("/#/manage/looks")
    expect(page.get_by_role("region", name="All pictures")).to_be_visible()


SCREENS = [
    library,
    as_list,
    search,
    nothing_found,
    picture,
    uploads,
    keys,
    filters,
    places,
    lost,
    members,
    roles,
    api_keys,
    audit,
    connections,
    rules,
    duplicates,
    decided,
    looks,
    sharing,
    shared,
    talk,
    notices,
    presets,
    sheets,
    naming,
    product,
    under_way,
]


def findings(page: Page) -> list[str]:
    """What axe finds in both themes at both sizes, and whether anything scrolls sideways."""
    found = list[str]()
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for theme, rules in THEMES.items():
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            for one in page.evaluate("rules => axe.run(rules)", rules)["violations"]:
                nodes = [str(node["html"])[:160] for node in one["nodes"][:3]]
                found.append(f"{width} {theme} {one['id']}: {nodes}")
        if seeing.is_wide(page):
            found.append(f"{width} scrolls sideways")
    return found


@pytest.mark.parametrize("screen", SCREENS, ids=lambda one: one.__name__)
def test_axe_finds_nothing_in_either_theme_wide_or_narrow(page: Page, photos: Gallery, screen: Any) -> None:
    screen(page, photos)

    assert findings(page) == []
    for width in (NARROWEST, WIDEST):
        page.set_viewport_size({"width": width, "height": 800})
        assert not seeing.is_wide(page), width


def test_axe_finds_nothing_on_the_sign_in_screen(browser: Browser, packshot: Instance) -> None:
    context = browser.new_context(base_url=packshot.connection["url"])
    page = context.new_page()
    page.goto("/#/sign-in/no-such-token-no-such-token-no-such", timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_be_visible()

    assert findings(page) == []
    context.close()


SMALL = """() => [...document.querySelectorAll('button, a[href], input:not(.vh), select, label.facet')]
  .filter((one) => one.checkVisibility({opacityProperty: true}) && !one.closest('.vh'))
  .map((one) => [one, one.matches('input') ? (one.closest('label, .field') ?? one) : one])
  .map(([one, area]) => [one.outerHTML.slice(0, 120), area.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 23.5 || box.height < 23.5))
  .map(([text]) => text)"""


@pytest.mark.parametrize(
    "screen", [library, search, picture, uploads, members, roles, api_keys, audit], ids=lambda one: one.__name__
)
def test_every_target_is_at_least_24_pixels(page: Page, photos: Gallery, screen: Any) -> None:
    screen(page, photos)

    inline = [one for one in page.evaluate(SMALL) if 'class="link' not in one]
    assert inline == []


def test_on_touch_main_acts_are_44_pixels(browser: Browser, packshot: Instance, photos: Gallery, state: Any) -> None:
    context = browser.new_context(
        base_url=packshot.connection["url"], viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True,
        storage_state=state,
    )  # fmt: skip
    page = context.new_page()
    page.goto(photos.address, timeout=PATIENCE_MS)
    expect(page.locator(".tile").first).to_be_visible(timeout=PATIENCE_MS)
    for one in (page.get_by_role("link", name="Upload", exact=True), page.get_by_role("button", name="Filters")):
        box = one.bounding_box()
        assert box
        assert min(box["height"], box["width"]) >= 44
    context.close()


GROUNDS = ("canvas", "panel", "raised", "sunken")
STATES = ("ok", "wait", "redo", "bad")
PAIRS = [
    *[(text, ground, 4.5) for text in ("ink", "ink-2", "ink-3", "accent", *STATES) for ground in GROUNDS],
    *[(state, f"{state}-soft", 4.5) for state in STATES],
    *[(text, "accent-soft", 4.5) for text in ("ink", "ink-2")],
    *[(text, "float", 4.5) for text in ("on-float", "on-float-2")],
    *[("on-primary", ground, 4.5) for ground in ("primary", "primary-2")],
    ("on-accent", "accent", 4.5),
    *[("edge", ground, 3) for ground in ("canvas", "panel", "raised")],
]
COLOURS = """(names) => Object.fromEntries(names.map((name) => {
  const probe = document.createElement('i')
  probe.style.color = `var(--${name})`
  document.body.append(probe)
  const found = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number)
  probe.remove()
  return [name, found]
}))"""


def luminance(colour: list[float]) -> float:
    channels = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour[:3]]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pair_of_tokens_has_enough_contrast(page: Page, theme: Any) -> None:
    page.goto("/")
    page.emulate_media(color_scheme=theme)
    colours = page.evaluate(COLOURS, sorted({name for pair in PAIRS for name in pair[:2]}))
    low = []
    for text, ground, needed in PAIRS:
        lighter, darker = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        ratio = (lighter + 0.05) / (darker + 0.05)
        if ratio < needed:
            low.append((text, ground, round(ratio, 2)))
    assert low == []


def test_a_theme_chosen_by_hand_wins_and_is_remembered(page: Page, photos: Gallery) -> None:
    page.emulate_media(color_scheme="light")
    seeing.shown(page, photos.address)
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="dark").click()
    page.reload()
    seeing.shown(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 19, 19)"


def test_motion_stops_for_those_who_ask(page: Page) -> None:
    page.goto("/")
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--m-2').trim()") == "0ms"
