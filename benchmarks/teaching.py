"""How well a shop's own words are learnt from real looks of the model: taught with some products, asked about others.

python -m benchmarks.teaching [--stamps FOLDER] [--copies N]

Without a folder: the pictures of the sample library, drawn by this project; the words are the ranges of its made-up
shop, of which the model knows none. With one: photographed objects out of Debian's `tuxpaint-stamps-default` (GPL-2,
for measuring only; `apt-get download` and `dpkg-deb -x`), `share/tuxpaint/stamps` in it, pasted on white.

Each picture is taken in and looked at as the product does it; beside it lie crops and copies that a shop would have, of
the same product. Learnt by `domain/learning.py` and `media/learn.py`, as they are. Five times another fifth of the
products is left out of everything, and only their own pictures, no copies, are then asked about.
"""

from __future__ import annotations

import argparse
import base64
import io
import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from chalicelib.domain import learning
from chalicelib.domain.learning import Example, Head
from chalicelib.domain.views import View
from infra.local import sample
from media import job, learn, render
from media.message import Limits, Rendition, Sight

RANGES = {"Kitchen": "our kitchen", "Bath": "our bath", "Lighting": "our lights", "Living": "our living room"}
STAMPS = {
    "food/fruit": "fruit", "plants/flowers": "flower", "animals/birds": "bird", "household/tools": "hand tool",
    "food/vegetables": "", "household": "", "household/dishes": "", "sports": "", "hobbies/music/string": "",
    "hobbies/music/percussion": "", "animals/insects": "", "animals/fish": "", "medical": "",
}  # fmt: skip
"""Folders of photographs, and the word that a shop gives them; empty: they are there, and have another word."""

_LIMITS = Limits(1 << 30, 268_000_000, 500, 2 << 30, 60, 60)
_MEDIUM = (Rendition("medium", 512, 80, 2),)
_FOLDS = 5
_MAKER, _OTHER = b"bench", "another word"


@dataclass(frozen=True)
class Shown:
    """A picture of a product: its view, what a shop calls it, and whether it is a copy of another one."""

    name: str
    product: str
    word: str
    view: bytes
    is_copy: bool


def main() -> None:
    """Measure and print Markdown."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--stamps", type=Path)
    words.add_argument("--copies", type=int, default=2)
    wanted = words.parse_args()
    render.prepare()
    begun = time.process_time()
    sources = list(_stamps(wanted.stamps) if wanted.stamps else _sample())
    shown = [one for name, product, word, picture in sources
             for one in looked_at(name, product, word, picture, wanted.copies)]  # fmt: skip
    took = time.process_time() - begun
    print(f"load {os.getloadavg()[0]:.0f}; {len(shown)} looks, {took / len(shown) * 1000:.0f} ms of CPU each, "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")  # fmt: skip
    print(table(shown))


def looked_at(name: str, product: str, word: str, picture: Image.Image, copies: int) -> Iterator[Shown]:
    """The picture and so many of its copies, as the picture function sees them; without those that have no view."""
    made: list[Callable[[Image.Image], Image.Image]] = [lambda one: one, cropped, on_grey, mirrored]
    for at, edit in enumerate(made[: copies + 1]):
        view = view_of(edit(picture))
        if view is not None:
            yield Shown(name, product, word, view, at > 0)


def view_of(picture: Image.Image) -> bytes | None:
    """What the model's look at the medium rendition of this picture leaves; None where there is nothing in it."""
    body = io.BytesIO()
    picture.save(body, "PNG")
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "original"), Path(folder)
        path.write_bytes(body.getvalue())
        job.read(path, _LIMITS, _MEDIUM, out, lambda _: None)
        told = job.read(out / "medium.webp", _LIMITS, Sight(20), out, lambda _: None)
    view = (told.get("sight") or {}).get("view")
    return base64.b64decode(view) if view else None


