"""What a preset makes of a picture: its box, its format, its weight, and nothing enlarged."""

import io
from typing import Any

import pytest
from PIL import Image

from media import message
from media.supervise import Pool
from tests.media.conftest import LIMITS, Store

PLAIN = {"width_px": 100, "height_px": 200, "mode": "fill", "format": "jpeg", "quality": 85, "background": "#ff0000"}


def a_picture(size: tuple[int, int], kind: str = "JPEG", *, mode: str = "RGB", **more: Any) -> bytes:
    out = io.BytesIO()
    noise = Image.effect_noise(size, 60).convert(mode)
    noise.save(out, kind, **more)
    return out.getvalue()


def made(pool: Pool, store: Store, body: bytes, **change: Any) -> tuple[dict[str, Any], Image.Image | None, bytes]:
    """The answer, the picture, its bytes."""
    store.objects = {"/original": body}
    answer = pool.run({
        "v": 1, "id": "01", "get_url": f"{store.address}/original", "limits": LIMITS,
        "recipe": {"pipeline": 1, "preset": {**PLAIN, **change}},
        "puts": [{"rendition": "preset", "url": f"{store.address}/put/preset", "headers": {}}],
    })  # fmt: skip
    out = store.objects.get("/put/preset")
    return answer, Image.open(io.BytesIO(out)) if out else None, out or b""


@pytest.mark.requirement("R28", "R49")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("mode", "source", "size"),
    [
        ("fill", (400, 300), (100, 200)),
        ("fill", (100, 200), (100, 200)),
        ("fill", (333, 777), (100, 200)),
        ("fit", (400, 300), (100, 75)),
        ("fit", (101, 403), (50, 200)),
        ("pad", (400, 300), (100, 200)),
        ("pad", (150, 60), (100, 200)),
    ],
)
def test_a_picture_becomes_what_the_box_asks(
    pool: Pool, store: Store, mode: str, source: tuple[int, int], size: tuple[int, int], kind: str
) -> None:
    answer, picture, _ = made(pool, store, a_picture(source, kind), mode=mode)

    assert answer["outcome"] == "ok", answer
    assert picture is not None
    assert picture.size == size
    assert picture.format == "JPEG"
    assert not picture.info.get("icc_profile")


@pytest.mark.requirement("R28")
@pytest.mark.parametrize(
    ("mode", "source"), [("fill", (99, 500)), ("fill", (500, 199)), ("fit", (99, 199)), ("pad", (50, 50))]
)
def test_a_picture_that_is_too_small_is_told_so_and_never_enlarged(
    pool: Pool, store: Store, mode: str, source: tuple[int, int]
) -> None:
    answer, picture, _ = made(pool, store, a_picture(source), mode=mode)

    assert (answer["outcome"], picture) == ("limit", None)
    assert "enlarged" in answer["reason"]


@pytest.mark.requirement("R28")
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_formats_are_those_asked_for_and_the_same_every_time(pool: Pool, store: Store, kind: str) -> None:
    body = a_picture((400, 400), "PNG", mode="RGB")

    first, second = made(pool, store, body, format=kind), made(pool, store, body, format=kind)

    assert first[1] is not None
    assert str(first[1].format).lower() == kind
    assert first[2] == second[2]


@pytest.mark.requirement("R28")
def test_quality_gives_way_until_the_bytes_hold_or_it_is_said_that_they_cannot(pool: Pool, store: Store) -> None:
    body = a_picture((800, 800))
    free = len(made(pool, store, body, width_px=600, height_px=600)[2])

    answer, _, held = made(pool, store, body, width_px=600, height_px=600, max_bytes=free * 3 // 4)
    refused = made(pool, store, body, width_px=600, height_px=600, max_bytes=1000)[0]

    assert answer["outcome"] == "ok"
    assert 0 < len(held) <= free * 3 // 4
    assert refused["outcome"] == "limit"


def test_transparency_is_laid_on_the_background_where_the_format_has_none(pool: Pool, store: Store) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 300), (0, 0, 0, 0)).save(out, "PNG")

    _, picture, _ = made(pool, store, out.getvalue(), width_px=100, height_px=100)

    assert picture is not None
    red, green, blue = picture.convert("RGB").getpixel((50, 50))  # type: ignore[misc]
    assert red > 245
    assert max(green, blue) < 10


def test_a_turned_photo_is_cut_as_people_see_it(pool: Pool, store: Store) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    _, picture, _ = made(pool, store, a_picture((400, 300), exif=exif), mode="fit", width_px=150, height_px=200)

    assert picture is not None
    assert picture.size == (150, 200)


@pytest.mark.parametrize(
    "change", [{"mode": "stretch"}, {"format": "gif"}, {"width_px": 50_000}, {"quality": 0}, {"background": "red"}]
)
def test_a_preset_that_cannot_be_made_is_a_mistake_of_the_asker(change: dict[str, Any]) -> None:
    with pytest.raises(message.BadMessage):
        message.parse_recipe({"pipeline": 1, "preset": {**PLAIN, **change}})
