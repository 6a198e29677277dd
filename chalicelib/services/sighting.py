"""Visual tags of new pictures: a model looks at them after they are in, so that nobody waits for it.

What was seen is kept as the model said it; words follow when they are read. A picture that nobody could look at, for
want of the model or of a rendition, simply has none.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from chalicelib import observe
from chalicelib.domain import learning, sight, views
from chalicelib.domain.assets import Asset, Version, unite
from chalicelib.domain.ids import AssetId, WorkspaceId
from chalicelib.domain.learning import Head
from chalicelib.domain.tokens import fold
from chalicelib.errors import InvalidInput, NotFound, UpstreamUnavailable
from chalicelib.models import assets as rows, base, collections, learnt, versions as version_rows
from chalicelib.models.outbox import Message
from chalicelib.ports.context import Context
from chalicelib.services import assets, labelling, pictures, trails
from chalicelib.services.signing import Caller

ARRIVED = "picture.arrived"
PRINTED = "picture.printed"
"""A picture that was here before has got its print."""
CLASSES = 20
_TRIES = 8
_PATIENCE = timedelta(hours=1)
MOST_REJECTED = 200


def picture_arrived(ctx: Context, message: Message) -> bool:
    """A picture is in: look at it, unless a collection of its asset wants none of it. Safe to repeat.

    Where the workspace agreed to it, the labels of an outside service are asked for once a look is kept.

    Raises:
        UpstreamUnavailable: the picture function, or the table, did not answer; for an hour it is worth another try.
        Busy, UpstreamUnavailable: the service of labels did not; for a day.
    """
    _, asset_id, number = message.subject.split(":")
    asset = _asset(message.workspace, asset_id)
    version = _version(asset, int(number))
    if asset is None or version is None or not wants_tags(message.workspace, asset):
        return True
    if "classes" not in asset.seen.get(version.id, {}) and not _looked(ctx, message, asset, version):
        return True
    if "labels" not in asset.seen.get(version.id, {}):
        found = labelling.ask(ctx, message.workspace, version, message.at)
        if found is not None:
            _keep(ctx, message.workspace, asset.id, version, lambda known: known and {**known, "labels": dict(found)})
    return True


def _looked(ctx: Context, message: Message, asset: Asset, version: Version) -> bool:
    """Look at it by the model; whether a look is kept."""
    try:
        found = pictures.look(ctx, version, CLASSES)
    except UpstreamUnavailable:
        if ctx.now() - message.at < _PATIENCE:
            raise
        found = None
    if found is None or found.sight is None:
        because = found.because if found else None
        observe.note("visual tags unavailable", workspace=message.workspace, version=version.id, because=because)
        return False
    keep(ctx, message.workspace, asset.id, version, found.sight)
    return True


def keep(
    ctx: Context,
    workspace: WorkspaceId,
    asset_id: AssetId,
    version: Version,
    found: Mapping[str, Any],
    facts: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Write what was seen in a version, and let the search index know; the same again changes nothing.

    `facts` are what is seen without a model: they are added to the version's, which keeps those it has.

    Raises:
        UpstreamUnavailable: the asset changed again and again.
    """
    found = named(learnt.get(workspace), found)

    def changed(known: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: known[name] for name in ("labels",) if name in known} | dict(found)

    _keep(ctx, workspace, asset_id, version, changed, facts)


