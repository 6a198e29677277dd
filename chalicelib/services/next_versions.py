"""Which asset a file about to be sent could be the next version of, told by its name before anything is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain import naming as rules_of_naming
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.documents import exact
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.domain.naming import Rule
from chalicelib.domain.queries import All, Ask, Node, Term, Text
from chalicelib.domain.tokens import chunks
from chalicelib.models import assets
from chalicelib.ports.context import Context
from chalicelib.services import access, folders, indexing, naming, search
from chalicelib.services.signing import Caller

_LOOKED_AT = 20
"""Assets that are looked at for a name: those whose names hold the same words are few."""


@dataclass(frozen=True)
class File:
    """A file about to be sent: its name, and the path of its folder where that becomes a collection."""

    name: str
    folder: str = ""


@dataclass(frozen=True)
class Likely:
    """The asset that a file could be a new version of.

    `by`: the file's name is the asset's, where the file goes or elsewhere; or it says the same SKU, position and shot.
    `is_sure`: it is the only asset of this name where the file goes, and the name is none that a camera gives; who
    does not ask a person makes a new version of a sure one only, and a new asset of every other.
    """

    asset: Asset
    by: Literal["name", "name_elsewhere", "sku"]
    is_sure: bool


def likely(ctx: Context, caller: Caller, files: Sequence[File], collection_id: str | None) -> list[Likely | None]:
    """For each file the asset it could be a new version of, None where there is none; in the order of the files.

    Only live assets that the caller may see and send versions of. Names are compared folded, as a search does. A file
    with a folder of its own is compared by name with that folder's assets only; so is a camera's name everywhere.
    An asset of less than a second ago may be missed.

    Raises:
        NotFound, NotAllowed: the collection is not there for this caller, or not to upload to.
    """
    home = access.collection(caller, collection_id or "root", Right.UPLOAD).id
    rules = naming.rules_of(caller.workspace)
    places = {folder: _place(caller, folder) if folder else home for folder in {one.folder for one in files}}
    seen = search.sight(ctx, caller)

    def found(asked: Node) -> list[Asset]:
        return _found(ctx, caller, Ask(
            All((asked, search.live(caller))), seen.sight, sort="-uploaded", limit=_LOOKED_AT, at_least=seen.at_least
        ))  # fmt: skip

    return [_likely(found, rules, one, places[one.folder]) for one in files]


def _likely(
    found: Callable[[Node], list[Asset]], rules: Sequence[Rule], file: File, place: CollectionId | None
) -> Likely | None:
    is_of_camera = rules_of_naming.is_of_camera(file.name)
    words = tuple(part for parts in chunks(file.name) for part in parts)
    same = found(Text(words, "name", is_phrase=True)) if words else []
    same = [one for one in same if exact(one.fields.name) == exact(file.name)]
    here = [one for one in same if place in one.collection_ids]
    if here:
        return Likely(here[0], "name", is_sure=len(here) == 1 and not is_of_camera)
    if same and not file.folder and not is_of_camera:
        return Likely(same[0], "name_elsewhere", is_sure=False)
    said = rules_of_naming.read(file.name, rules)
    shots = found(Term("sku", tuple(exact(sku) for sku in said.skus))) if said.skus else []
    alike = [one for one in shots if (one.fields.position, one.fields.shot_type) == (said.position, said.shot_type)]
    return Likely(alike[0], "sku", is_sure=False) if len(alike) == 1 else None


def _place(caller: Caller, folder: str) -> CollectionId | None:
    """The collection that an uploaded folder has become, None when the caller knows of none."""
    place = folders.known(caller.workspace, "upload", tuple(filter(None, folder.split("/"))))
    return place if place in caller.collections_seen else None


def _found(ctx: Context, caller: Caller, ask: Ask) -> list[Asset]:
    """Of what the index answers, the assets of which the caller may send versions, in that order."""
    with indexing.rebuilt_if_damaged(ctx, caller.workspace):
        ids = [AssetId(str(card["id"])) for card in ctx.search.find(caller.workspace, ask).cards]
    rows = {one.id: one for one in assets.get_many(caller.workspace, ids)} if ids else {}
    now, both = ctx.now(), Right.VIEW.bit | Right.UPLOAD.bit
    known = (rows[one] for one in ids if one in rows)
    return [one for one in known if one.state == "live" and caller.rights_on(one, now) & both == both]
