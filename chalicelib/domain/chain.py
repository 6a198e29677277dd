"""The chain that makes a trail's past unchangeable unseen: each line is sealed together with all lines before it.

A line is the JSON of one entry with its seal; the seal is a keyed hash of the entry and the seal before. So a line that
is changed, left out, put in or moved breaks every later seal, and nobody without the key makes one that fits.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from chalicelib.domain.sealing import keyed_hash, matches

START = "start"
"""What stands for the seal before the first one."""
Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """Something that is not as it was sealed.

    `changed`, `missing`, `inserted`: an entry of the trail differs from the sealed file. `seal_broken`: the file itself
    was tampered with, from this entry on. `file_missing`: there is none.
    """

    kind: Literal["changed", "missing", "inserted", "seal_broken", "file_missing"]
    entry_id: str | None = None


def sealed(key: bytes, before: str, entries: Iterable[Plain]) -> tuple[bytes, str]:
    """The lines of these entries, and the last seal."""
    lines, seal = [], before
    for entry in entries:
        seal = keyed_hash(key, f"{seal}\n{_text(entry)}")
        lines.append(_text({**entry, "seal": seal}) + "\n")
    return "".join(lines).encode(), seal


def faults(key: bytes, before: str, after: str, file: bytes, entries: Sequence[Plain]) -> Iterator[Fault]:
    """How a sealed file and the entries of today differ from what was sealed between these two seals."""
    kept, broken = _read(key, before, after, file)
    if broken is not None:
        yield broken
    today = {str(one["id"]): _text(one) for one in entries}
    for identifier, text in kept.items():
        if identifier not in today:
            yield Fault("missing", identifier)
        elif today[identifier] != text:
            yield Fault("changed", identifier)
    yield from (Fault("inserted", one) for one in today if one not in kept)


def _read(key: bytes, before: str, after: str, file: bytes) -> tuple[dict[str, str], Fault | None]:
    """Entries of a file as text, and the first line whose seal does not fit."""
    kept: dict[str, str] = {}
    seal, broken = before, None
    for line in file.splitlines():
        try:
            entry = json.loads(line)
            given, identifier = str(entry.pop("seal")), str(entry["id"])
        except (ValueError, KeyError, TypeError, AttributeError):
            broken = broken or Fault("seal_broken")
            continue
        kept[identifier] = _text(entry)
        seal = keyed_hash(key, f"{seal}\n{kept[identifier]}")
        if broken is None and not matches(seal, given):
            broken = Fault("seal_broken", identifier)
        seal = given
    if broken is None and not matches(after, seal):
        broken = Fault("seal_broken")
    return kept, broken


def _text(entry: Plain) -> str:
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
