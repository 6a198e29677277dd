"""What is seen in a picture, from the drop to the asset, its filters and its facets."""

from typing import Any

import pytest
from PIL import Image, ImageDraw

from chalicelib.domain import framing
from chalicelib.services import indexing
from tests.builders import Shop
from tests.media import drawn


def a_product(color: str, ground: str = "white", size: tuple[int, int] = (400, 400), corner: int = 0) -> bytes:
    """Something of one colour that stands on a ground; `corner` makes it another thing."""
    picture = Image.new("RGB", size, ground)
    pen, (width, height) = ImageDraw.Draw(picture), size
    pen.rounded_rectangle((width * 0.2, height * 0.2, width * 0.8, height * 0.8), corner, fill=color)
    return drawn.saved(picture, "PNG")


def found(shop: Shop, q: str = "", facets: str = "") -> Any:
    asked = q.replace(" ", "+")
    return shop.call("GET", f"/v1/search?q={asked}&sort=name" + (f"&facets={facets}" if facets else "")).body


@pytest.mark.requirement("R01")
@pytest.mark.requirement("R03")
def test_pictures_without_a_word_are_found_by_colour_ground_orientation_and_aspect(shop: Shop) -> None:
    shop.drop("1.png", a_product("red"))
    shop.drop("2.png", a_product("navy", "#d8c8a8", (400, 600)))
    shop.drop("3.png", a_product("darkred", size=(640, 480)))
    shop.drop("notes.txt", b"red white square")
    indexing.catch_up(shop.ctx, shop.workspace)

    names = {
        q: [one["name"] for one in found(shop, q)["items"]]
        for q in ("color:red", "color:RED background:white orientation:square", "background:plain", "aspect:2:3",
                  "orientation:landscape", "has:colors", "missing:background", "color:white")
    }  # fmt: skip
    facets = found(shop, facets="color,background,orientation,aspect")["facets"]
    asset = shop.call("GET", f"/v1/assets/{found(shop, 'color:blue')['items'][0]['id']}").body

    assert names == {
        "color:red": ["1.png", "3.png"],
        "color:RED background:white orientation:square": ["1.png"],
        "background:plain": ["2.png"],
        "aspect:2:3": ["2.png"],
        "orientation:landscape": ["3.png"],
        "has:colors": ["1.png", "2.png", "3.png"],
        "missing:background": ["notes.txt"],
        "color:white": [],
    }
    assert facets["color"] == [{"value": "red", "count": 2}, {"value": "blue", "count": 1}]
    assert facets["background"] == [{"value": "white", "count": 2}, {"value": "plain", "count": 1}]
    assert {one["value"] for one in facets["orientation"]} == {"square", "portrait", "landscape"}
    assert {"value": "2:3", "count": 1} in facets["aspect"]
    assert (asset["orientation"], asset["aspect"], asset["background"]) == ("portrait", "2:3", "plain")
    assert [(one["name"], one["hex"]) for one in asset["colors"]] == [("blue", "#000080")]
    assert asset["keywords"] == []


@pytest.mark.parametrize(
    ("size", "orientation", "aspect"),
    [
        ((1000, 1000), "square", "1:1"), ((1000, 1020), "square", "1:1"), ((800, 1000), "portrait", "4:5"),
        ((6000, 4000), "landscape", "3:2"), ((1920, 1080), "landscape", "16:9"), ((1080, 1920), "portrait", "9:16"),
        ((5000, 100), "landscape", "wide"), ((1, 50), "portrait", "tall"), ((1000, 1150), "portrait", None),
        ((None, 10), None, None), ((0, 10), None, None),
    ],
)  # fmt: skip
def test_a_size_tells_orientation_and_aspect(size: tuple[Any, Any], orientation: str, aspect: str) -> None:
    facts = {"width_px": size[0], "height_px": size[1]}

    assert (framing.orientation(facts), framing.aspect(facts)) == (orientation, aspect)
