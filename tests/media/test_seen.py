"""What is seen without a model: the ground, the colours of what stands on it, and the print of its look."""

from __future__ import annotations

import json

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from media import palette
from tests.media import drawn
from tests.media.conftest import Asker, Told

SHOE = (190, 30, 45)


def product(ground: tuple[int, ...] = (255, 255, 255), side: int = 600, margin: float = 0.2) -> Image.Image:
    """A red thing with a blue mark that stands on a ground; transparent if the ground has no opacity."""
    picture = Image.new("RGBA" if len(ground) == 4 else "RGB", (side, side), ground)
    pen, edge = ImageDraw.Draw(picture), side * margin
    span = side - 2 * edge
    pen.ellipse((edge, edge, edge + span, edge + span), fill=SHOE)
    pen.rectangle((edge + span * 0.1, edge + span * 0.45, edge + span * 0.5, edge + span * 0.9), fill=(20, 40, 160))
    pen.polygon([(edge + span * 0.5, edge), (edge + span, edge + span * 0.6), (edge + span * 0.6, edge + span * 0.4)],
                fill=(120, 20, 30))  # fmt: skip
    return picture


def distance(one: Told, other: Told) -> int:
    """In how many of the 256 bits two prints differ."""
    return (int(one.facts["phash"], 16) ^ int(other.facts["phash"], 16)).bit_count()


def jpeg(picture: Image.Image, quality: int = 90) -> bytes:
    return drawn.saved(picture.convert("RGB"), "JPEG", quality=quality)


@pytest.mark.requirement("R01")
@pytest.mark.parametrize(
    ("body", "background", "names"),
    [
        (jpeg(product()), "white", {"red", "blue"}),
        (jpeg(product((214, 202, 180))), "plain", {"red", "blue"}),
        (drawn.saved(product((0, 0, 0, 0)), "PNG"), "transparent", {"red", "blue"}),
        (jpeg(drawn.noise(400, 300)), "scene", None),
        (jpeg(Image.new("RGB", (300, 200), "white")), "white", {"white"}),
        (drawn.saved(Image.new("CMYK", (200, 200), (0, 255, 255, 0)), "JPEG"), "plain", {"red"}),
        (drawn.saved(Image.new("RGBA", (200, 200), (0, 0, 0, 0)), "PNG"), "transparent", set()),
    ],
    ids=["white", "plain", "transparent", "scene", "all white", "cmyk", "nothing at all"],
)
def test_a_picture_is_known_by_its_ground_and_by_the_colours_of_what_stands_on_it(
    ask: Asker, body: bytes, background: str, names: set[str] | None
) -> None:
    facts = ask(body).facts

    assert facts["background"] == background
    found = {one["name"] for one in facts.get("colors", [])}
    assert found if names is None else found == names
    assert sum(one["share"] for one in facts.get("colors", [])) <= 1.01


def test_a_colour_comes_with_the_middle_one_of_its_pixels_and_its_share(ask: Asker) -> None:
    halves = Image.new("RGB", (200, 200), (30, 40, 200))
    halves.paste((250, 250, 250), (0, 0, 200, 50))

    colors = ask(drawn.saved(halves, "PNG")).facts["colors"]

    assert colors == [
        {"name": "blue", "hex": "#1e28c8", "share": 0.75},
        {"name": "white", "hex": "#fafafa", "share": 0.25},
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("#000000", "black"), ("#ffffff", "white"), ("#808080", "grey"), ("#ff0000", "red"), ("#ffa500", "orange"),
        ("#ffff00", "yellow"), ("#008000", "green"), ("#000080", "blue"), ("#800080", "purple"), ("#ffc0cb", "pink"),
        ("#8b4513", "brown"), ("#f5f5dc", "beige"), ("#d2b48c", "beige"), ("#3b5b8c", "blue"), ("#808000", "green"),
    ],
)  # fmt: skip
def test_a_colour_is_called_what_people_call_it(written: str, name: str) -> None:
    assert palette.name_of(*(int(written[at : at + 2], 16) for at in (1, 3, 5))) == name


@pytest.mark.requirement("RF3")
def test_an_edited_copy_keeps_nearly_the_same_print_and_another_thing_has_another(ask: Asker) -> None:
    original = ask(jpeg(product()))
    edits = {
        "smaller": product().resize((200, 200)),
        "more ground around it": product(margin=0.35),
        "grey": ImageOps.grayscale(product()),
        "brighter": ImageEnhance.Brightness(product()).enhance(1.1),
    }

    told = {name: distance(original, ask(jpeg(picture, 60))) for name, picture in edits.items()}
    other = distance(original, ask(jpeg(drawn.noise(600, 600))))

    assert {name: bits for name, bits in told.items() if bits > 40} == {}
    assert other > 90


@pytest.mark.parametrize(
    "picture",
    [
        Image.new("RGB", (1, 1), "red"),
        Image.new("RGB", (400, 400), "white"),
        Image.new("RGB", (2, 4000), "red"),
        Image.new("RGBA", (64, 64), (0, 0, 0, 0)),
    ],
    ids=["one pixel", "white", "a hair", "nothing"],
)
def test_a_picture_with_nothing_in_it_has_no_print_rather_than_one_like_all_others(
    ask: Asker, picture: Image.Image
) -> None:
    told = ask(drawn.saved(picture, "PNG"))

    assert told.outcome == "ok"
    assert "phash" not in told.facts


def test_the_same_bytes_are_seen_the_same_again(ask: Asker) -> None:
    banner = drawn.noise(3000, 60)

    first, second = (json.dumps(ask(drawn.saved(banner, "PNG")).facts) for _ in range(2))

    assert first == second
