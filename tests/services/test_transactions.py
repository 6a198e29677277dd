"""A refused transaction names the writes that were refused, whatever kinds of write it mixes."""

import pytest

from chalicelib.domain.collections import Collection
from chalicelib.domain.ids import ROOT, CollectionId
from chalicelib.models import base, collection_names, collections, workspaces
from tests.builders import Shop


def test_the_refused_write_is_named_among_updates_puts_deletes_and_checks(shop: Shop) -> None:
    one = Collection(CollectionId(shop.ctx.new_id()), "Spring", ROOT, 1, shop.ctx.now())
    other = CollectionId(shop.ctx.new_id())
    base.transact([collections.add(shop.workspace, one)])
    base.transact([collection_names.take(shop.workspace, ROOT, "Summer", other)])

    def refused(*writes: base.Write) -> tuple[str, ...]:
        with pytest.raises(base.ConditionFailed) as lost:
            base.transact(writes)
        return lost.value.labels

    renamed = collections.change(shop.workspace, one, name="Summer")
    stale = collections.change(shop.workspace, Collection(one.id, "x", ROOT, 7), name="y")
    taken = collection_names.take(shop.workspace, ROOT, "summer", one.id)
    foreign = collection_names.release(shop.workspace, ROOT, "SUMMER", one.id)
    gone = collections.still_live(shop.workspace, other)
    raised = workspaces.raise_epoch(shop.workspace)

    assert refused(renamed, raised, taken) == ("name",)
    assert refused(raised, stale) == ("collection",)
    assert refused(renamed, foreign, raised) == ("name",)
    assert refused(renamed, raised, gone) == ("parent",)
