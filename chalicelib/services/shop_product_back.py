"""One product of a plan on its way back, a step at a time: what is not as it was before the plan is made so again, as
far as the store still is as the plan left it. The rest stays, with the reason.

A step either moves something, waits for the store, or finds that nothing is left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.domain import plan_names, plan_order
from chalicelib.domain.plans import Line, PlanProduct, Pushed, Snapshot
from chalicelib.domain.shop import FileChange, Medium, ProductMedia
from chalicelib.errors import NotFound
from chalicelib.services import egress
from chalicelib.services.shop_files import LATER, Push
from chalicelib.services.shop_product import Step

_ENDINGS = {"jpeg": "jpg"}


@dataclass
class Back:
    """One product on its way back. `lines` are those that were applied, by asset; `kept` why something stays."""

    planned: PlanProduct
    before: Snapshot
    after: Snapshot
    lines: Mapping[str, Line]
    kept: dict[str, str] = field(default_factory=dict)
    job_id: str = ""

    def keeps(self, asset_id: str, because: str) -> None:
        self.kept.setdefault(asset_id, because)


def as_it_is(push: Push, product: ProductMedia) -> Snapshot:
    """What a plan left that ended in the middle of a product: what we know that we put there."""
    there = {one.id for one in product.media}
    ours = [one for one in push.known.values() if one.file_id in there]
    return Snapshot(
        tuple(one.id for one in product.media), dict(product.variant_media),
        {str(one.file_id): one.alt or "" for one in ours}, {str(one.file_id): one.url for one in ours},
        {str(one.file_id): one.content or "" for one in ours},
    )  # fmt: skip


def step(push: Push, back: Back, product: ProductMedia) -> Step:
    """Bring a product a step back."""
    if back.job_id and not push.store.is_job_done(back.job_id):
        return "waiting"
    back.job_id = ""
    media = {one.id: one for one in product.media}
    return (
        _bytes(push, back, media)
        or _links(push, back, media)
        or _variants(push, back, product)
        or _created(push, back, media)
        or _order(push, back, product)
        or "done"
    )


def _bytes(push: Push, back: Back, media: Mapping[str, Medium]) -> Step | None:
    """Bytes that the plan replaced behind a file."""
    found: Step | None = None
    for asset_id, line in back.lines.items():
        known = push.known.get(asset_id)
        old = back.before.contents.get(str(known.file_id)) if known else None
        if known is None or old is None or asset_id in back.kept or (known.content == old and not known.making):
            continue
        if known.making and known.making_id:
            found = _wait_for(push, known, old, line) or found
            continue
        medium = media.get(str(known.file_id))
        is_ours = medium is not None and (known.making == old or medium.url == back.after.urls.get(medium.id))
        if not is_ours or not old:
            back.keeps(asset_id, "Its bytes were changed in the store since.")
            continue
        found = _give_back(push, back, known, old) or found
    return found


def _give_back(push: Push, back: Back, known: Pushed, old: str) -> Step:
    try:
        body = egress.bytes_once_pushed(push.run.ctx, push.actor.caller, known.asset_id, old)
    except NotFound:
        back.keeps(known.asset_id, "The bytes it had before are not kept any more.")
        return "moved"
    push.remember(replace(known, making=old, making_id=None))
    staged = push.store.stage(known.name, f"image/{old.rpartition('.')[2]}", body)
    for refusal in push.store.change_files([FileChange(str(known.file_id), staged=staged)]):
        if refusal.code not in LATER:
            push.remember(replace(known, making=None, making_id=None))
            back.keeps(known.asset_id, f"The store says: {refusal.message}")
            return "moved"
        return "waiting"
    push.remember(replace(known, making=old, making_id=known.file_id))
    return "waiting"


def _wait_for(push: Push, known: Pushed, old: str, line: Line) -> Step:
    seen = push.seen.get(str(known.making_id))
    if seen is None or seen.state == "processing":
        return "waiting"
    if seen.state == "failed":
        push.store.acknowledge([str(known.making_id)])
        push.remember(replace(known, making=None, making_id=None))
        return "moved"
    version = line.before.get("version")
    push.remember(replace(known, content=old, version=version, url=seen.url, making=None, making_id=None))
    return "moved"


def _links(push: Push, back: Back, media: Mapping[str, Medium]) -> Step | None:
    """Alt texts, and files that the plan took off the product."""
    files = [known for name in back.lines if (known := push.known.get(name)) is not None and name not in back.kept]
    changes = [(known, change) for known in files for change in _changes(back, known, media)]
    if not changes:
        return None
    refused = {one.index: one for one in push.store.change_files([one for _, one in changes])}
    for index, (known, change) in enumerate(changes):
        refusal = refused.get(index)
        if refusal is not None and refusal.code not in LATER:
            back.keeps(known.asset_id, f"The store says: {refusal.message}")
        elif refusal is None and change.alt is not None:
            push.remember(replace(push.known[known.asset_id], alt=change.alt))
        elif refusal is None and change.id == known.file_id:
            push.remember(replace(push.known[known.asset_id], product_ids=(*known.product_ids, back.planned.id)))
    return "waiting" if refused and all(one.code in LATER for one in refused.values()) else "moved"


def _changes(back: Back, known: Pushed, media: Mapping[str, Medium]) -> list[FileChange]:
    found: list[FileChange] = []
    file_id = str(known.file_id)
    before, after, medium = back.before.alts.get(file_id), back.after.alts.get(file_id), media.get(file_id)
    if medium is not None and before not in (None, after, medium.alt):
        if medium.alt == after:
            found.append(FileChange(file_id, alt=before))
        else:
            back.keeps(known.asset_id, "Its alt text was changed in the store since.")
    left = [one for one in (known.file_id, known.leaving) if one and one not in media]
    gone = [one for one in left if one in back.before.order and one not in back.after.order]
    return found + [FileChange(one, attach_to=(back.planned.id,)) for one in gone]


def _variants(push: Push, back: Back, product: ProductMedia) -> Step | None:
    there = {one.id for one in product.media}
    wanted = {
        variant: back.before.shown.get(variant)
        for variant, now in product.variant_media
        if now == back.after.shown.get(variant, now) != back.before.shown.get(variant, now)
        and (back.before.shown.get(variant) in there or back.before.shown.get(variant) is None)
    }
    if not wanted:
        return None
    for refusal in push.store.show_on_variants(product.product_id, wanted):
        for asset_id in back.lines:
            back.keeps(asset_id, f"The store says: {refusal.message}")
        return None
    return "moved"


def _created(push: Push, back: Back, media: Mapping[str, Medium]) -> Step | None:
    """Files that the plan hung there: they go, and those that are nowhere else are deleted."""
    for asset_id in back.lines:
        known = push.known.get(asset_id)
        file_id = str(known.file_id) if known else ""
        if known is None or asset_id in back.kept or file_id in back.before.order or file_id not in media:
            continue
        medium = media[file_id]
        if file_id not in back.after.order or medium.alt != known.alt or medium.url != known.url:
            back.keeps(asset_id, "The merchant has changed this picture since.")
            continue
        push.store.change_files([FileChange(file_id, detach_from=(back.planned.id,))])
        rest = tuple(one for one in known.product_ids if one != back.planned.id)
        old = known.leaving if known.leaving in back.before.order else None
        if not rest or old:
            push.store.drop_files([file_id])
            push.remember(_as_before(known, old, back, rest))
        else:
            push.remember(replace(known, product_ids=rest))
        return "moved"
    return None


def _as_before(known: Pushed, old: str | None, back: Back, rest: tuple[str, ...]) -> Pushed:
    if old is None:
        return Pushed(known.asset_id, known.name, product_ids=rest)
    content = back.before.contents.get(old) or None
    ending = content.rpartition(".")[2] if content else ""
    name = plan_names.renamed(known.name, _ENDINGS.get(ending, ending)) if ending else known.name
    return Pushed(
        known.asset_id, name, old, content, back.lines[known.asset_id].before.get("version"), back.before.alts.get(old),
        back.before.urls.get(old), (*rest, back.planned.id),
    )  # fmt: skip


def _order(push: Push, back: Back, product: ProductMedia) -> Step | None:
    """The order from before, of what was there; where the merchant put things into another order, theirs stays."""
    now = [one.id for one in product.media]
    is_back = _shared(now, back.before.order) == _shared(back.before.order, now)
    if not is_back and _shared(now, back.after.order) != _shared(back.after.order, now):
        for asset_id in back.lines:
            back.keeps(asset_id, "The merchant put the pictures into another order since.")
        return None
    wanted = iter([one for one in back.before.order if one in set(now)])
    target = [next(wanted) if one in set(back.before.order) else one for one in now]
    moves = plan_order.moves(now, target)
    if not moves:
        return None
    back.job_id = push.store.reorder(product.product_id, moves)
    return "moved"


def _shared(order: Iterable[str], others: Iterable[str]) -> list[str]:
    there = set(others)
    return [one for one in order if one in there]
