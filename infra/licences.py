"""Licences of everything that is uploaded: refuse what would bind the product, and what nobody has written down.

python -m infra.licences        lists them; fails on a refusal
"""

import importlib.metadata
import re
import sys
from collections.abc import Iterator

from infra.local.tools import ROOT

PINS = ("requirements.txt", "media/requirements.txt")
CARRIED_ALONG = ("chalice",)
"""Chalice puts its own runtime part into the API's zip."""
ALLOWED_BY_NAME = {
    "pyvips-binary": "LGPL-3.0: libvips is a shared library of its own in the wheel, which may be replaced"
}
_REFUSED = re.compile(r"\bA?GPL|GNU (Affero )?General Public|Lesser General Public|LGPL", re.I)


def distributions() -> list[str]:
    """Every distribution of the two zips."""
    pins = "\n".join((ROOT / name).read_text() for name in PINS)
    return sorted({*re.findall(r"(?m)^([A-Za-z0-9._-]+)==", pins), *CARRIED_ALONG})


def licence_of(name: str) -> str:
    """What a distribution says of its licence: the expression, the field and the classifiers, one line."""
    told = importlib.metadata.metadata(name)
    classifiers = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or [] if one.startswith("License")]
    fields = [*(told.get_all("License-Expression") or []), *(told.get_all("License") or [])]
    return " / ".join(dict.fromkeys(one.splitlines()[0].strip() for one in [*fields, *classifiers] if one.strip()))


def refusals() -> Iterator[str]:
    """A sentence for each distribution that may not be carried."""
    for name in distributions():
        licence = licence_of(name)
        if not licence:
            yield f"{name} does not say its licence."
        elif refuses(licence) and name not in ALLOWED_BY_NAME:
            yield f"{name} is under {licence}, which the bundle may not carry."


def refuses(licence: str) -> bool:
    """Whether a licence of this text is kept out unless its package is allowed by name."""
    return bool(_REFUSED.search(licence))


def main() -> int:
    for name in distributions():
        print(f"{name:20} {licence_of(name)}")
    refused = list(refusals())
    sys.stderr.write("".join(f"{line}\n" for line in refused))
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
