"""What the sample library consists of, read from `library.toml` and `shapes.toml`.

Here: products, their pictures and how each is seen, with every default filled in. Nothing here draws.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LIBRARY = HERE / "library"
FORMATS = {".jpg": "jpeg", ".png": "png", ".webp": "webp", ".tif": "tiff", ".gif": "gif"}
EMBEDDED = {"xmp", "iptc", "exif", "gps", "icc"}
Vector = tuple[float, ...]


class CatalogueError(Exception):
    """`library.toml` says something that cannot be drawn; the text says where."""


@dataclass(frozen=True)
class Prop:
    """One shape that stands in a picture: where, turned by radians, how large, of what."""

    shape: str
    at: Vector
    turn: float
    size: float
    colours: tuple[str, ...]
    rough: Vector
    metal: Vector


@dataclass(frozen=True)
class Camera:
    """See `shapes.toml`. `light` is 1 when the main lamp is on the left, -1 on the right; `floor` is its height."""

    look_at: Vector
    distance: float
    turn: float
    rise: float
    zoom: float
    light: float
    floor: float


@dataclass(frozen=True)
class Picture:
    """One file of the library: its path below `library/`, what is in it, and what it says about itself."""

    path: str
    sku: str
    view: str
    width_px: int
    height_px: int
    backdrop: tuple[str, str]
    camera: Camera
    props: tuple[Prop, ...]
    title: str
    description: str
    keywords: tuple[str, ...]
    rating: int | None
    embed: frozenset[str]
    shot_at: datetime
    place: tuple[float, float]

    @property
    def format(self) -> str:
        return FORMATS[Path(self.path).suffix]

    @property
    def is_cut_out(self) -> bool:
        """Without backdrop, so that a shop can lay it on any ground."""
        return self.view == "cutout"


@dataclass(frozen=True)
class Library:
    """Everything to be drawn; `copies` leads from a path to the path whose bytes it has; `wall` is for sign-in."""

    pictures: tuple[Picture, ...]
    copies: Mapping[str, str]
    wall: tuple[str, ...]

    @property
    def paths(self) -> set[str]:
        return {one.path for one in self.pictures} | set(self.copies)


def load() -> Library:
    """Read the whole catalogue. Raises CatalogueError."""
    told = _toml("library.toml")
    shapes = _toml("shapes.toml")
    products = {one["sku"]: one for one in told["product"]}
    pictures = tuple(
        _picture(told, shapes, products, product, picture)
        for product in told["product"]
        for picture in product["picture"]
    )
    library = Library(pictures, {one["path"]: one["of"] for one in told["copy"]}, tuple(told["wall"]))
    known = {one.path for one in pictures}
    for path in (*library.copies.values(), *library.wall):
        if path not in known:
            raise CatalogueError(f"{path} is named but not drawn")
    return library


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text())


def _picture(
    told: Mapping[str, Any],
    shapes: Mapping[str, Any],
    products: Mapping[str, Any],
    product: Mapping[str, Any],
    picture: Mapping[str, Any],
) -> Picture:
    path = f"{product['folder']}/{picture['file']}"
    view = picture["view"]
    if not picture["file"].startswith(f"{product['sku']}_") or Path(path).suffix not in FORMATS:
        raise CatalogueError(f"{path} is not called SKU_view.ending")
    embed = frozenset(picture.get("embed", ()))
    if not embed <= EMBEDDED:
        raise CatalogueError(f"{path} embeds something unknown")
    own = {"sku": product["sku"], "at": picture.get("at", (0.0, 0.0, 0.0)), "turn": picture.get("stand", 0.0)}
    props = (own, *picture.get("with", ()))
    width_px, height_px = picture["size_px"]
    return Picture(
        path=path,
        sku=product["sku"],
        view=view,
        width_px=width_px,
        height_px=height_px,
        backdrop=tuple(picture.get("backdrop", product["backdrop"])),
        camera=_camera(shapes[product["shape"]], picture),
        props=tuple(_prop(shapes, products, one) for one in props),
        title=f"{product['name']}, {told['view'][view]['title']}",
        description=picture.get("description", product["description"]),
        keywords=(*product["keywords"], *told["view"][view]["keywords"], *picture.get("keywords", ())),
        rating=picture.get("rating"),
        embed=embed,
        shot_at=product["shot_at"],
        place=tuple(told["studio"]["place"]),
    )


def _camera(shape: Mapping[str, Any], picture: Mapping[str, Any]) -> Camera:
    usual: dict[str, Any] = {"turn": 0.5, "rise": 0.22, "zoom": 6.2, "light": 1.0, "floor": 0.0}
    found = {**usual, **shape, **picture}
    return Camera(
        look_at=tuple(found["look_at"]),
        **{name: float(found[name]) for name in ("distance", "turn", "rise", "zoom", "light", "floor")},
    )


def _prop(shapes: Mapping[str, Any], products: Mapping[str, Any], prop: Mapping[str, Any]) -> Prop:
    """A prop is a product of the library (`sku`) or a bare shape with colours of its own."""
    product = products[prop["sku"]] if "sku" in prop else prop
    made = {**shapes[product["shape"]], **product}
    return Prop(
        shape=product["shape"],
        at=tuple(prop.get("at", (0.0, 0.0, 0.0))),
        turn=float(prop.get("turn", 0.0)),
        size=float(prop.get("size", 1.0)),
        colours=_four(product["colours"]),
        rough=_four(made.get("rough", (0.5,))),
        metal=_four(made.get("metal", (0.0,))),
    )


def _four(given: list[Any]) -> tuple[Any, ...]:
    """One for each material; the last one serves those that are not named."""
    return (*given, *[given[-1]] * (4 - len(given)))
