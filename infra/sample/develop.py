"""Makes the file of a drawn picture: its format, what is written into it."""

import io
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin, TiffImagePlugin

from infra.sample import metadata
from infra.sample.catalogue import Picture

TIFF_XMP = 700
ICC_DATE = slice(24, 36)
WALL_EDGE_PX = 480
WALL_MAX_BYTES = 12_000


def file_of(picture: Picture, drawn: Image.Image) -> bytes:
    """The finished file. Equal drawings give equal bytes."""
    image = drawn if picture.is_cut_out else drawn.convert("RGB")
    if picture.format == "gif":
        image = image.quantize(palette=image.quantize(128))
    out = io.BytesIO()
    ways = {name: value for name, value in _WAYS[picture.format](picture).items() if value}
    image.save(out, picture.format, **ways)
    return out.getvalue()


def wall(finished: bytes) -> bytes:
    """A small WebP for the wall beside the sign-in form, at the best quality that fits into 12 KB."""
    image = Image.open(io.BytesIO(finished)).convert("RGB")
    image.thumbnail((WALL_EDGE_PX, WALL_EDGE_PX), Image.Resampling.LANCZOS)
    for quality in range(82, 30, -4):
        out = io.BytesIO()
        image.save(out, "webp", quality=quality, method=6)
        if out.tell() <= WALL_MAX_BYTES:
            break
    return out.getvalue()


def _jpeg(picture: Picture) -> dict[str, Any]:
    return {
        "quality": 90,
        "subsampling": "4:2:0",
        "optimize": True,
        "progressive": True,
        "exif": metadata.exif(picture),
        "xmp": metadata.xmp(picture),
        "icc_profile": _profile(picture),
        "extra": metadata.photoshop_segment(picture),
    }


def _png(picture: Picture) -> dict[str, Any]:
    texts = PngImagePlugin.PngInfo()
    if packet := metadata.xmp(picture):
        texts.add_itxt("XML:com.adobe.xmp", packet.decode())
    return {"optimize": True, "pnginfo": texts, "exif": metadata.exif(picture)}


def _webp(picture: Picture) -> dict[str, Any]:
    return {
        "quality": 90,
        "method": 6,
        "exif": metadata.exif(picture),
        "xmp": metadata.xmp(picture),
        "icc_profile": _profile(picture),
    }


def _tiff(picture: Picture) -> dict[str, Any]:
    """Photographers' programs write deflate with differences of neighbours."""
    tags = metadata.exif(picture)
    tags[TiffImagePlugin.PREDICTOR] = 2
    if packet := metadata.xmp(picture):
        tags[TIFF_XMP] = packet
    return {"compression": "tiff_adobe_deflate", "exif": tags, "icc_profile": _profile(picture)}


def _gif(_picture: Picture) -> dict[str, Any]:
    return {"optimize": True}


_WAYS = {"jpeg": _jpeg, "png": _png, "webp": _webp, "tiff": _tiff, "gif": _gif}


def _profile(picture: Picture) -> bytes:
    """sRGB, in which everything is drawn; with a date that does not change."""
    if "icc" not in picture.embed:
        return b""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[ICC_DATE] = bytes.fromhex("07ea00010001000000000000")
    return bytes(profile)
