"""Rules by which file names say SKU, position and shot type: `TS-100_02_back.jpg`. Pure.

A rule is a pattern such as `{sku}_{position}[_{shot}]`. `{sku}` is any text, `{position}` 1 to 999, `{shot}` a word for
a shot type, `{any}` any text, `[…]` may be missing, everything else stands for itself; case does not matter. The first
rule that fits the whole name, without its extension, decides. A name that fits none says nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from chalicelib.domain import name_parts
from chalicelib.errors import InvalidInput

MOST_RULES = 30
_LONGEST = 200
_LONGEST_NAME = 255
_OPEN = ("sku", "any")
_TOKEN = re.compile(r"\{(\w+)\}|([\[\]])|([^\[\]{}]+)|(.)")
_SHOT = "|".join(sorted(name_parts.shot_words(), key=len, reverse=True))
_PARTS = {
    "sku": "(?P<sku>.+)",
    "position": r"(?P<position>\d{1,3})",
    "shot": rf"(?P<shot>{_SHOT})\d{{0,2}}",
    "any": ".+",
}
_CAMERA = re.compile(
    r"(?:img|image|dsc[fn]?|pxl|mvi|gopr|dji|screenshot|photo|foto|bild|scan|whatsapp|signal|untitled)([\W_].*|\d+)?",
    re.IGNORECASE,
)
_COPY = re.compile(r"(?: ?\(\d{1,3}\)| - (?:copy|kopie)(?: ?\(\d{1,3}\))?)$", re.IGNORECASE)


@dataclass(frozen=True)
class Rule:
    """One rule. `needs_digit`: a SKU has a digit and is no camera's name, so that `IMG_12` says nothing."""

    pattern: str
    needs_digit: bool = False


DEFAULT: tuple[Rule, ...] = tuple(
    Rule(pattern, needs_digit=True)
    for pattern in (
        "{sku}_{position}_{shot}",
        "{sku}_{shot}_{position}",
        "{sku}-{position}-{shot}",
        "{sku}-{shot}-{position}",
        "{sku}_{shot}",
        "{sku}-{shot}",
        "{sku}_{position}",
    )
)
"""What a workspace reads before it says otherwise: SKUs that end at a clear suffix, and nothing else."""


@dataclass(frozen=True)
class Said:
    """What a name says; `rule` is the pattern that fitted."""

    skus: tuple[str, ...] = ()
    position: int | None = None
    shot_type: str | None = None
    rule: str | None = None


def check(rules: Sequence[Rule]) -> None:
    """Raise `InvalidInput`, by rule, unless all can be read."""
    if len(rules) > MOST_RULES:
        raise InvalidInput("These are too many rules.", fields={"rules": f"has more than {MOST_RULES}"})
    wrong = {f"rules.{number}.pattern": why for number, one in enumerate(rules) if (why := _fault(one.pattern))}
    if wrong:
        raise InvalidInput("A rule cannot be read.", code="bad_naming_rule", fields=wrong)


def _fault(pattern: str) -> str | None:
    if len(pattern) > _LONGEST:
        return f"is longer than {_LONGEST} signs"
    names, depth = [], 0
    for name, bracket, _, odd in _TOKEN.findall(pattern):
        if odd or (name and name not in _PARTS):
            return f"knows {{sku}} {{position}} {{shot}} {{any}} and […], not {odd or '{' + name + '}'}"
        depth += (bracket == "[") - (bracket == "]")
        if depth not in (0, 1):
            return "has brackets in brackets, or one that was never opened"
        if name == "sku" and depth:
            return "has {sku} in brackets: without it the rule would say nothing"
        names += [name] if name else []
    if depth:
        return "has a bracket that is never closed"
    if names.count("sku") != 1 or names.count("position") > 1 or names.count("shot") > 1:
        return "needs {sku} once, and {position} and {shot} at most once"
    return "has more than one {any}" if names.count("any") > 1 else None


def read(name: str, rules: Iterable[Rule]) -> Said:
    """What the first fitting rule reads out of this name."""
    text = _COPY.sub("", name_parts.stem(name)).strip()[:_LONGEST_NAME]
    for rule in rules:
        found = _compiled(rule.pattern).fullmatch(text)
        if found is None:
            continue
        said = found.groupdict()
        skus = _skus(str(said["sku"]).strip(), rule)
        if not skus:
            continue
        position = int(said["position"]) if said.get("position") else None
        if position == 0:
            continue
        return Said(skus, position, name_parts.shot_type(said.get("shot") or ""), rule.pattern)
    return Said()


def is_of_camera(name: str) -> bool:
    """Whether a camera or a program gives such names, again and again: `IMG_2041.jpg`, `Screenshot 3.png`."""
    return _CAMERA.fullmatch(name_parts.stem(name).strip()[:_LONGEST_NAME]) is not None


def _skus(text: str, rule: Rule) -> tuple[str, ...]:
    """The SKUs in a text: several are joined by `+` or `;`, where each part could be one."""
    parts = [part.strip() for part in re.split("[+;]", text)]
    if all(_may_be_sku(part, rule) for part in parts):
        return tuple(dict.fromkeys(parts))
    return (text,) if _may_be_sku(text, rule) else ()


def _may_be_sku(text: str, rule: Rule) -> bool:
    if not text:
        return False
    return not rule.needs_digit or (any(sign.isdigit() for sign in text) and not _CAMERA.fullmatch(text))


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> re.Pattern[str]:
    out = []
    for name, bracket, literal, _ in _TOKEN.findall(pattern):
        if name:
            out.append(_PARTS[name])
        elif bracket:
            out.append("(?:" if bracket == "[" else ")?")
        else:
            out.append(re.escape(literal))
    return re.compile("".join(out), re.IGNORECASE | re.DOTALL)
