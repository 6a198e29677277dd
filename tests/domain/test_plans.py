"""The plan of a product: as little as possible, ours in order, the merchant's hand respected."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, strategies as st

from chalicelib.domain import plan_costs, plan_names, plan_order
from chalicelib.domain.plan_products import left_by, plan_product
from chalicelib.domain.plans import Left, LinePlan, ProductPlan, Pushed, Wanted, ref
from chalicelib.domain.shop import MOST_MEDIA, Medium, ProductMedia

P = "gid://shopify/Product/1"


def wanted(
    asset: str, content: str = "1", *, ending: str = "jpg", alt: str = "", variants: tuple[str, ...] = ()
) -> Wanted:
    return Wanted(asset, "TEE-1", int(content), content, f"{asset}.{ending}", alt or f"alt {asset}", variants)


@dataclass
class Store:
    """One product of a store and what is remembered of it, changed as the real ones would be."""

    order: list[str] = field(default_factory=list)
    alts: dict[str, str] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str | None] = field(default_factory=dict)
    pushed: dict[str, Pushed] = field(default_factory=dict)
    left: Left | None = None
    files: int = 0

    def foreign(self, *names: str) -> None:
        self.order += names
        self.alts |= dict.fromkeys(names, "theirs")

    @property
    def product(self) -> ProductMedia:
        media = tuple(Medium(one, self.alts[one], True, True, self.urls.get(one, one)) for one in self.order)
        return ProductMedia(P, "Tee", "tee", True, media, tuple(self.shown.items()))

    def plan(
        self, *want: Wanted, agreed: Mapping[str, tuple[str, ...]] | None = None, may_unlink: bool = False
    ) -> ProductPlan:
        names = {one.asset_id for one in want}
        left_over = [one for name, one in self.pushed.items() if name not in names and P in one.product_ids]
        return plan_product(
            self.product, want, self.pushed, self.left, agreed=agreed, leftovers=left_over, may_unlink=may_unlink
        )

    def apply(self, *want: Wanted, **more: object) -> ProductPlan:
        """Do what a plan says, as a run would: files, links, alts, order, variants, what leaves."""
        plan = self.plan(*want, **more)  # type: ignore[arg-type]
        by_asset = {one.asset_id: one for one in want}
        ids: dict[str, str] = {}
        for line in plan.lines:
            if line.asset_id in by_asset:
                self._put(line, by_asset[line.asset_id])
                ids[ref(line.asset_id)] = (
                    str(self.pushed[line.asset_id].file_id) if line.asset_id in self.pushed else ""
                )
        for one, to in plan_order.moves(self.order, [ids.get(one, one) for one in plan.target]):
            self.order.remove(one)
            self.order.insert(to, one)
        self.shown |= {variant: ids.get(one, one) for variant, one in plan.shown.items()}
        for line in plan.lines:
            if "unlink" in line.actions:
                self._unlink(line.asset_id, is_wanted=line.asset_id in by_asset)
        if any(one.actions for one in plan.lines):
            files = [str(self.pushed[one.asset_id].file_id) for one in want if one.asset_id in self.pushed]
            hanging = [one for one in files if one in self.order]
            self.left = left_by(self.product, self.plan(*want, **more), self.left, hanging)  # type: ignore[arg-type]
        return plan

    def _put(self, line: LinePlan, want: Wanted) -> None:
        known = self.pushed.get(line.asset_id)
        if "create" in line.actions:
            known = self._create(known, want)
        if known is None or not line.actions:
            return
        file_id = str(known.file_id)
        if "replace" in line.actions:
            self.urls[file_id] = f"{file_id}?{want.content}{len(self.urls)}"
            known = replace(known, content=want.content, version=want.version, url=self.urls[file_id])
        if "alt" in line.actions:
            self.alts[file_id] = want.alt
            known = replace(known, alt=want.alt)
        if "attach" in line.actions:
            self.order.append(file_id)
            known = replace(known, product_ids=tuple({*known.product_ids, P}))
        self.pushed[line.asset_id] = known

    def _create(self, known: Pushed | None, want: Wanted) -> Pushed:
        self.files += 1
        new = f"file{self.files}"
        old = known.file_id if known and known.file_id in self.order else None
        self.alts[new], self.urls[new] = want.alt, f"{new}?1"
        there = known.product_ids if known else ()
        if old and self.left:
            self.left = self.left.swapped(old, new)
        return Pushed(
            want.asset_id, want.name, new, want.content, want.version, want.alt, f"{new}?1", there, leaving=old
        )

    def _unlink(self, asset_id: str, *, is_wanted: bool) -> None:
        known = self.pushed[asset_id]
        gone = known.leaving if is_wanted else known.file_id
        self.order.remove(str(gone))
        self.shown = {variant: None if one == gone else one for variant, one in self.shown.items()}
        if not is_wanted:
            self.pushed[asset_id] = replace(known, product_ids=())

    @property
    def ours(self) -> list[str]:
        """Assets in the order in which they hang there; foreign pictures by their own names."""
        names = {one.file_id: name for name, one in self.pushed.items()}
        return [names.get(one, one) for one in self.order]


def acts(plan: ProductPlan) -> dict[str, tuple[str, ...]]:
    return {one.asset_id: one.actions for one in plan.lines}


A, B, C = wanted("a", variants=("v1",)), wanted("b"), wanted("c")


@pytest.fixture
def store() -> Store:
    """A product with one picture of the merchant's, in second place after ours came."""
    found = Store(shown={"v1": None})
    found.foreign("theirs")
    found.apply(A, B)
    return found


