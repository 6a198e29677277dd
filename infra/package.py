"""`make package`: the two zips and the templates of each stage, ready to be uploaded, sizes checked, linted.

python -m infra.package [STAGE …]
"""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from infra import bundle, sbom
from infra.local import template
from infra.local.tools import ROOT

STAGES = ("dev", "prod")
BUILD = ROOT / "build"
MOST_UNZIPPED_BYTES = {"deployment.zip": 100_000_000, "media.zip": 200_000_000}
"""Our own limits; Lambda's is 250 MB."""
UNUSED = re.compile(r"googleapiclient/discovery_cache/documents/(?!drive\.v3\.json$)")
"""Descriptions of 600 other services in the Google client: four fifths of its size."""
TEMPLATES = ("data.yml", "edge.yml")
AT_IMPORT = {"PACKSHOT_URL": "https://app.invalid", "PACKSHOT_MEDIA_URL": "https://media.invalid"}
"""Importing the app needs addresses; the functions get theirs from the stack's parameters."""


def main() -> int:
    stages = sys.argv[1:] or list(STAGES)
    try:
        bundle.build(BUILD / "media.zip")
        for stage in stages:
            package(stage)
    except bundle.BundleError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    except subprocess.CalledProcessError as problem:
        return problem.returncode or 1
    too_large = [line for stage in stages for line in _sizes(BUILD / stage)]
    sys.stderr.write("".join(f"{line}\n" for line in too_large))
    return 1 if too_large else 0


def package(stage: str) -> None:
    """Fill `build/<stage>/`: sam.yaml, deployment.zip, media.zip, data.yml, edge.yml, sbom.json."""
    place = BUILD / stage
    place.mkdir(parents=True, exist_ok=True)
    os.environ.update(AT_IMPORT, PACKSHOT_STAGE=stage, AWS_DEFAULT_REGION="us-east-1")
    product, overlay = importlib.import_module("app").app, importlib.import_module("infra.overlay")
    functions = ["api_handler", *(source.name for source in product.event_sources)]
    merged = overlay.over(template.load(ROOT / "infra" / "app.yml"), stage, functions)
    overlaid = place / "overlay.yaml"
    overlaid.write_text(json.dumps(merged, indent=1))  # JSON is YAML too
    tools = Path(sys.executable).parent
    asked = ["package", "--stage", stage, "--template-format", "yaml", "--merge-template", str(overlaid), str(place)]
    subprocess.run([tools / "chalice", *asked], cwd=ROOT, check=True)
    overlaid.unlink()
    bundle.drop(place / "deployment.zip", UNUSED)
    shutil.copyfile(BUILD / "media.zip", place / "media.zip")
    shutil.copyfile(ROOT / "infra" / "data.yml", place / "data.yml")
    gate = textwrap.indent((ROOT / "infra" / "media_gate.js").read_text(), " " * 8).strip()
    edge = (ROOT / "infra" / "edge.yml").read_text()
    (place / "edge.yml").write_text(edge.replace("GATE\n", f"{gate}\n"))
    (place / "sbom.json").write_text(sbom.text())
    subprocess.run([tools / "cfn-lint", place / "sam.yaml", *(place / name for name in TEMPLATES)], check=True)


def _sizes(place: Path) -> list[str]:
    """Print how large each zip is when unzipped; the sentences about those beyond their limit."""
    beyond = []
    for name, most in MOST_UNZIPPED_BYTES.items():
        size = bundle.unzipped_bytes(place / name)
        print(f"{place.name}/{name}: {size / 1e6:.1f} MB unzipped, limit {most / 1e6:.0f} MB")
        if size > most:
            beyond.append(f"{place.name}/{name} is {size / 1e6:.1f} MB unzipped, more than {most / 1e6:.0f} MB.")
    return beyond


if __name__ == "__main__":
    sys.exit(main())
