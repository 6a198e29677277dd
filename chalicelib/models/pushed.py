"""What we last put into a store: by asset its file, by product what our last push left and what changed there since.

Only the job that has the plan writes these. A row of an asset is written before its file is made, and after. Beside
them lie reasons to plan again, in rows of their own: a product that changed, and a version that was approved.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.plans import Drift, Left, Pushed
from chalicelib.models import base

_ASSET, _PRODUCT, _NOTICE, _ASKED = "a", "p", "n", "asked"


@dataclass(frozen=True)
class Product:
    """A product as our last push left it, what the merchant changed since, and what stands for what was wanted there
    when it was last planned. `is_ordering`: the last run was about to put its media in an order of ours."""

    id: str
    left: Left | None = None
    drift: tuple[Drift, ...] = ()
    planned: str = ""
    is_ordering: bool = False


_FILES, _PRODUCTS = TypeAdapter(Pushed), TypeAdapter(Product)


class PushedRecord(base.Record):
    """One asset or one product of a connection."""

    class Meta:
        noun = "pushed"

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    kept = JSONAttribute()


def files(workspace: WorkspaceId, connection_id: str) -> dict[str, Pushed]:
    """What is known of all assets' files, by asset, strongly consistent."""
    return {one.asset_id: one for one in map(_FILES.validate_python, _rows(workspace, connection_id, _ASSET))}


def some_files(workspace: WorkspaceId, connection_id: str, asset_ids: Sequence[str]) -> dict[str, Pushed]:
    """The same of some assets."""
    place = base.place(workspace, connection_id)
    rows = base.read_many(PushedRecord, [(place, f"{_ASSET}#{one}") for one in asset_ids])
    return {one.asset_id: one for one in (_FILES.validate_python(row.kept) for row in rows)}


def products(workspace: WorkspaceId, connection_id: str) -> dict[str, Product]:
    """What is known of all products, by id, strongly consistent."""
    return {one.id: one for one in map(_PRODUCTS.validate_python, _rows(workspace, connection_id, _PRODUCT))}


def product(workspace: WorkspaceId, connection_id: str, product_id: str) -> Product:
    """What is known of one product, strongly consistent."""
    row = base.read(PushedRecord, base.place(workspace, connection_id), f"{_PRODUCT}#{product_id}")
    return Product(product_id) if row is None else _PRODUCTS.validate_python(row.kept)


def put_file(workspace: WorkspaceId, connection_id: str, one: Pushed) -> base.Write:
    """Remember an asset's file."""
    return _put(workspace, connection_id, f"{_ASSET}#{one.asset_id}", _FILES.dump_python(one, mode="json"))


def put_product(workspace: WorkspaceId, connection_id: str, one: Product) -> base.Write:
    """Remember a product."""
    return _put(workspace, connection_id, f"{_PRODUCT}#{one.id}", _PRODUCTS.dump_python(one, mode="json"))


def notice(workspace: WorkspaceId, connection_id: str, product_id: str) -> base.Write:
    """A product changed in the store: it is to be looked at again."""
    return _put(workspace, connection_id, f"{_NOTICE}#{product_id}", {"id": product_id})


def noticed(workspace: WorkspaceId, connection_id: str) -> frozenset[str]:
    """Products that are to be looked at again, strongly consistent."""
    rows = _rows(workspace, connection_id, _NOTICE)
    return frozenset(str(one["id"]) for one in rows if isinstance(one, dict))


def unnotice(workspace: WorkspaceId, connection_id: str, product_id: str) -> base.Write:
    """A product is being looked at."""
    return _drop(workspace, connection_id, f"{_NOTICE}#{product_id}")


def ask(workspace: WorkspaceId, connection_id: str, at: datetime) -> base.Write:
    """Something in the library asks for a plan."""
    return _put(workspace, connection_id, _ASKED, {"at": base.stamp(at)})


def asked_at(workspace: WorkspaceId, connection_id: str) -> datetime | None:
    """When something last asked for a plan, strongly consistent."""
    row = base.read(PushedRecord, base.place(workspace, connection_id), _ASKED)
    return None if row is None else base.moment(row.kept["at"])


def forgets(workspace: WorkspaceId, connection_id: str) -> Iterator[base.Write]:
    """The deletion of every row of a connection."""
    results = PushedRecord.query(base.place(workspace, connection_id), consistent_read=True)
    for row in base.rows(results):
        yield _drop(workspace, connection_id, row.id)


def _drop(workspace: WorkspaceId, connection_id: str, key: str) -> base.Write:
    def apply(transaction: TransactWrite) -> None:
        transaction.delete(PushedRecord(base.place(workspace, connection_id), key))

    return base.Write("pushed", apply)


def _put(workspace: WorkspaceId, connection_id: str, key: str, kept: object) -> base.Write:
    row = PushedRecord(base.place(workspace, connection_id), key, kept=kept)
    return base.Write("pushed", lambda transaction: transaction.save(row))


def _rows(workspace: WorkspaceId, connection_id: str, kind: str) -> Iterator[object]:
    results = PushedRecord.query(
        base.place(workspace, connection_id), PushedRecord.id.startswith(f"{kind}#"), consistent_read=True
    )
    return (row.kept for row in base.rows(results))