@pytest.mark.requirement("R35")
def test_a_first_plan_makes_hangs_orders_and_shows_and_a_second_plans_nothing(store: Store) -> None:
    assert store.ours == ["theirs", "a", "b"]
    assert store.shown["v1"] == store.pushed["a"].file_id
    again = store.plan(A, B)
    assert acts(again) == {"a": (), "b": ()}
    assert [one.list for one in again.lines] == ["unchanged", "unchanged"]
    assert again.drift == ()


@pytest.mark.requirement("RP1")
def test_a_new_version_replaces_the_bytes_behind_the_same_file_in_the_same_place(store: Store) -> None:
    before = dict(store.pushed)

    plan = store.apply(replace(A, content="2", version=2), B)

    assert acts(plan) == {"a": ("replace",), "b": ()}
    assert store.pushed["a"].file_id == before["a"].file_id
    assert (plan.lines[0].before["version"], plan.lines[0].after["version"]) == (1, 2)


@pytest.mark.requirement("RP1")
def test_a_version_of_another_kind_is_a_new_file_in_the_old_ones_place_and_the_old_one_leaves(store: Store) -> None:
    old = store.pushed["a"].file_id

    plan = store.apply(replace(A, content="2", version=2, name="a.png"), B)

    assert set(acts(plan)["a"]) == {"create", "attach", "reorder", "assign", "unlink"}
    assert store.ours == ["theirs", "a", "b"]
    assert old not in store.order
    assert store.shown["v1"] == store.pushed["a"].file_id != old
    assert acts(store.plan(replace(A, content="2", version=2, name="a.png"), B)) == {"a": (), "b": ()}


def remove(store: Store) -> None:
    store.order.remove(str(store.pushed["a"].file_id))
    store.shown["v1"] = None


def reorder(store: Store) -> None:
    store.order.reverse()


def edit_alt(store: Store) -> None:
    store.alts[str(store.pushed["a"].file_id)] = "the merchant's"


def edit_picture(store: Store) -> None:
    store.urls[str(store.pushed["a"].file_id)] = "elsewhere?9"


def show_theirs(store: Store) -> None:
    store.shown["v1"] = "theirs"


def add_foreign(store: Store) -> None:
    store.foreign("another")


NEW = replace(A, content="2", version=2, alt="new alt")
DRIFT = [  # what the merchant does, its name, our list and actions for A as before, and for A changed by us too
    (remove, "removed", "blocked", (), "blocked", ()),
    (reorder, "order", "unchanged", (), "matched", ("replace", "alt")),
    (edit_alt, "alt", "unchanged", (), "matched", ("replace",)),
    (edit_picture, "picture", "unchanged", (), "matched", ("alt",)),
    (show_theirs, "variant_image", "unchanged", (), "matched", ("replace", "alt")),
    (add_foreign, "foreign", "unchanged", (), "matched", ("replace", "alt")),
]


@pytest.mark.requirement("RP2")
@pytest.mark.parametrize("case", DRIFT, ids=[str(one[1]) for one in DRIFT])
def test_what_the_merchant_changed_is_told_and_left_alone(store: Store, case: tuple[object, ...]) -> None:
    change, kind, still, quiet, changed, busy = case
    change(store)  # type: ignore[operator]
    seen = (list(store.order), dict(store.alts), dict(store.shown), dict(store.urls))

    plan = store.plan(A, B)

    assert {one.kind for one in plan.drift} == {kind}
    assert (plan.lines[0].list, plan.lines[0].actions) == (still, quiet)
    assert all(not one.actions for one in plan.lines[1:])
    both = store.plan(NEW, B)
    assert (both.lines[0].list, both.lines[0].actions) == (changed, busy)
    store.apply(A, B)
    assert (store.order, store.alts, store.shown, store.urls) == seen


