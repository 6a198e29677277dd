"""What a route declares: who may call it, what it takes and gives. The API's document is made from nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Required, TypedDict

from pydantic import BaseModel

from chalicelib import errors
from chalicelib.domain.access import Right

Shape = type[BaseModel]


@dataclass(frozen=True)
class Needs:
    """Who may call a route: everybody, anybody known, or holders of a right on the thing in the path.

    `or_trashed`: a collection in the trash is found too.
    """

    on: Literal["public", "known", "library", "asset", "collection"]
    right: Right | None = None
    or_trashed: bool = False

    @property
    def resource_parameter(self) -> str | None:
        """The path parameter that names the thing, if any."""
        return f"{self.on}_id" if self.on in ("asset", "collection") else None


PUBLIC, KNOWN = Needs("public"), Needs("known")


class Declared(TypedDict, total=False):
    """The keywords of a route. `needs` and `gives` cannot be left out."""

    needs: Required[Needs]
    gives: Required[Shape | None]
    """The body of success; None is an empty one."""
    status: int
    """The status of success: 200, or 204 when the body is empty."""
    redirects: bool
    """Success may also be a 302."""
    or_gives: Shape
    """Success may also be a 200 with this body, for a route whose `status` is another one."""
    query: Shape
    takes: Shape
    """The JSON body."""
    if_match: bool
    """It compares `If-Match` with the thing's etag."""
    for_shares: bool
    """Visitors of a share may call it though no thing of theirs is in the path; on their things they may anyway."""
    indexed: bool
    """A write that search will show: it answers with `Packshot-Token`."""
    refuses: tuple[type[errors.PackshotError], ...]
    """Refusals beyond those that follow from the rest (`refusals` in openapi.py)."""


@dataclass(frozen=True)
class Route:
    """One declared route."""

    method: str
    path: str
    name: str
    about: str
    """What it does, in words."""
    needs: Needs
    gives: Shape | None
    status: int
    redirects: bool = False
    or_gives: Shape | None = None
    query: Shape | None = None
    takes: Shape | None = None
    if_match: bool = False
    for_shares: bool = False
    indexed: bool = False
    refuses: tuple[type[errors.PackshotError], ...] = ()

    @property
    def operation_id(self) -> str:
        """Its stable name in the document: `get_asset` is `getAsset`."""
        first, *others = self.name.split("_")
        return first + "".join(one.capitalize() for one in others)


ROUTES: list[Route] = []
"""Every route of the product, in the order of declaration."""


def check_complete(declared: Declared) -> None:
    """Raise `TypeError` unless it is said who may call the route and what it gives."""
    missing = sorted(Declared.__required_keys__ - declared.keys())
    if missing:
        raise TypeError(f"A route must say what it {' and '.join(missing)}.")


def declare(method: str, path: str, name: str, about: str, declared: Declared) -> Route:
    """Add a route to the table."""
    given: Mapping[str, object] = {"status": 204 if declared["gives"] is None else 200, **declared}
    route = Route(method, path, name, about, **given)  # type: ignore[arg-type]
    ROUTES.append(route)
    return route