def cropped(picture: Image.Image) -> Image.Image:
    """Closer: four fifths of the area."""
    width, height = picture.size
    return picture.crop((width // 18, height // 18, width - width // 18, height - height // 18))


def on_grey(picture: Image.Image) -> Image.Image:
    """Saved small and badly, with grey around it."""
    small = io.BytesIO()
    picture.convert("RGB").resize((max(1, picture.width // 2), max(1, picture.height // 2))).save(
        small, "JPEG", quality=50
    )
    inner = Image.open(small)
    wide = Image.new("RGB", (inner.width * 6 // 5, inner.height * 6 // 5), (225, 225, 225))
    wide.paste(inner, (inner.width // 10, inner.height // 10))
    return wide


def mirrored(picture: Image.Image) -> Image.Image:
    """The other way round."""
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def table(shown: Sequence[Shown]) -> str:
    """What was told of products that had no part in teaching."""
    told, right, used = Counter[str](), Counter[str](), Counter[str]()
    has = Counter(one.word for one in shown if not one.is_copy)
    products: dict[str, set[str]] = {}
    for one in shown:
        products.setdefault(one.word, set()).add(one.product)
    for fold in range(_FOLDS):
        head = taught([one for one in shown if place(one.product) != fold])
        used.update(one.name for one in head.words if one.is_used)
        for one in shown:
            if place(one.product) == fold and not one.is_copy:
                for name, _ in learning.told(head, View(_MAKER, one.view)):
                    told[name] += 1
                    right[name] += name == one.word
    lines = [
        "| word | products | pictures | used, of 5 | told | rightly | of its pictures told |",
        "|---|---|---|---|---|---|---|",
    ]
    for word in sorted(filter(None, has)):
        share = f"{right[word] / told[word]:.0%}" if told[word] else "-"
        lines.append(f"| {word} | {len(products[word])} | {has[word]} | {used[word]} | {told[word]} | "
                     f"{right[word]} ({share}) | {right[word] / has[word]:.0%} |")  # fmt: skip
    named = sum(count for word, count in has.items() if word)
    total = f"{right.total() / told.total():.1%}" if told.total() else "-"
    lines.append(f"| all | | {named} of {has.total()} | | {told.total()} | {right.total()} ({total}) | "
                 f"{right.total() / named:.0%} |")  # fmt: skip
    return "\n".join(lines)


def taught(shown: Sequence[Shown]) -> Head:
    """The head that a workspace learns from these pictures, copies and all."""
    plain = Head("", datetime.now(UTC), 0, _MAKER, 0, ())
    chosen, words = learning.lesson([
        Example(f"{one.name} {at}".encode(), View(_MAKER, one.view), _tagged(one), one.product)
        for at, one in enumerate(shown)
    ])  # fmt: skip
    words = [one for one in words if one.name != _OTHER]
    if not words:
        return plain
    lesson = learning.message(chosen, words)
    return learning.head_of(learn.answer({"v": 1, "learn": lesson})["head"], words, plain)


def _tagged(one: Shown) -> dict[str, str]:
    """Its own word, and one that all have, as people would have given them."""
    return {name: name for name in (one.word or _OTHER, "all")}


def place(product: str) -> int:
    """Which fifth a product is left out with: not the folds of the product's own measure."""
    return sum(product.encode()) % _FOLDS


def _sample() -> Iterator[tuple[str, str, str, Image.Image]]:
    """Pictures of the sample library: name, SKU, the shop's word."""
    for path in sorted(sample.LIBRARY.rglob("AUR-*")):
        with Image.open(path) as picture:
            yield path.name, path.name[:10], RANGES.get(path.parent.name, ""), _flat(picture)


def _stamps(folder: Path) -> Iterator[tuple[str, str, str, Image.Image]]:
    """Photographed objects on white: file, product, the shop's word."""
    for part, word in STAMPS.items():
        for path in sorted((folder / part).glob("*.png")):
            with Image.open(path) as picture:
                yield f"{part}/{path.name}", path.stem, word, _flat(picture)


def _flat(picture: Image.Image) -> Image.Image:
    whole = picture.convert("RGBA")
    whole.thumbnail((800, 800))
    ground = Image.new("RGBA", (whole.width * 5 // 4, whole.height * 5 // 4), "white")
    ground.alpha_composite(whole, (whole.width // 8, whole.height // 8))
    is_cut_out = min(whole.getchannel("A").tobytes()) < 255
    return (ground if is_cut_out else whole).convert("RGB")


if __name__ == "__main__":
    main()
