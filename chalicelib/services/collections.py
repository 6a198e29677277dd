"""Collections: make, rename, move, set rules, trash with what is below, restore.

Trashing marks one row. Whatever lies below is dead at that moment, because rights, lists and folders go by the
chain to the root; nothing below is touched, so there is nothing to undo in part, and restoring takes the mark
away. The assets' own rows and the search index follow afterwards (`services/settling.py`), found by the outbox
row of the same transaction: a crash at any point leaves either no mark, or a mark and a message.
"""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from chalicelib import observe
from chalicelib.domain import names
from chalicelib.domain.access import Right
from chalicelib.domain.collections import MAX_DEPTH, Collection, Policy, Tree
from chalicelib.domain.ids import ROOT, CollectionId
from chalicelib.errors import Conflict, InvalidInput, NotAllowed, NotFound, PackshotError, Stale
from chalicelib.models import base, collection_names, collections, workspaces
from chalicelib.ports.context import Context
from chalicelib.services import access, settling, trails
from chalicelib.services.signing import Caller

_SETTLES_FOR = timedelta(seconds=1)
MOVED_MEANWHILE = "Somebody changed the collections at the same moment. Read them again, then repeat your change."


@dataclass(frozen=True)
class Changes:
    """What becomes of a collection; None leaves as it is."""

    name: str | None = None
    parent_id: CollectionId | None = None
    policy: Policy | None = None


def make(ctx: Context, caller: Caller, name: str, parent_id: str, policy: Policy) -> tuple[Collection, str]:
    """Make a collection; it and the token of this write.

    Raises:
        NotFound, NotAllowed: the parent is not there for this caller, or not to upload to.
        Conflict: a sibling has the name.
        InvalidInput: the name cannot be used.
    """
    parent = access.collection(caller, parent_id, Right.UPLOAD)
    if policy != Policy():
        access.collection(caller, parent_id, Right.MANAGE)
        _check_rule(caller, None, policy)
    _check_depth(len(caller.tree.chain(parent.id)) + 1)
    name = names.check_collection_name(name)
    new = Collection(CollectionId(ctx.new_id()), name, parent.id, 1, ctx.now(), policy=policy)
    workspace = caller.workspace
    writes = [
        collections.add(workspace, new),
        collection_names.take(workspace, parent.id, name, new.id),
        workspaces.raise_epoch(workspace),
    ]
    if parent.id != ROOT:
        writes.append(collections.still_live(workspace, parent.id))
    return new, _commit(ctx, caller, new, "collection.created", writes, name=name, parent_id=parent.id)


def check_changeable(one: Collection) -> None:
    """Raise `Conflict` for the root, which keeps its name, place and rules."""
    if one.id == ROOT:
        raise Conflict("The library itself cannot be renamed, moved, deleted or given rules.", code="is_root")


def edit(ctx: Context, caller: Caller, old: Collection, changes: Changes) -> tuple[Collection, str]:
    """Rename, move or set rules; the collection and the token of this write.

    Raises:
        NotFound, NotAllowed: the new parent is not there, or the caller lacks `move`, `manage`, or `upload` there.
        Conflict: a sibling has the name, or it would lie below itself.
        InvalidInput: the name cannot be used, or it would lie too deep.
        Stale: the tree changed at the same moment.
    """
    check_changeable(old)
    new = replace(old, policy=changes.policy or old.policy)
    if changes.policy is not None and changes.policy != old.policy:
        access.collection(caller, old.id, Right.MANAGE)
        _check_rule(caller, old, changes.policy)
    if changes.parent_id is not None and changes.parent_id != old.parent_id:
        access.collection(caller, old.id, Right.MOVE)
        new = replace(new, parent_id=access.collection(caller, changes.parent_id, Right.UPLOAD).id)
        _check_place(caller.tree, old, changes.parent_id)
    if changes.name is not None:
        new = replace(new, name=names.check_collection_name(changes.name))
    values = {name: getattr(new, name) for name in ("name", "parent_id", "policy")}
    values = {name: value for name, value in values.items() if value != getattr(old, name)}
    if not values:
        return old, ""
    return replace(new, revision=old.revision + 1), _commit(
        ctx, caller, new, "collection.edited", _edit_writes(caller, old, new, values), **_told(values)
    )


def _edit_writes(caller: Caller, old: Collection, new: Collection, values: dict[str, Any]) -> list[base.Write]:
    workspace, is_moved = caller.workspace, "parent_id" in values
    writes = [
        collections.change(workspace, old, **values),
        # Two moves at once could tie a knot, so a move is refused when the tree is not the one it was judged by.
        workspaces.raise_epoch(workspace, caller.epoch if is_moved else None),
    ]
    before, after = (names.sibling_key(one.parent_id or ROOT, one.name) for one in (old, new))
    if before != after:
        writes.append(collection_names.release(workspace, old.parent_id or ROOT, old.name, old.id))
        writes.append(collection_names.take(workspace, new.parent_id or ROOT, new.name, old.id))
    return writes


