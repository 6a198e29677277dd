"""What changed in a store since its whole catalogue was read: each such product is read and mirrored.

Named by what the store posted, and, because that may be lost, by what it says has changed when it is asked.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.shop import Variant
from chalicelib.errors import NotFound
from chalicelib.models import base, catalogue, pushed, shop_news
from chalicelib.models.shop_news import News
from chalicelib.ports.shop import Shop
from chalicelib.services import shop_catalogue
from chalicelib.services.connection_runs import Run

MOST = 200
"""Products that are read one by one; for more the whole catalogue is."""
_LAG = timedelta(minutes=5)
"""How far the store's search may be behind."""
_SKEW = timedelta(seconds=5)
"""How far the clocks of two of our processes may differ."""
_NEVER = "2000-01-01T00:00:00Z"
_MOST_SEEN = 500
_WRITES = 90


def read(this: Run, store: Shop) -> None:
    """Read each product of which there is news.

    Raises:
        Paused: there is more news than is read one by one.
    """
    workspace, connection_id = this.connection.workspace, this.connection.id
    _drop_covered(this)
    named = {one.product_id: one for one in shop_news.waiting(workspace, connection_id, limit=MOST + 1)}
    changed = dict(_changed(this, store))
    if len({*named, *changed}) > MOST:
        shop_catalogue.begin(this, store)
    for product_id in dict.fromkeys((*named, *changed)):
        _mirror(this, store, product_id, named.get(product_id))
    if changed:
        _remember(this, changed)
    if shop_news.waiting(workspace, connection_id, limit=1):
        this.next_at = this.ctx.now()


def _drop_covered(this: Run) -> None:
    """Forget what was posted before the whole catalogue was read."""
    workspace, connection_id = this.connection.workspace, this.connection.id
    whole = catalogue.mirror(workspace, connection_id)
    until = whole.read_at - _SKEW if whole else None
    while until:
        posted = shop_news.waiting(workspace, connection_id, limit=_WRITES)
        covered = [one for one in posted if one.noted_at < until]
        if not covered:
            return
        try:
            this.keep(writes=[shop_news.done(workspace, connection_id, one) for one in covered])
        except base.ConditionFailed:
            for one in covered:
                _keep(this, [], one)


def _changed(this: Run, store: Shop) -> Iterator[tuple[str, datetime]]:
    """Products that changed since the last look, by the store's clock; at most one more than is read one by one."""
    memory = this.connection.memory
    whole_at, since = (base.moment(memory.get(one) or _NEVER) for one in ("whole_at", "changed_at"))
    found = 0
    for product_id, at in store.changed_since(since - _LAG):
        if at <= whole_at or memory.get("seen", {}).get(product_id) == base.stamp(at):
            continue
        yield product_id, at
        found += 1
        if found > MOST:
            return


def _remember(this: Run, changed: dict[str, datetime]) -> None:
    memory = this.connection.memory
    newest = max(changed.values())
    seen = {**memory.get("seen", {}), **{one: base.stamp(at) for one, at in changed.items()}}
    recent = {one: at for one, at in seen.items() if base.moment(at) >= newest - _LAG}
    kept = dict(list(recent.items())[-_MOST_SEEN:])
    this.keep(memory={**memory, "changed_at": base.stamp(newest), "seen": kept})


def _mirror(this: Run, store: Shop, product_id: str, news: News | None) -> None:
    """Let the mirror of one product be what it is in the store."""
    workspace, connection_id = this.connection.workspace, this.connection.id
    known = {one.id: one for one in catalogue.of_products(workspace, connection_id, [product_id])}
    there = _variants(store, product_id)
    writes: list[base.Write] = []
    counts = Counter[str]()
    for variant in there:
        old = known.pop(variant.id, None)
        if old != variant:
            counts["added" if old is None else "changed"] += 1
            writes.append(catalogue.put(workspace, connection_id, variant))
    for gone in known:
        counts["gone"] += 1
        writes.append(catalogue.drop(workspace, connection_id, gone))
    writes.append(pushed.notice(workspace, connection_id, product_id))
    while len(writes) > _WRITES:
        this.keep(writes=[writes.pop() for _ in range(_WRITES)])
    _keep(this, writes, news, counts)


def _variants(store: Shop, product_id: str) -> tuple[Variant, ...]:
    try:
        return store.variants(product_id)
    except NotFound:
        return ()


def _keep(this: Run, writes: list[base.Write], news: News | None, counts: Counter[str] | None = None) -> None:
    """Keep what was read. News that came while it was read stays for the next run."""
    read = [shop_news.done(this.connection.workspace, this.connection.id, news)] if news else []
    try:
        this.keep(writes=[*writes, *read], counts=counts)
    except base.ConditionFailed:
        this.keep(writes=writes, counts=counts)
