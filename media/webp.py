"""Encodes WebP.

Opaque pictures go straight into the libwebp that Pillow brings along: the same bytes as through libvips,
for a sixth less CPU. Pictures with alpha, and machines where that library cannot be found, go through
libvips.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import cffi
import PIL
import pyvips

from media.pixels import Pixels

_ABI = 0x020F
_PRESET_DEFAULT = 0
_DECLARATIONS = """
typedef struct {
  int lossless; float quality; int method; int image_hint; int target_size; float target_psnr; int
  segments; int sns_strength; int filter_strength; int filter_sharpness; int filter_type; int
  autofilter; int alpha_compression; int alpha_filtering; int alpha_quality; int pass_count; int
  show_compressed; int preprocessing; int partitions; int partition_limit; int emulate_jpeg_size; int
  thread_level; int low_memory; int near_lossless; int exact; int use_delta_palette; int
  use_sharp_yuv; int qmin; int qmax;
} WebPConfig;
typedef struct {
  int use_argb; int colorspace; int width; int height; uint8_t *y, *u, *v; int y_stride, uv_stride;
  uint8_t *a; int a_stride; uint32_t pad1[2]; uint32_t *argb; int argb_stride; uint32_t pad2[3]; void
  *writer; void *custom_ptr; int extra_info_type; uint8_t *extra_info; void *stats; int error_code;
  void *progress_hook; void *user_data; uint32_t pad3[3]; uint8_t *pad4, *pad5; uint32_t pad6[8]; void
  *memory_; void *memory_argb_; void *pad7[2];
} WebPPicture;
typedef struct { uint8_t *mem; size_t size; size_t max_size; uint32_t pad[1]; } WebPMemoryWriter;
int WebPConfigInitInternal(WebPConfig *, int, float, int);
int WebPPictureInitInternal(WebPPicture *, int);
int WebPPictureImportRGB(WebPPicture *, const uint8_t *, int);
int WebPEncode(const WebPConfig *, WebPPicture *);
void WebPPictureFree(WebPPicture *);
void WebPMemoryWriterInit(WebPMemoryWriter *);
void WebPMemoryWriterClear(WebPMemoryWriter *);
int WebPMemoryWrite(const uint8_t *, size_t, const WebPPicture *);
"""


class EncodeFailed(RuntimeError):
    """libwebp refused; with sizes checked before, that means that memory ran out."""


def encode(pixels: Pixels, quality: int, effort: int) -> bytes:
    """Return the picture as WebP without any metadata; deterministic. Raises EncodeFailed or pyvips.Error."""
    if pixels.picture.bands == 3 and has_direct_encoder():
        return _encode_rgb(pixels, quality, effort)
    return encode_by_vips(pixels, quality, effort)


def encode_by_vips(pixels: Pixels, quality: int, effort: int) -> bytes:
    """Return the same picture through libvips' own libwebp."""
    keep = pyvips.enums.ForeignKeep.NONE
    encoded: bytes = pixels.picture.webpsave_buffer(Q=quality, effort=effort, keep=keep)
    return encoded


def has_direct_encoder() -> bool:
    """True if Pillow's libwebp is at hand and speaks the ABI declared here."""
    return _library() is not None


def _encode_rgb(pixels: Pixels, quality: int, effort: int) -> bytes:
    ffi, library = _ffi(), _library()
    config, picture, writer = ffi.new("WebPConfig *"), ffi.new("WebPPicture *"), ffi.new("WebPMemoryWriter *")
    library.WebPConfigInitInternal(config, _PRESET_DEFAULT, float(quality), _ABI)
    library.WebPPictureInitInternal(picture, _ABI)
    config.method = effort
    picture.width, picture.height = pixels.width_px, pixels.height_px
    library.WebPMemoryWriterInit(writer)
    picture.writer, picture.custom_ptr = ffi.cast("void *", library.WebPMemoryWrite), writer
    try:
        source = ffi.from_buffer("uint8_t[]", pixels.buffer)
        if not library.WebPPictureImportRGB(picture, source, pixels.width_px * 3) or not library.WebPEncode(
            config, picture
        ):
            raise EncodeFailed(f"libwebp error {picture.error_code}")
        return bytes(ffi.buffer(writer.mem, writer.size))
    finally:
        library.WebPPictureFree(picture)
        library.WebPMemoryWriterClear(writer)


@functools.cache
def _ffi() -> Any:
    ffi = cffi.FFI()
    ffi.cdef(_DECLARATIONS)
    return ffi


@functools.cache
def _library() -> Any:
    package = Path(PIL.__file__).parent
    places = [*package.parent.glob("pillow.libs/libwebp-*.so*"), *package.glob(".dylibs/libwebp.*.dylib")]
    for place in places:
        try:
            library = _ffi().dlopen(str(place))
        except OSError:
            continue
        if library.WebPConfigInitInternal(_ffi().new("WebPConfig *"), _PRESET_DEFAULT, 80.0, _ABI):
            return library
    return None
