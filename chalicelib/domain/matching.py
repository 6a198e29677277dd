"""Which SKU of a shop a picture shows, by what people said of it and else by its name. Pure; never a guess.

The whole name comes first: as it is written, then folded, then without regard to separators. Else the longest SKU that
ends at a separator counts, and only that one: where what follows it is no known suffix, a person looks at it, and a
shorter SKU is never tried. So `TEE-1-BLUE` is no picture of `TEE-1`, and `TEE-12` none of `TEE-1`.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.domain.name_parts import Suffix, loosened, read_suffix, squashed, stem, strict

Kind = Literal["match", "review", "ambiguous", "none"]
SHORTEST = 3
"""SKUs of fewer signs match whole names only."""
_SIGNS = re.compile(r"[+;]")


@dataclass(frozen=True)
class Options:
    """What a connection switched on."""

    by_folder: bool = False
    by_style: bool = False
    """`STYLE~.jpg` shows every SKU that begins with `STYLE-`."""


@dataclass(frozen=True)
class Match:
    """The answer: for `review` and `ambiguous`, `skus` are what it might be. Sorted."""

    kind: Kind
    skus: tuple[str, ...] = ()
    position: int | None = None
    shot_type: str | None = None
    because: str = ""


@dataclass(frozen=True)
class Catalogue:
    """The SKUs of a shop under their keys; the order in which they came changes nothing."""

    exact: frozenset[str]
    strict: dict[str, tuple[str, ...]]
    loose: dict[str, tuple[str, ...]]
    squashed: dict[str, tuple[str, ...]]
    ordered: tuple[str, ...] = field(repr=False)
    """Loose keys, sorted: for styles."""

    @classmethod
    def of(cls, skus: Iterable[str]) -> "Catalogue":
        """The catalogue of these SKUs; empty ones are ignored."""
        exact = frozenset(one for one in skus if one.strip())
        by_strict: dict[str, list[str]] = {}
        by_loose: dict[str, list[str]] = {}
        by_squashed: dict[str, list[str]] = {}
        for sku in sorted(exact):
            key = strict(sku)
            wide = loosened(key)
            by_strict.setdefault(key, []).append(sku)
            by_loose.setdefault(wide, []).append(sku)
            by_squashed.setdefault(squashed(wide), []).append(sku)
        for odd in (by_loose, by_squashed):
            odd.pop("", None)
        return cls(exact, _frozen(by_strict), _frozen(by_loose), _frozen(by_squashed), tuple(sorted(by_loose)))

    def whole(self, text: str) -> tuple[str, ...]:
        """The SKUs that this text is, on the first level that has any: one is sure, more are ambiguous."""
        if text in self.exact:
            return (text,)
        key = strict(text)
        return self.strict.get(key) or self.loose.get(loosened(key)) or ()


def match(
    catalogue: Catalogue, name: str, *, said: Sequence[str] = (), folders: Sequence[str] = (),
    options: Options = Options(),
) -> Match:  # fmt: skip
    """The SKU of one picture.

    `said` are SKUs that people gave it: they decide, and the name is not consulted behind their backs. `folders` are
    those it lies in, nearest first.
    """
    text = stem(name)
    if said:
        return _by_field(catalogue, text, said)
    found = _by_name(catalogue, text, options)
    if options.by_folder and (found.kind == "none" or found.because == _LOOKS_LIKE):
        return _by_folder(catalogue, text, folders) or found
    return found


_LOOKS_LIKE = "The name is like a SKU but not the same. Rename it, or say which SKU it shows."


def _by_field(catalogue: Catalogue, text: str, said: Sequence[str]) -> Match:
    found = [catalogue.whole(one) for one in said]
    unknown = [one for one, skus in zip(said, found, strict=True) if not skus]
    every = tuple(sorted({sku for skus in found for sku in skus}))
    if unknown:
        because = f"The shop has no SKU {', '.join(unknown)}."
        return Match("review" if every else "none", every, because=because)
    if any(len(skus) > 1 for skus in found):
        return Match("ambiguous", every, because="Several SKUs of the shop differ only in case or separators.")
    suffix = _rest(text, every) or Suffix()
    return Match("match", every, suffix.position, suffix.shot_type, "Its SKU field says so.")


def _rest(text: str, skus: Sequence[str]) -> Suffix | None:
    """What the name says beside these SKUs."""
    key = loosened(strict(text))
    for sku in sorted(skus, key=len, reverse=True):
        head = loosened(strict(sku))
        if key == head:
            return Suffix()
        if key.startswith(head + "-"):
            return read_suffix(key[len(head) + 1 :].split("-"))
    return read_suffix(key.split("-"))


def _by_name(catalogue: Catalogue, text: str, options: Options) -> Match:
    if text in catalogue.exact:
        return Match("match", (text,), because="The name is the SKU.")
    key = strict(text)
    wide = loosened(key)
    if whole := catalogue.strict.get(key) or catalogue.loose.get(wide):
        return _one_of(whole, Suffix(), "The name is the SKU.")
    has_sign = "+" in wide or ";" in wide
    longest = _longest(catalogue, text, wide)
    if longest and not (has_sign and not any(_SIGNS.search(sku) for sku in longest[0])):
        return _with_rest(*longest)
    if has_sign:
        return _several(catalogue, text)
    if options.by_style and text.endswith("~") and (styled := _style(catalogue, wide)):
        return Match("match", styled, because="The name is a style.")
    if near := catalogue.squashed.get(squashed(wide)):
        return Match("review", near, because=_LOOKS_LIKE)
    return Match("none", because="No SKU of the shop is at the beginning of the name.")


def _longest(catalogue: Catalogue, text: str, wide: str) -> tuple[tuple[str, ...], str] | None:
    """The SKUs under the longest beginning that ends at a separator, and what follows it."""
    end = wide.rfind("-")
    while end > 0:
        head = wide[:end]
        skus = catalogue.loose.get(head)
        if skus and (long := tuple(one for one in skus if len(one) >= SHORTEST)):
            return (long if len(long) == 1 else _as_written(text, head, long)), wide[end + 1 :]
        end = wide.rfind("-", 0, end)
    return None


def _as_written(text: str, head: str, skus: tuple[str, ...]) -> tuple[str, ...]:
    """Of SKUs that only separators or case tell apart, the one that is written so; else all of them."""
    beginnings = [text[:end] for end in range(1, len(text) + 1) if loosened(strict(text[:end])) == head]
    exact = tuple(one for one in skus if one in beginnings)
    folded = {strict(one) for one in beginnings}
    return exact or tuple(one for one in skus if strict(one) in folded) or skus


def _with_rest(skus: tuple[str, ...], rest: str) -> Match:
    suffix = read_suffix(rest.split("-"))
    if suffix is None:
        return Match("review", skus, because=f"“{rest}” after {' or '.join(skus)} is no position or shot type we know.")
    return _one_of(skus, suffix, "The name begins with the SKU.")


def _one_of(skus: tuple[str, ...], suffix: Suffix, because: str) -> Match:
    if len(skus) > 1:
        because = "Several SKUs of the shop differ only in case or separators."
        return Match("ambiguous", skus, suffix.position, suffix.shot_type, because)
    return Match("match", skus, suffix.position, suffix.shot_type, because)


def _several(catalogue: Catalogue, text: str) -> Match:
    """`A+B_2`: all must be SKUs; only the last has a suffix."""
    *firsts, last = _SIGNS.split(text)
    found = [catalogue.whole(one) for one in firsts]
    end = _by_name(catalogue, last, Options()) if last.strip() else Match("none")
    skus = tuple(sorted({sku for each in (*found, end.skus) for sku in each}))
    if end.kind == "match" and all(len(each) == 1 for each in found):
        return Match("match", skus, end.position, end.shot_type, "The name joins several SKUs.")
    return Match("review" if skus else "none", skus, because="Not every part of the name is one SKU of the shop.")


def _style(catalogue: Catalogue, wide: str) -> tuple[str, ...]:
    return tuple(sorted(sku for key in _beginning_with(catalogue, wide + "-") for sku in catalogue.loose[key]))


def _beginning_with(catalogue: Catalogue, prefix: str) -> Iterator[str]:
    at = bisect_left(catalogue.ordered, prefix)
    while at < len(catalogue.ordered) and catalogue.ordered[at].startswith(prefix):
        yield catalogue.ordered[at]
        at += 1


def _by_folder(catalogue: Catalogue, text: str, folders: Sequence[str]) -> Match | None:
    for folder in folders:
        if skus := catalogue.whole(folder):
            suffix = read_suffix(loosened(strict(text)).split("-")) or Suffix()
            return _one_of(skus, suffix, f"It lies in the folder {folder}.")
    return None


def _frozen(keys: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(skus) for key, skus in keys.items()}
