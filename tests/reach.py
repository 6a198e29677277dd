"""What a function's code can reach: which tables, queues, buckets it may ask, and how, read from the source alone.

    needs("run_job") -> {("tables", "jobs", "UpdateItem"), …}

It reaches too far rather than too short: a method is every method of that name, and whoever names a table of
functions reaches all of them. So what is granted and not reached is superfluous for certain, whichever tests run. That
it does not reach too short is checked by functions at work (`tests/promises/test_superfluous.py`).
"""

import ast
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "chalicelib"
Place = tuple[str, str]
"""Module and name in it; a method is `Class.method`."""
Asked = tuple[str, str, str]
"""Kind, name, action, as in `infra/policies.yml`."""

_WRITES = {
    "save": "PutItem",
    "save_as_read": "PutItem",
    "update": "UpdateItem",
    "delete": "DeleteItem",
    "condition_check": "ConditionCheckItem",
}
_READS = {"read": ["GetItem"], "read_many": ["BatchGetItem"], "Wanted": ["GetItem", "BatchGetItem"]}
_STORE = {
    "head": ["GetObject", "GetObjectVersion"], "tags": ["GetObjectTagging", "GetObjectVersionTagging"],
    "copy_original": ["GetObject", "GetObjectVersion", "PutObject"], "delete": ["DeleteObject", "DeleteObjectVersion"],
    "read": ["GetObject"], "read_range": ["GetObject"], "blocks": ["GetObject"], "write": ["PutObject"],
    "presign_get": ["GetObject"], "presign_put": ["PutObject"], "begin_parts": ["PutObject"], "put": ["PutObject"],
    "put_part": ["PutObject"], "presign_part": ["PutObject"],
    "finish_parts": ["PutObject"], "drop_parts": ["AbortMultipartUpload"],
    "arrived_parts": ["ListMultipartUploadParts"],
}  # fmt: skip
_OF_PORTS = {
    "ctx.media": ("functions", "media", "InvokeFunction"),
    "ctx.mail": ("senders", "MailFrom", "SendEmail"),
    "ctx.labels": ("labels", "pictures", "DetectLabels"),
    "ctx.drop_keys": ("roles", "drop", "AssumeRole"),
    "ctx.secret": ("parameters", "master-key", "GetParameter"),
    "ctx.cipher": ("parameters", "master-key", "GetParameter"),
}
PORTS = {"store", "queue", "media", "search", "cipher", "drive", "shop", "mail", "drop_keys", "labels"}
"""What is called through a port is an adapter, and no adapter asks a table."""


_LAYERS = ("domain", "ports", "models", "services", "wiring", "handlers")


@dataclass
class Module:
    """One module of the product: what it names, and what is defined in it."""

    name: str
    names: dict[str, Place] = field(default_factory=dict)
    defined: dict[str, list[ast.AST]] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    """Table by the class of its rows."""
    indexes: dict[tuple[str, str], str] = field(default_factory=dict)
    """`table/index` by class of rows and attribute."""


@functools.cache
def modules() -> dict[str, Module]:
    """Every module of the product, read once."""
    paths = {_dotted(path): path for path in sorted((ROOT / PACKAGE).rglob("*.py"))}
    found = {name: _read(name, ast.parse(path.read_text()), set(paths)) for name, path in paths.items()}
    for module in found.values():
        _adopt(module, found)
    return found


def _adopt(module: Module, known: dict[str, Module]) -> None:
    """A class of rows that is imported is asked here too."""
    for label, (owner, name) in module.names.items():
        if owner != module.name and owner in known and name in known[owner].tables:
            module.tables[label] = known[owner].tables[name]
            inside = {at: one for (kind, at), one in known[owner].indexes.items() if kind == name}
            module.indexes |= {(label, at): one for at, one in inside.items()}


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _read(name: str, tree: ast.Module, known: set[str]) -> Module:
    found = Module(name, _imported(tree, known))
    for node in tree.body:
        for label in _labels(node):
            found.defined.setdefault(label, []).append(node)
            found.names[label] = (name, label)
        for inner in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, ast.FunctionDef) and isinstance(node, ast.ClassDef):
                found.defined.setdefault(f"{node.name}.{inner.name}", []).append(inner)
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    said = {label: _meta(node) for label, node in classes.items()}
    found.tables = {label: one["noun"].replace("_", "-") for label, one in said.items() if "noun" in one}
    for label, noun in found.tables.items():
        for attribute, kind in _made(classes[label]):
            if "index_name" in said.get(kind, {}):
                found.indexes[label, attribute] = f"{noun}/{said[kind]['index_name']}"
    return found


