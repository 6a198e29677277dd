"""The mirror of a store's catalogue: one row a variant, and one that says when the mirror was last whole.

Only the run that has the connection writes here, each write in one transaction with its lease, and only what it has
just read in the store: so news that come late, twice or out of order can be no more than a reason to read again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.shop import Variant
from chalicelib.models import base

_MIRROR = "mirror"


@dataclass(frozen=True)
class Mirror:
    """A mirror that was whole: it held `variants` variants, which the store had at `read_at` or later."""

    read_at: datetime
    variants: int


class Skus(GlobalSecondaryIndex["CatalogueRecord"]):
    """Variants by SKU; those without one are not here."""

    class Meta:
        index_name = "skus"
        projection = AllProjection()

    place = UnicodeAttribute(hash_key=True)
    sku = UnicodeAttribute(range_key=True)


class Products(GlobalSecondaryIndex["CatalogueRecord"]):
    """Variants by product."""

    class Meta:
        index_name = "products"
        projection = AllProjection()

    place = UnicodeAttribute(hash_key=True)
    product = UnicodeAttribute(range_key=True)


class CatalogueRecord(base.Record):
    """One variant, or (its `place` ends in `mirror`) what is known of the whole."""

    class Meta:
        noun = "catalogue"

    place = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    sku = UnicodeAttribute(null=True)
    product = UnicodeAttribute(null=True)
    kept = JSONAttribute()
    skus_index = Skus()
    products_index = Products()


def every(workspace: WorkspaceId, connection_id: str) -> Iterator[Variant]:
    """All variants, page by page in order of their ids as text, strongly consistent."""
    results = CatalogueRecord.query(base.place(workspace, connection_id), consistent_read=True)
    return (_value(row) for row in base.rows(results))


def get_many(workspace: WorkspaceId, connection_id: str, variant_ids: Sequence[str]) -> dict[str, Variant]:
    """Those of the variants that exist, by id, strongly consistent."""
    place = base.place(workspace, connection_id)
    return {row.id: _value(row) for row in base.read_many(CatalogueRecord, [(place, one) for one in variant_ids])}


def of_products(workspace: WorkspaceId, connection_id: str, product_ids: Sequence[str]) -> list[Variant]:
    """The variants of these products; up to a second old."""
    index, place = CatalogueRecord.products_index, base.place(workspace, connection_id)
    return [
        _value(row)
        for one in dict.fromkeys(product_ids)
        for row in base.rows(index.query(place, CatalogueRecord.product == one))
    ]


def of_sku(workspace: WorkspaceId, connection_id: str, sku: str) -> list[Variant]:
    """The variants whose SKU is this text, sign by sign (several may share one; none has none); up to a second old."""
    if not sku:
        return []
    results = CatalogueRecord.skus_index.query(base.place(workspace, connection_id), CatalogueRecord.sku == sku)
    return [_value(row) for row in base.rows(results)]


def mirror(workspace: WorkspaceId, connection_id: str) -> Mirror | None:
    """When the mirror was last whole, strongly consistent; None before the first time."""
    row = base.read(CatalogueRecord, base.place(workspace, connection_id, _MIRROR), _MIRROR)
    return None if row is None else Mirror(base.moment(row.kept["read_at"]), int(row.kept["variants"]))


def put(workspace: WorkspaceId, connection_id: str, one: Variant) -> base.Write:
    """Keep a variant, in place of what was known of it."""
    row = CatalogueRecord(
        base.place(workspace, connection_id), one.id, sku=one.sku or None, product=one.product_id, kept=asdict(one)
    )
    return _save("variant", row)


def drop(workspace: WorkspaceId, connection_id: str, variant_id: str) -> base.Write:
    """Forget a variant; one that is not known is no error."""
    return _delete("variant", CatalogueRecord(base.place(workspace, connection_id), variant_id))


def put_mirror(workspace: WorkspaceId, connection_id: str, whole: Mirror) -> base.Write:
    """Say that the mirror was whole."""
    place = base.place(workspace, connection_id, _MIRROR)
    kept = {"read_at": base.stamp(whole.read_at), "variants": whole.variants}
    return _save(_MIRROR, CatalogueRecord(place, _MIRROR, kept=kept))


def drop_mirror(workspace: WorkspaceId, connection_id: str) -> base.Write:
    """Forget that it was whole."""
    return _delete(_MIRROR, CatalogueRecord(base.place(workspace, connection_id, _MIRROR), _MIRROR))


def forgets(workspace: WorkspaceId, connection_id: str) -> Iterator[base.Write]:
    """The deletion of every row of a connection."""
    yield drop_mirror(workspace, connection_id)
    for one in every(workspace, connection_id):
        yield drop(workspace, connection_id, one.id)


def _save(label: str, row: CatalogueRecord) -> base.Write:
    return base.Write(label, lambda transaction: transaction.save(row))


def _delete(label: str, row: CatalogueRecord) -> base.Write:
    def apply(transaction: TransactWrite) -> None:
        transaction.delete(row)

    return base.Write(label, apply)


def _value(row: CatalogueRecord) -> Variant:
    kept: dict[str, Any] = row.kept
    return Variant(**kept)
