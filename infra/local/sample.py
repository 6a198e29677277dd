"""The sample library of a new home: forty-odd pictures that come in through the drop folder like anybody's own.

Laying out happens once in a home's life, before `local.json` is there; handing in moves what is laid out and
forgets it. So a kill at any moment means that the rest follows with the next start, each file is handed in at most
once, and what a person deletes stays deleted.
"""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.local.homes import KEPT
from infra.local.tools import ROOT

LIBRARY = ROOT / "infra" / "sample" / "library"
VARIABLE = "PACKSHOT_SAMPLE"


def laid_out(home: Path) -> Path:
    """Where the pictures wait that have not been handed in."""
    return home / "sample"


def lay_out(home: Path, environment: Mapping[str, str]) -> None:
    """Copy the library into a home that never ran; `PACKSHOT_SAMPLE=0` means none, and takes back what waits.

    Raises OSError when the disk does not take it; the next start begins anew then.
    """
    if environment.get(VARIABLE) == "0":
        shutil.rmtree(laid_out(home), ignore_errors=True)
        return
    if (home / KEPT).exists() or laid_out(home).exists():
        return
    unfinished = home / ".sample"
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(LIBRARY, unfinished, copy_function=shutil.copyfile)
    unfinished.rename(laid_out(home))


def hand_in(home: Path, drop: Path) -> None:
    """Move what waits into the drop folder. A file of the same name that is there stays.

    What cannot be moved waits for the next start; Packshot runs without it.
    """
    waiting = laid_out(home)
    try:
        for file in sorted(path for path in waiting.rglob("*") if path.is_file()):
            place = drop / file.relative_to(waiting)
            place.parent.mkdir(parents=True, exist_ok=True)
            if place.exists():
                file.unlink()
            else:
                file.rename(place)
    except OSError as error:
        sys.stderr.write(f"The sample pictures wait for the next start: {error}\n")
    else:
        shutil.rmtree(waiting, ignore_errors=True)
