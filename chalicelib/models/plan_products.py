"""Products of plans: what each is to show, and how it was before and after the plan was applied."""

from collections.abc import Iterator

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, UnicodeAttribute

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.plans import PlanProduct
from chalicelib.models import base

_PRODUCT = TypeAdapter(PlanProduct)


class PlanProductRecord(base.Record):
    """One product of one plan."""

    class Meta:
        noun = "plan_products"

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kept = JSONAttribute()


def every(workspace: WorkspaceId, plan_id: str) -> Iterator[PlanProduct]:
    """All products of a plan, by id, page by page, strongly consistent."""
    results = PlanProductRecord.query(base.place(workspace, plan_id), consistent_read=True)
    return (_PRODUCT.validate_python(row.kept) for row in base.rows(results))


def get(workspace: WorkspaceId, plan_id: str, product_id: str) -> PlanProduct | None:
    """One product of a plan, strongly consistent."""
    row = base.read(PlanProductRecord, base.place(workspace, plan_id), product_id)
    return None if row is None else _PRODUCT.validate_python(row.kept)


def put(workspace: WorkspaceId, plan_id: str, one: PlanProduct) -> base.Write:
    """Write it, in place of what was there."""
    row = PlanProductRecord(base.place(workspace, plan_id), one.id, kept=_PRODUCT.dump_python(one, mode="json"))
    return base.Write("product", lambda transaction: transaction.save(row))


def drop(workspace: WorkspaceId, plan_id: str, product_id: str) -> base.Write:
    """Forget it; one that is not there is no error."""
    place = base.place(workspace, plan_id)
    return base.Write("product", lambda transaction: transaction.delete(PlanProductRecord(place, product_id)))
