"""Every route that changes something leaves an audit entry, and so does every refusal of a change."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests

from app import app  # noqa: F401 declares the routes
from chalicelib.domain.connections import Question
from chalicelib.handlers.http import ROUTES, Route
from chalicelib.models import audit, base, connections
from chalicelib.models.audit import Entry
from chalicelib.services import jobs
from chalicelib.services.links import issue_at_start
from tests.builders import Reply, Shop, a_photo, call, deliver_all
from tests.handlers.people import somebody
from tests.principals import a_comment, a_connection, a_duplicate, a_plan, a_store, an_approval

CHANGING = [one for one in ROUTES if one.method != "GET"]
CHANGES_NOTHING = {
    "POST /v1/uploads/{upload_id}/parts": "signs addresses for what the upload's entry already names",
    "POST /v1/notices/read": "one's own marks on one's own notices",
    "POST /v1/naming/try": "reads names and keeps nothing",
    "POST /v1/uploads/try": "looks names up and keeps nothing",
    "POST /v1/hooks/shopify/{connection_id}": "notes what is to be read in a store, which an audited run then does",
    "POST /v1/access/explain": "a question that is too long for an address",
}
Act = Callable[[Shop], Reply]


def asset_of(shop: Shop) -> str:
    shop.drop("a.jpg", a_photo())
    return str(shop.assets(collection_id="root")[0]["id"])


def pair_of(shop: Shop) -> str:
    return a_duplicate(shop, asset_of(shop))


def decided_pair_of(shop: Shop) -> str:
    pair = pair_of(shop)
    shop.call("POST", f"/v1/duplicates/{pair}", {"decision": "keep_both"})
    return pair


def collection_of(shop: Shop, name: str = "Spring") -> str:
    return str(shop.call("POST", "/v1/collections", {"name": name}).body["id"])


def key_of(shop: Shop) -> str:
    return str(shop.call("POST", "/v1/keys", {"name": "x"}).body["id"])


def role_of(shop: Shop) -> str:
    return str(shop.call("POST", "/v1/roles", {"name": "x"}).body["id"])


def grants_for(shop: Shop) -> dict[str, Any]:
    return {"grants": [{"role_id": role_of(shop), "allow": ["view"]}]}


def colleague_of(shop: Shop) -> str:
    return str(shop.call("POST", "/v1/members", {"name": "x", "email": "x@shop.test"}).body["id"])


def upload_of(shop: Shop) -> str:
    begun = shop.call("POST", "/v1/uploads", {"file_name": "a.jpg", "size_bytes": len(a_photo())}).body
    part = begun["parts"][0]
    requests.put(part["url"], data=a_photo(), headers=part["headers"], timeout=10)
    return str(begun["id"])


def member_of(shop: Shop) -> str:
    entries = audit.day(shop.workspace, shop.ctx.now())
    return next(one.detail["member_id"] for one in entries if one.action == "workspace.founded" and one.detail)


def signed_in(shop: Shop) -> str:
    issue_at_start(shop.ctx, shop.workspace, member_of(shop), "t" * 43 + str(shop.workspace))
    reply = call("POST", "/v1/sessions", {"token": "t" * 43 + str(shop.workspace)})
    return str(reply.headers["set-cookie"]).partition(";")[0]


def job_of(shop: Shop) -> str:
    return jobs.start(shop.ctx, shop.workspace, f"key:{shop.key.split('_')[1]}", "nothing", {})


def asking(shop: Shop) -> str:
    """A connection that waits for a decision."""
    one = connections.get(shop.workspace, a_connection(shop))
    assert one is not None
    base.transact([connections.edit(one, replace(one, question=Question("which", "This or that?", ("this", "that"))))])
    return one.id


def quarantined(shop: Shop) -> str:
    shop.drop("empty.jpg", b"")
    return str(shop.call("GET", "/v1/ingest?state=quarantined").body["items"][0]["id"])


def search_of(shop: Shop) -> str:
    return str(shop.call("POST", "/v1/searches", {"name": "x", "q": ""}).body["id"])


def approval_of(shop: Shop) -> str:
    return an_approval(shop, asset_of(shop))


def comment_of(shop: Shop) -> str:
    return a_comment(shop, asset_of(shop))


def resolved(shop: Shop) -> str:
    one = comment_of(shop)
    shop.call("POST", f"/v1/comments/{one}/resolve", {"version": 1})
    return one


def decide(shop: Shop) -> Reply:
    asset = asset_of(shop)
    given = {"asset_id": asset, "decision": "approve"}
    return shop.call("POST", f"/v1/approvals/{an_approval(shop, asset)}/decisions", given)


def ask_approval(shop: Shop) -> Reply:
    asked = {"items": [{"asset_id": asset_of(shop)}], "approver_ids": [member_of(shop)]}
    return shop.call("POST", "/v1/approvals", asked)


def trashed(shop: Shop) -> str:
    asset = asset_of(shop)
    shop.call("DELETE", f"/v1/assets/{asset}")
    return asset


def archived(shop: Shop) -> str:
    asset = asset_of(shop)
    shop.call("POST", f"/v1/assets/{asset}/archive", {"reason": "r"})
    return asset


def trashed_collection(shop: Shop) -> str:
    one = collection_of(shop)
    shop.call("DELETE", f"/v1/collections/{one}")
    return one


def put(shop: Shop) -> Reply:
    return shop.call("PUT", f"/v1/collections/{collection_of(shop)}/assets/{asset_of(shop)}")


def take_out(shop: Shop) -> Reply:
    asset, home = asset_of(shop), collection_of(shop)
    shop.call("PUT", f"/v1/collections/{home}/assets/{asset}")
    return shop.call("DELETE", f"/v1/collections/{home}/assets/{asset}")


def sign_in(shop: Shop) -> Reply:
    issue_at_start(shop.ctx, shop.workspace, member_of(shop), "s" * 43 + str(shop.workspace))
    return call("POST", "/v1/sessions", {"token": "s" * 43 + str(shop.workspace)})


def ask_for_link(shop: Shop) -> Reply:
    address = f"{secrets.token_hex(6)}@shop.test"
    shop.call("POST", "/v1/members", {"name": "x", "email": address})
    reply = call("POST", "/v1/sign-in/links", {"email": address})
    deliver_all(shop.ctx)
    return reply


def preset_of(shop: Shop) -> str:
    return str(shop.call("POST", "/v1/presets", {"name": "x", "width_px": 64, "height_px": 64}).body["id"])


def share_of(shop: Shop) -> dict[str, Any]:
    wanted = {"target": {"asset_ids": [asset_of(shop)]}, "switches": {"view": True}}
    return dict(shop.call("POST", "/v1/shares", wanted).body)


def share_id_of(shop: Shop) -> str:
    return str(share_of(shop)["id"])


def open_share(shop: Shop) -> Reply:
    return call("POST", "/v1/share-sessions", {"token": share_of(shop)["token"]})


def import_sheet(shop: Shop) -> Reply:
    body = b"file,sku\na,b\n"
    upload_id = shop.call("POST", "/v1/uploads", {"file_name": "a.csv", "size_bytes": len(body)}).body["id"]
    shop.ctx.store.put("inbox", f"{shop.workspace}/_uploads/{upload_id}", body)
    return shop.call("POST", "/v1/metadata/import", {"upload_id": upload_id})


def undo(shop: Shop) -> Reply:
    asked = {"selection": {"ids": ["a"]}, "change": {"add_keywords": ["x"]}}
    job_id = shop.call("POST", "/v1/bulk", asked).body["job_id"]
    shop.call("POST", f"/v1/jobs/{job_id}/cancel")
    return shop.call("POST", f"/v1/jobs/{job_id}/undo")


def decide_line(shop: Shop) -> Reply:
    plan = a_plan(shop)
    return shop.call("PATCH", f"/v1/plans/{plan}/lines/line-{plan}", {"skip": True})


def on(method: str, path: str, thing: Callable[[Shop], str], body: Any = None) -> Act:
    return lambda shop: shop.call(method, path.format(thing(shop)), body)


ACTS: dict[str, tuple[Act, str]] = {
    "PATCH /v1/assets/{asset_id}": (on("PATCH", "/v1/assets/{}", asset_of, {"title": "x"}), "asset.edited"),
    "DELETE /v1/assets/{asset_id}": (on("DELETE", "/v1/assets/{}", asset_of), "asset.trashed"),
    "POST /v1/assets/{asset_id}/auto-tags": (
        on("POST", "/v1/assets/{}/auto-tags", asset_of, {"reject": ["shoe"]}), "asset.tags_judged"),
    "POST /v1/auto-tags": (
        lambda shop: shop.call("POST", "/v1/auto-tags", {"do": "forget"}), "job.started"),
    "POST /v1/duplicates/{duplicate_id}": (
        on("POST", "/v1/duplicates/{}", pair_of, {"decision": "ignore"}), "duplicate.ignore"),
    "POST /v1/duplicates/{duplicate_id}/reopen": (
        on("POST", "/v1/duplicates/{}/reopen", decided_pair_of), "duplicate.reopened"),
    "POST /v1/assets/{asset_id}/restore": (on("POST", "/v1/assets/{}/restore", trashed), "asset.restored"),
    "POST /v1/assets/{asset_id}/archive": (
        on("POST", "/v1/assets/{}/archive", asset_of, {"reason": "r"}), "asset.archived"),
    "POST /v1/assets/{asset_id}/unarchive": (on("POST", "/v1/assets/{}/unarchive", archived), "asset.unarchived"),
    "POST /v1/assets/{asset_id}/versions/{number}/approve": (
        on("POST", "/v1/assets/{}/versions/1/approve", asset_of), "version.approved"),
    "POST /v1/assets/{asset_id}/versions/{number}/reject": (
        on("POST", "/v1/assets/{}/versions/1/reject", asset_of, {"reason": "r"}), "version.rejected"),
    "POST /v1/assets/{asset_id}/versions/{number}/request-changes": (
        on("POST", "/v1/assets/{}/versions/1/request-changes", asset_of, {"note": "n"}), "version.changes_requested"),
    "POST /v1/approvals": (ask_approval, "approval.requested"),
    "POST /v1/approvals/{approval_id}/decisions": (decide, "approval.decided"),
    "POST /v1/approvals/{approval_id}/withdraw": (
        on("POST", "/v1/approvals/{}/withdraw", approval_of), "approval.withdrawn"),
    "POST /v1/assets/{asset_id}/comments": (
        on("POST", "/v1/assets/{}/comments", asset_of, {"version": 1, "body": "b"}), "comment.added"),
    "PATCH /v1/comments/{comment_id}": (on("PATCH", "/v1/comments/{}", comment_of, {"body": "c"}), "comment.edited"),
    "DELETE /v1/comments/{comment_id}": (on("DELETE", "/v1/comments/{}", comment_of), "comment.deleted"),
    "POST /v1/comments/{comment_id}/resolve": (
        on("POST", "/v1/comments/{}/resolve", comment_of, {"version": 1}), "comment.resolved"),
    "POST /v1/comments/{comment_id}/reopen": (on("POST", "/v1/comments/{}/reopen", resolved), "comment.reopened"),
    "PUT /v1/collections/{collection_id}/assets/{asset_id}": (put, "asset.put_into"),
    "DELETE /v1/collections/{collection_id}/assets/{asset_id}": (take_out, "asset.taken_out"),
    "POST /v1/collections": (lambda shop: shop.call("POST", "/v1/collections", {"name": "x"}), "collection.created"),
    "PATCH /v1/collections/{collection_id}": (
        on("PATCH", "/v1/collections/{}", collection_of, {"name": "x"}), "collection.edited"),
    "DELETE /v1/collections/{collection_id}": (on("DELETE", "/v1/collections/{}", collection_of), "collection.trashed"),
    "POST /v1/collections/{collection_id}/restore": (
        on("POST", "/v1/collections/{}/restore", trashed_collection), "collection.restored"),
    "POST /v1/keys": (lambda shop: shop.call("POST", "/v1/keys", {"name": "x"}), "key.created"),
    "DELETE /v1/keys/{key_id}": (on("DELETE", "/v1/keys/{}", key_of), "key.revoked"),
    "POST /v1/keys/{key_id}/rotate": (on("POST", "/v1/keys/{}/rotate", key_of, {"overlap_s": 0}), "key.rotated"),
    "PUT /v1/collections/{collection_id}/grants": (
        lambda shop: shop.call("PUT", f"/v1/collections/{collection_of(shop)}/grants", grants_for(shop)),
        "collection.grants_set"),
    "PUT /v1/assets/{asset_id}/grants": (
        lambda shop: shop.call("PUT", f"/v1/assets/{asset_of(shop)}/grants", grants_for(shop)), "asset.grants_set"),
    "PATCH /v1/workspace": (
        lambda shop: shop.call("PATCH", "/v1/workspace", {"name": "Ours"}), "workspace.changed"),
    "POST /v1/workspace/template": (
        lambda shop: shop.call("POST", "/v1/workspace/template", {"name": "ecommerce"}), "collection.created"),
    "PUT /v1/auto-tags/service": (
        lambda shop: shop.call("PUT", "/v1/auto-tags/service", {"service": None, "monthly_cap_cents": 500}),
        "labels.agreed"),
    "PUT /v1/naming": (
        lambda shop: shop.call("PUT", "/v1/naming", {"rules": [{"pattern": "{sku}"}]}), "naming.changed"),
    "POST /v1/roles": (lambda shop: shop.call("POST", "/v1/roles", {"name": "x"}), "role.created"),
    "PATCH /v1/roles/{role_id}": (on("PATCH", "/v1/roles/{}", role_of, {"name": "y"}), "role.changed"),
    "DELETE /v1/roles/{role_id}": (on("DELETE", "/v1/roles/{}", role_of), "role.deleted"),
    "POST /v1/members": (
        lambda shop: shop.call("POST", "/v1/members", {"name": "x", "email": "x@shop.test"}), "member.added"),
    "PATCH /v1/members/{member_id}": (on("PATCH", "/v1/members/{}", colleague_of, {"name": "y"}), "member.changed"),
    "DELETE /v1/members/{member_id}": (on("DELETE", "/v1/members/{}", colleague_of), "member.removed"),
    "POST /v1/sessions": (sign_in, "session.begun"),
    "POST /v1/sign-in/links": (ask_for_link, "sign_in.link_sent"),
    "DELETE /v1/sessions/{session_id}": (
        lambda shop: call("DELETE", "/v1/sessions/current", Cookie=signed_in(shop)), "session.ended"),
    "POST /v1/audit/export": (lambda shop: shop.call("POST", "/v1/audit/export", {}), "job.started"),
    "POST /v1/downloads": (
        lambda shop: shop.call("POST", "/v1/downloads", {"selection": {"ids": ["a"]}}), "job.started"),
    "POST /v1/bulk": (
        lambda shop: shop.call("POST", "/v1/bulk", {"selection": {"ids": ["a"]}, "change": {"archive": "old"}}),
        "job.started"),
    "POST /v1/metadata/import": (import_sheet, "job.started"),
    "POST /v1/metadata/export": (lambda shop: shop.call("POST", "/v1/metadata/export", {}), "job.started"),
    "POST /v1/jobs/{job_id}/undo": (undo, "job.started"),
    "POST /v1/drop-credentials": (
        lambda shop: shop.call("POST", "/v1/drop-credentials", {}), "drop_credentials.made"),
    "POST /v1/uploads": (
        lambda shop: shop.call("POST", "/v1/uploads", {"file_name": "a", "size_bytes": 1}), "upload.begun"),
    "POST /v1/uploads/{upload_id}/complete": (on("POST", "/v1/uploads/{}/complete", upload_of, {}), "upload.completed"),
    "PATCH /v1/notices/settings": (
        lambda shop: shop.call("PATCH", "/v1/notices/settings", {"mail": False}), "notices.mail_switched"),
    "POST /v1/searches": (lambda shop: shop.call("POST", "/v1/searches", {"name": "x", "q": ""}), "search.saved"),
    "PATCH /v1/searches/{search_id}": (on("PATCH", "/v1/searches/{}", search_of, {"name": "y"}), "search.changed"),
    "DELETE /v1/searches/{search_id}": (on("DELETE", "/v1/searches/{}", search_of), "search.deleted"),
    "POST /v1/presets": (
        lambda shop: shop.call("POST", "/v1/presets", {"name": "x", "width_px": 64, "height_px": 64}),
        "preset.created"),
    "PATCH /v1/presets/{preset_id}": (on("PATCH", "/v1/presets/{}", preset_of, {"name": "y"}), "preset.changed"),
    "DELETE /v1/presets/{preset_id}": (on("DELETE", "/v1/presets/{}", preset_of), "preset.deleted"),
    "POST /v1/shares": (
        lambda shop: shop.call("POST", "/v1/shares", {"target": {"q": "x"}, "switches": {"view": True}}),
        "share.created"),
    "PATCH /v1/shares/{share_id}": (on("PATCH", "/v1/shares/{}", share_id_of, {"name": "y"}), "share.changed"),
    "DELETE /v1/shares/{share_id}": (on("DELETE", "/v1/shares/{}", share_id_of), "share.revoked"),
    "POST /v1/share-sessions": (open_share, "share.opened"),
    "POST /v1/connections": (lambda shop: shop.call("POST", "/v1/connections", {
        "kind": "drive", "name": "x", "settings": {"folder_ids": ["folder-1"]},
        "credentials": {"refresh_token": "x", "client_id": "x", "client_secret": "x"}}), "connection.made"),
    "PATCH /v1/connections/{connection_id}": (
        on("PATCH", "/v1/connections/{}", a_connection, {"name": "y"}), "connection.changed"),
    "DELETE /v1/connections/{connection_id}": (on("DELETE", "/v1/connections/{}", a_connection), "connection.deleted"),
    "POST /v1/connections/{connection_id}/check": (
        on("POST", "/v1/connections/{}/check", a_connection), "connection.checked"),
    "POST /v1/connections/{connection_id}/run": (
        on("POST", "/v1/connections/{}/run", a_connection), "connection.asked_to_run"),
    "POST /v1/connections/{connection_id}/decide": (
        on("POST", "/v1/connections/{}/decide", asking, {"decision": "this"}), "connection.decided"),
    "POST /v1/connections/{connection_id}/plans": (on("POST", "/v1/connections/{}/plans", a_store), "plan.asked_for"),
    "PATCH /v1/plans/{plan_id}/lines/{line_id}": (decide_line, "plan.decided"),
    "POST /v1/plans/{plan_id}/approve": (on("POST", "/v1/plans/{}/approve", a_plan), "plan.approved"),
    "POST /v1/plans/{plan_id}/apply": (
        on("POST", "/v1/plans/{}/apply", lambda shop: a_plan(shop, "approved")), "plan.applying"),
    "POST /v1/plans/{plan_id}/rollback": (
        on("POST", "/v1/plans/{}/rollback", lambda shop: a_plan(shop, "applied")), "plan.rolling_back"),
    "POST /v1/jobs/{job_id}/cancel": (on("POST", "/v1/jobs/{}/cancel", job_of), "job.cancelled"),
    "POST /v1/ingest/{ingest_id}/retry": (on("POST", "/v1/ingest/{}/retry", quarantined), "ingest.retried"),
}  # fmt: skip


def entries(shop: Shop) -> list[Entry]:
    return audit.day(shop.workspace, shop.ctx.now())


def test_every_changing_route_is_tried_here() -> None:
    assert {f"{one.method} {one.path}" for one in CHANGING} == set(ACTS) | set(CHANGES_NOTHING)


@pytest.mark.requirement("R51")
@pytest.mark.parametrize("name", ACTS)
def test_every_change_is_audited_with_who_and_what(shop: Shop, name: str) -> None:
    act, action = ACTS[name]

    reply = act(shop)

    found = [one for one in entries(shop) if one.action == action and one.result == "ok"]
    assert reply.status < 300, reply.body
    assert found
    assert all(one.actor.split(":")[0] in ("key", "member", "share") for one in found)
    assert all(one.subject.partition(":")[2] for one in found)


@pytest.mark.requirement("R51")
@pytest.mark.parametrize(
    "route", [one for one in CHANGING if one.needs.right is not None], ids=lambda one: f"{one.method} {one.path}"
)
def test_every_refused_change_is_audited(shop: Shop, route: Route) -> None:
    from tests.handlers.people import may

    ids = {"asset_id": asset_of(shop), "number": "1", "collection_id": collection_of(shop),
           "key_id": shop.key.split("_")[1],
           "connection_id": a_connection(shop), "plan_id": a_plan(shop), "line_id": "a-line",
           "role_id": role_of(shop), "member_id": colleague_of(shop), "preset_id": preset_of(shop)}  # fmt: skip
    viewer = somebody(shop, may(*(one for one in type(route.needs.right) if one.value in ("see", "view"))))  # type: ignore[arg-type]
    path = route.path
    for name, value in ids.items():
        path = path.replace(f"{{{name}}}", value)

    reply = viewer.call(route.method, path, {})

    (refused,) = [one for one in entries(shop) if one.result == "refused"]
    assert (reply.status, refused.action) == (403, route.name)
    assert refused.subject.partition(":")[2] in {*ids.values(), shop.workspace}


@pytest.mark.requirement("R23")
def test_downloads_of_originals_are_audited_and_so_are_refused_ones(shop: Shop) -> None:
    from chalicelib.domain.access import Right
    from tests.handlers.people import may

    asset = asset_of(shop)
    viewer = somebody(shop, may(Right.VIEW))

    statuses = [
        shop.call("GET", f"/v1/assets/{asset}/download?redirect=false").status,
        viewer.call("GET", f"/v1/assets/{asset}/download?redirect=false&original=true").status,
    ]

    found = [(one.result, (one.detail or {}).get("rendition")) for one in audit.of(shop.workspace, f"asset:{asset}")
             if one.action.startswith("asset.download")]  # fmt: skip
    assert statuses == [200, 403]
    assert found == [("ok", "original"), ("refused", None)]
