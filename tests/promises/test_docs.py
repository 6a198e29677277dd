"""The pages say what is so: every place they name exists, and lists are those of the code."""

import ast
import re
from pathlib import Path

import pytest

from chalicelib.settings import Settings
from infra import docs

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
ROOTS = ("", "chalicelib/")


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def found(name: str) -> list[Path]:
    return [path for root in ROOTS for path in ROOT.glob(f"{root}{name}")]


def functions() -> set[str]:
    """Names of every function, class, constant and module attribute of the product and of what runs it."""
    names = set[str]()
    for folder in ("chalicelib", "media", "infra"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.ClassDef):
                    names.add(node.name)
                elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    names.add(node.id)
    return names


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_every_place_a_page_names_exists(page: str) -> None:
    names = [part for text in quoted((ROOT / page).read_text()) for part in text.split() if "<" not in text]
    places = [re.sub(r"[:,]$", "", name) for name in names]
    places = [name for name in places if re.fullmatch(r"[\w.*-]+(/[\w.*-]*)+|[\w-]+\.(py|md|yml|json)", name)]
    local = {".packshot/", ".packshot/drop/"}

    assert places
    assert [name for name in places if name not in local and not found(name.rstrip("/"))] == []


def test_every_function_of_the_walk_exists_where_the_walk_says() -> None:
    walk = (ROOT / "ARCHITECTURE.md").read_text().partition("## The walk")[2].partition("\n## ")[0]
    steps = [text.split(": ") for text in quoted(walk)]
    named = [(step[0] if len(step) > 1 else None, step[-1]) for step in steps if re.fullmatch(r"\w+", step[-1])]
    known = functions()

    assert len(named) >= 5
    for place, name in named:
        assert name in known or name in ("events", "ingest"), name
        if place is not None:
            (path,) = found(place)
            assert f"def {name}(" in path.read_text(), f"{place}: {name}"


def test_every_command_a_page_names_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    said = {
        word
        for page in PAGES
        for words in re.findall(r"(?:`|\$ )make ([a-z][a-z ]*)", page.read_text())
        for word in words.split()
    }

    assert {"run", "docs", "check"} <= said
    assert said <= targets


def test_every_target_of_the_makefile_explains_itself() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = set(re.search(r"^\.PHONY: (.+)$", text, flags=re.M).group(1).split())  # type: ignore[union-attr]

    assert phony == set(re.findall(r"^([a-z]+):.*## ", text, flags=re.M))


@pytest.mark.parametrize("page", PAGES, ids=lambda one: str(one.relative_to(ROOT)))
def test_no_link_leads_nowhere(page: Path) -> None:
    links = [one for one in re.findall(r"\]\(([^)]+)\)", page.read_text()) if not one.startswith(("http", "#"))]

    assert [one for one in links if not (page.parent / one.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("name", [one for one in docs.PAGES if one != "docs/features.md"])
def test_the_lists_are_those_of_the_code(name: str) -> None:
    assert (ROOT / name).read_text() == docs.PAGES[name](), "run `make docs`"


def test_every_setting_is_documented_with_a_meaning() -> None:
    page = docs.variables()

    for name, field in Settings.model_fields.items():
        assert f"| `PACKSHOT_{name.upper()}` |" in page
        assert field.description


def test_a_page_that_is_out_of_date_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    quick = {name: docs.PAGES[name] for name in ("docs/errors.md", "docs/settings.md")}
    monkeypatch.setattr(docs, "PAGES", quick)
    monkeypatch.setattr(docs, "WRITTEN_TO", tmp_path)
    written = docs.main([])
    fresh = docs.main(["--check"])
    (tmp_path / "docs" / "errors.md").write_text("# Errors\n")

    assert (written, fresh, docs.main(["--check"])) == (0, 0, 1)
    assert "errors.md" in capsys.readouterr().err
