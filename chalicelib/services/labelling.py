"""Labels of an outside service: off until a workspace agrees to it and to what it may cost a month.

A picture is reserved under the cap before it is sent, and each sending needs a reservation of its own. So crashes and
repeats can make the count too high, never too low, and what is paid never exceeds the cap.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib import observe
from chalicelib.domain import labels
from chalicelib.domain.assets import Version
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.labels import Consent, Service
from chalicelib.errors import Busy, Conflict, InvalidInput, UpstreamRejected, UpstreamUnavailable
from chalicelib.models import base, labels as rows, usage
from chalicelib.ports.context import Context
from chalicelib.services import pictures, trails
from chalicelib.services.signing import Caller

METER = "labels"
_TRIES = 8
_PATIENCE = timedelta(days=1)


@dataclass(frozen=True)
class Standing:
    """What a workspace agreed to, and how much of it is used in this month."""

    consent: Consent
    month: str
    pictures: int
    is_there: bool
    """Whether this installation reaches the service."""

    @property
    def left(self) -> int:
        """Pictures that the cap still pays for in this month."""
        return max(0, labels.most_pictures(self.consent.monthly_cap_cents) - self.pictures)


def standing(ctx: Context, caller: Caller) -> Standing:
    """How it stands in the caller's workspace."""
    return _standing(ctx, rows.get(caller.workspace))


def agree(ctx: Context, caller: Caller, service: Service | None, monthly_cap_cents: int) -> Standing:
    """Agree to a service and to what it may cost a month, or to none; the same again changes nothing.

    Raises:
        InvalidInput: a service without money for a single picture.
        Conflict: this installation does not reach the service.
    """
    if service is not None and labels.most_pictures(monthly_cap_cents) < 1:
        words = {"monthly_cap_cents": "says what it may cost a month, at least 1"}
        raise InvalidInput("A service needs a monthly cap.", fields=words)
    if service is not None and not ctx.labels.is_there:
        raise Conflict("This installation does not reach Rekognition: it runs outside AWS. No picture would be sent.")
    old = rows.get(caller.workspace)
    if (old.service, old.monthly_cap_cents) != (service, monthly_cap_cents):
        detail = {"service": service, "monthly_cap_cents": monthly_cap_cents, "was": old.service}
        base.transact([
            rows.agree(caller.workspace, service, monthly_cap_cents),
            trails.entry(ctx, caller.workspace, caller.principal.label, "labels.agreed",
                         f"workspace:{caller.workspace}", **detail),
        ])  # fmt: skip
    return _standing(ctx, rows.get(caller.workspace))


def _standing(ctx: Context, known: Consent) -> Standing:
    month = labels.month_of(ctx.now())
    return Standing(known, month, known.sent_in(month), ctx.labels.is_there)


def ask(ctx: Context, workspace: WorkspaceId, version: Version, arrived_at: datetime) -> Mapping[str, Any] | None:
    """What the service sees in a version that arrived then, as it is kept; None where it was not asked.

    It is metered once, however often it is asked; each asking is reserved.

    Raises:
        Busy, UpstreamUnavailable: it gave no answer; for a day it is worth another try.
    """
    if rows.get(workspace).service is None or not ctx.labels.is_there:
        return None
    try:
        return _asked(ctx, workspace, version, arrived_at)
    except (Busy, UpstreamUnavailable) as problem:
        if ctx.now() - arrived_at < _PATIENCE:
            raise
        observe.trouble("labels given up", workspace=workspace, version=version.id, problem=problem)
        return None


def _asked(ctx: Context, workspace: WorkspaceId, version: Version, arrived_at: datetime) -> Mapping[str, Any] | None:
    image = pictures.jpeg(ctx, workspace, version, labels.LEAST_PX)
    month = labels.month_of(ctx.now())
    if image is None or not _reserve(workspace, month):
        observe.note("labels not asked", workspace=workspace, version=version.id, has_picture=image is not None)
        return None
    try:
        model, found = ctx.labels.detect(image)
    except Busy:
        rows.give_back(workspace, month)
        raise
    except UpstreamRejected as problem:
        observe.note("labels refused", workspace=workspace, version=version.id, because=problem.message)
        answer = labels.refused("rekognition", problem.message)
    else:
        answer = labels.kept(model, found)
    with suppress(base.ConditionFailed):  # counted already
        base.transact([usage.add(workspace, version.id, arrived_at, METER, 1)])
    return answer


def _reserve(workspace: WorkspaceId, month: str) -> bool:
    """Whether one picture may be sent: the consent holds and the cap is not reached."""
    for _ in range(_TRIES):
        known = rows.get(workspace)
        is_open = known.service is not None and known.sent_in(month) < labels.most_pictures(known.monthly_cap_cents)
        if not is_open or known.month > month:
            return False
        if rows.reserve(workspace, known, month):
            return True
    raise Busy("Too many pictures are reserved at this moment.")
