"""Pictures of many shapes that browser tests look at, and where they lie."""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

from infra.local.polling import await_true
from tests.journeys.instance import Instance

MANY = 130
SHAPES = [(240, 180), (180, 240), (200, 200), (320, 180), (180, 320), (250, 200)]
STUDIO, CERAMIC = 24, 9
"""So many carry the keyword `studio`, and so many of these `ceramic` too."""
LIMIT_S = 240


@dataclass(frozen=True)
class Gallery:
    """The collection `Gallery` with `MANY` pictures named `KOS-<number>-front.jpg`."""

    id: str
    media_url: str

    @property
    def address(self) -> str:
        return f"/#/library?in={self.id}"


def picture(number: int, shape: tuple[int, int] | None = None) -> bytes:
    """A small JPEG; another number gives other bytes and another colour."""
    width, height = shape or SHAPES[number % len(SHAPES)]
    out = io.BytesIO()
    colour = (number * 37 % 256, number * 91 % 256, number * 53 % 256)
    Image.new("RGB", (width, height), colour).save(out, "JPEG", quality=80, comment=f"picture {number}".encode())
    return out.getvalue()


def filled(packshot: Instance) -> Gallery:
    """Fill an empty instance and wait until search finds it all."""
    folder = packshot.drop / "Gallery"
    folder.mkdir()
    for number in range(MANY):
        (folder / f"KOS-{100 + number}-front.jpg").write_bytes(picture(number))
    packshot.await_assets("Gallery", MANY, LIMIT_S)
    found = collection(packshot, "Gallery")
    known = found_by(packshot, f"collection:{found['id']}", MANY)
    for at, one in enumerate(sorted(known, key=lambda each: str(each["name"]))[:STUDIO]):
        words = ["studio", "ceramic"] if at < CERAMIC else ["studio"]
        assert packshot.call("PATCH", f"/v1/assets/{one['id']}", {"keywords": words}).status_code == 200
    found_by(packshot, "keyword:studio", STUDIO)
    found_by(packshot, "keyword:ceramic", CERAMIC)
    return Gallery(found["id"], "/".join(known[0]["thumb_url"].split("/")[:3]))


def collection(packshot: Instance, path: str) -> dict[str, Any]:
    """The collection at a path."""
    return next(one for one in packshot.every("/v1/collections") if one["path"] == path)


def found_by(packshot: Instance, q: str, many: int) -> list[dict[str, Any]]:
    """What search finds, once it finds so many."""
    items = list[dict[str, Any]]()

    def is_there() -> bool:
        items[:] = packshot.every(f"/v1/search?q={q}")
        return len(items) == many

    assert await_true(is_there, LIMIT_S, 0.4), (q, len(items))
    return items


def dropped(packshot: Instance, folder: str, names: list[str], first: int) -> list[dict[str, Any]]:
    """Pictures of a test's own, found by search in a collection of that name; numbers from `first` make them new."""
    (packshot.drop / folder).mkdir(exist_ok=True)
    for number, name in enumerate(names, first):
        (packshot.drop / folder / name).write_bytes(picture(number))
    packshot.await_assets(folder, len(names), LIMIT_S)
    return found_by(packshot, f"collection:{collection(packshot, folder)['id']}", len(names))
