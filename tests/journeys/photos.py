"""Small photographs for journeys, no two alike."""

import functools
import io
from pathlib import Path

from PIL import Image


def photo(number: int = 0) -> bytes:
    """A picture that opens; another number gives other bytes."""
    return _picture() + f"\n{number}".encode()


@functools.cache
def _picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def move_in(outside: Path, folder: Path, names: list[str], first: int = 0) -> None:
    """Fill a folder elsewhere, then move each file in as a file manager does."""
    outside.mkdir(parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(names, first):
        (outside / name).write_bytes(photo(number))
        (outside / name).rename(folder / name)