def _keep(
    ctx: Context,
    workspace: WorkspaceId,
    asset_id: AssetId,
    version: Version,
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    facts: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Change what is known of a version by what was seen in it; where nothing is left, nothing is kept."""
    for _ in range(_TRIES):
        asset = _asset(workspace, asset_id)
        if asset is None:
            return
        current = {one.id: one for one in versions(asset)}
        if version.id not in current:
            return
        seen = {name: kept for name, kept in asset.seen.items() if name in current}
        if new := change(seen.get(version.id, {})):
            seen[version.id] = dict(new)
        more = {name: value for name, value in facts.items() if name not in current[version.id].facts}
        if (seen, more) == (asset.seen, {}) or _written(ctx, workspace, asset, seen, (version, more)):
            return
    raise UpstreamUnavailable("This asset changes too often at the moment.")


def named(head: Head | None, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was seen, with the shop's own words for it as far as they were learnt."""
    plain = {name: value for name, value in known.items() if name != "learnt"}
    view = views.view_of(known)
    words = [[name, share] for name, share in learning.told(head, view)] if head and view else []
    return plain | ({"learnt": {"version": head.version, "words": words}} if head and words else {})


def rename(ctx: Context, workspace: WorkspaceId, asset: Asset, head: Head) -> bool:
    """Call the asset's pictures by what is learnt now; whether anything was written.

    Raises:
        UpstreamUnavailable: the asset changed again and again.
    """
    for _ in range(_TRIES):
        new = {name: named(head, known) for name, known in asset.seen.items()}
        if all(sight.learnt_in(new[name]) == sight.learnt_in(known) for name, known in asset.seen.items()):
            return False
        if _written(ctx, workspace, asset, new):
            return True
        again = _asset(workspace, asset.id)
        if again is None:
            return False
        asset = again
    raise UpstreamUnavailable("This asset changes too often at the moment.")


def forget(ctx: Context, workspace: WorkspaceId, asset: Asset) -> bool:
    """Take away what was seen in the asset; False when it has changed meanwhile. What people rejected stays so."""
    return not asset.seen or _written(ctx, workspace, asset, {})


def _written(
    ctx: Context,
    workspace: WorkspaceId,
    asset: Asset,
    seen: Mapping[str, Mapping[str, Any]],
    facts: tuple[Version, Mapping[str, Any]] | None = None,
) -> bool:
    kind = PRINTED if facts is not None and "phash" in facts[1] else "asset.changed"
    _, announced = trails.announcement(
        ctx, workspace, kind, f"asset:{asset.id}", asset.collection_ids, is_for_index_only=True
    )
    writes = [rows.see(workspace, asset, seen, facts), announced]
    if facts is not None and facts[1] and (row := version_rows.get(workspace, asset.id, facts[0].number)) is not None:
        writes.append(version_rows.tell(workspace, asset.id, row, facts[1]))
    try:
        base.transact(writes)
    except base.ConditionFailed:
        return False
    trails.wake_index(ctx, workspace)
    return True


def judge(
    ctx: Context, caller: Caller, asset: Asset, *, accept: Iterable[str], reject: Iterable[str], allow: Iterable[str]
) -> tuple[Asset, str]:
    """Make words that were seen keywords, or reject words for good, or allow rejected ones again.

    Raises:
        InvalidInput: what is accepted is not seen in it, or too much is rejected.
        Conflict: the asset is not live.
        Stale: somebody changed it at the same moment.
    """
    assets.check_live(asset)
    seen = {fold(tag.name): tag.name for one in versions(asset) for tag in sight.seen_in(asset, one)}
    wanted, wrong = list(dict.fromkeys(accept)), list(dict.fromkeys(reject))
    unknown = [one for one in wanted if fold(one) not in seen and fold(one) not in _settled(asset)]
    if unknown:
        raise InvalidInput(f"Nothing of this name is seen here: {', '.join(unknown)}.")
    again = {fold(one) for one in (*allow, *wanted)}
    rejected = tuple(one for one in asset.rejected_tags if fold(one) not in again)
    rejected = unite(rejected, [seen.get(fold(one), one) for one in wrong])
    if len(rejected) > MOST_REJECTED:
        raise InvalidInput(f"At most {MOST_REJECTED} words can be rejected for one asset.")
    keywords = unite(asset.fields.keywords, [seen.get(fold(one), one) for one in wanted])
    new = replace(
        asset,
        fields=replace(asset.fields, keywords=keywords),
        rejected_tags=rejected,
        keyword_sources={**dict.fromkeys(keywords, "person"), **asset.keyword_sources},
        touched=asset.touched | ({"keywords"} if keywords != asset.fields.keywords else set()),
    )
    if (new.fields, new.rejected_tags) == (asset.fields, asset.rejected_tags):
        return asset, ""
    return assets.change(ctx, caller, asset, new, "asset.tags_judged", accepted=wanted, rejected=wrong)


def _settled(asset: Asset) -> set[str]:
    """Words about which something was decided before."""
    return {fold(one) for one in (*asset.fields.keywords, *asset.rejected_tags)}


def _asset(workspace: WorkspaceId, asset_id: str) -> Asset | None:
    try:
        return rows.get(workspace, AssetId(asset_id))
    except NotFound:
        return None


def versions(asset: Asset) -> list[Version]:
    """The versions that the asset is shown by."""
    return [one for one in (asset.approved, asset.newest, asset.standing) if one is not None]


def _version(asset: Asset | None, number: int) -> Version | None:
    return next((one for one in versions(asset) if one.number == number), None) if asset else None


def wants_tags(workspace: WorkspaceId, asset: Asset) -> bool:
    """No collection of the asset has switched visual tags off."""
    found = (collections.get(workspace, one) for one in asset.collection_ids)
    return all(one is None or one.policy.auto_tags for one in found)
