"""Everybody of a workspace at once: who of them may do what to an asset now."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.access import Access, Principal, PrincipalKind, Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.collections import Tree
from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.people import People
from chalicelib.models import collections, grants, members
from chalicelib.models.members import Member
from chalicelib.ports.context import Context


@dataclass(frozen=True)
class Audience:
    """Members with all they hold, over the tree of collections, as of one moment."""

    ctx: Context
    workspace: WorkspaceId
    people: People[Member]
    tree: Tree

    def bits(self, member_id: str, asset: Asset) -> int:
        """Mask of a member's rights on an asset; nothing for who is unknown, or whose time is over."""
        member, now = self.people.members.get(member_id), self.ctx.now()
        if member is None or (member.expires_at is not None and now >= member.expires_at):
            return 0
        lives = any(one in self.tree.living for one in asset.collection_ids)
        parents = self.tree.living_parents if lives else self.tree.parents
        who = Principal(PrincipalKind.MEMBER, member.id, self.workspace, "", self.people.of(member))
        return Access(who, parents).on_asset(asset.resource, now)

    def may(self, member_id: str, asset: Asset, right: Right) -> bool:
        """Whether a member has this right on an asset."""
        return bool(self.bits(member_id, asset) & right.bit)

    def with_right(self, asset: Asset, right: Right) -> Iterator[str]:
        """Members who have this right on an asset."""
        return (one for one in self.people.members if self.may(one, asset, right))

    def called(self, asset: Asset, right: Right, begins: str) -> list[Member]:
        """Members with this right on an asset of whose name some word begins so, whatever its case; by name."""
        sought = f" {begins.casefold()}"
        return sorted(
            (
                one for one in self.people.members.values()
                if sought in f" {one.name.casefold()}" and self.may(one.id, asset, right)
            ),
            key=lambda one: (one.name.casefold(), one.id),
        )  # fmt: skip

    def name(self, member_id: str | None) -> str:
        """What a member is called; somebody who is gone is somebody."""
        member = self.people.members.get(member_id or "")
        return member.name if member else "Somebody"


def of(ctx: Context, workspace: WorkspaceId) -> Audience:
    """The audience as of now: three queries, whatever is asked of it then."""
    known = People({one.id: one for one in members.every(workspace)}, grants.every(workspace))
    return Audience(ctx, workspace, known, collections.tree(workspace))