def trash(ctx: Context, caller: Caller, one: Collection) -> str:
    """Put the collection and all below it into the trash; the token of this write. Its name becomes free.

    Raises:
        NotAllowed: something below may not be deleted by this caller.
        Stale: somebody changed it at the same moment.
    """
    check_changeable(one)
    below = [each for each in caller.tree.subtree(one.id) if each.id in caller.tree.living]
    if not all(caller.access.on_collection(each.id) & Right.DELETE.bit for each in below):
        raise NotAllowed("Something below it is not yours to delete.", fields={"right": str(Right.DELETE)})
    workspace, trash_id = caller.workspace, ctx.new_id()
    writes = [
        collections.change(workspace, one, state="trashed", trash_id=trash_id),
        collection_names.release(workspace, one.parent_id or ROOT, one.name, one.id),
        workspaces.raise_epoch(workspace),
    ]
    token = _commit(ctx, caller, one, "collection.trashed", writes, name=one.name, trash_id=trash_id)
    _settle(ctx, caller, one)
    return token


def restore(ctx: Context, caller: Caller, one: Collection) -> tuple[Collection, str]:
    """Bring the collection back with what was trashed with it; it and the token of this write.

    Raises:
        Conflict: it is not in the trash, its parent is, or a sibling took its name.
        Stale: somebody changed it at the same moment.
    """
    if one.state != "trashed" or one.parent_id is None:
        raise Conflict("This collection is not in the trash.", code="not_trashed")
    if one.parent_id not in caller.tree.living:
        raise Conflict("What it lies in is in the trash too. Restore that first.", code="parent_trashed")
    workspace = caller.workspace
    writes = [
        collections.change(workspace, one, state="live", trash_id=None),
        collection_names.take(workspace, one.parent_id, one.name, one.id),
        workspaces.raise_epoch(workspace),
    ]
    if one.parent_id != ROOT:
        writes.append(collections.still_live(workspace, one.parent_id))
    back = replace(one, state="live", trash_id=None, revision=one.revision + 1)
    token = _commit(ctx, caller, one, "collection.restored", writes, name=one.name)
    _settle(ctx, caller, one)
    return back, token


def _settle(ctx: Context, caller: Caller, one: Collection) -> None:
    """Settle what one second suffices for, so that lists are right with the answer; the outbox sees to the rest."""
    try:
        settling.settle(ctx, caller.workspace, one.id, ctx.now() + _SETTLES_FOR)
    except PackshotError as problem:
        observe.trouble("settling was left to the outbox", problem=problem)


def visible(caller: Caller, parent_id: str | None) -> list[Collection]:
    """Living collections that the caller may see; with `parent_id` those that stand under it for this caller:
    a visible child of hidden parents stands under the nearest visible one."""
    seen = [caller.tree.by_id[one] for one in caller.collections_seen]
    if parent_id is None:
        return seen
    return [one for one in seen if one.parent_id and _stands_under(caller, one) == parent_id]


def _stands_under(caller: Caller, one: Collection) -> CollectionId:
    above = caller.tree.chain(one.id)[1:]
    return next((each.id for each in above if each.id in caller.collections_seen), ROOT)


def trashed(caller: Caller) -> list[Collection]:
    """Collections in the trash that the caller may bring back, by name."""
    found = [one for one in caller.tree.by_id.values() if one.state == "trashed"]
    mine = [one for one in found if caller.rights_in_trash(one.id) & Right.DELETE.bit]
    return sorted(mine, key=lambda one: (names.fold(one.name), one.id))


def _commit(ctx: Context, caller: Caller, one: Collection, action: str, writes: list[base.Write], **detail: Any) -> str:
    workspace, subject = caller.workspace, f"collection:{one.id}"
    token, announced = trails.announcement(ctx, workspace, "collection.changed", subject)
    told = trails.entry(ctx, workspace, caller.principal.label, action, subject, **detail)
    try:
        base.transact([*writes, announced, told])
    except base.ConditionFailed as lost:
        raise _refusal(lost, one) from lost
    trails.wake(ctx, workspace)
    return token


def _refusal(lost: base.ConditionFailed, one: Collection) -> PackshotError:
    if "collection" in lost.labels or "workspace" in lost.labels or "parent" in lost.labels:
        return Stale(MOVED_MEANWHILE)
    return Conflict(f"There is another collection called “{one.name}” in the same place.", code="name_taken")


def _check_rule(caller: Caller, old: Collection | None, policy: Policy) -> None:
    """Where approved assets go must be another collection that the caller may upload to."""
    rule = policy.approved_to
    if rule is None or (old is not None and rule == old.policy.approved_to):
        return
    try:
        home = access.collection(caller, rule.collection_id, Right.UPLOAD)
    except (NotFound, NotAllowed) as problem:
        raise InvalidInput(
            problem.message, fields={"policy.approved_to": "is no collection you may put assets into"}
        ) from problem
    if old is not None and home.id == old.id:
        raise InvalidInput("This collection cannot be its own.", fields={"policy.approved_to": "is this collection"})


def _check_place(tree: Tree, one: Collection, parent_id: CollectionId) -> None:
    above = tree.chain(parent_id)
    if any(each.id == one.id for each in above):
        raise Conflict("A collection cannot lie below itself.", code="below_itself")
    height = max(len(tree.chain(each.id)) for each in tree.subtree(one.id)) - len(tree.chain(one.id)) + 1
    _check_depth(len(above) + height)


def _check_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Conflict(f"Collections can be nested {MAX_DEPTH} deep.", code="too_deep")


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {name: asdict(value) if isinstance(value, Policy) else value for name, value in values.items()}