def _imported(tree: ast.Module, known: set[str]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            for one in node.names:
                inner = f"{node.module}.{one.name}"
                found[one.asname or one.name] = (inner, "") if inner in known else (str(node.module), one.name)
    return found


def _made(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Attributes of a class that are made by calling something, with what is called."""
    for inner in node.body:
        if isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Call):
            yield ast.unparse(inner.targets[0]), ast.unparse(inner.value.func)


def _labels(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.Assign):
        return [one.id for target in node.targets for one in ast.walk(target) if isinstance(one, ast.Name)]
    return []


def _meta(node: ast.ClassDef) -> dict[str, str]:
    return {
        each.targets[0].id: each.value.value
        for inner in node.body
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta"
        for each in inner.body
        if isinstance(each, ast.Assign)
        and isinstance(each.targets[0], ast.Name)
        and isinstance(each.value, ast.Constant)
        and isinstance(each.value.value, str)
    }


@functools.cache
def _methods() -> dict[str, list[Place]]:
    """Every method by its name, less those that only declare routes and jobs, and those of adapters."""
    found: dict[str, list[Place]] = {}
    for module in modules().values():
        for label in module.defined if not module.name.startswith(f"{PACKAGE}.adapters") else ():
            owner, _, name = label.partition(".")
            if name and owner not in ("Api", "Jobs"):
                found.setdefault(name, []).append((module.name, label))
    return found


def _called(module: str, name: str) -> Iterator[Place]:
    """The methods of that name that this module may call: nothing calls upwards."""
    height = _height(module)
    return (one for one in _methods().get(name, []) if _height(one[0]) <= height)


def _height(module: str) -> int:
    return next((place for place, one in enumerate(_LAYERS) if module.startswith(f"{PACKAGE}.{one}")), 0)


def _parts(place: Place) -> Iterator[ast.AST]:
    """All nodes of what is defined there, less decorators; of a class only its special methods and what is none."""
    for node in modules()[place[0]].defined.get(place[1], []):
        if isinstance(node, ast.ClassDef):
            inside = [one for one in node.body if not isinstance(one, ast.FunctionDef) or one.name.startswith("__")]
            for part in (*inside, *node.bases):
                yield from ast.walk(part)
        elif isinstance(node, ast.FunctionDef):
            for part in (*node.body, node.args):
                yield from ast.walk(part)
        else:
            yield from ast.walk(node)


@dataclass(frozen=True)
class Facts:
    """What one definition names, says and asks."""

    names: frozenset[Place]
    words: frozenset[str]
    attributes: frozenset[str]
    asked: frozenset[Asked]


@functools.cache
def _facts(place: Place) -> Facts:
    names: set[Place] = set()
    words: set[str] = set()
    attributes: set[str] = set()
    asked: set[Asked] = set()
    module = modules()[place[0]]
    for node in _parts(place):
        if isinstance(node, ast.Name) and node.id in module.names:
            names.add(module.names[node.id])
        elif isinstance(node, ast.Attribute):
            is_port = _last(node.value) == "ctx"
            attributes.add(f"ctx.{node.attr}" if is_port else node.attr)
            whose = module.names.get(node.value.id) if isinstance(node.value, ast.Name) else None
            if whose is not None and whose[1] == "" and whose[0] in modules():
                names.add(modules()[whose[0]].names.get(node.attr, (whose[0], node.attr)))
            elif _last(node.value) not in PORTS and not node.attr.startswith("__"):
                names.update(_called(place[0], node.attr))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words.add(node.value)
        elif isinstance(node, ast.Call):
            asked.update(_asked(module, node))
    known = frozenset(one for one in names if one[0] in modules())
    return Facts(known, frozenset(words), frozenset(attributes), frozenset(asked))


def _last(node: ast.expr) -> str:
    """The last word of what a thing is called: `ctx` of `this.run.ctx`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def reached(starts: Iterable[Place], within: str = "") -> set[Place]:
    """Everything that can be reached from there through modules whose name begins so, the starts among it."""
    seen: set[Place] = set()
    waiting = list(starts)
    while waiting:
        place = waiting.pop()
        if place not in seen:
            seen.add(place)
            waiting += [one for one in _facts(place).names - seen if one[0].startswith(within)]
    return seen


def starts(function: str) -> list[Place]:
    """Where a function begins: its job, or every route."""
    found: list[Place] = []
    for module in modules().values():
        for label, nodes in module.defined.items():
            for node in nodes:
                if isinstance(node, ast.FunctionDef) and (how := [ast.unparse(one) for one in node.decorator_list]):
                    is_route = any(one.startswith("api.") for one in how)
                    is_job = label == function and any(one.startswith("jobs.") for one in how)
                    if is_job or (is_route and function == "api_handler"):
                        found.append((module.name, label))
    return [*found, ("chalicelib.handlers.http", "_serve")] if function == "api_handler" else found


def services(function: str) -> set[Place]:
    """What its handlers name of the services."""
    asking = reached(starts(function), f"{PACKAGE}.handlers")
    return {one for place in asking for one in _facts(place).names if one[0].startswith(f"{PACKAGE}.services")}


@functools.cache
def needs(function: str) -> frozenset[Asked]:
    """Everything the function's code can ask of AWS."""
    facts = [_facts(one) for one in reached(starts(function))]
    words = {one for each in facts for one in each.words}
    names = {one for each in facts for one in each.attributes}
    actions = {action for name in names for action in _STORE.get(name, [])}
    found = {one for each in facts for one in each.asked}
    found |= {asked for name, asked in _OF_PORTS.items() if name in names}
    return frozenset([*found, *_of_objects(words, actions, names)])


def _asked(module: Module, call: ast.Call) -> Iterator[Asked]:
    if not isinstance(call.func, ast.Attribute):
        return
    name, owner = call.func.attr, call.func.value
    first = call.args[0] if call.args else None
    if name in ("send", "send_many") and isinstance(first, ast.Constant):
        queue = "index.fifo" if first.value == "index" else str(first.value)
        yield from (("queues", queue, action) for action in ("GetQueueUrl", "SendMessage"))
    if name in _READS and isinstance(first, ast.Name) and first.id in module.tables:
        yield from (("tables", module.tables[first.id], action) for action in _READS[name])
    if name == "query":
        yield from (("tables", one, "Query") for one in _queried(module, owner))
    if name == "batch_get":
        yield from (("tables", noun, "BatchGetItem") for noun in module.tables.values())
    if name in _WRITES:
        yield from (("tables", noun, _WRITES[name]) for noun in module.tables.values())


def _queried(module: Module, owner: ast.expr) -> Iterable[str]:
    """The table or index that is asked; all of the module's where a variable holds it."""
    if isinstance(owner, ast.Name) and owner.id in module.tables:
        return [module.tables[owner.id]]
    if isinstance(owner, ast.Attribute) and isinstance(owner.value, ast.Name):
        return [one for place, one in module.indexes.items() if place == (owner.value.id, owner.attr)]
    return [*module.tables.values(), *module.indexes.values()]


def _of_objects(words: set[str], actions: set[str], names: set[str]) -> Iterator[Asked]:
    """A bucket that the code names, with every act on objects that it knows; the index is asked through its port."""
    index = ("GetObject", "PutObject", "DeleteObject") if "ctx.search" in names else ()
    for noun in ("inbox", "originals", "renditions", "exports", "audit"):
        if noun in words:
            yield from (("objects", noun, one) for one in actions)
            yield from (("buckets", noun, one) for one in ("ListBucket", "ListBucketVersions"))
    yield from (("objects", "index", one) for one in index)
    if index:
        yield "buckets", "index", "ListBucket"
