"""API keys: list, make, rotate, revoke. The key itself is shown once, by the answer that makes it."""

from typing import Any

from pydantic import Field

from chalicelib.domain.access import Right
from chalicelib.handlers import schemas, shapes
from chalicelib.handlers.http import Answer, Api, Call, Needs
from chalicelib.services import keys
from chalicelib.services.keys import Key, KeyRequest

api = Api(__name__)
_MANAGES = Needs("library", Right.MANAGE)


class KeyIn(schemas.Closed):
    """A new key. `rights` and `collection_ids` limit what the roles allow, without roles what the maker may."""

    name: schemas.Line
    role_ids: list[schemas.Id] | None = Field(None, min_length=1, max_length=20)
    rights: list[Right] | None = Field(None, min_length=1, max_length=len(Right))
    collection_ids: list[schemas.Id] | None = Field(None, min_length=1, max_length=100)
    expires_at: schemas.Moment | None = None


class RotateIn(schemas.Closed):
    """For how long the former secret still counts."""

    overlap_s: int = Field(0, ge=0, le=30 * 24 * 3600)


@api.get("/v1/keys", needs=_MANAGES, query=schemas.PageQuery, gives=shapes.Keys)
def list_keys(call: Call) -> dict[str, Any]:
    """All keys, without their secrets."""
    query = call.read_query(schemas.PageQuery)
    page = schemas.page_of(call, "keys", query, lambda after: keys.listed(call.caller, limit=query.limit, after=after))
    return {"items": [_out(one) for one in page.items], "next": page.next}


@api.get("/v1/keys/{key_id}", needs=_MANAGES, gives=shapes.Key)
def get_key(call: Call) -> dict[str, Any]:
    """One key, without its secret."""
    return _out(keys.load(call.caller, call.path["key_id"]))


@api.post("/v1/keys", needs=_MANAGES, takes=KeyIn, gives=shapes.NewKey, status=201)
def make_key(call: Call) -> Answer:
    """Make a key."""
    asked = KeyRequest(**{name: _plain(value) for name, value in call.read_body(KeyIn)})
    key, secret = keys.make(call.ctx, call.caller, asked, call.seed)
    return Answer({**_out(key), "key": secret}, holds_secret=True)


@api.post("/v1/keys/{key_id}/rotate", needs=_MANAGES, takes=RotateIn, gives=shapes.NewKey)
def rotate_key(call: Call) -> Answer:
    """Give the key another secret; the former one counts for `overlap_s` more."""
    known = keys.load(call.caller, call.path["key_id"])
    overlap_s = call.read_body(RotateIn).overlap_s
    key, secret = keys.rotate(call.ctx, call.caller, known, overlap_s, call.seed)
    return Answer({**_out(key), "key": secret}, holds_secret=True)


@api.delete("/v1/keys/{key_id}", needs=_MANAGES, gives=None)
def revoke_key(call: Call) -> None:
    """Revoke the key: it is refused from the next request on."""
    keys.revoke(call.ctx, call.caller, keys.load(call.caller, call.path["key_id"]))


def _plain(value: Any) -> Any:
    return tuple(str(one) for one in value) if isinstance(value, list) else value


def _out(key: Key) -> dict[str, Any]:
    return {
        "id": key.id,
        "prefix": f"ps_{key.id}",
        "name": key.name,
        "role_ids": _list(key.role_ids),
        "rights": _list(key.rights),
        "collection_ids": _list(key.collection_ids),
        "created_by": key.member_id,
        "created_at": schemas.when(key.created_at),
        "expires_at": schemas.when(key.expires_at),
        "last_used_at": schemas.when(key.last_used_at),
    }


def _list(value: tuple[str, ...] | None) -> list[str] | None:
    return None if value is None else list(value)
