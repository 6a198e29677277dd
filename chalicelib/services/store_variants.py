"""Variants of a store for people: found by SKU or name, and the names of products that lines speak of."""

from collections.abc import Mapping, Sequence

from chalicelib.domain.connections import Connection
from chalicelib.domain.plans import Line, Plan
from chalicelib.domain.shop import Variant
from chalicelib.models import catalogue
from chalicelib.services.signing import Caller

MOST_FOUND = 50


def find(one: Connection, text: str) -> list[Variant]:
    """Variants whose SKU is this text, then those whose SKU, product or title has all its words; by product and SKU."""
    wanted, words = text.strip().casefold(), text.casefold().split()
    if not words:
        return []
    found = [each for each in catalogue.every(one.workspace, one.id) if all(word in _text(each) for word in words)]
    found.sort(key=lambda each: (each.sku.casefold() != wanted, each.product_title, each.product_id, each.sku, each.id))
    return found[:MOST_FOUND]


def titles(caller: Caller, plan: Plan, lines: Sequence[Line]) -> Mapping[str, str]:
    """By product its name, of those whose variants the lines name."""
    ids = list({one.variant_ids[0] for one in lines if one.variant_ids})
    found = catalogue.get_many(caller.workspace, plan.connection_id, ids)
    return {one.product_id: one.product_title for one in found.values()}


def _text(one: Variant) -> str:
    return f"{one.sku} {one.product_title} {one.title}".casefold()
