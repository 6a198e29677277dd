"""Which pictures a store's products are to have: assets, matched with the mirror of its catalogue, that may leave.

Everything is read from our own tables; the store is not asked. What goes nowhere becomes a line that says why.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from chalicelib.domain import matching, plan_names, presets as rules, shots
from chalicelib.domain.access import Right
from chalicelib.domain.assets import Asset
from chalicelib.domain.matching import Catalogue, Match, Options
from chalicelib.domain.plans import Decision, Line, ListName, Pushed, Wanted
from chalicelib.domain.shop import Variant
from chalicelib.domain.shots import Place
from chalicelib.models import assets, catalogue, decisions, pushed
from chalicelib.ports.context import Context
from chalicelib.services import egress_approved
from chalicelib.services.shop_actor import Actor

MOST_PIXELS, MOST_BYTES = 20_000_000, 19_000_000
"""Of one picture; a store takes a little more."""
_ENDINGS = {"jpeg": "jpg", "png": "png", "webp": "webp"}
_WORDS = {
    "not_live": "It is archived or in the trash.",
    "not_approved": "No version of it is approved.",
    "no_picture": "It has no picture.",
    "too_small": "It is too small for the channel's preset, and nothing is enlarged.",
    "not_yet": "It may be used only later.",
    "expired": "It may not be used any more.",
    "restricted": "It is restricted.",
    "no_original": "It has no original.",
    "no_right": "Who made this connection may not download it.",
    "too_many_pixels": "The channel's preset makes more than 20 megapixels of it, which a store does not take.",
}


@dataclass
class Candidates:
    """Lines of what goes nowhere, by product what it is to have, in order, and agreements to overwrite by asset."""

    lines: list[Line] = field(default_factory=list)
    products: dict[str, tuple[Wanted, ...]] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    """By asset the first of its products."""
    agreed: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Found:
    """One asset on one product."""

    place: Place
    wanted: Wanted
    sha256: str


class _Shelf:
    """The mirror of a catalogue, ready to be asked."""

    def __init__(self, variants: Iterable[Variant]) -> None:
        self.by_id: dict[str, Variant] = {}
        self.by_sku: dict[str, list[Variant]] = {}
        for one in variants:
            self.by_id[one.id] = one
            self.by_sku.setdefault(one.sku, []).append(one)
        self.catalogue = Catalogue.of(self.by_sku)


def gather(ctx: Context, actor: Actor, only: frozenset[str] | None = None) -> Candidates:
    """All pictures that the connection may see, matched; lines only of those in `only`, if that is given."""
    one = actor.connection
    shelf = _Shelf(catalogue.every(one.workspace, one.id))
    known, decided = pushed.files(one.workspace, one.id), decisions.every(one.workspace, one.id)
    found = Candidates(agreed={asset_id: each.agreed for asset_id, each in decided.items() if each.agreed})
    products: dict[str, list[_Found]] = {}
    for asset in assets.every(one.workspace):
        if not _is_candidate(ctx, actor, asset):
            continue
        line = _sorted_in(ctx, actor, asset, shelf, decided.get(asset.id), known.get(asset.id), found, products)
        if line is not None and (only is None or asset.id in only):
            found.lines.append(line)
    for product_id, pictures in products.items():
        found.products[product_id] = _without_twins(found, product_id, sorted(pictures, key=lambda each: each.place))
    return found


def _is_candidate(ctx: Context, actor: Actor, asset: Asset) -> bool:
    is_picture = asset.newest.kind == "image" and asset.state == "live"
    return is_picture and bool(actor.caller.rights_on(asset, ctx.now()) & Right.VIEW.bit)


def _sorted_in(
    ctx: Context, actor: Actor, asset: Asset, shelf: _Shelf, decision: Decision | None, known: Pushed | None,
    found: Candidates, products: dict[str, list[_Found]],
) -> Line | None:  # fmt: skip
    """Put the asset on its products, or give the line that says why it goes nowhere."""
    if decision is not None and decision.skip:
        return _line(asset, "blocked", (), "Somebody decided that it goes to no product.")
    match = _match(actor, asset, shelf.catalogue)
    variants, trouble = _variants(shelf, match, decision)
    if trouble is not None:
        return _line(asset, trouble[0], match.skus, trouble[1])
    skus = tuple(dict.fromkeys(each.sku for each in variants))
    why = _why_not(ctx, actor, asset)
    if why:
        return _line(asset, "blocked", skus, " ".join(_WORDS[each] for each in why), variants)
    by_product: dict[str, list[Variant]] = {}
    for each in variants:
        by_product.setdefault(each.product_id, []).append(each)
    shot = asset.fields.shot_type or match.shot_type
    position = match.position if asset.fields.position is None else asset.fields.position
    place = shots.place(asset, shot, position)
    approved = asset.approved
    assert approved is not None, "what is not approved was sorted out above"
    first = next(iter(sorted(by_product)))
    content = rules.key(actor.connection.workspace, approved.id, actor.preset_for(asset))
    for product_id, theirs in by_product.items():
        wanted = Wanted(
            asset.id, theirs[0].sku, approved.number, content,
            _name(actor, asset, known, skus[0] if skus else "", shot, position),
            _alt(asset, by_product[first], shot), tuple(sorted(each.id for each in theirs)),
        )  # fmt: skip
        products.setdefault(product_id, []).append(_Found(place, wanted, approved.sha256))
    found.first[asset.id] = first
    return None


def _match(actor: Actor, asset: Asset, shelf: Catalogue) -> Match:
    fields = tuple((actor.connection.settings.get("match") or {}).get("fields") or ("sku", "name"))
    said = asset.fields.skus if "sku" in fields else ()
    folders = [one.name for each in asset.collection_ids for one in actor.caller.tree.chain(each)]
    if not said and "name" not in fields and "folder" not in fields:
        return Match("none", because="It has no SKU.")
    name = asset.fields.name if "name" in fields or said else "\x00"
    return matching.match(shelf, name, said=said, folders=folders, options=Options(by_folder="folder" in fields))


def _variants(
    shelf: _Shelf, match: Match, decision: Decision | None
) -> tuple[list[Variant], tuple[ListName, str] | None]:
    """The variants that it shows, or the list it belongs to instead, and why."""
    if decision is not None and decision.variant_ids:
        chosen = [shelf.by_id[one] for one in decision.variant_ids if one in shelf.by_id]
        return chosen, None if chosen else ("unmatched", "The variants that were chosen for it are gone.")
    if match.kind != "match":
        return [], ("unmatched" if match.kind == "none" else "ambiguous", match.because)
    found = [variant for sku in match.skus for variant in shelf.by_sku[sku]]
    for sku in match.skus:
        there = {variant.product_id: variant.product_title for variant in shelf.by_sku[sku]}
        if len(there) > 1:
            names = " and ".join(f"“{title}”" for title in list(there.values())[:3])
            return [], ("ambiguous", f"{sku} is a SKU of {len(there)} products: {names}.")
    if not all(variant.active for variant in found):
        return found, ("blocked", "Its product is not active in the store.")
    return found, None


def _why_not(ctx: Context, actor: Actor, asset: Asset) -> tuple[str, ...]:
    preset = actor.preset_for(asset)
    why = egress_approved.why_not(ctx, actor.caller, asset, preset)
    facts = asset.approved.facts if asset.approved else {}
    width, height = preset.size_of(facts.get("width_px") or 0, facts.get("height_px") or 0)
    return (*why, "too_many_pixels") if width * height > MOST_PIXELS else why


def _name(
    actor: Actor, asset: Asset, known: Pushed | None, sku: str, shot: str | None, position: int | None
) -> str:  # fmt: skip
    """The name that its file has already, with the ending of what it is to be."""
    ending = _ENDINGS[actor.preset.format]
    if known is not None:
        return plan_names.renamed(known.name, ending)
    return plan_names.file_name(asset.id, sku, shot, position, ending)


def _alt(asset: Asset, variants: list[Variant], shot: str | None) -> str:
    variant = variants[0].title if len(variants) == 1 else ""
    return plan_names.alt_text(asset.fields.alt, variants[0].product_title, variant, shot)


def _without_twins(found: Candidates, product_id: str, pictures: list[_Found]) -> tuple[Wanted, ...]:
    """The same bytes hang on a product once."""
    seen: dict[str, str] = {}
    kept: list[Wanted] = []
    for one in pictures:
        if one.sha256 in seen:
            line = Line(
                one.wanted.asset_id, "blocked", one.wanted.asset_id, one.wanted.sku, product_id,
                one.wanted.variant_ids, because=f"It is the same picture as asset {seen[one.sha256]}.",
            )  # fmt: skip
            found.lines.append(line)
            continue
        seen[one.sha256] = one.wanted.asset_id
        kept.append(one.wanted)
    return tuple(kept)


def _line(
    asset: Asset, name: ListName, skus: tuple[str, ...], because: str, variants: Iterable[Variant] = ()
) -> Line:  # fmt: skip
    there = list(variants)
    product = there[0].product_id if there else None
    sku = skus[0] if len(skus) == 1 else next(iter(asset.fields.skus), None)
    ids = tuple(each.id for each in there if each.product_id == product)
    return Line(asset.id, name, asset.id, sku, product, ids, because=because)


def leftovers(known: Mapping[str, Pushed], product_id: str, wanted: Iterable[Wanted]) -> list[Pushed]:
    """Files of ours on a product that are wanted there no more."""
    names = {one.asset_id for one in wanted}
    return [one for one in known.values() if product_id in one.product_ids and one.asset_id not in names]


def narrowed(found: Candidates, known: Mapping[str, Pushed], only: frozenset[str] | None) -> list[str]:
    """The products to look at, by id: those that have or had any of these assets, or all."""
    there = set(found.products) | {each for one in known.values() for each in one.product_ids}
    if only is None:
        return sorted(there)
    with_wanted = {pid for pid, every in found.products.items() if any(one.asset_id in only for one in every)}
    with_pushed = {each for one in known.values() if one.asset_id in only for each in one.product_ids}
    return sorted(with_wanted | with_pushed)
