"""Fill `web/vendor/`: the runtime as one file, its types, the typeface, the API page's viewer. Made once per pin.

`python -m infra.web.vendor` is quick when nothing changed and safe to call from several processes at once.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from infra.local import tools
from infra.local.tools import ROOT, ToolsError

HERE = Path(__file__).resolve().parent
ENTRY = HERE / "ui.js"
VENDOR = ROOT / "web" / "vendor"
NODE_MODULES = ROOT / "node_modules"
COPIES = {
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter.woff2",
    "@fontsource-variable/inter/LICENSE": "licences/inter.txt",
    "preact/LICENSE": "licences/preact.txt",
    "htm/LICENSE": "licences/htm.txt",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui.js",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui.css",
    "swagger-ui-dist/LICENSE": "licences/swagger-ui.txt",
}
"""Files served as their packages have them."""


def ensure() -> None:
    """Make `web/vendor/` from the locked packages unless it is already made from them. Raises `ToolsError`."""
    stamp = _stamp()
    mark = VENDOR / "STAMP"
    if _is_made(mark, stamp):
        return
    VENDOR.parent.mkdir(exist_ok=True)
    tools.folder().mkdir(parents=True, exist_ok=True)
    with (tools.folder() / "web.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if _is_made(mark, stamp):
            return
        sys.stdout.write("Bundling the web app's runtime into web/vendor (once) …\n")
        _install()
        _build()
        mark.write_text(stamp)


def _is_made(mark: Path, stamp: str) -> bool:
    """Whether it is all there: the compiler of types is used from the packages themselves."""
    return mark.exists() and mark.read_text() == stamp and _esbuild().exists()


def _stamp() -> str:
    parts = [ROOT / "package.json", ROOT / "package-lock.json", ENTRY, Path(__file__)]
    return hashlib.sha256(b"\x00".join(path.read_bytes() for path in parts)).hexdigest()


def _install() -> None:
    sorry = "npm could not install what package-lock.json pins; is this machine on the network?"
    node = tools.folder() / "node"
    npm, environment = tools.npm(node)
    argv = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    tools.run(argv, sorry, env=environment, cwd=ROOT)
    shutil.rmtree(node, ignore_errors=True)


def _build() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "licences").mkdir(parents=True)
    options = ["--bundle", "--format=esm", "--minify", "--legal-comments=none", "--log-level=warning"]
    made = subprocess.run(
        [str(_esbuild()), str(ENTRY), *options, f"--outfile={VENDOR / 'ui.js'}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise ToolsError(f"esbuild could not bundle {ENTRY.name}:\n{made.stderr}")
    (VENDOR / "ui.d.ts").write_text(ENTRY.read_text())
    for source, target in COPIES.items():
        shutil.copyfile(NODE_MODULES / source, VENDOR / target)


def _esbuild() -> Path:
    """The native program; npm's own wrapper would need Node, and the package's scripts never run."""
    return NODE_MODULES / "@esbuild" / tools.platform_name() / "bin" / "esbuild"


def check_types() -> None:
    """Check the types that the app's JSDoc declares. Raises `ToolsError` with what the compiler says."""
    ensure()
    compiler = NODE_MODULES / "@typescript" / f"typescript-{tools.platform_name()}" / "lib" / "tsc"
    done = subprocess.run(
        [str(compiler), "-p", str(ROOT / "jsconfig.json")], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ToolsError(done.stdout + done.stderr)


if __name__ == "__main__":
    try:
        check_types() if "--types" in sys.argv else ensure()
    except ToolsError as error:
        sys.exit(str(error))
