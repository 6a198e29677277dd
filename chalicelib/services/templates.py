"""Templates: collections that a new workspace can begin with. Applying one again adds only what is missing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.domain import names
from chalicelib.domain.access import Right
from chalicelib.domain.collections import Collection, Policy
from chalicelib.domain.ids import ROOT, CollectionId
from chalicelib.errors import Conflict
from chalicelib.ports.context import Context
from chalicelib.services import access, collections, presets
from chalicelib.services.signing import Caller

_TRIES = 3


_PLAIN, _PENDING, _BLOCKING = Policy(), Policy(uploads="pending"), Policy(unapproved="block")


@dataclass(frozen=True)
class Place:
    """A collection of a template."""

    path: tuple[str, ...]
    policy: Policy = _PLAIN


TEMPLATES: Mapping[str, tuple[Place, ...]] = {
    "ecommerce": (
        Place(("Products",)),
        Place(("Pending approval",), _PENDING),
        Place(("Approved",), _BLOCKING),
        Place(("Instagram",)),
        Place(("Instagram", "Stories")),
        Place(("Instagram", "Vertical video")),
        Place(("Instagram", "IGTV")),
        Place(("Instagram", "Posts")),
        Place(("Instagram", "Saved story avatars")),
        Place(("Newsletter",)),
        Place(("Brand guidelines",)),
        Place(("Archive",)),
    )
}
"""Templates by name; parents before children."""


def apply(ctx: Context, caller: Caller, name: str, renewed: Callable[[], Caller]) -> tuple[list[Collection], str]:
    """Make what is missing of the template, its channels too; its collections and the token of the last write.

    `renewed` gives the caller as of now.

    A collection that is there by this name stays as it is. A crash leaves a part; the same again makes the rest.
    """
    found: dict[tuple[str, ...], Collection] = {}
    token = ""
    for place in TEMPLATES[name]:
        parent = found[place.path[:-1]].id if len(place.path) > 1 else ROOT
        caller, found[place.path], made = _there(ctx, caller, parent, place, renewed)
        token = made or token
    presets.add_channels(ctx, caller)
    return list(found.values()), token


def _there(
    ctx: Context, caller: Caller, parent: CollectionId, place: Place, renewed: Callable[[], Caller]
) -> tuple[Caller, Collection, str]:
    for attempt in range(_TRIES):
        known = _child(caller, parent, place.path[-1])
        if known is not None:
            return caller, known, ""
        try:
            new, token = collections.make(ctx, caller, place.path[-1], parent, place.policy)
        except Conflict as problem:  # somebody made it at the same moment
            if problem.code != "name_taken" or attempt == _TRIES - 1:
                raise
            caller = renewed()
            continue
        return renewed(), new, token
    raise Conflict("Somebody changes the collections all the time. Try again.", code="lost_race")


def _child(caller: Caller, parent: CollectionId, name: str) -> Collection | None:
    here = [one for one in caller.tree.children(parent) if one.id in caller.tree.living]
    known = next((one for one in here if names.fold(one.name) == names.fold(name)), None)
    return access.collection(caller, known.id, Right.SEE) if known else None
