"""Try on a real store what Packshot relies on: python -m conformance.shopify SHOP

`SHOP` is the store's host name, `your-store.myshopify.com`; take a development store. Credentials are read from
SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET, or SHOPIFY_ACCESS_TOKEN. It reads the catalogue, and makes, changes, reads
back and deletes one file of its own that hangs on no product. `--hook URL` also has the store post to that address, and
no longer at the end. Exits with 1 when something is not as believed.
"""

import argparse
import io
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from PIL import Image

from chalicelib.adapters.shopify_admin import ShopifyShop
from chalicelib.domain.shop import FileChange, NewFile, ShopFile
from chalicelib.errors import NotFound, PackshotError, UpstreamRejected
from chalicelib.ports.shop import Shop

T = TypeVar("T")
Check = tuple[str, Callable[[], str]]
PATTERN = "https://{shop}"
PATIENCE_S = 300.0
TOPICS = ("PRODUCTS_UPDATE", "APP_UNINSTALLED")


class Differs(Exception):
    """The store is not as we believe."""


class Trial:
    """One store on trial; `sleep` lets its time pass."""

    def __init__(self, store: Shop, hook: str | None, sleep: Callable[[float], None] = time.sleep) -> None:
        self._store, self._hook, self._sleep = store, hook, sleep
        self._name = f"packshot-conformance-{random.randrange(10**9):09d}.png"
        self._file: ShopFile | None = None
        self._product = ""

    def checks(self) -> Iterator[Check]:
        """What is tried, in order; a later check may build on an earlier one."""
        yield "the app has every scope", self._scopes
        yield "a bulk read brings as many variants as it announces", self._bulk
        yield "a product's variants are those of the bulk read", self._variants
        yield "the newest change is among those since its moment", self._changes
        yield "a product that is not there is said to be gone", self._gone
        yield "bytes can be staged and a file made of them", self._made
        yield "a name that is taken is refused", self._twin
        yield "the bytes of a file can be read back", self._read
        yield "other bytes come under the same id and path", self._changed
        yield "a file is found by its whole name", self._found
        if self._hook:
            yield "topics are followed once and no longer", self._followed
        yield "the file is deleted, and deleting it again is no error", self._dropped

    def clean_up(self) -> None:
        """Take away what is left of it after a check that failed."""
        if self._file:
            self._store.drop_files([self._file.id])

    def _scopes(self) -> str:
        return _sure(not self._store.missing_scopes(), f"missing: {', '.join(self._store.missing_scopes())}")

    def _bulk(self) -> str:
        begun = time.monotonic()
        bulk_id = self._store.begin_catalogue()
        state = _until(lambda: self._store.bulk(bulk_id), lambda found: found.state != "running", self._sleep)
        _sure(state.state == "done", f"{state.state}: {state.because}")
        rows = list(self._store.catalogue(state.url)) if state.url else []
        _sure(len(rows) == state.rows, f"announced {state.rows}, brought {len(rows)}")
        _sure(bool(rows), "the store has no product; make one for this trial")
        self._product, self._known = rows[0].product_id, {one for one in rows if one.product_id == rows[0].product_id}
        return f"{len(rows)} variants in {time.monotonic() - begun:.0f} s"

    def _variants(self) -> str:
        found = self._store.variants(self._product)
        shown = {one for one, _ in self._store.product(self._product).variant_media}
        return _sure(set(found) == self._known and {one.id for one in found} == shown, "they differ")

    def _changes(self) -> str:
        newest = self._store.newest_change()
        if newest is None:
            raise Differs("no product has a moment")
        found = dict(self._store.changed_since(newest - timedelta(minutes=5)))
        return _sure(newest in found.values(), f"{newest} is not in {len(found)} changes")

    def _gone(self) -> str:
        try:
            self._store.variants("gid://shopify/Product/1")
        except NotFound:
            return ""
        raise Differs("a product was found")

    def _made(self) -> str:
        staged = self._store.stage(self._name, "image/png", _picture("red"))
        files, refused = self._store.make_files([NewFile(self._name, staged, "Packshot conformance")])
        _sure(len(files) == 1 and not refused, str(refused))
        self._file = files[0]
        self._file = self._ready()
        return ""

    def _twin(self) -> str:
        staged = self._store.stage(self._name, "image/png", _picture("green"))
        made, refused = self._store.make_files([NewFile(self._name, staged, "")])
        self._store.drop_files([one.id for one in made])
        return _sure([one.code for one in refused] == ["FILENAME_ALREADY_EXISTS"], str(refused or made))

    def _read(self) -> str:
        return _sure(_colour(self._store.read(self._ours.url or "")) == "red", "another picture came")

    def _changed(self) -> str:
        before = self._ours
        staged = self._store.stage(self._name, "image/png", _picture("blue"))
        refused = self._store.change_files([FileChange(before.id, alt="Changed", staged=staged)])
        _sure(not refused, str(refused))
        after = self._ready()
        _sure(after.alt == "Changed", f"the text is {after.alt!r}")
        same = (before.url or "").partition("?")[0] == (after.url or "").partition("?")[0]
        _sure(same, f"{before.url} became {after.url}")
        read = _until(lambda: self._store.read(after.url or ""), lambda found: _colour(found) == "blue", self._sleep)
        return _sure(_colour(read) == "blue", "the old picture still comes")

    def _found(self) -> str:
        found = _until(lambda: self._store.files_named(self._name), bool, self._sleep)
        return _sure([one.id for one in found] == [self._ours.id], f"{len(found)} files")

    def _followed(self) -> str:
        hook = self._hook or ""
        try:
            first, again = self._store.follow(hook, TOPICS), self._store.follow(hook, TOPICS)
        finally:
            self._store.unfollow(hook)
        return _sure((first, again) == (TOPICS, ()), f"followed {first}, then {again}")

    def _dropped(self) -> str:
        refused = (*self._store.drop_files([self._ours.id]), *self._store.drop_files([self._ours.id]))
        _sure(not refused, str(refused))
        left = self._store.files([self._ours.id])
        self._file = None
        return _sure(not left, "it is still there")

    @property
    def _ours(self) -> ShopFile:
        if self._file is None:
            raise Differs("there is no file to try this with")
        return self._file

    def _ready(self) -> ShopFile:
        file_id = self._ours.id
        found = _until(
            lambda: self._store.files([file_id]), lambda files: files[file_id].state != "processing", self._sleep
        )
        self._file = found[file_id]
        _sure(self._file.state == "ready", f"{self._file.state}: {self._file.because}")
        return self._file


