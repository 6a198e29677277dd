"""A request against the vendor's schema: read, weighed, paid for, carried out, and answered in the vendor's shapes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    NoDeprecatedCustomRule,
    OperationDefinitionNode,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from standins.shopify import cost, prune
from standins.shopify.store import Store

LIMITS_PAGE = "https://shopify.dev/api/usage/rate-limits"
_NEEDS = {
    "product": "read_products", "products": "read_products", "productVariants": "read_products", "files": "read_files",
    "fileCreate": "write_files", "fileUpdate": "write_files", "fileDelete": "write_files",
    "fileAcknowledgeUpdateFailed": "write_files", "productReorderMedia": "write_products",
    "productVariantsBulkUpdate": "write_products", "productUpdate": "write_products", "productSet": "write_products",
    "productDelete": "write_products",
}  # fmt: skip


@dataclass
class Call:
    """One request while it is carried out. `base` is the address of the shop, `breaches` what it should not have done,
    `warnings` what the search made of its queries."""

    store: Store
    base: str
    who: str
    is_bulk: bool = False
    breaches: list[str] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)


Resolver = Callable[..., Any]
RESOLVERS: dict[tuple[str, str], Resolver] = {}


def answers(kind: str, name: str) -> Callable[[Resolver], Resolver]:
    """The function answers this field: it takes the `Call`, the record and the arguments."""

    def kept(act: Resolver) -> Resolver:
        RESOLVERS[kind, name] = act
        return act

    return kept


@cache
def schema() -> GraphQLSchema:
    """The vendor's schema, as far as it is used."""
    return build_schema(prune.SCHEMA.read_text(), assume_valid=True)


@dataclass(frozen=True)
class Read:
    """A query text: the document, or what is wrong with it, and the elements in it that are deprecated."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...]
    deprecated: tuple[str, ...]

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation of this name, or the only one."""
        found = [one for one in self.definitions if isinstance(one, OperationDefinitionNode)]
        named = [one for one in found if name and one.name and one.name.value == name]
        return named[0] if named else found[0] if len(found) == 1 and not name else None

    @property
    def definitions(self) -> tuple[Any, ...]:
        return tuple(self.document.definitions) if self.document else ()

    @property
    def fragments(self) -> dict[str, FragmentDefinitionNode]:
        return {one.name.value: one for one in self.definitions if isinstance(one, FragmentDefinitionNode)}


@cache
def read(text: str) -> Read:
    """A query text, read once."""
    try:
        document = parse(text)
    except GraphQLError as problem:
        return Read(None, (problem,), ())
    errors = validate(schema(), document)
    old = () if errors else tuple(one.message for one in validate(schema(), document, [NoDeprecatedCustomRule]))
    return Read(document, tuple(errors), old)


def carry_out(call: Call, text: str, variables: dict[str, Any], name: str | None) -> dict[str, Any]:
    """The whole answer to a request, whose shop is locked by the caller."""
    asked = read(text)
    if asked.errors:
        return {"errors": [_told(one, "undefinedField") for one in asked.errors]}
    operation = asked.operation(name)
    if operation is None:
        return {"errors": [{"message": f'No operation named "{name}"', "extensions": {"code": "BAD_REQUEST"}}]}
    call.breaches.extend(asked.deprecated)
    costing = cost.Costing(schema(), asked.fragments, {**cost.Costing.defaults(operation), **variables})
    requested, bucket = costing.of(operation), cost.Bucket(call.store)
    if requested > cost.MOST:
        return {"errors": [_too_dear(requested)]}
    if requested > bucket.available():
        return throttled(call.store, requested)
    result = execute(call, text, variables, name)
    told: dict[str, Any] = {"data": result.data} if result.data is not None or not result.errors else {}
    if result.errors:
        told["errors"] = [_told(one, "INTERNAL_SERVER_ERROR") for one in result.errors]
    actual = costing.of(operation, result.data or {})
    bucket.charge(actual)
    told["extensions"] = {
        "cost": {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": bucket.status()}
    }
    if call.warnings:
        told["extensions"]["search"] = call.warnings
    return told


def execute(call: Call, text: str, variables: dict[str, Any], name: str | None) -> Any:
    """Carry out a text that `read` found no fault with."""
    document = read(text).document
    assert document is not None
    return execute_sync(
        schema(), document, root_value={}, context_value=call, variable_values=variables, operation_name=name,
        field_resolver=_resolve, type_resolver=lambda value, *_: value["__typename"],
    )  # fmt: skip


def throttled(store: Store, requested: int) -> dict[str, Any]:
    """The answer to a request that the bucket does not hold."""
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED", "documentation": LIMITS_PAGE}}
    told = {
        "requestedQueryCost": requested, "actualQueryCost": None, "throttleStatus": cost.Bucket(store).status(),
    }  # fmt: skip
    return {"errors": [error], "extensions": {"cost": told}}


def _resolve(source: Any, info: GraphQLResolveInfo[Any], **asked: Any) -> Any:
    call: Call = info.context
    kind, name = info.parent_type.name, info.field_name
    if kind in ("QueryRoot", "Mutation"):
        _allow(call, name)
    for one in (kind, *(each.name for each in info.parent_type.interfaces)):
        if (one, name) in RESOLVERS:
            return RESOLVERS[one, name](call, source, **asked)
    if name in source:
        return source[name]
    call.breaches.append(f"The stand-in has no answer for {kind}.{name}.")
    raise GraphQLError(f"The stand-in has no answer for {kind}.{name}.")


def _allow(call: Call, name: str) -> None:
    needed = _NEEDS.get(name)
    given = set(call.store.setting("scopes"))
    given |= {one.replace("write_", "read_") for one in given}
    if needed and needed not in given and call.who != "merchant":
        required = f"`{needed}` access scope."
        raise GraphQLError(
            f"Access denied for {name} field. Required access: {required}",
            extensions={"code": "ACCESS_DENIED", "requiredAccess": required},
        )


def _too_dear(points: int) -> dict[str, Any]:
    message = f"Query cost is {points}, which exceeds the single query max cost limit ({cost.MOST})."
    told = {"code": "MAX_COST_EXCEEDED", "cost": points, "maxCost": cost.MOST, "documentation": LIMITS_PAGE}
    return {"message": message, "extensions": told}


def _told(problem: GraphQLError, code: str) -> dict[str, Any]:
    told: dict[str, Any] = dict(problem.formatted)
    extensions = dict(problem.extensions or {})
    told["extensions"] = {"code": "INVALID_VARIABLE" if _is_about_variables(problem) else code, **extensions}
    return told


def _is_about_variables(problem: GraphQLError) -> bool:
    return problem.message.startswith("Variable ")
