"""Make `schema.graphql` out of the vendor's public package: the names and types that our operations reach, no texts.

python -m standins.shopify.prune PACKAGE.tgz

The package is `@shopify/dev-mcp` 1.16.0 (ISC), fetched by `npm pack`; its SHA-256 is checked. Nothing of it is run.
"""

import gzip
import hashlib
import json
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_client_schema,
    get_named_type,
    parse,
    print_ast,
    specified_scalar_types,
    visit,
)

from chalicelib.adapters import shopify_operations as ours

HERE = Path(__file__).resolve().parent
SCHEMA, MERCHANT = HERE / "schema.graphql", HERE / "merchant.graphql"
SHA256 = "4663c79229028e98f825a09d5f04ec6c3736331b740ce50260f9ffac10709474"
MEMBER = f"package/dist/data/admin_{ours.VERSION}.json.gz"
_NOTICE = f"""# The part of the Shopify Admin API {ours.VERSION} that we and the stand-in use: names and types only.
# Made by `python -m standins.shopify.prune` from @shopify/dev-mcp 1.16.0 (ISC License, Copyright Shopify Inc.).
"""


class _Used(Visitor):
    """Which fields of which types the operations select, and which named types they take."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self._info = info
        self.fields: dict[str, set[str]] = {}
        self.named: set[str] = set()

    def enter_field(self, node: Any, *_: Any) -> None:
        parent = self._info.get_parent_type()
        if parent is not None and not node.name.value.startswith("__"):
            self.fields.setdefault(parent.name, set()).add(node.name.value)

    def enter_named_type(self, node: Any, *_: Any) -> None:
        self.named.add(node.name.value)


def used(schema: GraphQLSchema, texts: Iterable[str]) -> _Used:
    """What these operations use; raises `GraphQLSyntaxError`."""
    info = TypeInfo(schema)
    found = _Used(info)
    for text in texts:
        visit(parse(text), TypeInfoVisitor(info, found))
    return found


def pruned(schema: GraphQLSchema, found: _Used) -> str:
    """The schema with only what is used, in the order of the names."""
    objects = _objects(schema, found)
    lines: list[str] = []
    done: set[str] = set()
    queue = sorted({*objects, *found.named})
    while queue:
        name = queue.pop()
        if name in done or name in specified_scalar_types:
            continue
        done.add(name)
        text, needs = _printed(schema, name, objects)
        lines.append(text)
        queue += sorted(needs)
    roots = "schema {\n  query: QueryRoot\n  mutation: Mutation\n}\n"
    return _NOTICE + "\n" + roots + "\n" + "\n".join(sorted(lines))


def _objects(schema: GraphQLSchema, found: _Used) -> dict[str, set[str]]:
    objects = {name: set(fields) for name, fields in found.fields.items()}
    for name, fields in found.fields.items():
        kind = schema.type_map[name]
        if isinstance(kind, GraphQLInterfaceType):
            for other in schema.get_possible_types(kind):
                if other.name in found.fields or other.name in found.named:
                    objects.setdefault(other.name, set()).update(fields)
    return objects


def _printed(schema: GraphQLSchema, name: str, objects: dict[str, set[str]]) -> tuple[str, set[str]]:
    kind = schema.type_map[name]
    if isinstance(kind, GraphQLScalarType):
        return f"scalar {name}\n", set()
    if isinstance(kind, GraphQLEnumType):
        values = "\n".join(f"  {one}{_old(value)}" for one, value in kind.values.items())
        return f"enum {name} {{\n{values}\n}}\n", set()
    if isinstance(kind, GraphQLInputObjectType):
        told = "\n".join(f"  {one}: {each.type}{_default(each)}{_old(each)}" for one, each in kind.fields.items())
        one_of = " @oneOf" if getattr(kind, "is_one_of", False) else ""
        return f"input {name}{one_of} {{\n{told}\n}}\n", {get_named_type(one.type).name for one in kind.fields.values()}
    if isinstance(kind, GraphQLUnionType):
        kept = [one.name for one in kind.types if one.name in objects]
        return f"union {name} = {' | '.join(kept)}\n", set(kept)
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    fields = {
        one: kind.fields[one] for one in sorted(objects.get(name, {"id"} & kind.fields.keys())) if one in kind.fields
    }
    needs: set[str] = set()
    told_fields = []
    for one, each in fields.items():
        needs |= {get_named_type(each.type).name} | {get_named_type(arg.type).name for arg in each.args.values()}
        args = ", ".join(f"{arg}: {value.type}{_default(value)}" for arg, value in each.args.items())
        told_fields.append(f"  {one}{f'({args})' if args else ''}: {each.type}{_old(each)}")
    above = [one.name for one in kind.interfaces if one.name in objects]
    says = f" implements {' & '.join(above)}" if above else ""
    word = "interface" if isinstance(kind, GraphQLInterfaceType) else "type"
    return f"{word} {name}{says} {{\n" + "\n".join(told_fields) + "\n}\n", needs | set(above)


def _default(value: Any) -> str:
    return f" = {print_ast(value.default.literal)}" if value.default is not None and value.default.literal else ""


def _old(value: Any) -> str:
    return " @deprecated" if value.deprecation_reason is not None else ""


def operations() -> list[str]:
    """Every text of ours and of the merchant."""
    return [*ours.READS, *ours.WRITES, ours.BULK_CATALOGUE, MERCHANT.read_text()]


def main() -> None:
    """Write the file."""
    package = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(package).hexdigest() != SHA256:
        raise SystemExit("This is another package than the one this script was written for.")
    with tarfile.open(sys.argv[1]) as opened:
        member = opened.extractfile(MEMBER)
        assert member is not None
        told = json.loads(gzip.decompress(member.read()))
    schema = build_client_schema(told["data"], assume_valid=True)
    SCHEMA.write_text(pruned(schema, used(schema, operations())))


if __name__ == "__main__":
    main()
