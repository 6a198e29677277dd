"""The bill of materials of a release: every package that is uploaded, from the locks alone, as CycloneDX 1.6.

python -m infra.sbom        prints it; `make package` puts it beside the zips as sbom.json

The same locks give the same file, byte for byte: it has no time, and its serial number is made of what it lists.
"""

import base64
import hashlib
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from typing import Any

from infra.licences import CARRIED_ALONG, licence_of
from infra.local.tools import ROOT

PYTHON_LOCKS = {"requirements.txt": "API and jobs", "media/requirements.txt": "picture function"}
DEV_LOCK = "requirements-dev.txt"
WEB_LOCK = "package-lock.json"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)((?:[^\n]*\\\n)*[^\n]*)", re.M)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill() -> dict[str, Any]:
    """The document."""
    components = sorted([*_python(), *_web()], key=lambda one: str(one["bom-ref"]))
    text = json.dumps(components, sort_keys=True)
    serial = uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4)
    product = {"type": "application", "bom-ref": "packshot", "name": "packshot", "version": _version()}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": product},
        "components": components,
        "dependencies": [{"ref": "packshot", "dependsOn": [one["bom-ref"] for one in components]}],
    }


def text() -> str:
    """The document as it is written."""
    return json.dumps(bill(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def pins(lock: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and SHA-256 digests of everything a Python lock names."""
    for found in _PIN.finditer((ROOT / lock).read_text()):
        yield found[1], found[2], _HASH.findall(found[3])


def _python() -> Iterator[dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    for lock, part in PYTHON_LOCKS.items():
        for name, version, digests in pins(lock):
            one = known.setdefault(name, _component("pypi", name, version, licence_of(name), _digests(digests)))
            one["properties"].append({"name": "packshot:part", "value": part})
    for name, version, digests in pins(DEV_LOCK):
        if name in CARRIED_ALONG:
            known[name] = _component("pypi", name, version, licence_of(name), _digests(digests))
            known[name]["properties"].append({"name": "packshot:part", "value": "API and jobs"})
    yield from known.values()


def _digests(digests: list[str]) -> list[dict[str, str]]:
    """One a file: there is one for each platform, and any of them may be the one that is uploaded."""
    return [{"alg": "SHA-256", "content": one} for one in digests]


def _web() -> Iterator[dict[str, Any]]:
    """What the browser gets: everything in the web app's lock that is no tool."""
    for place, one in json.loads((ROOT / WEB_LOCK).read_text())["packages"].items():
        if not place or one.get("dev") or one.get("optional"):
            continue
        name = place.rpartition("node_modules/")[2]
        algorithm, _, digest = str(one["integrity"]).partition("-")
        hashes = [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": base64.b64decode(digest).hex()}]
        made = _component("npm", name, str(one["version"]), str(one.get("license", "")), hashes)
        made["properties"].append({"name": "packshot:part", "value": "web app"})
        yield made


def _component(kind: str, name: str, version: str, licence: str, hashes: list[dict[str, str]]) -> dict[str, Any]:
    purl = f"pkg:{kind}/{name.lower() if kind == 'pypi' else name.replace('@', '%40')}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "purl": purl,
        "name": name,
        "version": version,
        "licenses": [{"license": {"name": licence}}],
        "hashes": hashes,
        "properties": [],
    }


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


if __name__ == "__main__":
    sys.stdout.write(text())
