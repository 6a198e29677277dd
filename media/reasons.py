"""The sentences people read when a picture cannot be shown: what is wrong, and what to do about it."""

from __future__ import annotations

from media import kinds

_AGAIN = "Save the picture again in your image program and drop it again."
_SIMPLER = "Save it smaller or simpler and drop it again."

EMPTY = "The file is empty (0 bytes). Copy it again from where it came from and drop it again."
CRASHED = f"Reading this file stopped our reader. It is damaged or built in an unusual way. {_AGAIN}"


def too_large(max_bytes: int) -> str:
    return f"The file is larger than {size(max_bytes)}, which is the limit. Save it smaller and drop it again."


def too_many_pixels(width_px: int, height_px: int, max_pixels: int) -> str:
    return (
        f"The picture is {width_px:,} x {height_px:,} pixels; the limit is {_count(max_pixels)}. "
        "Save it smaller and drop it again."
    )


def too_many_scans(max_scans: int) -> str:
    return f"This JPEG is written in more than {max_scans} passes, which no camera or shop needs. {_AGAIN}"


def progressive_too_large(width_px: int, height_px: int) -> str:
    return (
        f"This progressive JPEG of {width_px:,} x {height_px:,} pixels needs more memory than a picture may "
        'use. Save it as a baseline ("standard") JPEG, or smaller, and drop it again.'
    )


def truncated(format_name: str) -> str:
    return (
        f"The file ends before the picture does: part of this {kinds.title(format_name)} is missing, most "
        "likely from a copy or upload that was cut short. Copy the original again and drop it again."
    )


def damaged(format_name: str) -> str:
    return f"This {kinds.title(format_name)} is damaged and cannot be opened. {_AGAIN}"


def no_pixels(format_name: str) -> str:
    return f"This {kinds.title(format_name)} says that it has no pixels at all. {_AGAIN}"


def not_rendered(format_name: str) -> str:
    """Why a file that may be perfectly sound has no preview, by what it is."""
    kind = kinds.of(format_name).kind
    if format_name == "unknown":
        return (
            "We do not recognise what kind of file this is, so there is no preview; the file itself is kept. "
            "If it is a picture, save it as JPEG, PNG, WebP or TIFF and drop it again."
        )
    what = f"This is {_article(kinds.title(format_name))} {kinds.title(format_name)}"
    if kind == "image":
        return f"{what}, for which we make no preview yet; the file itself is kept. Add a JPEG or PNG copy to see it."
    return f"{what}, not a picture, so there is no preview; the file itself is kept and can be downloaded."


def out_of_memory(memory_bytes: int) -> str:
    return (
        f"Reading this picture needs more than {size(memory_bytes)} of memory, which is the limit. "
        "Save it smaller and drop it again."
    )


def out_of_cpu(cpu_s: int) -> str:
    return f"Reading this picture takes more than {cpu_s} seconds of work, which is the limit. {_SIMPLER}"


def out_of_time(wall_s: int) -> str:
    return f"Reading this picture took longer than {wall_s} seconds, which is the limit. {_SIMPLER}"


def too_small(width: int, height: int, wanted_width: int, wanted_height: int) -> str:
    return (
        f"This picture has {width} × {height} pixels, too few for {wanted_width} × {wanted_height}: "
        "it would have to be enlarged."
    )


def too_heavy(size_bytes: int, max_bytes: int) -> str:
    return f"This picture takes {size(size_bytes)} even at the lowest quality; {size(max_bytes)} are allowed."


def size(size_bytes: int) -> str:
    """Return a size as people write it: "268 MB", "2.1 GB"."""
    for factor, unit in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size_bytes >= factor:
            return (
                f"{size_bytes / factor:.3g} {unit}" if size_bytes < 1000 * factor else f"{size_bytes // factor} {unit}"
            )
    return f"{size_bytes} bytes"


def _count(pixels: int) -> str:
    return f"{pixels / 10**6:.3g} million" if 10**6 <= pixels < 10**9 else f"{pixels:,} pixels"


def _article(noun: str) -> str:
    return "an" if noun[0] in "AEIOaeio" or noun.startswith(("HEIC", "SVG", "MP3", "MP4", "M4A", "RAR")) else "a"
