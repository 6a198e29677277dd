"""The pages under `docs/`, and the web app's types of the API, that say what the code declares: written, never by hand.

python -m infra.docs [--check]
"""

import ast
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from chalice.app import Chalice, ScheduledEventConfig, SQSEventConfig

from chalicelib import errors, models, settings
from chalicelib.models import base
from infra import features
from infra.costs import declared, page as cost_page
from infra.costs.model import Platform
from infra.package import AT_IMPORT
from infra.web import api_types

ROOT = Path(__file__).parents[1]
WRITTEN_TO = ROOT
WRITTEN_BY = "Written by `make docs` from the code; `make check` compares."


def stage(name: str) -> dict[str, Any]:
    """One stage of `.chalice/config.json`."""
    found: dict[str, Any] = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"][name]
    return found


def product() -> Chalice:
    """The app with all routes and jobs; imported under the settings of the dev stage."""
    for variable, value in {**AT_IMPORT, **stage("dev")["environment_variables"]}.items():
        os.environ.setdefault(variable, value)
    app: Chalice = importlib.import_module("app").app
    return app


def table(*rows: Iterable[str]) -> str:
    """A Markdown table; the first row is the head."""
    lines = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    head, *body = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([head, "|" + "---|" * len(lines[0]), *body])


def page(title: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", WRITTEN_BY, *parts]) + "\n"


def first_line(thing: Any) -> str:
    return str(thing.__doc__ or "").strip().partition("\n")[0]


def api() -> str:
    """Routes: who may call them and what they do."""
    product()
    declared = importlib.import_module("chalicelib.handlers.routes").ROUTES
    rows = []
    for route in sorted(declared, key=lambda one: (one.path, one.method)):
        needs = route.needs
        who = {"public": "everybody", "known": "any key or session"}.get(needs.on, f"`{needs.right}` on the {needs.on}")
        rows.append((f"`{route.method}`", f"`{route.path}`", who, route.about.strip().partition("\n")[0]))
    return page("Routes", table(("method", "path", "who may", "what it does"), *rows))


def openapi() -> str:
    """The API's document, as `GET /v1/openapi.json` answers it."""
    return json.dumps(_document(), indent=1, ensure_ascii=False) + "\n"


def web_types() -> str:
    """The API as types, for the check of the web app."""
    return api_types.declaration(_document())


def _document() -> dict[str, Any]:
    product()
    found: dict[str, Any] = importlib.import_module("chalicelib.handlers.openapi").document()
    return found


def tables() -> str:
    """Tables, keys, indexes, and the questions that cross workspaces."""
    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"chalicelib.models.{module.name}")
    rows = []
    for model in base.tables():
        keys = " + ".join(f"`{name}`" for name in (model._hash_keyname, model._range_keyname) if name)
        indexes = [_index(name, index) for name, index in sorted(model._indexes.items())]
        rows.append((f"`{model.Meta.noun}`", keys, "<br>".join(indexes) or "–", first_line(model)))  # type: ignore[attr-defined]
    crossing = sorted((f"`{name}`", reason) for name, reason in base.cross_workspace_reads().items())
    return page(
        "Tables",
        "Table `packshot-<stage>-<noun>`, defined in `infra/data.yml`. The first key begins with the workspace "
        "except where a question below says otherwise.",
        table(("noun", "key", "indexes", "one row is"), *rows),
        "## Questions that are asked before, or across, workspaces",
        table(("question", "why"), *crossing),
    )


def _index(name: str, index: Any) -> str:
    keys = [one["AttributeName"] for one in sorted(index._get_schema()["key_schema"], key=lambda one: one["KeyType"])]
    return f"`{name}` ({' + '.join(keys)})"


def variables() -> str:
    """Settings: variable, default, meaning."""
    rows = []
    for name, field in settings.Settings.model_fields.items():
        default = "required" if field.is_required() else f"`{field.default}`" if field.default != "" else "empty"
        limits = ", ".join(_limit(one) for one in field.metadata)
        rows.append((f"`PACKSHOT_{name.upper()}`", default, limits or "–", str(field.description)))
    return page("Settings", table(("variable", "default", "must be", "what it is"), *rows))


