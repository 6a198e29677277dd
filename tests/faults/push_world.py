"""A workspace with pictures and the store that they go to, and what its people do in the library."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from chalicelib.domain.assets import Asset, Fields, Rendition, Version
from chalicelib.domain.ids import ROOT, AssetId, VersionId, short_hash
from chalicelib.handlers.connections import KINDS
from chalicelib.models import assets, base
from chalicelib.ports.context import Context
from chalicelib.services import connections, signing
from standins.shopify import seed
from tests.faults.memory_aws import KEY, World
from tests.faults.push_shelf import DOMAIN, Asked, Choked, Shelf, Shop

SKUS = (("A-1", "A-2"), ("B-1",))
"""Of the variants of each product."""
NAMES = ("A-1_01.jpg", "A-2_02.jpg", "A-1_03.jpg", "B-1_01.jpg", "B-1_02.jpg")
"""In the order in which their products show them, unless people put them elsewhere."""
_SMALL = Rendition("small", "small", 40, 20, 9, "webp")


@dataclass
class Team:
    """Both together. `clock` counts what happens, so that it is known what came first."""

    world: World
    is_auto: bool = True
    """Whether the connection applies its plans by itself."""
    clears: bool = False
    """Whether what is approved no more leaves the store."""
    clock: int = 0
    made: dict[str, str] = field(default_factory=dict)
    """Assets by name."""
    approved: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)
    """By name what was approved, and since when."""
    alts: dict[str, str] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=dict)
    """Positions that people gave."""
    faults: list[str] = field(default_factory=list)
    """What is held against us."""
    around: Callable[[Choked, str, tuple[Any, ...], Asked], Any] = lambda _hand, _name, given, genuine: genuine(*given)
    """Makes each call of the store."""

    def __post_init__(self) -> None:
        self.shelf = Shelf(lambda: self.world.aws.now)
        for skus in SKUS:
            seed.add_product(self.shelf, {"title": skus[0], "variants": [{"sku": one, "title": one} for one in skus]})
        self.products = list(self.shelf.products)
        settings = {"shop": DOMAIN, "match": {"fields": ["sku", "name"]}, "auto_apply": self.is_auto,
                    "remove_withdrawn": self.clears}  # fmt: skip
        asked = connections.Asked("shopify", "Store", settings, {"client_id": "app", "client_secret": "secret"})
        self.connection = connections.make(self.ctx, signing.caller_of(self.ctx, KEY, None), asked, KINDS)

    @property
    def ctx(self) -> Context:
        ctx = self.world.ctx
        settings = ctx.settings.model_copy(update={"shopify_url": "http://127.0.0.1:3/{shop}"})
        return replace(ctx, settings=settings, shop=lambda *_: Choked(Shop(self.shelf), self.around))

    @property
    def place(self) -> tuple[Any, str]:
        return self.world.workspace, self.connection.id

    def approve(self, name: str, body: bytes) -> None:
        """The next version of a picture is approved; its first one makes it."""
        workspace, now = self.world.workspace, self.world.aws.now
        asset_id = self.made.setdefault(name, self.world.aws.new_id())
        number = sum(one is not None for _, one in self.approved.get(name, [])) + 1
        version_id = VersionId(f"{asset_id[:24]}{number:02d}")
        self.world.aws.objects[("originals", f"{workspace}/{version_id}")] = body
        one = Version(
            version_id, number, ("", "", version_id), now, None, None, name, short_hash(body.decode()), len(body),
            "image", "image/jpeg", "jpeg", {"width_px": 40, "height_px": 20}, None, (_SMALL,), source="drop",
        )  # fmt: skip
        if number == 1:
            new = Asset(AssetId(asset_id), 1, Fields(name), (ROOT,), (), one, 1, now, now, approved=one)
            base.transact([assets.add(workspace, new)])
        else:
            self._change(name, newest=one, versions=number, approved=one)
        self._decided(name, body)

    def withdraw(self, name: str) -> None:
        """It is approved no more."""
        self._change(name, approved=None)
        self._decided(name, None)

    def say(self, name: str, alt: str) -> None:
        """Somebody writes its alt text."""
        self._change(name, {"alt": alt})
        self.alts[name] = alt

    def put(self, name: str, position: int) -> None:
        """Somebody gives it another place among the pictures of its SKU."""
        self._change(name, {"position": position})
        self.placed[name] = position

    def in_order(self) -> list[str]:
        """All pictures, in the order in which their products are to show them."""
        return sorted(self.made, key=lambda one: (self.placed.get(one, int(one[-6:-4])), one))

    def _change(self, name: str, fields: Mapping[str, Any] = MappingProxyType({}), **values: Any) -> None:
        old = assets.get(self.world.workspace, AssetId(self.made[name]))
        new = replace(old, fields=replace(old.fields, **fields), **values)
        base.transact([assets.change(self.world.workspace, old, new)])

    def _decided(self, name: str, body: bytes | None) -> None:
        self.clock += 1
        self.approved.setdefault(name, []).append((self.clock, body))

    def is_live(self, name: str) -> bool:
        """Whether a version of it is approved."""
        return name in self.approved and self.approved[name][-1][1] is not None

    def name_of(self, file_name: str) -> str | None:
        """The picture whose file is called that; None for the merchant's."""
        return next((one for one, made in self.made.items() if short_hash("file", made)[:10] in file_name), None)

    def product_of(self, name: str) -> str:
        """The product that the name of a picture means."""
        return next(one for one, skus in zip(self.products, SKUS, strict=True) if name.partition("_")[0] in skus)

    def ours(self, product: str) -> dict[str, str]:
        """By file of ours on a product, in order, the picture it is of."""
        told = {one: self.name_of(self.shelf.files[one]["_name"]) for one in self.shelf.products[product]["_media"]}
        return {one: name for one, name in told.items() if name is not None}
