"""Comments: said on a version, answered in threads, resolved in a version, open ones carried along to newer ones.

Carrying is a rule, not a copy: a comment stays where it was made, and is on every later version until it is resolved.
Whoever may not see a version does not see what was said on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain import comments as rules
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.comments import Anchor, Comment, Resolution
from chalicelib.domain.pages import Page
from chalicelib.errors import Conflict, InvalidInput, NotAllowed, NotFound, Stale
from chalicelib.models import base, comments as rows, members
from chalicelib.ports.context import Context
from chalicelib.services import access, assets, audience, egress, trails
from chalicelib.services.signing import Caller

_PAGES = 10
"""Pages of rows looked through for one page of a list."""
_MOVED = "Somebody changed this comment at the same moment. Read it again, then repeat your change."


@dataclass(frozen=True)
class Said:
    """What somebody wants to say."""

    version: int
    body: str
    anchor: Anchor | None
    parent_id: str | None


def say(ctx: Context, caller: Caller, asset: Asset, said: Said) -> Comment:
    """Comment on a version, or answer a comment.

    Raises:
        Conflict: the asset is not live, or what is answered was deleted.
        InvalidInput: there is no such version, or nothing to answer, for this caller.
    """
    assets.check_live(asset)
    _check_version(ctx, caller, asset, said.version)
    parent = rows.get(caller.workspace, asset.id, said.parent_id) if said.parent_id else None
    if said.parent_id and (parent is None or not _seen(ctx, caller, asset, [parent])):
        raise InvalidInput("There is nothing to answer.", fields={"parent_id": "is no comment on this asset"})
    if parent is not None and parent.is_deleted:
        raise Conflict("This comment was deleted.", code="comment_deleted")
    thread = (parent.parent_id or parent.id) if parent else None
    identifier = rules.comment_id(asset.id, ctx.new_id())
    visitor = caller.principal.name if caller.share else None
    new = Comment(
        identifier, asset.id, said.version, caller.member_id, ctx.now(), said.body, said.anchor, thread, visitor=visitor
    )
    return _write(ctx, caller, rows.add(caller.workspace, new), new, "comment.added", has_mentions=True)


def load(ctx: Context, caller: Caller, comment_id: str) -> tuple[Asset, Comment]:
    """A comment with its asset, for who may comment there. Raises `NotFound` or `NotAllowed`."""
    missing = NotFound("There is no such comment.")
    asset_id = rules.asset_of(comment_id)
    if asset_id is None:
        raise missing
    try:
        asset = access.asset(ctx, caller, asset_id, Right.COMMENT)
    except NotFound as problem:
        raise missing from problem
    found = rows.get(caller.workspace, asset.id, comment_id)
    if found is None or found.is_deleted or not _seen(ctx, caller, asset, [found]):
        raise missing
    return asset, found


def edit(ctx: Context, caller: Caller, comment_id: str, body: str) -> Comment:
    """Say it differently; only its author does.

    Raises:
        NotFound, NotAllowed: it is not there for this caller, or not the caller's.
        Conflict: the asset is not live.
        Stale: it changed at the same moment.
    """
    asset, old = load(ctx, caller, comment_id)
    if old.by != caller.member_id:
        raise NotAllowed("Only who wrote this comment changes it.", code="not_yours")
    assets.check_live(asset)
    if body == old.body:
        return old
    new = replace(old, body=body, edited_at=ctx.now(), revision=old.revision + 1)
    return _write(ctx, caller, rows.change(caller.workspace, old, new), new, "comment.edited", has_mentions=True)


def delete(ctx: Context, caller: Caller, comment_id: str) -> None:
    """Take it back: its words are gone, its place in the thread stays. Its author does, or a manager of the library.

    Raises:
        NotFound, NotAllowed: it is not there for this caller, or not the caller's.
        Stale: it changed at the same moment.
    """
    _, old = load(ctx, caller, comment_id)
    if old.by != caller.member_id and not caller.access.on_library() & Right.MANAGE.bit:
        raise NotAllowed("Who wrote this comment deletes it, or a manager of the library.", code="not_yours")
    new = replace(old, body="", anchor=None, is_deleted=True, revision=old.revision + 1)
    _write(ctx, caller, rows.change(caller.workspace, old, new), new, "comment.deleted")


def resolve(ctx: Context, caller: Caller, comment_id: str, version: int) -> Comment:
    """Say that it is done, in which version.

    Raises:
        NotFound, NotAllowed: it is not there for this caller, or not to comment on.
        Conflict: it is an answer, or resolved already, or the asset is not live.
        InvalidInput: there is no such version, or it is older than the comment's.
        Stale: it changed at the same moment.
    """
    asset, old = load(ctx, caller, comment_id)
    _check_thread(asset, old)
    if old.resolved is not None:
        raise Conflict("This comment is resolved already.", code="already_resolved")
    _check_version(ctx, caller, asset, version)
    if version < old.version:
        raise InvalidInput("It was said later.", fields={"version": f"is older than the comment's, {old.version}"})
    new = replace(old, resolved=Resolution(caller.member_id, ctx.now(), version), revision=old.revision + 1)
    return _write(ctx, caller, rows.change(caller.workspace, old, new), new, "comment.resolved", version=version)


def reopen(ctx: Context, caller: Caller, comment_id: str) -> Comment:
    """Say that it is not done after all. Raises as `resolve` does, `Conflict` when it is open."""
    asset, old = load(ctx, caller, comment_id)
    _check_thread(asset, old)
    if old.resolved is None:
        raise Conflict("This comment is open.", code="not_resolved")
    new = replace(old, resolved=None, revision=old.revision + 1)
    return _write(ctx, caller, rows.change(caller.workspace, old, new), new, "comment.reopened")


def listed(
    ctx: Context, caller: Caller, asset: Asset, *, version: int | None, state: str | None, limit: int, start: object
) -> Page[Comment]:
    """Comments, oldest first, answers after what they answer; a page may be short and still have a next.

    With `version` those made on it and those that were still to be done when it came. `state` is the thread's.
    """
    found: list[Comment] = []
    for _ in range(_PAGES):
        page = rows.page(caller.workspace, asset.id, limit=limit - len(found), start=start)
        wanted = {one.parent_id for one in page.items if one.parent_id}
        known = {one.id: one for one in page.items}
        known |= rows.get_many(caller.workspace, asset.id, sorted(one for one in wanted if one not in known))
        for one in _seen(ctx, caller, asset, page.items):
            first = known.get(one.parent_id, one) if one.parent_id else one
            is_on = version is None or first.is_on(version) or one.version == version
            if is_on and (state is None or first.is_open == (state == "open")):
                found.append(one)
        start = page.next
        if start is None or len(found) >= limit:
            break
    return Page(found, start)


def authors(caller: Caller, found: Sequence[Comment]) -> dict[str, str]:
    """What those who wrote or resolved these comments are called, by `by`; who is gone is left out."""
    visitors = {one.by: one.visitor for one in found if one.visitor}
    people = {one.by for one in found} | {one.resolved.by for one in found if one.resolved}
    known = members.get_many(caller.workspace, sorted(people - set(visitors)))
    return visitors | {one.id: one.name for one in known.values()}


def mentioned(ctx: Context, caller: Caller, asset: Asset, found: Sequence[Comment]) -> dict[str, str]:
    """What those whom these comments mention are called; who may not view the asset is left out, as nobody would be."""
    wanted = {member for one in found for member in rules.mentioned(one.body)}
    if not wanted:
        return {}
    here = audience.of(ctx, caller.workspace)
    return {one: here.name(one) for one in wanted if here.may(one, asset, Right.VIEW)}


def _seen(ctx: Context, caller: Caller, asset: Asset, found: Sequence[Comment]) -> list[Comment]:
    """Less those on versions that are held back from this caller; one read a version on which there are some."""
    bits = caller.rights_on(asset, ctx.now())
    hidden = set()
    for number in {one.version for one in found} if not bits & Right.APPROVE.bit else ():
        try:
            egress.seen_version(caller, asset, bits, number)
        except NotFound:
            hidden.add(number)
    return [one for one in found if one.version not in hidden]


def _check_version(ctx: Context, caller: Caller, asset: Asset, number: int) -> None:
    try:
        egress.seen_version(caller, asset, caller.rights_on(asset, ctx.now()), number)
    except NotFound as problem:
        raise InvalidInput(problem.message, fields={"version": "does not exist"}) from problem


def _check_thread(asset: Asset, one: Comment) -> None:
    assets.check_live(asset)
    if one.parent_id is not None:
        raise Conflict("An answer is resolved with its thread.", code="is_reply")


def _write(
    ctx: Context, caller: Caller, write: base.Write, one: Comment, action: str, *, has_mentions: bool = False,
    version: int | None = None,
) -> Comment:  # fmt: skip
    detail = {"asset_id": one.asset_id, "version": version or one.version}
    told = trails.entry(ctx, caller.workspace, caller.principal.label, action, f"comment:{one.id}", **detail)
    writes = [write, told]
    if has_mentions and (one.parent_id or rules.mentioned(one.body)):
        writes.append(trails.announcement(ctx, caller.workspace, "comment.said", f"comment:{one.id}")[1])
    try:
        base.transact(writes)
    except base.ConditionFailed as lost:
        raise Stale(_MOVED) from lost
    if len(writes) > 2:
        trails.wake(ctx, caller.workspace)
    return one