def _limit(one: Any) -> str:
    signs = {"ge": "≥", "le": "≤", "gt": ">", "lt": "<"}
    said = [f"{sign} {getattr(one, name):,}" for name, sign in signs.items() if getattr(one, name, None) is not None]
    return " ".join(said) or f"`{one.pattern}`"


def problems() -> str:
    """Codes of refusals: status, what becomes of a queue message, meaning."""
    product()
    status = importlib.import_module("chalicelib.handlers.problems").STATUS
    outcome = importlib.import_module("chalicelib.handlers.events").OUTCOME
    order = sorted(status, key=lambda one: int(status[one]))
    rows = [(f"`{one.code}`", str(status[one]), outcome[one], first_line(one)) for one in order]
    rows.append(("`internal`", "500", "again", "An error that nobody foresaw; the log has it under the request id."))
    special = sorted(
        (f"`{code}`", str(status[kind]), f"`{kind.code}`")
        for code, kind in set(_special_codes({one.__name__: one for one in status}))
    )
    return page(
        "Errors",
        "Every refusal is `application/problem+json` with `status`, `code`, `detail` in words and `request_id`.",
        table(("code", "status", "a queue message", "meaning"), *rows),
        "## Codes that say more",
        table(("code", "status", "a kind of"), *special),
    )


def _special_codes(kinds: dict[str, type[errors.PackshotError]]) -> Iterator[tuple[str, type[errors.PackshotError]]]:
    """Codes given where an error is raised, or by a kind of error that is derived from one of ours."""
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                kind = next((kinds[ast.unparse(one)] for one in node.bases if ast.unparse(one) in kinds), None)
                yield from ((code, kind) for each in ast.walk(node) for code in _code_of(each) if kind is not None)
            elif isinstance(node, ast.Call):
                kind = kinds.get(ast.unparse(node.func).rpartition(".")[2])
                yield from ((code, kind) for code in _code_of(node) if kind is not None)


def _code_of(node: ast.AST) -> list[str]:
    given = [one for one in node.keywords if one.arg == "code"] if isinstance(node, ast.Call) else []
    return [str(one.value.value) for one in given if isinstance(one.value, ast.Constant)]


def jobs() -> str:
    """Functions: what wakes them, for how long, with how much memory."""
    config = stage("prod")["lambda_functions"]
    wakes = {"api_handler": "HTTP"}
    for source in product().event_sources:
        wakes[source.name] = _trigger(source)
    rows = [
        (f"`{name}`", wakes[name], f"{one['lambda_timeout']} s", f"{one['lambda_memory_size']} MB")
        for name, one in config.items()
    ]
    return page("Functions", table(("function", "woken by", "timeout", "memory"), *rows))


def _trigger(source: Any) -> str:
    if isinstance(source, SQSEventConfig):
        return f"queue `{str(source.queue).rpartition('-')[2]}`, batches of {source.batch_size}"
    if isinstance(source, ScheduledEventConfig):
        return f"schedule `{source.schedule_expression}`"
    return type(source).__name__


def costs() -> str:
    """What things cost at list price."""
    return page("Costs", *cost_page.parts(platform(), table))


def platform() -> Platform:
    """What the code declares that costs money."""
    return declared.platform(product(), stage("prod")["lambda_functions"])


PAGES: dict[str, Callable[[], str]] = {
    "docs/api.md": api,
    "docs/openapi.json": openapi,
    "docs/tables.md": tables,
    "docs/settings.md": variables,
    "docs/errors.md": problems,
    "docs/jobs.md": jobs,
    "docs/costs.md": costs,
    "docs/features.md": features.page,
    "web/types/api.gen.d.ts": web_types,
}


def main(words: list[str]) -> int:
    """Write the pages, or with `--check` name those that are not as they should be."""
    stale = []
    for name, write in PAGES.items():
        wanted, path = write(), WRITTEN_TO / name
        if not path.exists() or path.read_text() != wanted:
            stale.append(name)
            if "--check" not in words:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(wanted)
    if "--check" in words and stale:
        sys.stderr.write(f"Out of date: {', '.join(stale)}. Run `make docs`.\n")
        return 1
    sys.stdout.write(f"{', '.join(stale) or 'nothing'} {'written' if stale else 'to write'}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