@pytest.mark.requirement("RP2")
@pytest.mark.parametrize("case", DRIFT[:5], ids=[str(one[1]) for one in DRIFT[:5]])
def test_whoever_agrees_gets_ours_back_and_is_asked_again_for_the_next_change(
    store: Store, case: tuple[object, ...]
) -> None:
    before = (store.ours, store.alts[str(store.pushed["a"].file_id)], store.shown["v1"])
    case[0](store)  # type: ignore[operator]
    agreed = {"a": store.plan(A, B).lines[0].consent}

    store.apply(A, B, agreed=agreed)

    if case[1] == "order":
        assert [one for one in store.ours if one != "theirs"] == ["a", "b"]
    else:
        assert (store.ours, store.alts[str(store.pushed["a"].file_id)], store.shown["v1"]) == before
    assert not any(one.actions for one in store.plan(A, B, agreed=agreed).lines)
    edit_alt(store)
    store.alts[str(store.pushed["a"].file_id)] = "once more"
    assert store.plan(A, B, agreed=agreed).lines[0].actions == ()


@pytest.mark.requirement("RP2")
def test_a_new_picture_takes_its_place_among_ours_without_undoing_the_merchants_order(store: Store) -> None:
    reorder(store)
    assert store.ours == ["b", "a", "theirs"]

    store.apply(A, C, B)

    assert store.ours == ["b", "a", "c", "theirs"]


@pytest.mark.requirement("R36")
def test_the_251st_picture_is_refused_and_the_rest_goes_on() -> None:
    store = Store()
    store.foreign(*(f"m{number}" for number in range(MOST_MEDIA - 1)))

    plan = store.plan(A, B)

    assert [(one.list, bool(one.actions)) for one in plan.lines] == [("matched", True), ("blocked", False)]
    assert "250" in plan.lines[1].because


@pytest.mark.requirement("R35")
def test_what_is_wanted_no_more_is_told_and_leaves_only_where_that_was_switched_on(store: Store) -> None:
    quiet = store.plan(B)
    assert [(one.asset_id, one.list, one.actions) for one in quiet.lines] == [
        ("b", "unchanged", ()),
        ("a", "blocked", ()),
    ]

    store.apply(B, may_unlink=True)

    assert store.ours == ["theirs", "b"]


@pytest.mark.requirement("R35")
@pytest.mark.parametrize("seed", range(12))
def test_foreign_pictures_are_never_touched_and_a_plan_that_was_applied_leaves_nothing_to_do(seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(40):
        store = Store(shown={"v1": None, "v2": None})
        for step in range(dice.randint(1, 5)):
            store.foreign(*(f"theirs{step}{number}" for number in range(dice.randint(0, 2))))
            if dice.random() < 0.4:
                dice.shuffle(store.order)
            if store.order and dice.random() < 0.2:
                store.shown["v1"] = dice.choice(store.order)
            want = [
                wanted(
                    one, dice.choice("12"), ending=dice.choice(("jpg", "png")),
                    variants=dice.choice(((), ("v1",), ("v1", "v2"))),
                )
                for one in dice.sample("abcde", dice.randint(0, 5))
            ]  # fmt: skip
            theirs = [one for one in store.order if one.startswith("theirs")]

            store.apply(*want, may_unlink=dice.random() < 0.5)

            assert [one for one in store.order if one.startswith("theirs")] == theirs
            assert all(store.alts[one] == "theirs" for one in theirs)
            assert len(set(store.order)) == len(store.order)
            again = store.plan(*want)
            assert not any(one.actions for one in again.lines), again


@pytest.mark.requirement("R36")
@given(st.permutations(list("abcdefgh")), st.permutations(list("abcdefgh")))
def test_moves_bring_any_order_into_any_other_and_are_few(now: list[str], target: list[str]) -> None:
    lies = list(now)

    done = plan_order.moves(now, target)

    for one, to in done:
        lies.remove(one)
        lies.insert(to, one)
    assert lies == target
    assert len(done) < len(now)
    assert not plan_order.moves(target, target)


@pytest.mark.requirement("R38")
def test_a_file_is_named_after_sku_view_and_asset_and_its_alt_text_is_never_its_name() -> None:
    assert plan_names.file_name("x", "TÉE 1/2", "rear", 3, "jpg").startswith("tee-1-2_back-")
    assert plan_names.file_name("x", "TEE-1", None, 3, "jpg") != plan_names.file_name("y", "TEE-1", None, 3, "jpg")
    assert plan_names.alt_text(None, "Tee", "Red / S", "front") == "Tee Red / S - front"
    assert plan_names.alt_text(None, "Tee", "Default Title", None) == "Tee"
    long = plan_names.alt_text("word " * 200, "", "", None)
    assert len(long) <= 512
    assert long.endswith("word")


@pytest.mark.requirement("R35")
def test_a_plan_says_what_it_will_cost_before_it_is_applied() -> None:
    points, minutes = plan_costs.estimate([("p", ("create", "attach"))] * 3 + [("q", ())])

    assert points == 3 * 26 + plan_costs.A_PRODUCT
    assert minutes == 1
    assert plan_costs.estimate([("p", ())]) == (0, 0)
