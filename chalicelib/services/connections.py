"""Connections: made, shown, changed, checked, asked and ended by those who manage the library.

Credentials are sealed as they come in, lie in a table of their own and are opened only by a check or a run: no answer,
audit entry or log line ever holds one. What a connection does between these is connection_runs.py.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from chalicelib import observe
from chalicelib.domain.connections import Connection, RunReport
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.pages import Page
from chalicelib.errors import Conflict, InvalidInput, NotFound, PackshotError, Stale, UpstreamRejected
from chalicelib.models import base, connection_runs, connections as rows, secrets
from chalicelib.ports.context import Context
from chalicelib.services import jobs, trails
from chalicelib.services.connection_runs import FORGET, RECONNECT, RUN, Kinds
from chalicelib.services.signing import Caller

MOST = 50
"""Connections of a workspace."""
Credentials = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A new connection. `credentials` are in the clear here, and nowhere after."""

    kind: str
    name: str
    settings: Mapping[str, Any]
    credentials: Credentials


def listed(caller: Caller) -> list[Connection]:
    """All of the workspace, oldest first."""
    return rows.every(caller.workspace)


def load(caller: Caller, connection_id: str) -> Connection:
    """One connection. Raises `NotFound`."""
    found = rows.get(caller.workspace, connection_id)
    if found is None:
        raise NotFound("There is no such connection.")
    return found


def make(ctx: Context, caller: Caller, asked: Asked, kinds: Kinds) -> Connection:
    """Make a connection; its first run is due at once.

    Raises `Conflict` when the workspace has 50, or one that leads to the same.
    """
    others = rows.every(caller.workspace)
    if len(others) >= MOST:
        raise Conflict(f"A workspace keeps at most {MOST} connections. Delete one first.", code="too_many")
    about = kinds[asked.kind].about
    for other in others:
        if about and other.kind == asked.kind and all(other.settings[name] == asked.settings[name] for name in about):
            raise Conflict(f"{other.name} leads there already.", code="already_connected")
    one = Connection(
        caller.workspace, ctx.new_id(), asked.kind, asked.name, dict(asked.settings), ctx.new_id(), 1, ctx.now(),
        caller.principal.label, due_at=ctx.now(), member_id=caller.member_id, key_id=_key_of(caller),
    )  # fmt: skip
    told = _told(ctx, caller, one, "connection.made", kind=one.kind, name=one.name, settings=dict(one.settings))
    base.transact([rows.add(one), _sealed(ctx, one, asked.credentials), told])
    _hint(ctx, one)
    return one


def change(
    ctx: Context, caller: Caller, old: Connection, changes: Mapping[str, Any], credentials: Credentials | None,
    kinds: Kinds,
) -> Connection:  # fmt: skip
    """Change name, settings or credentials; it is looked at anew at once. Raises `Stale`.

    New credentials end a wait for them. The old ones are deleted. Who changes settings lends their rights from now on.
    What the connection leads to stays the same, or all that was learned of it would be of something else: another is
    refused with `InvalidInput`.
    """
    after = {**old.settings, **changes.get("settings", {})}
    elsewhere = [name for name in kinds[old.kind].about if after[name] != old.settings[name]]
    if elsewhere:
        why = "cannot be changed: make another connection"
        raise InvalidInput("This stays as it is.", fields={f"settings.{name}": why for name in elsewhere})
    lent: dict[str, Any] = {"member_id": caller.member_id, "key_id": _key_of(caller)} if "settings" in changes else {}
    new = replace(
        old, **changes, **lent, revision=old.revision + 1, due_at=None if _waits_for_answer(old) else ctx.now()
    )
    writes: list[base.Write] = []
    if credentials is not None:
        is_reconnected = old.state in (RECONNECT, "error")
        new = replace(
            new,
            secret_id=ctx.new_id(),
            state="ok" if is_reconnected else old.state,
            because=None if is_reconnected else old.because,
            failures=0,
        )
        writes = [_sealed(ctx, new, credentials), secrets.remove(old.workspace, old.secret_id)]
    if old.owner is not None:
        new = replace(new, due_at=old.due_at)
    detail = {**changes, **({"credentials": "replaced"} if credentials is not None else {})}
    told = _told(ctx, caller, old, "connection.changed", after=detail)
    try:
        base.transact([rows.edit(old, new), told, *writes])
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this at the same moment. Read it again, then repeat your change.") from lost
    _hint(ctx, new)
    return new


def delete(ctx: Context, caller: Caller, one: Connection, kinds: Kinds) -> None:
    """End it: credentials and the row go, every asset with its versions and comments stays. A repeat is no error."""
    kind = kinds[one.kind]
    credentials: Credentials | None = None
    with suppress(PackshotError):
        credentials = credentials_of(ctx, one)
    writes = [_told(ctx, caller, one, "connection.deleted", kind=one.kind, name=one.name)]
    job_id = ""
    if kind.forgets:
        about = {"connection_id": one.id, "kind": one.kind}
        job_id, queued = jobs.queued(ctx, one.workspace, caller.principal.label, FORGET, about)
        writes += queued
    try:
        base.transact([rows.remove(one), secrets.remove(one.workspace, one.secret_id), *writes])
    except base.ConditionFailed:
        return
    if job_id:
        jobs.hint(ctx, one.workspace, job_id)
    try:
        kind.left(ctx, one, credentials)
    except PackshotError as problem:
        observe.note("outside system was not told that a connection was deleted", code=problem.code)


