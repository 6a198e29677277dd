"""Things and people for the matrices of rights: one of each kind of thing, and keys that may exactly so much."""

import secrets

from chalicelib.domain.access import ALL, Grant, Right
from chalicelib.domain.ids import AssetId, CollectionId
from chalicelib.domain.plans import Line, Plan, PlanState
from chalicelib.handlers.http import Route
from chalicelib.models import base, credentials, grants, members, plan_lines, plans, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.models.members import Member
from chalicelib.services import indexing, jobs, links, sessions, signing
from tests.builders import Shop, a_photo

CANARY = "canary-9f3b1c"
UNKNOWN = "3" * 26


def things(shop: Shop) -> dict[str, str]:
    """One of each thing that a path can name, by the name of its parameter; all of them the owner's."""
    shop.drop(f"{CANARY}/{CANARY}.jpg", a_photo(), title=CANARY, skus=CANARY)
    indexing.catch_up(shop.ctx, shop.workspace)
    homes = shop.call("GET", "/v1/collections").body["items"]
    home = next(one["id"] for one in homes if one["path"] == CANARY)
    asset = shop.assets(collection_id=home)[0]["id"]
    return {
        "asset_id": asset,
        "approval_id": an_approval(shop, asset),
        "collection_id": home,
        "number": "1",
        "duplicate_id": a_duplicate(shop, asset),
        "comment_id": a_comment(shop, asset),
        "upload_id": shop.call("POST", "/v1/uploads", {"file_name": f"{CANARY}.jpg", "size_bytes": 9}).body["id"],
        "ingest_id": shop.call("GET", "/v1/ingest").body["items"][0]["id"],
        "key_id": shop.call("POST", "/v1/keys", {"name": CANARY}).body["id"],
        "session_id": a_session(shop),
        "role_id": shop.call("POST", "/v1/roles", {"name": CANARY}).body["id"],
        "member_id": shop.call("POST", "/v1/members", {"name": CANARY, "email": f"{CANARY}@shop.test"}).body["id"],
        "preset_id": shop.call("POST", "/v1/presets", {"name": CANARY, "width_px": 64, "height_px": 64}).body["id"],
        "share_id": shop.call(
            "POST", "/v1/shares", {"target": {"collection_id": home}, "switches": {"view": True}}
        ).body["id"],
        "search_id": shop.call("POST", "/v1/searches", {"name": CANARY, "q": CANARY}).body["id"],
        "connection_id": a_connection(shop, CANARY),
        "plan_id": (plan := a_plan(shop)),
        "line_id": next(iter(plan_lines.every(shop.workspace, plan))).id,
        "sku": CANARY,
        "job_id": jobs.start(shop.ctx, shop.workspace, "member:owner", "none", {}),
    }


def a_connection(shop: Shop, name: str = "Drive") -> str:
    """The id of a connection to Drive with made-up credentials."""
    credentials = {"refresh_token": "made-up", "client_id": "made-up", "client_secret": "made-up"}
    asked = {"kind": "drive", "name": name, "settings": {"folder_ids": ["folder-1"]}, "credentials": credentials}
    return str(shop.call("POST", "/v1/connections", asked).body["id"])


def a_duplicate(shop: Shop, asset_id: str) -> str:
    """The id of a pair of this asset and one of the owner's that looks like it."""
    shop.drop(f"{CANARY}/copy.png", a_photo(kind="PNG"))
    indexing.catch_up(shop.ctx, shop.workspace)
    pairs = shop.call("GET", "/v1/duplicates").body["items"]
    return str(next(one["id"] for one in pairs if asset_id in {each["id"] for each in one["assets"]}))


def a_store(shop: Shop) -> str:
    """The id of a connection to a store that nobody reaches."""
    asked = {
        "kind": "shopify", "name": "Store", "settings": {"shop": "nowhere.myshopify.com"},
        "credentials": {"access_token": "made-up"},
    }  # fmt: skip
    return str(shop.call("POST", "/v1/connections", asked).body["id"])


def a_plan(shop: Shop, state: PlanState = "ready") -> str:
    """The id of a plan of a store that nobody reaches, with one line."""
    plan = Plan(shop.ctx.new_id(), a_store(shop), state, "member:owner", shop.ctx.now())
    line = Line(f"line-{plan.id}", "unmatched", "an-asset", because="The shop has no such SKU.")
    base.transact([plans.add(shop.workspace, plan), plan_lines.put(shop.workspace, plan.id, line)])
    return plan.id


def an_approval(shop: Shop, asset_id: str) -> str:
    """The id of a request of the owner to itself."""
    owner = credentials.find(shop.key.split("_")[1])
    assert owner is not None
    asked = {"items": [{"asset_id": asset_id}], "approver_ids": [owner.member_id], "note": CANARY}
    return str(shop.call("POST", "/v1/approvals", asked).body["id"])


def a_comment(shop: Shop, asset_id: str) -> str:
    """The id of a comment of the owner."""
    return str(shop.call("POST", f"/v1/assets/{asset_id}/comments", {"version": 1, "body": CANARY}).body["id"])


def a_session(shop: Shop) -> str:
    """The id of a session of the owner."""
    owner, token = (credentials.find(shop.key.split("_")[1])), secrets.token_urlsafe(32)
    assert owner is not None
    links.issue_at_start(shop.ctx, shop.workspace, owner.member_id, token)
    return signing.token_hash(shop.ctx, sessions.sign_in(shop.ctx, token))


def at(route: Route, named: dict[str, str]) -> str:
    """The route's path with these ids; a kind of thing that `things` does not make yet is an error."""
    path = route.path
    for name, identifier in named.items():
        path = path.replace(f"{{{name}}}", identifier)
    assert "{" not in path, f"{route.path}: make one in tests/principals.py: things"
    return path


def body_for(route: Route) -> dict[str, str] | None:
    """A body that can be read, so that only rights decide."""
    return {} if route.method in ("POST", "PUT", "PATCH") else None


def a_key(shop: Shop, *given: Grant, limits: dict[str, list[str]] | None = None) -> str:
    """A key of a new member without roles, who has these grants and nothing else."""
    ctx, member = shop.ctx, shop.ctx.new_id()
    prefix = secrets.token_hex(5)
    key = f"ps_{prefix}_{secrets.token_urlsafe(32)}"
    kept = Credential(
        prefix, shop.workspace, "key", signing.key_hash(ctx, key), "test", member, ctx.now(),
        **{name: tuple(value) for name, value in (limits or {}).items()},
    )  # fmt: skip
    writes = [
        members.add(shop.workspace, Member(member, f"{prefix}@shop.test", "Somebody", (), ctx.now())),
        credentials.add(kept),
        workspaces.raise_epoch(shop.workspace),
        *(grants.put(shop.workspace, f"member#{member}", grant) for grant in given),
    ]
    base.transact(writes)
    return key


def all_but(right: Right) -> Grant:
    """Everything everywhere except one right, with what its denial takes along."""
    return Grant(allow=ALL, deny=right.bit)


def blind_to(named: dict[str, str], kind: str) -> tuple[Grant, ...]:
    """Everything everywhere, except that one thing does not exist."""
    if kind == "asset":
        return (Grant(allow=ALL), Grant(asset_id=AssetId(named["asset_id"]), deny=Right.SEE.bit))
    return (Grant(allow=ALL), Grant(collection_id=CollectionId(named["collection_id"]), deny=Right.SEE.bit))
