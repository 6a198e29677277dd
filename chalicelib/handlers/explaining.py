"""Why somebody may or may not."""

from typing import Any

from chalicelib.domain.access import Right
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.handlers import people_shapes as shapes, schemas
from chalicelib.handlers.http import Api, Call, Needs
from chalicelib.services import viewing
from chalicelib.services.signing import Eyes
from chalicelib.services.viewing import Question

api = Api(__name__)


class ExplainIn(schemas.Closed):
    """One of role, member and key; one of asset and collection."""

    right: Right
    role_id: schemas.Id | None = None
    member_id: schemas.Id | None = None
    key_id: schemas.Id | None = None
    asset_id: schemas.Id | None = None
    collection_id: schemas.Id | None = None


@api.post(
    "/v1/access/explain",
    needs=Needs("library", Right.MANAGE),
    takes=ExplainIn,
    gives=shapes.Explanation,
    refuses=(NotFound,),
)
def explain_access(call: Call) -> dict[str, Any]:
    """Whether a role, a member or a key has a right on an asset or a collection, and the rules that decided."""
    asked = call.read_body(ExplainIn)
    who = {kind: getattr(asked, f"{kind}_id") for kind in ("role", "member", "key")}
    named = [Eyes(kind, identifier) for kind, identifier in who.items() if identifier]
    if len(named) != 1:
        raise InvalidInput(
            "Ask of one: a role, a member or a key.", fields={"role_id": "name exactly one of the three"}
        )
    if (asked.asset_id is None) == (asked.collection_id is None):
        raise InvalidInput("Ask of an asset or of a collection.", fields={"asset_id": "name exactly one of the two"})
    allowed, because = viewing.why(
        call.ctx, call.caller, Question(named[0], asked.right, asked.asset_id, asked.collection_id)
    )  # fmt: skip
    rules = [
        {"rule": one.rule, "role_id": one.role_id, "collection_id": one.collection_id, "right": one.right}
        for one in because
    ]
    return {"allowed": allowed, "because": rules}
