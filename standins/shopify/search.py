"""The search of the vendor, with its looseness: words, not texts; a field it does not know is passed over."""

import re
from collections.abc import Mapping
from typing import Any

from standins.shopify.store import Record

_PART = re.compile(
    r"""\s*(?:(?P<or>OR\b)|(?P<and>AND\b)|(?P<not>-|NOT\s+)?(?:(?P<field>[A-Za-z0-9_]+):)?
    (?P<sign>>=|<=|>|<)?(?:'(?P<one>(?:\\.|[^'\\])*)'|"(?P<two>(?:\\.|[^"\\])*)"|(?P<bare>[^\s()'"]+)))""",
    re.VERBOSE,
)


class Search:
    """A query over fields (the vendor's name: that of the record). `warnings` are about what was passed over."""

    def __init__(self, query: str, fields: Mapping[str, str]) -> None:
        self.warnings: list[dict[str, Any]] = []
        self._fields = fields
        self._any: list[list[tuple[bool, str | None, str, str]]] = [[]]
        for part in _PART.finditer(query.replace("(", " ").replace(")", " ")):
            if part["or"]:
                self._any.append([])
            elif not part["and"]:
                self._add(part)

    def _add(self, part: re.Match[str]) -> None:
        field = part["field"]
        if field is not None and field not in self._fields:
            self.warnings.append({"field": field, "message": "Invalid search field for this query.",
                                  "code": "invalid_field"})  # fmt: skip
            return
        quoted = part["one"] if part["one"] is not None else part["two"]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else part["bare"]
        self._any[-1].append((bool(part["not"]), field, part["sign"] or "", value))

    def finds(self, one: Record) -> bool:
        """Whether a record fits; a query of which nothing was understood fits everything."""
        return any(all(self._fits(one, *each) for each in group) for group in self._any)

    def _fits(self, one: Record, is_not: bool, field: str | None, sign: str, value: str) -> bool:
        names = [self._fields[field]] if field else list(self._fields.values())
        found = any(_has(str(one.get(name) or ""), sign, value, is_id=name == "id") for name in names)
        return found != is_not


def _has(text: str, sign: str, value: str, *, is_id: bool) -> bool:
    if sign:
        return {">=": text >= value, "<=": text <= value, ">": text > value, "<": text < value}[sign]
    if is_id:
        return text.rpartition("/")[2] == value.rpartition("/")[2]
    wanted, words = _words(value), _words(text)
    if not wanted:
        return not words
    return all(one in words for one in wanted[:-1]) and any(each.startswith(wanted[-1]) for each in words)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("_", " "))
