"""How quick the web app is on a running instance: first picture, work a frame, jumps, search, a picture, many uploads.

python -m benchmarks.webapp <sign-in link> [--rounds N] [--made-up N]

Chromium without a graphics card draws in software, so frames a second say little on a busy machine; script, style and
layout (work, from the browser's own counters) are steady. The smallest of the rounds counts.
With `--made-up N` the windows of the grid are made up for N pictures: what the server needs for them is left out.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks import made_up
from infra.web import chromium

PATIENCE_MS = 120_000
COUNTERS = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
FIRST_PICTURE = """() => new Promise((done) => {
  const look = () => {
    const one = [...document.querySelectorAll('.tile img')].find((each) => each.complete && each.naturalWidth)
    if (one) done(performance.now())
    else requestAnimationFrame(look)
  }
  look()
})"""
SCROLL = """([step, frames]) => new Promise((done) => {
  const grid = document.querySelector('.gridwrap'), began = performance.now()
  let most = 0, left = frames, longest = 0
  const watch = new PerformanceObserver((list) => {
    for (const one of list.getEntries()) longest = Math.max(longest, one.duration)
  })
  watch.observe({type: 'longtask'})
  const move = () => {
    grid.scrollTop += step
    most = Math.max(most, document.querySelectorAll('*').length)
    if (left-- > 0) requestAnimationFrame(move)
    else { watch.disconnect(); done({ms: (performance.now() - began) / frames, nodes: most, longest}) }
  }
  requestAnimationFrame(move)
})"""
JUMP = """(part) => new Promise((done) => {
  const grid = document.querySelector('.gridwrap'), began = performance.now()
  let placeholders = 0
  grid.scrollTop = grid.scrollHeight * part
  const look = () => {
    const frame = grid.getBoundingClientRect()
    const seen = [...document.querySelectorAll('.tile')].filter((one) => {
      const box = one.getBoundingClientRect()
      return box.bottom > frame.top && box.top < frame.bottom
    })
    const known = seen.length && seen.every((one) => one.dataset.id)
    if (known && !placeholders) placeholders = performance.now() - began
    const images = seen.map((one) => one.querySelector('img')).filter(Boolean)
    const drawn = known && images.every((one) => one.complete && one.naturalWidth)
    if (drawn) done({placeholders, pictures: performance.now() - began})
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})"""

SEARCH = """(text) => new Promise((done) => {
  const field = document.querySelector('.search input'), said = document.querySelector('.line [role=status]')
  const before = said.textContent, began = performance.now()
  const look = () => {
    const now = document.querySelector('.line [role=status]')?.textContent ?? before
    if (now !== before && /[0-9]/.test(now)) done(performance.now() - began)
    else requestAnimationFrame(look)
  }
  field.focus()
  field.value = text
  field.dispatchEvent(new InputEvent('input', {bubbles: true}))
  requestAnimationFrame(look)
})"""
OPEN = """() => new Promise((done) => {
  const tile = [...document.querySelectorAll('.tile')].find((one) => one.dataset.id), began = performance.now()
  let visible = 0
  const look = () => {
    if (!visible && document.querySelector('aside.drawer')) visible = performance.now() - began
    if (visible && document.querySelector('#f-keywords')) done({visible, complete: performance.now() - began})
    else requestAnimationFrame(look)
  }
  tile.click()
  requestAnimationFrame(look)
})"""
QUEUE = """async (many) => {
  const { queue } = await import('/lib/uploads.js')
  // Making a file is the browser's work, a third of a millisecond each: it is done before the queue is looked at.
  const files = []
  for (let at = 0; at < many; at += 1) {
    files.push({file: new File(['x'], `Q-${at}.jpg`), path: `Q-${at}.jpg`})
    if (at % 100 === 0) await new Promise((go) => { setTimeout(go) })
  }
  let longest = 0
  const watch = new PerformanceObserver((list) => {
    for (const one of list.getEntries()) longest = Math.max(longest, one.duration)
  })
  await new Promise((go) => { setTimeout(go, 500) })
  watch.observe({type: 'longtask'})
  queue.pause()
  await queue.add(files)
  await new Promise((go) => { setTimeout(go, 1500) })
  watch.disconnect()
  return longest
}"""
LAST = """() => new Promise((done) => {
  const grid = document.querySelector('.gridwrap'), began = performance.now()
  grid.focus()
  grid.dispatchEvent(new KeyboardEvent('keydown', {key: 'End', bubbles: true}))
  const look = () => {
    const here = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '')
    const box = here?.getBoundingClientRect(), frame = grid.getBoundingClientRect()
    const seen = box && box.top < frame.bottom && box.bottom > frame.top
    const isLast = here?.getAttribute('aria-posinset') === here?.getAttribute('aria-setsize')
    if (seen && isLast) done(performance.now() - began)
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
})"""
MANY_FILES = 10_000


def busy_s(tool: CDPSession) -> float:
    """Seconds of script, style and layout so far, of the CPU: what else the machine does is not in it."""
    found = {one["name"]: one["value"] for one in tool.send("Performance.getMetrics")["metrics"]}
    return sum(float(found[name]) for name in COUNTERS)


def worked(tool: CDPSession, name: str, act: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What an act gives, and the work it took."""
    before = busy_s(tool)
    given = act()
    return given, {f"{name}: work ms": (busy_s(tool) - before) * 1000}


def opened(
    browser: Browser, url: str, state: Any, many: int | None = None, **frame: Any
) -> tuple[Page, CDPSession, float]:
    """The library in a window of its own with an empty cache, and when the first picture was there."""
    frame = {"viewport": {"width": 1280, "height": 800}} | frame
    context = browser.new_context(base_url=url, storage_state=state, **frame)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    if many:
        page.route(made_up.WINDOWS, made_up.windows(many))
    page.goto("/#/library?view=grid", wait_until="commit")
    tool = context.new_cdp_session(page)
    tool.send("Performance.enable", {"timeDomain": "threadTicks"})
    return page, tool, float(page.evaluate(FIRST_PICTURE))


def round_of(browser: Browser, url: str, state: Any, many: int | None = None) -> dict[str, float]:
    """One visit: everything measured once, with an empty cache."""
    page, tool, first_ms = opened(browser, url, state, many)
    found = {"first picture ms": first_ms, "first picture: work ms": busy_s(tool) * 1000}
    for name, step in (("reading", 60), ("fling", 600)):
        before, frames = busy_s(tool), 180
        scrolled = page.evaluate(SCROLL, [step, frames])
        found[f"{name}: work ms a frame"] = (busy_s(tool) - before) * 1000 / frames
        found[f"{name}: ms a frame"] = scrolled["ms"]
        found[f"{name}: nodes"] = scrolled["nodes"]
        found[f"{name}: longest task ms"] = scrolled["longest"]
    jump, work = worked(tool, "jump", lambda: page.evaluate(JUMP, 0.6))
    found |= {"jump: placeholders ms": jump["placeholders"], "jump: pictures ms": jump["pictures"]} | work
    found["select all ms"], work = worked(tool, "select all", lambda: select_all(page))
    found |= work
    page.goto("/#/uploads")
    queued = f"{MANY_FILES:,} files queued"
    longest, work = worked(tool, queued, lambda: page.evaluate(QUEUE, MANY_FILES))
    found |= {f"{queued}: longest task ms": float(longest)} | work
    again = page.context.new_page()
    again.goto("/#/library?view=grid", wait_until="commit")
    found["first picture, cache full ms"] = float(again.evaluate(FIRST_PICTURE))
    page.context.close()
    return found | ({} if many else looking(browser, url, state)) | on_a_phone(browser, url, state, many)


def looking(browser: Browser, url: str, state: Any) -> dict[str, float]:
    """From the last key to the new count, the pause for more keys included; from a click to a picture's screen."""
    page, tool, _ = opened(browser, url, state)
    page.wait_for_load_state("networkidle")  # what stands beside the first screen comes after it
    searched, of_search = worked(tool, "search", lambda: page.evaluate(SEARCH, "front"))
    page.goto("/#/library?view=grid")
    page.evaluate(FIRST_PICTURE)
    seen, of_picture = worked(tool, "picture", lambda: page.evaluate(OPEN))
    page.context.close()
    return {
        "search: results ms": float(searched), **of_search,
        "picture: visible ms": seen["visible"], "picture: all ms": seen["complete"], **of_picture,
    }  # fmt: skip


def on_a_phone(browser: Browser, url: str, state: Any, many: int | None = None) -> dict[str, float]:
    """From the End key to the last picture of everything, 360 px wide with three device pixels to one."""
    page, tool, _ = opened(browser, url, state, many, viewport={"width": 360, "height": 740}, device_scale_factor=3)
    last, work = worked(tool, "phone: End to the last picture", lambda: page.evaluate(LAST))
    page.context.close()
    return {"phone: End to the last picture ms": float(last), **work}


def select_all(page: Page) -> float:
    """Milliseconds from the key until the bar is there."""
    page.locator(".gridwrap").focus()
    return float(
        page.evaluate(
            """() => new Promise((done) => {
              const began = performance.now()
              new MutationObserver((_, watch) => {
                if (document.querySelector('.floatbar')) { watch.disconnect(); done(performance.now() - began) }
              }).observe(document.body, {childList: true, subtree: true})
              const key = {key: 'a', ctrlKey: true, bubbles: true}
              document.activeElement.dispatchEvent(new KeyboardEvent('keydown', key))
            })"""
        )
    )


def signed_in(browser: Browser, link: str) -> tuple[str, Any, str]:
    """The address, the cookies, and what the line over the grid says."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(link)
    page.locator(".tile").first.wait_for()
    state, said = context.storage_state(), page.locator(".line [role=status]").inner_text()
    context.close()
    return link.partition("/#/")[0], state, said


def main(argv: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description="Measure the web app's grid on a running instance.")
    asked.add_argument("link", help="the sign-in link that `make run` printed; it works once")
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--made-up", type=int, help="make the windows of the grid up, for so many pictures")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args(argv)
    with chromium.running() as browser:
        url, state, said = signed_in(browser, given.link)
        rounds = [round_of(browser, url, state, given.made_up) for _ in range(given.rounds)]
    best = {name: round(min(one[name] for one in rounds), 1) for name in rounds[0]}
    if given.json:
        sys.stdout.write(json.dumps({"library": said, "rounds": given.rounds, **best}) + "\n")
        return 0
    of = f"{given.made_up:,} made-up pictures" if given.made_up else said
    sys.stdout.write(f"{of}; the smallest of {given.rounds} rounds\n")
    for name, value in best.items():
        sys.stdout.write(f"{name:<40}{value:>10,.1f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
