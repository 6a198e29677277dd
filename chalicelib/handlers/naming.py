"""Naming: what file names say of SKU, position and shot type."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.domain import naming as rules_of_naming
from chalicelib.domain.access import Right
from chalicelib.domain.naming import Rule
from chalicelib.handlers import naming_shapes as shapes, schemas, shapes as common
from chalicelib.handlers.http import KNOWN, Api, Call, Needs
from chalicelib.services import naming

api = Api(__name__)
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FileName = Annotated[str, StringConstraints(max_length=1_000)]


class RuleIn(schemas.Closed):
    """One rule, such as `{sku}_{position}[_{shot}]`."""

    pattern: Pattern
    needs_digit: bool = Field(False, description="A SKU has a digit, and is no camera's name.")


class RulesIn(schemas.Closed):
    """The rules in their order: the first that fits decides."""

    rules: list[RuleIn] = Field(max_length=rules_of_naming.MOST_RULES)


class Trial(schemas.Closed):
    """Names to read, by other rules than the workspace's where they are given."""

    names: list[FileName] = Field(max_length=1_000)
    rules: list[RuleIn] | None = Field(None, max_length=rules_of_naming.MOST_RULES)


@api.get("/v1/naming", needs=KNOWN, gives=shapes.Naming)
def get_naming(call: Call) -> dict[str, Any]:
    """The workspace's rules."""
    rules = naming.rules_of(call.caller.workspace)
    return {"rules": [{"pattern": one.pattern, "needs_digit": one.needs_digit} for one in rules]}


@api.put(
    "/v1/naming", needs=Needs("library", Right.MANAGE), takes=RulesIn, gives=common.Started, status=202
)  # fmt: skip
def set_naming(call: Call) -> dict[str, Any]:
    """Set the rules, and read the names of all assets whose SKU nobody set anew."""
    rules = _rules(call.read_body(RulesIn).rules)
    return {"job_id": naming.set_rules(call.ctx, call.caller, rules)}


@api.post("/v1/naming/try", needs=KNOWN, takes=Trial, gives=shapes.Tried)
def try_naming(call: Call) -> dict[str, Any]:
    """What these names would say; nothing is changed."""
    asked = call.read_body(Trial)
    rules = naming.rules_of(call.caller.workspace) if asked.rules is None else _rules(asked.rules)
    rules_of_naming.check(rules)
    found = ((name, rules_of_naming.read(name, rules)) for name in asked.names)
    return {
        "items": [
            {
                "name": name, "skus": list(said.skus), "position": said.position, "shot_type": said.shot_type,
                "rule": said.rule,
            }
            for name, said in found
        ]
    }  # fmt: skip


def _rules(given: list[RuleIn]) -> tuple[Rule, ...]:
    return tuple(Rule(one.pattern, one.needs_digit) for one in given)