def check(ctx: Context, caller: Caller, one: Connection, kinds: Kinds) -> Connection:
    """Ask the outside system whether the connection works, now; the connection with what was learned. Raises `Stale`.

    Also ends a wait for credentials when they work again.
    """
    try:
        kinds[one.kind].check(ctx, one)
    except PackshotError as problem:
        state: Any = RECONNECT if problem.code == RECONNECT else "error"
        new = replace(one, state=state, because=problem.message)
    else:
        asks = one.question is not None
        new = replace(one, state="needs_decision" if asks else "ok", because=one.because if asks else None, failures=0)
        new = replace(new, due_at=one.due_at or (None if asks else ctx.now()))
    told = _told(ctx, caller, one, "connection.checked", state=new.state)
    try:
        base.transact([rows.edit(one, new), told])
    except base.ConditionFailed as lost:
        raise Stale("Somebody changed this at the same moment. Read it again, then repeat your change.") from lost
    return new


def run(ctx: Context, caller: Caller, one: Connection) -> str:
    """Look at the outside system now; the id of the job that does it.

    Raises:
        Conflict: it waits for a person: for credentials or for a decision.
    """
    if one.state == RECONNECT:
        raise Conflict("This connection needs new credentials first.", code=RECONNECT)
    if one.question is not None:
        raise Conflict("This connection waits for a decision first.", code="needs_decision")
    base.transact([_told(ctx, caller, one, "connection.asked_to_run")])
    return jobs.start(ctx, caller.workspace, caller.principal.label, RUN, {"connection_id": one.id})


def runs(one: Connection, *, limit: int, start: Any) -> Page[RunReport]:
    """What its runs did, newest first; those that found nothing to do are not kept."""
    return connection_runs.page(one.workspace, one.id, limit=limit, start=start)


def decide(ctx: Context, caller: Caller, one: Connection, decision: str) -> Connection:
    """Answer its question; it goes on at once.

    Raises:
        Conflict: it asks nothing, or somebody else has answered.
        InvalidInput: that is not one of the answers.
    """
    if one.question is None:
        raise Conflict("This connection asks nothing.", code="nothing_to_decide")
    if decision not in one.question.choices:
        answers = ", ".join(one.question.choices)
        raise InvalidInput("That is none of the answers.", fields={"decision": f"must be one of {answers}"})
    memory = {**one.memory, "decision": {"question": one.question.code, "answer": decision}}
    new = replace(
        one, revision=one.revision + 1, question=None, state="ok", because=None, memory=memory, due_at=ctx.now()
    )
    told = _told(ctx, caller, one, "connection.decided", question=one.question.code, decision=decision)
    try:
        base.transact([rows.edit(one, new), told])
    except base.ConditionFailed as lost:
        raise Conflict("Somebody else has answered this.", code="already_decided") from lost
    _hint(ctx, new)
    return new


def credentials_of(ctx: Context, one: Connection) -> dict[str, Any]:
    """The credentials in the clear, for the adapter that needs them. Raises `UpstreamRejected` (needs_reconnect)."""
    sealed = secrets.get(one.workspace, one.secret_id)
    if sealed is None:
        raise UpstreamRejected("The credentials are gone. Enter them again.", code=RECONNECT)
    opened: dict[str, Any] = json.loads(ctx.cipher.open(_about(one.workspace, one.secret_id), sealed))
    return opened


def keep_credentials(ctx: Context, one: Connection, credentials: Credentials) -> base.Write:
    """Replace the credentials in place: for outside systems that hand out new ones as one uses them.

    Refused with label `secret` when somebody has entered other ones meanwhile.
    """
    return secrets.renew(one.workspace, one.secret_id, _seal(ctx, one, credentials))


def _sealed(ctx: Context, one: Connection, credentials: Credentials) -> base.Write:
    return secrets.put(one.workspace, one.secret_id, _seal(ctx, one, credentials))


def _seal(ctx: Context, one: Connection, credentials: Credentials) -> str:
    text = json.dumps(dict(credentials), separators=(",", ":"))
    return ctx.cipher.seal(_about(one.workspace, one.secret_id), text)


def _about(workspace: WorkspaceId, secret_id: str) -> str:
    return f"{workspace}\n{secret_id}"


def _key_of(caller: Caller) -> str | None:
    return caller.principal.id if caller.principal.kind == "key" else None


def _waits_for_answer(one: Connection) -> bool:
    return one.question is not None


def _told(ctx: Context, caller: Caller, one: Connection, action: str, **detail: Any) -> base.Write:
    return trails.entry(ctx, caller.workspace, caller.principal.label, action, one.label, **detail)


def _hint(ctx: Context, one: Connection) -> None:
    if one.due_at is not None:
        ctx.queue.send("connections", {"workspace": one.workspace, "id": one.id}, group=one.workspace)
