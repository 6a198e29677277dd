"""What the merchant does in the store, and whether that is respected.

What must be found again is kept as `Mark`s, each with the moment it was made: a write of ours over one is held against
us when it was made in sight of it. Where it was a race, or where nobody could know whose change it was since we were
about to change the same, the thing is `loose`: it may end either way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from chalicelib.domain.plans import Pushed
from chalicelib.domain.shop import FileChange
from chalicelib.models import plans, pushed
from standins.shopify import control, media
from standins.shopify.products import move
from standins.shopify.settling import settle
from standins.shopify.store import Record
from tests.faults.push_shelf import Asked, Choked, address
from tests.faults.push_world import Team
from tests.faults.workers import Worker, at_work

_OVER = ("applied", "rolled_back", "failed")
Kind = Literal["alt", "bytes", "there", "order", "shown"]


@dataclass(frozen=True)
class Mark:
    """What the merchant left: of a file, a picture of ours, a variant or a product; `value` is to be found again."""

    kind: Kind
    about: str
    product: str
    value: Any
    at: int


@dataclass
class Merchant:
    """The merchant's hands and eyes."""

    team: Team
    marks: list[Mark] = field(default_factory=list)
    loose: set[tuple[Kind, str]] = field(default_factory=set)
    read_at: dict[Worker | None, int] = field(default_factory=dict)
    """When each worker last read assets."""

    def is_open(self, kind: Kind, about: str) -> bool:
        """Whether it is ours alone to say how this ends."""
        return (kind, about) not in self.loose and not any((one.kind, one.about) == (kind, about) for one in self.marks)

    def loosen(self, kind: Kind, *about: str) -> None:
        """Nobody can know how this ends."""
        for one in about:
            self._unmark(kind, one)
            self.loose.add((kind, one))

    def _mark(self, kind: Kind, about: str, product: str, value: Any, *, is_known: bool = True) -> None:
        """The merchant wants to find this; where our memory was not up to date nobody could know that it is theirs."""
        if not is_known or (kind, about) in self.loose:
            self.loosen(kind, about)
            return
        self._unmark(kind, about)
        self.marks.append(Mark(kind, about, product, value, self.team.clock))

    def _unmark(self, kind: Kind, about: str) -> None:
        self.marks = [one for one in self.marks if (one.kind, one.about) != (kind, about)]

    def _act(self, what: str, **asked: Any) -> None:
        settle(self.team.shelf)
        self.team.clock += 1
        control._OF_ONE[what](None, self.team.shelf, asked)  # type: ignore[arg-type]

    def _known(self, file_id: str, product: str) -> Pushed | None:
        """What we remember of a file that hangs where we hung it, and with which we are done."""
        every = pushed.files(*self.team.place).values()
        found = next((one for one in every if one.file_id == file_id and product in one.product_ids), None)
        return None if found is None or found.making else found

    def hang(self, product: str) -> None:
        """A picture of the merchant's own."""
        self.team.clock += 1
        shelf = self.team.shelf
        one = media.new_file(shelf, f"own_{self.team.clock}.jpg", "", shelf.keep_bytes(b"own"), "merchant")
        media.process(shelf, one)
        shelf.products[product]["_media"].append(one["id"])
        self._mark("there", one["id"], product, value=True)

    def write_alt(self, product: str, file_id: str) -> None:
        """Another alt text for a picture of ours."""
        known, old, text = self._known(file_id, product), self.team.shelf.files[file_id]["alt"], f"by {self.team.clock}"
        self._act("alt", file=file_id, alt=text)
        self._mark("alt", file_id, product, text, is_known=known is not None and known.alt == old)

    def give_bytes(self, product: str, file_id: str) -> None:
        """Other bytes behind a picture of ours."""
        shelf, one = self.team.shelf, self.team.shelf.files[file_id]
        if one["_due"] is None:
            known, old = self._known(file_id, product), address(shelf, one)
            self.team.clock += 1
            digest = shelf.keep_bytes(f"merchant {self.team.clock}".encode())
            media.process(shelf, media.take_bytes(shelf, one, digest))
            self._mark("bytes", file_id, product, digest, is_known=known is not None and known.url == old)

    def take_off(self, product: str, file_id: str, what: str) -> None:
        """A picture leaves a product, or is deleted."""
        shelf = self.team.shelf
        known, name = self._known(file_id, product), self.team.name_of(shelf.files[file_id]["_name"])
        variants = shelf.products[product]["_variants"]
        self.loosen("shown", *(one for one in variants if shelf.variants[one]["_medium"] == file_id))
        self._act(what, product=product, file=file_id)
        for kind in ("alt", "bytes", "there"):
            self._unmark(kind, file_id)  # type: ignore[arg-type]
        if name is not None:
            self._mark("there", name, product, value=False, is_known=known is not None)

    def put_in_order(self, product: str, order: Sequence[str]) -> None:
        """All pictures of a product in an order of the merchant's."""
        row = pushed.product(*self.team.place, product)
        base = row.left.order if row.left else ()
        is_moving = row.is_ordering or any(kind == "job" for kind, _ in self.team.shelf.waiting)
        before = self._of_base(product, base)
        self._act("reorder", product=product, order=list(order))
        after = self._of_base(product, base)
        settled = [one for one in base if one in after]
        if after != before or not self.is_open("order", product):
            is_known = before == settled != after and not is_moving
            self._mark("order", product, product, tuple(order), is_known=is_known)

    def _of_base(self, product: str, base: Sequence[str]) -> list[str]:
        """Pictures of ours on a product, as they lie, that we had put in order and that are still wanted."""
        live = {one for one, name in self.team.ours(product).items() if self.team.is_live(name)}
        return [one for one in self.team.shelf.products[product]["_media"] if one in live & set(base)]

    def show(self, product: str, variant: str, file_id: str | None) -> None:
        """A variant is to show this picture."""
        row, old = pushed.product(*self.team.place, product), self.team.shelf.variants[variant]["_medium"]
        if old != file_id:
            self._act("show", variant=variant, file=file_id)
            is_known = row.left is not None and row.left.shown.get(variant, "nothing") == old
            self._mark("shown", variant, product, file_id, is_known=is_known and not self._may_meet(variant, file_id))

    def _may_meet(self, variant: str, file_id: str | None) -> bool:
        """Whether a plan on its way may want the very same for this variant: then it is ours too, and may move on."""
        name = self.team.name_of(self.team.shelf.files[file_id]["_name"]) if file_id else None
        may_lead = name is not None and name.startswith(f"{self.team.shelf.variants[variant]['sku']}_")
        return may_lead and any(one.state not in _OVER for one in plans.of(*self.team.place))

    def read(self, name: str, asked: Mapping[str, Any]) -> None:
        """A call of AWS was made: it is remembered who has read assets when."""
        if name == "BatchGetItem" and any(one.endswith("-assets") for one in asked["RequestItems"]):
            self.read_at[at_work()] = self.team.clock

    def around(self, hand: Choked, name: str, given: tuple[Any, ...], genuine: Asked) -> Any:
        """A call of the store is made, in the merchant's sight."""
        settle(self.team.shelf)
        self.team.clock += 1
        watch = getattr(self, f"_sees_{name}", None)
        if watch is not None:
            watch(hand, *given)
        return genuine(*given)

    def _sees_product(self, hand: Choked, product: str) -> None:
        hand.looked[product] = self.team.clock

    def _sees_stage(self, _hand: Choked, name: str, _mime: str, body: bytes) -> None:
        told = self.team.approved[self.team.name_of(name) or ""]
        ends = [*(at for at, _ in told[1:]), self.team.clock + 1]
        since = self.read_at.get(at_work(), 0)
        fits = (b"preset" + (one or b"") == body and end > since for (_, one), end in zip(told, ends, strict=True))
        if not any(fits):
            self.team.faults.append("bytes left that were not approved")

    def _sees_change_files(self, hand: Choked, changes: Sequence[FileChange]) -> None:
        for one in changes:
            name = self.team.name_of(self.team.shelf.files.get(one.id, {"_name": ""})["_name"])
            if one.alt is not None:
                self._over(hand, "alt", one.id, one.alt)
            if one.staged is not None:
                self._over(hand, "bytes", one.id, one.staged)
            if one.attach_to:
                self._over(hand, "there", name or one.id, value=True)
            if one.detach_from:
                self._over(hand, "there", name or one.id, value=False)

    def _sees_reorder(self, hand: Choked, product: str, moves: Sequence[tuple[str, int]]) -> None:
        then: Record = {"_media": list(self.team.shelf.products[product]["_media"])}
        for one, to in moves:
            move(then, one, to)
        for mark in [one for one in self.marks if (one.kind, one.about) == ("order", product)]:
            if not lies_as(then["_media"], mark.value):
                self._over(hand, "order", product, None)

    def _sees_show_on_variants(self, hand: Choked, _product: str, shown: Mapping[str, str | None]) -> None:
        for variant, one in shown.items():
            self._over(hand, "shown", variant, one)

    def _over(self, hand: Choked, kind: Kind, about: str, value: Any) -> None:
        """We write this; it is held against us if we had seen what the merchant made of it."""
        for one in [each for each in self.marks if (each.kind, each.about) == (kind, about) and each.value != value]:
            if hand.looked[one.product] > one.at:
                self.team.faults.append(f"what the merchant did was overwritten: {kind}")
            self.loosen(kind, about)


def lies_as(media_ids: Sequence[str], order: Sequence[str]) -> bool:
    """Whether what is in both lies in the same order."""
    return [one for one in media_ids if one in order] == [one for one in order if one in media_ids]
