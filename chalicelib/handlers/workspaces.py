"""The workspace itself: its name, its rules, and templates for it."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.access import Right
from chalicelib.errors import InvalidInput, Stale
from chalicelib.handlers import answers, people_shapes as shapes, schemas
from chalicelib.handlers.http import KNOWN, Api, Call, Needs
from chalicelib.services import counting, templates, workspaces
from chalicelib.services.signing import Caller
from chalicelib.services.workspaces import Workspace

api = Api(__name__)
_MANAGES = Needs("library", Right.MANAGE)
Shot = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class WorkspacePatch(schemas.Closed):
    """What is to change."""

    name: schemas.Line | None = Field(None, json_schema_extra=schemas.never_null)
    self_approval: bool | None = None
    required_shots: list[Shot] | None = Field(None, max_length=30)


class TemplateIn(schemas.Closed):
    """Which template."""

    name: Literal["ecommerce"]


@api.get("/v1/workspace", needs=KNOWN, gives=shapes.Workspace)
def get_workspace(call: Call) -> dict[str, Any]:
    """The caller's workspace."""
    return _out(call, workspaces.load(call.caller))


@api.patch("/v1/workspace", needs=_MANAGES, takes=WorkspacePatch, gives=shapes.Workspace, if_match=True)
def change_workspace(call: Call) -> dict[str, Any]:
    """Change its name, whether people approve their own uploads, and the shots that every product needs."""
    old = workspaces.load(call.caller)
    call.check_etag(workspaces.etag(old))
    asked = call.read_body(WorkspacePatch)
    values = {name: getattr(asked, name) for name in asked.model_fields_set}
    if "name" in values and values["name"] is None:
        raise InvalidInput("A workspace has a name.", fields={"name": "cannot be cleared"})
    if "self_approval" in values:
        values["self_approval"] = bool(values["self_approval"])
    if "required_shots" in values:
        values["required_shots"] = tuple(dict.fromkeys(values["required_shots"] or ()))
    return _out(call, workspaces.edit(call.ctx, call.caller, old, values))


@api.post(
    "/v1/workspace/template", needs=_MANAGES, takes=TemplateIn, gives=shapes.Template, indexed=True, refuses=(Stale,)
)
def apply_template(call: Call) -> dict[str, Any]:
    """Make the collections of a template; those that are there stay as they are."""

    def renewed() -> Caller:
        call.renew_caller()
        return call.caller

    found, token = templates.apply(call.ctx, call.caller, call.read_body(TemplateIn).name, renewed)
    call.wrote(token)
    counts = counting.counts(call.ctx, call.caller, found)
    return {"collections": [answers.collection_out(call, one, counts[one.id]) for one in found]}


def _out(call: Call, one: Workspace) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "self_approval": one.self_approval,
        "required_shots": list(one.required_shots),
        "visual_tags": call.ctx.settings.visual_tags,
        "created_at": schemas.when(one.created_at),
        "etag": workspaces.etag(one),
    }
