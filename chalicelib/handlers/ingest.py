"""Arrivals: the jobs that take files in, and the routes that show how far they are."""

from typing import Any

from chalicelib import errors
from chalicelib.domain.access import Right
from chalicelib.domain.arrivals import State
from chalicelib.handlers import answers, upload_shapes as shapes
from chalicelib.handlers.events import Body, Jobs, created_objects
from chalicelib.handlers.http import KNOWN, Api, Call, Needs
from chalicelib.handlers.schemas import ArrivalQuery, page_of
from chalicelib.ports.context import Context
from chalicelib.services import arrivals, ingest, outbox

api = Api(__name__)
jobs = Jobs(__name__)
_MANAGES = Needs("library", Right.MANAGE)
_AGE_S = 15 * 60


@jobs.on_queue("events", batch=10)
def route_events(ctx: Context, body: Body) -> None:
    """What S3 says arrived goes to the ingest queue, grouped by workspace."""
    hints = list(created_objects(ctx, body))
    for hint in hints:
        arrivals.make_known(ctx, hint)
    arrivals.route(ctx, hints)


@jobs.on_queue("ingest", batch=1)
def ingest_object(ctx: Context, body: Body) -> None:
    """One arrived object version becomes an asset, or is quarantined."""
    ingest.take(ctx, arrivals.hint_of(ctx, body["key"], body.get("object_version"), body.get("sequencer")))


@jobs.on_queue("outbox", batch=10, once_for="workspace")
def deliver_outbox(ctx: Context, body: Body) -> None:  # noqa: ARG001 a wake-up says nothing more
    """A commit left messages: tell them onward."""
    outbox.deliver(ctx)


@jobs.every("rate(1 minute)")
def sweep_outbox(ctx: Context) -> None:
    """Tell what no wake-up told."""
    outbox.deliver(ctx)


@jobs.every("rate(1 minute)")
def sweep_ingest(ctx: Context) -> None:
    """Take up arrivals whose worker died."""
    arrivals.sweep(ctx)


@jobs.every("rate(10 minutes)")
def reconcile_inbox(ctx: Context) -> None:
    """Find what arrived without an event."""
    arrivals.reconcile(ctx, min_age_s=_AGE_S)


@api.get("/v1/ingest", needs=_MANAGES, query=ArrivalQuery, gives=shapes.Arrivals)
def list_arrivals(call: Call) -> dict[str, Any]:
    """Arrivals, newest first; `state` narrows."""
    query = call.read_query(ArrivalQuery)
    state: State | None = query.state
    page = page_of(call, "ingest", query, lambda start: arrivals.listed(
        call.caller, state, limit=query.limit, start=start))  # fmt: skip
    return {"items": [answers.arrival_out(one) for one in page.items], "next": page.next}


@api.get("/v1/ingest/{ingest_id}", needs=KNOWN, gives=shapes.Arrival)
def get_arrival(call: Call) -> dict[str, Any]:
    """One arrival: of the caller's own upload, or any for those who manage."""
    return answers.arrival_out(_visible(call))


@api.post("/v1/ingest/{ingest_id}/retry", needs=KNOWN, gives=shapes.Arrival)
def retry_arrival(call: Call) -> dict[str, Any]:
    """Take a quarantined arrival up again."""
    arrival = _visible(call)
    arrivals.retry(call.ctx, call.caller.principal.label, arrival)
    return answers.arrival_out(arrivals.load(call.caller.workspace, arrival.id))


def _visible(call: Call) -> Any:
    arrival = arrivals.load(call.caller.workspace, call.path["ingest_id"])
    manages = call.caller.access.on_library() & Right.MANAGE.bit
    if not manages and not arrivals.is_by(call.caller.workspace, arrival, call.caller.principal.label):
        raise errors.NotFound("There is no such arrival.")
    return arrival
