"""The search language of `files.list`, as far as it is used; anything else is refused as Drive does."""

import re
from collections.abc import Callable
from typing import Any

from standins.drive.contract import Refused
from standins.drive.store import File, Store

_TEXT = r"'((?:[^'\\]|\\.)*)'"
_ANY_TEXT = r"'(?:[^'\\]|\\.)*'"
_ONE = re.compile(r"((?:" + _ANY_TEXT + r"|\{(?:" + _ANY_TEXT + r"|[^}'])*\}|[^'{])+?)(?:\s+and\s+|$)")
"""One term: an `and` within quotes, or within the braces of `has`, ends none."""
Test = Callable[[File], bool]


def parse(store: Store, text: str) -> Test:
    """A test of files; terms are joined by `and`. Raises `Refused`."""
    tests = [_term(store, one.strip()) for one in _ONE.findall(text.strip())]
    return lambda one: all(test(one) for test in tests)


def _term(store: Store, text: str) -> Test:
    def text_of(found: re.Match[str], place: int = 1) -> str:
        return re.sub(r"\\(.)", r"\1", found[place])

    if found := re.fullmatch(_TEXT + r" in parents", text):
        parent = store.root if text_of(found) == "root" else text_of(found)
        return lambda one: parent in one["parents"]
    if found := re.fullmatch(r"trashed\s*(=|!=)\s*(true|false)", text):
        wanted = (found[2] == "true") == (found[1] == "=")
        return lambda one: store.is_trashed(one) == wanted
    if found := re.fullmatch(r"(name|mimeType)\s*(=|!=|contains)\s*" + _TEXT, text):
        field, sign, value = found[1], found[2], text_of(found, 3).casefold()
        compare: dict[str, Callable[[str], bool]] = {
            "=": lambda has: has == value, "!=": lambda has: has != value,
            "contains": lambda has: has.startswith(value),
        }  # fmt: skip
        return lambda one: compare[sign](one[field].casefold())
    if found := re.fullmatch(r"appProperties has \{\s*key=" + _TEXT + r" and value=" + _TEXT + r"\s*\}", text):
        key, wanted_value = text_of(found, 1), text_of(found, 2)
        return lambda one: one.get("appProperties", {}).get(key) == wanted_value
    raise Refused(400, "invalid", "Invalid Value", location="q", locationType="parameter")


def sort(files: list[File], order: str | None) -> list[File]:
    """In the order asked for; by id without one."""
    found = sorted(files, key=lambda one: one["id"])
    for key in reversed((order or "").split(",")):
        name, _, direction = key.strip().partition(" ")
        if name in ("name", "modifiedTime", "createdTime"):
            found.sort(key=lambda one: _folded(one[name]), reverse=direction == "desc")
    return found


def _folded(value: Any) -> str:
    return str(value).casefold()
