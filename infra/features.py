"""`docs/features.md`: each requirement with the number of tests that prove it, read from the marks.

python -m infra.features
"""

import ast
import re
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "features.md"
_LINE = re.compile(r"^\| (R[A-Z]*\d+) \| (.+) \|$")


def sentences() -> dict[str, str]:
    """Each requirement's sentence by id, in the order of `docs/requirements.md`."""
    found = (_LINE.match(line) for line in (ROOT / "docs" / "requirements.md").read_text().splitlines())
    return {one.group(1): one.group(2) for one in found if one}


def proofs() -> Counter[str]:
    """How many test functions carry each requirement's mark."""
    count: Counter[str] = Counter()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                count.update(_marks(node))
    return count


def _marks(test: ast.FunctionDef) -> list[str]:
    calls = [one for one in test.decorator_list if isinstance(one, ast.Call)]
    marks = [one for one in calls if ast.unparse(one.func).endswith("mark.requirement")]
    return [str(argument.value) for one in marks for argument in one.args if isinstance(argument, ast.Constant)]


def page() -> str:
    """The whole page. Raises `KeyError` for a mark that names no requirement."""
    known, count = sentences(), proofs()
    for identifier in count:
        known[identifier]
    lines = [
        f"{one}  {count[one]} test{'s' if count[one] > 1 else ''}  {text}  "
        for one, text in known.items()
        if count[one]
    ]
    head = (
        "# What works, and how many tests say so\n\nWritten by `make features`. A line without tests is not listed;\n"
    )
    head += "one with tests may still be proved in part only: the README says what is missing.\n"
    return "\n".join([head, *lines]) + "\n"


def main() -> int:
    """Write the page and show it."""
    text = page()
    PAGE.write_text(text)
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