def run(trial: Trial, say: Callable[[str], object] = print) -> bool:
    """Go through all checks; whether the store is as believed."""
    is_as_believed = True
    try:
        for name, act in trial.checks():
            try:
                told = act()
                say(f"ok       {name}{f' ({told})' if told else ''}")
            except (Differs, PackshotError) as problem:
                is_as_believed = False
                say(f"DIFFERS  {name}: {problem}")
                if isinstance(problem, UpstreamRejected) and problem.code == "needs_reconnect":
                    break
    finally:
        trial.clean_up()
    return is_as_believed


def _sure(is_so: bool, why: str) -> str:
    if not is_so:
        raise Differs(why)
    return ""


def _until(ask: Callable[[], T], is_over: Callable[[T], bool], sleep: Callable[[float], None]) -> T:
    wait_s, left_s = 1.0, PATIENCE_S
    while True:
        found = ask()
        if is_over(found) or left_s <= 0:
            return found
        sleep(wait_s)
        left_s, wait_s = left_s - wait_s, min(15.0, wait_s * 2)


def _picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "PNG")
    return out.getvalue()


def _colour(body: bytes) -> str:
    """Which of our colours a picture has, whatever the store made of it."""
    with Image.open(io.BytesIO(body)) as opened:
        middle: Any = opened.convert("RGB").getpixel((32, 32))
    names = ("red", "green", "blue")
    return names[max(range(3), key=lambda channel: middle[channel])]


def _credentials(given: Mapping[str, str]) -> dict[str, str]:
    names = {"client_id": "SHOPIFY_CLIENT_ID", "client_secret": "SHOPIFY_CLIENT_SECRET"}
    if "SHOPIFY_ACCESS_TOKEN" in given:
        names = {"access_token": "SHOPIFY_ACCESS_TOKEN"}
    missing = [each for each in names.values() if not given.get(each)]
    if missing:
        raise SystemExit(f"Set {' and '.join(missing)}.")
    return {name: given[each] for name, each in names.items()}


def main() -> int:
    """Try it."""
    asked = argparse.ArgumentParser(description="Try on a real store what Packshot relies on.")
    asked.add_argument("shop")
    asked.add_argument("--hook")
    given = asked.parse_args()
    store = ShopifyShop(
        PATTERN, given.shop, _credentials(os.environ), now=lambda: datetime.now(UTC), spread=random.random
    )
    try:
        return 0 if run(Trial(store, given.hook)) else 1
    finally:
        store.close()


if __name__ == "__main__":
    sys.exit(main())
