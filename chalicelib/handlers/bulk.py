"""One change to many assets, with a dry run before it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from chalicelib import errors
from chalicelib.handlers import bulk_shapes, schemas, shapes
from chalicelib.handlers.approvals import AtLeast
from chalicelib.handlers.asset_fields import AssetPatch
from chalicelib.handlers.http import KNOWN, Answer, Api, Call
from chalicelib.handlers.selection_shapes import SelectionIn
from chalicelib.services import bulk
from chalicelib.services.bulk import Change, Submission

api = Api(__name__)


def _listed(given: Any) -> Any:
    """One id is a list of one."""
    return [given] if isinstance(given, str) else given


def _with_reason(given: Any) -> Any:
    """A text is the reason."""
    return {"reason": given} if isinstance(given, str) else given


Words = Annotated[list[schemas.Line], Field(min_length=1, max_length=100)]
Places = Annotated[
    list[schemas.Id],
    Field(min_length=1, max_length=20, description="Ids of collections; a single one may stand alone."),
    BeforeValidator(_listed, json_schema_input_type=schemas.Id | list[schemas.Id]),
]


Archive = Annotated[
    schemas.Reason,
    BeforeValidator(_with_reason, json_schema_input_type=schemas.Paragraph | schemas.Reason),
]


class SubmitIn(schemas.Closed):
    """Whom to ask for approval of the newest versions, as in `POST /v1/approvals`; 30 assets a request."""

    approver_ids: list[schemas.Id] = Field(min_length=1, max_length=50)
    rule: Literal["any", "all"] | AtLeast = "any"
    due_at: schemas.Moment | None = None
    note: schemas.Paragraph | None = None


class ChangeIn(schemas.Closed):
    """What is to become of each asset: all of it, or, where anything of it is refused, nothing."""

    set: AssetPatch | None = None
    add_keywords: Words | None = None
    remove_keywords: Words | None = None
    add_to: Places | None = None
    remove_from: Places | None = None
    archive: Archive | None = None
    submit: SubmitIn | None = None
    trash: Literal[True] | None = Field(None, description="Into the trash; stands alone.")
    restore: Literal[True] | None = Field(None, description="Back from the trash; stands alone.")

    @model_validator(mode="after")
    def _some(self) -> Self:
        said = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if not said:
            raise ValueError("says nothing to change")
        if self.set is not None and not self.set.model_fields_set:
            raise ValueError("sets no field")
        if self.archive is not None and self.submit is not None:
            raise ValueError("cannot archive what is submitted")
        if len(said) > 1 and (self.trash or self.restore):
            raise ValueError("trash and restore stand alone")
        return self

    @property
    def value(self) -> Change:
        """The same for services."""
        return Change(
            values=self.set.values if self.set else None,
            add_keywords=tuple(self.add_keywords or ()),
            remove_keywords=tuple(self.remove_keywords or ()),
            add_to=tuple(self.add_to or ()),
            remove_from=tuple(self.remove_from or ()),
            archive=self.archive.reason if self.archive else None,
            submit=_submission(self.submit) if self.submit else None,
            trash="in" if self.trash else "out" if self.restore else None,
        )


class BulkIn(schemas.Closed):
    """Which assets, what is to become of them, and whether only to try; without a change, to see what is there."""

    selection: SelectionIn
    change: ChangeIn | None = Field(None, json_schema_extra=schemas.never_null)
    dry_run: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.change is None and not self.dry_run:
            raise ValueError("says nothing to change")
        return self


@api.post(
    "/v1/bulk", needs=KNOWN, takes=BulkIn, gives=shapes.StartedOnMany, or_gives=bulk_shapes.Trial, status=202,
    refuses=(errors.NotFound,),
)  # fmt: skip
def change_many(call: Call) -> Answer:
    """Change many assets alike, each as far as the caller may; with `dry_run`, say what would come of it.

    The job's errors name what was refused; it can be undone until its `undo_until`.
    """
    asked = call.read_body(BulkIn)
    change, selection = asked.change.value if asked.change else None, asked.selection.value
    if change is not None:
        bulk.check_places(call.caller, change)
    if asked.dry_run or asked.change is None:
        return Answer(_trial(bulk.attempt(call.ctx, call.caller, selection, change)), is_other=True)
    told = asked.change.model_dump(mode="json", by_alias=True, exclude_unset=True)
    job_id, count = bulk.start(call.ctx, call.caller, selection, told, call.seed)
    return Answer({"job_id": job_id, "count": count})


def read_change(told: Mapping[str, Any]) -> Change:
    """A change as a job keeps it."""
    return ChangeIn.model_validate(told).value


def _submission(asked: SubmitIn) -> Submission:
    rule = asked.rule.at_least if isinstance(asked.rule, AtLeast) else asked.rule
    return Submission(tuple(asked.approver_ids), rule, asked.due_at, asked.note)


def _trial(found: bulk.Trial) -> dict[str, Any]:
    return {
        "count": found.count,
        "refused": found.refused,
        "reasons": [vars(one) for one in found.reasons],
        "sample": [
            {
                "asset_id": one.asset_id, "name": one.name, "before": dict(one.before), "after": dict(one.after),
                "refused": {"code": one.problem.code, "detail": one.problem.message} if one.problem else None,
            }
            for one in found.sample
        ],
        "keywords": [{"value": value, "count": count} for value, count in found.keywords],
        "collections": [{"value": value, "count": count} for value, count in found.collections],
    }  # fmt: skip
