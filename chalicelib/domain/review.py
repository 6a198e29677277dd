"""Which version of an asset who is shown, what was decided of each, and what a decision makes of the asset.

Versions never change. What people decide of them is kept in the asset's own row, so that one fenced write switches
everything that shows or hands out the asset.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from chalicelib.domain.access import Right, sees_other_versions
from chalicelib.domain.assets import Approval, Asset, Version
from chalicelib.domain.collections import Tree
from chalicelib.domain.ids import CollectionId

Decision = Literal["approve", "reject", "request_changes"]
Outcome = Literal["approved", "rejected", "changes_requested"]
OUTCOME: Mapping[Decision, Outcome] = {
    "approve": "approved",
    "reject": "rejected",
    "request_changes": "changes_requested",
}
"""What a version is after each decision."""


def begins_as(asset: Asset | None, *, is_held: bool) -> Approval:
    """The approval of a version that comes now; `asset` is what it becomes the newest version of.

    Who had to approve the last one, must approve this one: it is pending, and so is one that is held back.
    """
    was_reviewed = asset is not None and (asset.approved is not None or asset.newest.approval != "none")
    return "pending" if is_held or was_reviewed else "none"


def standing_with(asset: Asset, version: Version, *, is_newest: bool) -> Version | None:
    """The newest version that never was held back, once this one has come; None while it is the newest of all."""
    if is_newest:
        before = asset.standing if asset.newest.held else asset.newest
        return before if version.held else None
    known = asset.standing
    is_later = asset.newest.held and not version.held and (known is None or version.order > known.order)
    return version if is_later else known


def approval_of(asset: Asset, version: Version) -> Approval:
    """What is decided of a version of this asset."""
    return asset.approvals.get(version.number, version.approval)


def as_decided(asset: Asset, version: Version) -> Version:
    """The version with what is decided of it."""
    return replace(version, approval=approval_of(asset, version))


def is_held(asset: Asset, version: Version) -> bool:
    """Whether the version is kept from all but the person who brought it and its approvers."""
    return version.held and approval_of(asset, version) != "approved"


def newest_for_all(asset: Asset) -> Version | None:
    """The newest version if it is not held back, else the newest that never was."""
    return asset.standing if is_held(asset, asset.newest) else asset.newest


def sees_held(version: Version, bits: int, uploader: str) -> bool:
    """Whether these rights, or having brought it, show a version that is held back.

    `uploader` is a person's id, for all that the person brought, or `key:<id>`, for what that key did.
    """
    return bool(bits & Right.APPROVE.bit) or (bool(uploader) and uploader in (version.member_id, version.by))


def sees(asset: Asset, version: Version, bits: int, uploader: str) -> bool:
    """Whether a version that is not the shown one may be seen with these rights."""
    if is_held(asset, version):
        return sees_held(version, bits, uploader)
    return sees_other_versions(bits)


def newest_for(asset: Asset, bits: int, uploader: str) -> Version | None:
    """The newest version that may be known of with these rights, whatever is shown."""
    held = is_held(asset, asset.newest)
    return asset.newest if not held or sees_held(asset.newest, bits, uploader) else newest_for_all(asset)


def shown_to(asset: Asset, bits: int, uploader: str, *, is_blocked: bool) -> Version | None:
    """The version shown with these rights: the approved one, else the newest that may be known of, unless a
    collection blocks what is not approved and no right shows other versions."""
    if asset.approved is not None:
        return asset.approved
    found = newest_for(asset, bits, uploader)
    if found is None or (is_blocked and not sees(asset, found, bits, uploader)):
        return None
    return found


def sees_version(tree: Tree, asset: Asset, version: Version, bits: int, uploader: str) -> bool:
    """Whether a version may be seen with these rights: as the shown one, or beside it."""
    if not bits & Right.VIEW.bit:
        return False
    shown = shown_to(asset, bits, uploader, is_blocked=tree.blocks_unapproved(asset.collection_ids))
    return (shown is not None and shown.number == version.number) or sees(asset, version, bits, uploader)


def leaves_freely(asset: Asset, version: Version, *, is_blocked: bool) -> bool:
    """Whether the right to download suffices for this version: it is the approved one, or, with nothing approved
    and nothing that blocks, the newest that everybody sees."""
    if asset.approved is not None:
        return version.number == asset.approved.number
    newest = newest_for_all(asset)
    return not is_blocked and newest is not None and version.number == newest.number


def noted(asset: Asset, number: int, approval: Approval) -> Asset:
    """The asset with this noted of one of its versions; which one is approved stays."""

    def renewed(one: Version) -> Version:
        return replace(one, approval=approval) if one.number == number else one

    return replace(
        asset,
        approvals={**asset.approvals, number: approval},
        newest=renewed(asset.newest),
        standing=renewed(asset.standing) if asset.standing else None,
    )


def decided(asset: Asset, version: Version, outcome: Outcome) -> Asset:
    """The asset once this is decided of one of its versions.

    The version approved last is the approved one; taking that approval back leaves none.
    """
    new = noted(asset, version.number, outcome)
    if outcome == "approved":
        return replace(new, approved=replace(version, approval=outcome))
    was_approved = asset.approved is not None and asset.approved.number == version.number
    return replace(new, approved=None) if was_approved else new


def is_decided(asset: Asset, version: Version, approval: Approval) -> bool:
    """Whether deciding this would change nothing."""
    if approval == "approved":
        return asset.approved is not None and asset.approved.number == version.number
    return approval_of(asset, version) == approval


def placed(asset: Asset, tree: Tree, most: int) -> tuple[CollectionId, ...]:
    """The collections of an asset that has just been approved, by the rules of those it is in.

    A rule whose collection is gone, or that would put the asset into more than `most`, is left out.
    """
    homes = dict.fromkeys(asset.collection_ids)
    for one in asset.collection_ids:
        rule = tree.by_id[one].policy.approved_to if one in tree.living else None
        if rule is None or rule.collection_id not in tree.living or rule.collection_id == one:
            continue
        if rule.move:
            homes.pop(one, None)
        if len(homes) < most:
            homes[rule.collection_id] = None
    return tuple(homes) or asset.collection_ids


def takes_approved_only(tree: Tree, collection_id: CollectionId) -> bool:
    """Whether some collection's rule sends approved assets here, so that nobody puts others in by hand."""
    rules = (one.policy.approved_to for one in tree.by_id.values() if one.id in tree.living)
    return any(rule is not None and rule.collection_id == collection_id for rule in rules)
