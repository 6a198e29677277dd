"""Names of files as SKUs, positions and shot types: the workspace's rules, tried, applied, and read anew.

What a name says is never a person's word: it fills fields that nobody set, and gives way to whatever people say.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from chalicelib.domain import naming
from chalicelib.domain.assets import Asset, Fields
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.naming import Rule
from chalicelib.models import assets as rows, base, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import assets, jobs, trails
from chalicelib.services.signing import Caller

READ_NAMES = "naming.read"
_STEP = 50
_TRIES = 3
FIELDS = ("skus", "position", "shot_type")


def rules_of(workspace: WorkspaceId) -> tuple[Rule, ...]:
    """The workspace's rules, or those every workspace begins with."""
    found = workspaces.get(workspace)
    kept = found.naming if found else None
    return naming.DEFAULT if kept is None else tuple(Rule(**one) for one in kept)


def set_rules(ctx: Context, caller: Caller, rules: Sequence[Rule]) -> str:
    """Keep the rules and queue the reading of names; the job's id. Raises `InvalidInput`, by rule."""
    naming.check(rules)
    plain = [{"pattern": one.pattern, "needs_digit": one.needs_digit} for one in rules]
    who, workspace = caller.principal.label, caller.workspace
    told = trails.entry(ctx, workspace, who, "naming.changed", f"workspace:{workspace}", after={"rules": plain})
    base.transact([workspaces.set_naming(workspace, plain), told])
    return jobs.start(ctx, workspace, who, READ_NAMES, {})


def read_into(fields: Fields, name: str, rules: Sequence[Rule], touched: frozenset[str]) -> Fields:
    """The fields with what the name says of SKU, position and shot type.

    With SKUs that somebody set, the name has no say at all.
    """
    if "skus" in touched:
        return fields
    said = naming.read(name, rules)
    values: dict[str, Any] = {"skus": said.skus, "position": said.position, "shot_type": said.shot_type}
    return replace(fields, **{field: value for field, value in values.items() if field not in touched})


def work(run: jobs.Run) -> dict[str, int]:
    """Read the names of all assets whose SKU nobody set, as a job; goes on after the last asset it kept."""
    rules = rules_of(run.workspace)
    last, changed = run.job.cursor or ("", 0)
    seen = run.job.done
    found = (one for one in rows.every(run.workspace) if one.id > last)
    while step := list(islice(found, _STEP)):
        problems = []
        for asset in step:
            outcome = _read_one(run, asset, rules)
            if outcome is None:
                problems.append({"subject": f"asset:{asset.id}", "code": "stale", "detail": "It was being changed."})
            changed += bool(outcome)
        seen += len(step)
        run.advance(seen, cursor=[step[-1].id, changed], errors=problems)
    return {"read": seen, "changed": changed}


def _read_one(run: jobs.Run, asset: Asset, rules: Sequence[Rule]) -> bool | None:
    """Whether its fields changed; None when others changed it again and again."""
    for _ in range(_TRIES):
        fields = read_into(asset.fields, asset.fields.name, rules, asset.touched)
        if fields == asset.fields:
            return False
        after = {name: getattr(fields, name) for name in FIELDS if getattr(fields, name) != getattr(asset.fields, name)}
        new = replace(asset, fields=fields)
        try:
            assets.commit(run.ctx, run.workspace, asset, new, f"job:{run.job.id}", "asset.edited", after=after)
        except base.ConditionFailed:
            asset = rows.get(run.workspace, asset.id)
        else:
            return True
    return None
