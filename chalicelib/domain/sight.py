"""Visual tags: what the model's classes are called in a shop, and which of them are sure enough to be said.

Only probabilities of classes are kept of a picture; words follow from them here, so that another vocabulary needs no
picture again. A word's score is the sum over the classes that have it, a group's over all below it.
"""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from chalicelib.domain.assets import Asset, Version
from chalicelib.domain.tokens import fold

SURE, SURE_GROUP, LIKELY = 0.6, 0.5, 0.2
"""From which score a word is shown as a tag, a group is, and either is looked for."""

SURE_LABEL = 0.8
"""From which confidence a label of an outside service is shown as a tag; all that are kept are looked for."""

MOST = 5
OWN = "own-tags"
"""The model of words that the shop itself has taught."""

_SOURCE = Path(__file__).with_name("sight.tsv")


@dataclass(frozen=True)
class Word:
    """What a class is called. `is_shown` False: it can be looked for, but is never shown as a tag."""

    name: str
    parent: str
    others: tuple[str, ...]
    is_shown: bool


@dataclass(frozen=True)
class Tag:
    """A word for what is seen; `others` are what people also call it. Confidence is 0 to 1, to two places."""

    name: str
    confidence: float
    level: Literal["sure", "likely"]
    others: tuple[str, ...]
    model: str


@functools.cache
def words() -> Mapping[int, Word]:
    """The word of each class that has one."""
    found: dict[int, Word] = {}
    for line in _SOURCE.read_text(encoding="utf-8").splitlines():
        if line.startswith(("#", "=")):
            continue
        classes, name, parent, others = line.split("|")
        first, _, last = classes.partition("-")
        if name != "-":
            word = Word(
                name, parent.rstrip("*"), tuple(one for one in others.split(",") if one), not parent.endswith("*")
            )
            found |= dict.fromkeys(range(int(first), int(last or first) + 1), word)
    return found


@functools.cache
def _others() -> Mapping[str, tuple[str, ...]]:
    return {word.name: word.others for word in reversed(list(words().values()))}


@functools.cache
def _groups() -> Mapping[str, bool]:
    """Each group, and whether any word of it is shown."""
    found: dict[str, bool] = {}
    for word in words().values():
        found[word.parent] = found.get(word.parent, False) or word.is_shown
    return found


@functools.cache
def _ours() -> Mapping[str, str]:
    """Our word or group for what others say, folded; one that they use in the singular too."""
    names = [*(word.name for word in words().values()), *_groups()]
    found = {fold(name.removesuffix(end)): name for end in ("s", "") for name in names}
    for line in _SOURCE.read_text(encoding="utf-8").splitlines():
        name, _, others = line.partition("|")
        found |= {fold(one): name[1:] for one in others.split(",")} if name.startswith("=") else {}
    return found


@functools.cache
def _is_shown(name: str) -> bool:
    """Whether one of our words or groups may be shown as a tag; what is none of ours may."""
    said = next((word.is_shown for word in words().values() if word.name == name), None)
    return _groups().get(name, True) if said is None else said


def others_of(name: str) -> tuple[str, ...]:
    """What people also call a word that is seen."""
    return _others().get(name, ())


@functools.cache
def vocabulary_version() -> str:
    """Twelve hexadecimal signs that change whenever the vocabulary does."""
    return hashlib.sha256(_SOURCE.read_bytes()).hexdigest()[:12]


def seen_in(asset: Asset, version: Version | None) -> tuple[Tag, ...]:
    """What is seen in a version, surest first: tags to show, and words that only a search uses.

    What was rejected for the asset, or is a keyword of it, is left out.
    """
    known = asset.seen.get(version.id) if version else None
    if not known:
        return ()
    closed = {fold(one) for one in (*asset.rejected_tags, *asset.fields.keywords)}
    own = [Tag(name, share, "sure", (), f"{OWN}/{known['learnt']['version']}") for name, share in learnt_in(known)]
    said = {fold(one.name) for one in own}
    every = [*own, *(one for one in _surest(_tags(known), _labels(known)) if fold(one.name) not in said)]
    ranked = sorted(every, key=lambda one: (-one.confidence, one.name))
    return tuple(one for one in ranked if fold(one.name) not in closed)


def learnt_in(known: Mapping[str, Any]) -> list[tuple[str, float]]:
    """Words that the shop has taught and that a picture is called by, each with its measured share right."""
    return [(str(name), float(share)) for name, share in (known.get("learnt") or {}).get("words", ())]


def shown(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """Those that are shown as tags: sure ones, at most five."""
    return tuple(one for one in tags if one.level == "sure")[:MOST]


def _surest(*sources: list[Tag]) -> list[Tag]:
    """Each word once, by whoever is surest of it."""
    found: dict[str, Tag] = {}
    for tag in (one for source in sources for one in source):
        before = found.get(fold(tag.name))
        if before is None or (tag.level, tag.confidence) > (before.level, before.confidence):
            found[fold(tag.name)] = tag
    return list(found.values())


def _labels(known: Mapping[str, Any]) -> list[Tag]:
    """What an outside service said, in our words where we have them and else in small letters."""
    told = known.get("labels") or {}
    found: list[Tag] = []
    for label, share, parents in told.get("words", ()):
        name = _ours().get(fold(label), str(label).lower())
        wider = (_ours().get(fold(one), fold(one)) for one in parents)
        is_sure = share >= SURE_LABEL and _is_shown(name) and all(_is_shown(one) for one in wider)
        found.append(Tag(name, float(share), "sure" if is_sure else "likely", others_of(name), str(told["model"])))
    return found


def _tags(known: Mapping[str, Any]) -> list[Tag]:
    scores: dict[str, float] = {}
    groups: dict[str, float] = {}
    named: dict[str, Word] = {}
    for place, chance in known.get("classes") or ():
        word = words().get(place)
        if word is not None:
            named.setdefault(word.name, word)
            scores[word.name] = scores.get(word.name, 0.0) + chance
            groups[word.parent] = groups.get(word.parent, 0.0) + chance
    showing = {word.parent for word in named.values() if word.is_shown}
    made = [
        _tag(name, score, SURE, named[name].is_shown, named[name].others, known)
        for name, score in scores.items()
        if score >= LIKELY
    ]
    made += [
        _tag(name, score, SURE_GROUP, name in showing, (), known)
        for name, score in groups.items()
        if score >= LIKELY and name not in scores
    ]
    return sorted(made, key=lambda one: (-one.confidence, one.name))


def _tag(
    name: str, score: float, sure: float, is_shown: bool, others: tuple[str, ...], known: Mapping[str, Any]
) -> Tag:
    level: Literal["sure", "likely"] = "sure" if is_shown and score >= sure else "likely"
    return Tag(name, round(min(score, 1.0), 2), level, others, f"{known.get('model')}/{known.get('model_version')}")
