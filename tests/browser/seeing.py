"""What a person sees on a page, as numbers: where tiles lie, what has the focus."""

import io
import re
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from infra.local import sample
from infra.web import chromium

TILES = """() => {
  const frame = document.querySelector('.gridwrap').getBoundingClientRect()
  return [...document.querySelectorAll('[role=option][id^=t]')].map((one) => {
    const box = one.getBoundingClientRect(), picture = one.querySelector('.pic').getBoundingClientRect()
    return {id: one.dataset.id, at: Number(one.id.slice(1)), name: one.getAttribute('aria-label'), x: box.x, y: box.y,
            w: box.width, h: box.height, pw: picture.width, ph: picture.height,
            isSeen: box.bottom > frame.top && box.top < frame.bottom}
  }).sort((a, b) => a.at - b.at)
}"""


def tiles(page: Page) -> list[dict[str, Any]]:
    """Every tile that exists, in the order of the result, with its place on screen."""
    found: list[dict[str, Any]] = page.evaluate(TILES)
    return found


def shown(page: Page, address: str = "") -> None:
    """Go there if an address is given, then wait until the grid and its pictures are drawn."""
    if address:
        page.goto(address)
    expect(page.locator("[role=option][data-id]").first).to_be_visible()
    chromium.pictures_are_there(page)


def here(page: Page) -> str | None:
    """The id of the tile that the keyboard is on, if the grid has the focus."""
    found: str | None = page.evaluate(
        """() => {
          const grid = document.activeElement
          return grid?.matches('.gridwrap')
            ? document.getElementById(grid.getAttribute('aria-activedescendant'))?.dataset.id : null
        }"""
    )
    return found


def at(page: Page) -> int:
    """The place of the tile that the keyboard is on."""
    value = page.locator(".gridwrap").get_attribute("aria-activedescendant")
    return int(value[1:]) if value else -1


def on(page: Page, place: int) -> None:
    """Wait until the keyboard is on the tile at a place, and see it there."""
    expect(page.locator(".gridwrap")).to_have_attribute("aria-activedescendant", f"t{place}")
    expect(page.locator(f"#t{place}")).to_be_in_viewport()


def moved(page: Page, key: str) -> int:
    """Press a key that moves in the grid; the place where the keyboard is then."""
    before = at(page)
    page.keyboard.press(key)
    expect(page.locator(".gridwrap")).to_have_attribute("aria-activedescendant", re.compile(rf"^t(?!{before}$)\d+$"))
    return at(page)


def count(page: Page, text: str) -> None:
    """Wait until the line over the grid says so many."""
    expect(page.locator(".line [role=status]")).to_have_text(text)


def selected(page: Page, many: int) -> None:
    """Wait until so many are selected."""
    if many:
        expect(page.locator(".floatbar b")).to_have_text(f"{many}")
    else:
        expect(page.locator(".floatbar")).to_have_count(0)


def saved_again(path: str, side: int) -> bytes:
    """A picture of the sample library saved again, smaller: other bytes, the same look."""
    out = io.BytesIO()
    with Image.open(sample.LIBRARY / "Autumn 26" / path) as picture:
        picture.thumbnail((side, side))
        picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def is_wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    found: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found
