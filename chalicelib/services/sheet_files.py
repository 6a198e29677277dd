"""Which assets the rows of a sheet mean: by id, or by the name of a file, perhaps with its collection before it.

Only what the caller may see is found. A name that two files have is never guessed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain import names
from chalicelib.domain.assets import Asset, settled
from chalicelib.domain.cards import asset_of
from chalicelib.domain.ids import AssetId
from chalicelib.domain.queries import All, AnyOf, Ask, Node, Term, Text
from chalicelib.domain.sheets import Row
from chalicelib.domain.tokens import chunks
from chalicelib.models import assets
from chalicelib.ports.context import Context
from chalicelib.services import search
from chalicelib.services.signing import Caller

_AT_ONCE, _MOST_HITS, _NAMED = 25, 1_000, 3
_SAY_WHICH = "Write the collection before the name, or use asset_id."
_UNKNOWN = ("unknown_file", "No file that you may see is called this.")


@dataclass(frozen=True)
class Found:
    """The asset, or a code and words for why there is none."""

    asset: Asset | None = None
    trouble: tuple[str, str] = _UNKNOWN


def find(ctx: Context, caller: Caller, files: Sequence[Sequence[Row]]) -> list[Found]:
    """The asset of each file, as it is now."""
    named = [_named(rows[0]) for rows in files]
    hits = _hits(ctx, caller, [one for one in named if one is not None])
    found = [_chosen(caller, rows[0], name, hits) for rows, name in zip(files, named, strict=True)]
    there = {
        one.id: settled(one, caller.tree)
        for one in assets.get_many(caller.workspace, list(dict.fromkeys(one for one in found if isinstance(one, str))))
    }
    return [
        Found(there[AssetId(one)]) if isinstance(one, str) and AssetId(one) in there
        else Found() if isinstance(one, str) else Found(trouble=one)
        for one in found
    ]  # fmt: skip


@dataclass(frozen=True)
class _Name:
    """A name as a row has it: of the file, and of the collections before it, both folded."""

    file: str
    path: str
    written: str


def _named(row: Row) -> _Name | None:
    if "asset_id" in row.told:
        return None
    path, _, file = row.told["file"].replace("\\", "/").strip("/").rpartition("/")
    return _Name(names.fold(file), names.fold(path), names.tidy(file))


def _chosen(
    caller: Caller, row: Row, name: _Name | None, hits: dict[_Name, list[Asset] | None]
) -> AssetId | tuple[str, str]:
    """The id of the one asset that is meant, or why there is none."""
    if name is None:
        return AssetId(row.told["asset_id"])
    found = hits.get(name, [])
    if found is None:
        return (
            "ambiguous_file",
            "Very many files are called this. " + _SAY_WHICH,
        )
    found = [one for one in found if not name.path or any(_ends(path, name.path) for path in _paths(caller, one))]
    exact = [one for one in found if names.tidy(one.fields.name) == name.written]
    found = exact or found
    if len(found) > 1:
        listed = " and ".join(f"“{next(iter(_paths(caller, one)), '') or '/'}”" for one in found[:_NAMED])
        more = " and elsewhere" if len(found) > _NAMED else ""
        return "ambiguous_file", (f"{len(found)} files are called this: in {listed}{more}. {_SAY_WHICH}")
    return AssetId(found[0].id) if found else _UNKNOWN


def _paths(caller: Caller, asset: Asset) -> list[str]:
    return [caller.path(one) for one in asset.collection_ids if one in caller.collections_seen]


def _ends(path: str, with_: str) -> bool:
    return f"/{names.fold(path)}".endswith(f"/{with_}")


def _hits(ctx: Context, caller: Caller, wanted: Iterable[_Name]) -> dict[_Name, list[Asset] | None]:
    """By name the live assets that are called so; None where they are too many to tell apart."""
    asked = {one: words for one in wanted if (words := _words(one))}
    found: dict[_Name, list[Asset] | None] = {}
    every = list(asked)
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        hits = _ask(ctx, caller, AnyOf(tuple(asked[one] for one in some)))
        for one in some:
            mine = hits if hits is not None else _ask(ctx, caller, _closer(caller, one, asked[one]))
            found[one] = None if mine is None else [each for each in mine if names.fold(each.fields.name) == one.file]
    return found


def _words(one: _Name) -> Node | None:
    """The name as it is written, and folded: capitals within a word tell two words apart."""
    every = {tuple(part for parts in chunks(text) for part in parts) for text in (one.written, one.file)}
    return AnyOf(tuple(Text(words, "name", is_phrase=True) for words in sorted(every) if words)) if any(every) else None


def _closer(caller: Caller, one: _Name, words: Node) -> Node:
    places = [
        each for each in caller.collections_seen if one.path and _ends(caller.path(each), one.path)
    ]  # fmt: skip
    return All((words, Term("collection", tuple(map(str, places))))) if places else words


def _ask(ctx: Context, caller: Caller, asked: Node) -> list[Asset] | None:
    seen = search.sight(ctx, caller)
    ask = Ask(
        All((search.live(caller), asked)), seen.sight, sort="name", limit=_MOST_HITS, at_least=seen.at_least
    )  # fmt: skip
    found = ctx.search.find(caller.workspace, ask)
    return None if found.total > _MOST_HITS else [asset_of(one) for one in found.cards]
