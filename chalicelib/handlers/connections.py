"""Connections to outside systems: routes, the schedule that wakes those that are due, and the queue that runs them."""

from typing import Any

from pydantic import BaseModel

from chalicelib import errors
from chalicelib.domain.access import Right
from chalicelib.domain.connections import Connection, RunReport
from chalicelib.domain.ids import WorkspaceId
from chalicelib.handlers import connection_shapes as shapes, reading, schemas, shapes as common
from chalicelib.handlers.events import Body, Jobs
from chalicelib.handlers.http import Api, Call, Needs
from chalicelib.ports.context import Context
from chalicelib.services import connection_runs, connections, drive, shop
from chalicelib.services.connection_runs import Kind

api = Api(__name__)
jobs = Jobs(__name__)
_MANAGES = Needs("library", Right.MANAGE)
KINDS: dict[str, Kind] = {"drive": drive.KIND, "shopify": shop.KIND}
"""Every kind of connection and what it can do; its shapes are in connection_shapes.py."""


@jobs.every("rate(1 minute)")
def start_due_connections(ctx: Context) -> None:
    """Send a hint for each connection that is due."""
    connection_runs.start_due(ctx)


@jobs.on_queue("connections", batch=1)
def run_connection(ctx: Context, body: Body) -> None:
    """A connection is due: run it."""
    connection_runs.run(ctx, KINDS, WorkspaceId(body["workspace"]), body["id"])


@api.get("/v1/connections", needs=_MANAGES, gives=shapes.Connections)
def list_connections(call: Call) -> dict[str, Any]:
    """All connections, without their credentials."""
    return {"items": [_out(one) for one in connections.listed(call.caller)], "next": None}


@api.get("/v1/connections/{connection_id}", needs=_MANAGES, gives=shapes.Connection)
def get_connection(call: Call) -> dict[str, Any]:
    """One connection, without its credentials."""
    return _out(_loaded(call))


@api.post("/v1/connections", needs=_MANAGES, takes=shapes.ConnectionIn, gives=shapes.Connection, status=201)
def make_connection(call: Call) -> dict[str, Any]:
    """Connect an outside system; its first run begins at once."""
    asked = call.read_body(shapes.ConnectionIn)
    if asked.kind not in KINDS:
        raise errors.InvalidInput("This kind is not offered here.", fields={"kind": f"{asked.kind} is not offered"})
    settings, credentials = shapes.SHAPES[asked.kind]
    wanted = connections.Asked(
        asked.kind, asked.name, _part(settings, asked.settings, "settings"),
        _part(credentials, asked.credentials, "credentials"),
    )  # fmt: skip
    return _out(connections.make(call.ctx, call.caller, wanted, KINDS))


@api.patch(
    "/v1/connections/{connection_id}", needs=_MANAGES, takes=shapes.ConnectionPatch, gives=shapes.Connection,
    if_match=True,
)  # fmt: skip
def change_connection(call: Call) -> dict[str, Any]:
    """Change name, settings or credentials."""
    old = _loaded(call)
    patch = call.read_body(shapes.ConnectionPatch)
    settings, credentials = shapes.SHAPES[old.kind]
    changes: dict[str, Any] = {} if patch.name is None else {"name": patch.name}
    if patch.settings is not None:
        merged = {name: one for name, one in {**old.settings, **patch.settings}.items() if one is not None}
        changes["settings"] = _part(settings, merged, "settings")
    given = None if patch.credentials is None else _part(credentials, patch.credentials, "credentials")
    call.check_etag(str(old.revision))
    return _out(connections.change(call.ctx, call.caller, old, changes, given, KINDS))


@api.delete("/v1/connections/{connection_id}", needs=_MANAGES, gives=None)
def delete_connection(call: Call) -> None:
    """Disconnect: every asset stays with its versions and comments."""
    connections.delete(call.ctx, call.caller, _loaded(call), KINDS)


@api.post("/v1/connections/{connection_id}/check", needs=_MANAGES, gives=shapes.Connection)
def check_connection(call: Call) -> dict[str, Any]:
    """Ask the outside system now whether the connection works; `state` and `because` say how it went."""
    return _out(connections.check(call.ctx, call.caller, _loaded(call), KINDS))


@api.post("/v1/connections/{connection_id}/run", needs=_MANAGES, gives=common.Started, status=202)
def start_connection(call: Call) -> dict[str, Any]:
    """Run it now instead of when it is due."""
    return {"job_id": connections.run(call.ctx, call.caller, _loaded(call))}


@api.get(
    "/v1/connections/{connection_id}/runs", needs=_MANAGES, query=schemas.PageQuery, gives=shapes.ConnectionRuns
)  # fmt: skip
def list_connection_runs(call: Call) -> dict[str, Any]:
    """What its runs did, newest first; runs that found nothing to do are not kept, but for the first."""
    one, query = _loaded(call), call.read_query(schemas.PageQuery)
    page = schemas.page_of(
        call, f"runs of {one.id}", query, lambda start: connections.runs(one, limit=query.limit, start=start)
    )
    return {"items": [_run_out(report) for report in page.items], "next": page.next}


@api.post(
    "/v1/connections/{connection_id}/decide", needs=_MANAGES, takes=shapes.AnswerIn, gives=shapes.Connection
)  # fmt: skip
def decide_connection(call: Call) -> dict[str, Any]:
    """Answer the connection's question."""
    one = _loaded(call)
    asked = call.read_body(shapes.AnswerIn)
    return _out(connections.decide(call.ctx, call.caller, one, asked.decision))


def _loaded(call: Call) -> Connection:
    return connections.load(call.caller, call.path["connection_id"])


def _part(shape: type[BaseModel], given: dict[str, Any], name: str) -> dict[str, Any]:
    """A part of the body in its kind's shape; reasons name the field below it."""
    try:
        return reading.shaped(shape, given).model_dump(mode="json", exclude_none=True)
    except errors.InvalidInput as problem:
        fields = {f"{name}.{field}" if field else name: reason for field, reason in problem.fields.items()}
        raise errors.InvalidInput(
            problem.message, code=problem.code, fields=fields or {name: problem.message}
        ) from None


def _out(one: Connection) -> dict[str, Any]:
    asked = one.question
    return {
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "settings": dict(one.settings),
        "state": one.state,
        "because": one.because,
        "question": {"code": asked.code, "text": asked.text, "choices": list(asked.choices)} if asked else None,
        "running": one.run_id is not None,
        "last_run": schemas.when(one.last_run_at),
        "next_run": schemas.when(one.due_at),
        "created_at": schemas.when(one.created_at),
        "etag": str(one.revision),
    }


def _run_out(report: RunReport) -> dict[str, Any]:
    return {
        "id": report.id,
        "state": report.state,
        "by": report.by,
        "started_at": schemas.when(report.started_at),
        "ended_at": schemas.when(report.ended_at),
        "done": report.done,
        "total": report.total,
        "because": report.because,
        "counts": dict(report.counts),
        "log": [
            {"at": schemas.when(one.at), "text": one.text, "subject": one.subject, "trouble": one.is_trouble}
            for one in report.log
        ],
    }
