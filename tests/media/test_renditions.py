"""What people see: three renditions, upright, in the right colours, never larger than the picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from tests.media import drawn
from tests.media.conftest import Asker, Store


def test_a_photo_is_stored_in_three_sizes(ask: Asker, store: Store) -> None:
    photo = drawn.saved(drawn.noise(2400, 1500), "JPEG", quality=90)

    told = ask(photo)

    assert told.outcome == "ok"
    assert {name: drawn.opened(body).size for name, body in told.bodies.items()} == {
        "large": (1600, 1000),
        "medium": (512, 320),
        "small": (256, 160),
    }
    assert [row["size_bytes"] for row in told.answer["renditions"]] == [len(b) for b in told.bodies.values()]
    assert store.headers["/put/large"]["Cache-Control"] == "immutable"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_rotated_photo_is_shown_upright(ask: Asker, orientation: int, format_name: str) -> None:
    stored = drawn.corners().transpose(_UNDO[orientation]) if orientation > 1 else drawn.corners()
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = drawn.saved(stored, format_name, exif=exif.tobytes(), lossless=True, quality=95)

    told = ask(photo)

    assert (told.facts["width_px"], told.facts["height_px"]) == (640, 400)
    assert told.facts["orientation_tag"] == orientation
    for body in told.bodies.values():
        assert drawn.corner_colours(body) == ["red", "green", "blue", "white"]


# What a camera held in that way would have stored for the upright picture.
_UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def test_a_small_picture_is_never_enlarged(ask: Asker) -> None:
    icon = drawn.saved(drawn.corners(100, 40), "PNG")

    told = ask(icon)

    sizes = {name: drawn.opened(body).size for name, body in told.bodies.items()}
    assert sizes == {"large": (100, 40), "medium": (100, 40), "small": (100, 40)}


def test_a_line_one_pixel_high_keeps_its_pixel(ask: Asker) -> None:
    line = drawn.saved(Image.new("RGB", (4000, 1), drawn.RED), "PNG")

    told = ask(line)

    assert [(row["width_px"], row["height_px"]) for row in told.answer["renditions"]] == [
        (1600, 1),
        (512, 1),
        (256, 1),
    ]


@pytest.mark.requirement("RF1")
@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP"])
def test_every_usual_format_is_shown(ask: Asker, format_name: str) -> None:
    told = ask(drawn.saved(drawn.corners(), format_name))

    assert told.outcome == "ok"
    assert told.answer["type"]["format"] == format_name.lower()
    assert drawn.corner_colours(told.bodies["medium"]) == ["red", "green", "blue", "white"]


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "I;16"])
def test_every_kind_of_png_is_shown(ask: Asker, mode: str) -> None:
    grey = drawn.corners().convert("L")
    pictures = {
        "I;16": grey.convert("I").point(lambda level: level * 256).convert("I;16"),
        "P": drawn.corners().quantize(16),
        "1": grey.convert("1"),
    }
    picture = pictures.get(mode) or drawn.corners().convert(mode)

    told = ask(drawn.saved(picture, "PNG"))

    shown = drawn.opened(told.bodies["large"]).convert("L")
    assert told.outcome == "ok"
    assert shown.getpixel((480, 300)) > 235
    assert abs(shown.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)) - _mean(grey)) <= 6


def _mean(picture: Image.Image) -> int:
    mean = picture.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, int)
    return mean


def test_a_16_bit_tiff_keeps_its_brightness(ask: Asker) -> None:
    ramp = Image.linear_gradient("L").resize((640, 400))
    deep = ramp.convert("I").point(lambda level: level * 257).convert("I;16")

    told = ask(drawn.saved(deep, "TIFF"))

    shown = drawn.opened(told.bodies["large"]).convert("L")
    for y in (20, 200, 380):
        assert abs(shown.getpixel((320, y)) - ramp.getpixel((320, y))) <= 4


def test_transparency_survives(ask: Asker) -> None:
    picture = Image.new("RGBA", (800, 800), (0, 0, 0, 0))
    picture.paste((*drawn.RED, 255), (200, 200, 600, 600))

    told = ask(drawn.saved(picture, "PNG"))

    shown = drawn.opened(told.bodies["small"])
    assert told.facts["has_alpha"] is True
    assert shown.mode == "RGBA"
    assert shown.getpixel((5, 5))[3] == 0
    assert shown.getpixel((128, 128))[3] == 255


def test_colour_hidden_under_transparency_does_not_bleed_into_the_edge(ask: Asker) -> None:
    picture = Image.new("RGBA", (900, 900), (0, 255, 0, 0))
    picture.paste((*drawn.RED, 255), (301, 0, 900, 900))

    told = ask(drawn.saved(picture, "PNG"))

    shown = drawn.opened(told.bodies["small"])
    edge = [shown.getpixel((x, 128)) for x in range(80, 92)]
    assert all(pixel[1] < 90 for pixel in edge if pixel[3] > 40)


def test_a_palette_gif_with_transparency_keeps_it(ask: Asker) -> None:
    picture = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    picture.paste((*drawn.BLUE, 255), (100, 100, 200, 200))

    told = ask(drawn.saved(picture, "GIF"))

    shown = drawn.opened(told.bodies["small"]).convert("RGBA")
    assert told.facts["has_alpha"] is True
    assert shown.getpixel((5, 5))[3] == 0
    assert shown.getpixel((128, 128))[2] > 150


def test_an_opaque_photo_has_no_alpha(ask: Asker) -> None:
    told = ask(drawn.saved(drawn.corners(), "JPEG"))

    assert told.facts["has_alpha"] is False
    assert drawn.opened(told.bodies["large"]).mode == "RGB"


def test_cmyk_without_a_profile_looks_like_its_colours(ask: Asker) -> None:
    told = ask(drawn.saved(drawn.corners(mode="CMYK"), "JPEG", quality=95))

    assert drawn.corner_colours(told.bodies["large"]) == ["red", "green", "blue", "white"]


def test_an_unusual_colour_profile_is_honoured(ask: Asker) -> None:
    picture = Image.new("RGB", (400, 400), (128, 128, 128))
    linear = _gamma_profile(1.0)

    told = ask(drawn.saved(picture, "PNG", icc_profile=linear))

    # Half the light is level 188 in sRGB.
    assert abs(drawn.opened(told.bodies["large"]).getpixel((200, 200))[0] - 188) <= 2


def test_a_damaged_colour_profile_does_not_hide_the_picture(ask: Asker) -> None:
    broken = bytearray(_gamma_profile(1.0))
    broken[140:] = b"\xff" * (len(broken) - 140)

    told = ask(drawn.saved(drawn.corners(), "JPEG", icc_profile=bytes(broken)))

    assert told.outcome == "ok"
    assert drawn.corner_colours(told.bodies["large"]) == ["red", "green", "blue", "white"]


def test_an_srgb_profile_is_named_and_changes_nothing(ask: Asker) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tagged = drawn.saved(drawn.noise(900, 700), "PNG", icc_profile=profile)
    plain = drawn.saved(drawn.noise(900, 700), "PNG")

    with_profile, without = ask(tagged), ask(plain)

    assert with_profile.bodies == without.bodies
    assert with_profile.facts["color_profile"] == "sRGB built-in"


def _gamma_profile(gamma: float) -> bytes:
    """A profile with sRGB's primaries and another curve, made from the one Pillow builds."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132], "big")
    for index in range(count):
        entry = 132 + index * 12
        if profile[entry : entry + 4] in (b"rTRC", b"gTRC", b"bTRC"):
            at = int.from_bytes(profile[entry + 4 : entry + 8], "big")
            profile[at : at + 16] = b"para\0\0\0\0\0\0\0\0" + int(gamma * 65536).to_bytes(4, "big")
    return bytes(profile)


def test_a_rendition_carries_nothing_but_pixels(ask: Asker) -> None:
    exif = Image.Exif()
    exif[0x013B] = "Somebody's name"

    told = ask(drawn.saved(drawn.corners(), "JPEG", exif=exif.tobytes()))

    for body in told.bodies.values():
        assert b"Somebody" not in body
        assert drawn.opened(body).info.get("exif") is None


def test_the_same_bytes_give_the_same_renditions(ask: Asker) -> None:
    photo = drawn.saved(drawn.noise(1900, 1300), "JPEG", quality=92)

    first, second = ask(photo), ask(photo)

    assert first == second


def test_an_animation_is_shown_by_its_first_frame(ask: Asker) -> None:
    frames = [Image.new("RGB", (300, 200), colour) for colour in (drawn.RED, drawn.GREEN, drawn.BLUE)]
    gif = drawn.saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    webp = drawn.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)

    for told in (ask(gif), ask(webp)):
        assert told.facts["frames"] == 3
        assert told.facts["height_px"] == 200
        assert drawn.corner_colours(told.bodies["small"]) == ["red"] * 4


def test_a_tiff_of_many_pages_is_shown_by_its_first(ask: Asker) -> None:
    pages = [Image.new("RGB", (300, 200), colour) for colour in (drawn.GREEN, drawn.BLUE)]

    told = ask(drawn.saved(pages[0], "TIFF", save_all=True, append_images=pages[1:]))

    assert told.facts["frames"] == 2
    assert drawn.corner_colours(told.bodies["small"]) == ["green"] * 4


def test_the_placeholder_has_the_colour_of_the_picture(ask: Asker) -> None:
    told = ask(drawn.saved(Image.new("RGB", (900, 600), drawn.BLUE), "PNG"))

    assert told.answer["thumbhash"]
    assert io.BytesIO(told.bodies["small"]).getbuffer().nbytes > 0
