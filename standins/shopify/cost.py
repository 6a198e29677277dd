"""What a request costs, and the bucket it is paid from.

Scalars are free, an object costs 1, a mutation 10. A connection costs 2 and what is below it times the size of the
page, which counts far less than in proportion: published answers of live shops ask 25 points for 250 variants with one
object below each. `size` is laid through that one measurement; what the vendor computes is not public.
"""

import math
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)
from graphql.type import GraphQLUnionType, is_composite_type

from standins.shopify.store import Store

MOST = 1000
MUTATION = 10
BUCKET_FOR_S = 20


def size(first: int) -> float:
    """How many times a page of this length pays for what is below it."""
    return float(first) if first <= 1 else max(1.0, min(float(first), 2 * math.log(first)))


@dataclass(frozen=True)
class Costing:
    """One operation with its variables; `answer` is what it gave, where that is known."""

    schema: GraphQLSchema
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]

    def of(self, operation: OperationDefinitionNode, answer: Any = None) -> int:
        """The points asked for, or with an answer the points charged."""
        is_mutation = operation.operation.value == "mutation"
        root = self.schema.mutation_type if is_mutation else self.schema.query_type
        told = self._below(operation.selection_set, root, answer)
        if is_mutation:
            told = float(MUTATION * sum(isinstance(one, FieldNode) for one in operation.selection_set.selections))
        return math.ceil(told)

    @staticmethod
    def defaults(operation: OperationDefinitionNode) -> dict[str, int]:
        """The numbers that variables have if nobody gives others."""
        return {
            one.variable.name.value: int(one.default_value.value)
            for one in operation.variable_definitions or ()
            if isinstance(one.default_value, IntValueNode)
        }

    def _below(self, chosen: SelectionSetNode | None, kind: Any, answer: Any) -> float:
        total = 0.0
        for one in chosen.selections if chosen else ():
            if isinstance(one, FragmentSpreadNode):
                total += self._below(self.fragments[one.name.value].selection_set, kind, answer)
            elif isinstance(one, InlineFragmentNode):
                named = one.type_condition.name.value if one.type_condition else kind.name
                total += self._below(one.selection_set, self.schema.type_map[named], answer)
            elif isinstance(one, FieldNode):
                total += self._field(one, kind, answer)
        return total

    def _field(self, one: FieldNode, kind: Any, answer: Any) -> float:
        if isinstance(kind, GraphQLUnionType) or one.name.value.startswith("__"):
            return 0.0
        assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        below = get_named_type(kind.fields[one.name.value].type)
        if not is_composite_type(below):
            return 0.0
        key = one.alias.value if one.alias else one.name.value
        value = answer.get(key) if isinstance(answer, dict) else None
        if below.name.endswith("Connection"):
            return self._connection(one, below, value)
        if below.name == "PageInfo" or (answer is not None and value is None):
            return 0.0
        if one.name.value == "nodes" and isinstance(kind, GraphQLObjectType) and kind is self.schema.query_type:
            return self._many(one, below, value)
        return 1 + self._below(one.selection_set, below, value)

    def _many(self, one: FieldNode, kind: Any, value: Any) -> float:
        """Records by their ids, which are priced like a page."""
        named = next((each.value for each in one.arguments or () if isinstance(each.value, VariableNode)), None)
        given = self.variables.get(named.name.value) if named else None
        asked = len(given) if isinstance(given, list) else 1
        found = asked if value is None else sum(each is not None for each in value)
        return size(found) * (1 + self._below(one.selection_set, kind, None)) if found else 0.0

    def _connection(self, one: FieldNode, kind: Any, value: Any) -> float:
        assert one.selection_set is not None
        rows, chosen, node_kind = self._rows(one.selection_set, kind)
        first = self._first(one)
        if isinstance(value, dict) and rows:
            first = len(value.get(rows) or ())
        return 2 + size(first) * (1 + self._below(chosen, node_kind, None)) if first else 2

    @staticmethod
    def _rows(chosen: SelectionSetNode, kind: Any) -> tuple[str, SelectionSetNode | None, Any]:
        for one in chosen.selections:
            if isinstance(one, FieldNode) and one.name.value in ("nodes", "edges"):
                row_kind = get_named_type(kind.fields[one.name.value].type)
                inner = one.selection_set
                if one.name.value == "edges" and inner is not None:
                    node = next(each for each in inner.selections if isinstance(each, FieldNode))
                    return "edges", node.selection_set, get_named_type(row_kind.fields["node"].type)
                return "nodes", inner, row_kind
        return "", None, kind

    def _first(self, one: FieldNode) -> int:
        for argument in one.arguments or ():
            if argument.name.value in ("first", "last"):
                if isinstance(argument.value, VariableNode):
                    found = self.variables.get(argument.value.name.value)
                    return found if isinstance(found, int) else 0
                if isinstance(argument.value, IntValueNode):
                    return int(argument.value.value)
        return 0


class Bucket:
    """The points one app has in one shop: full at first, refilled as time passes, never above full."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def rate(self) -> float:
        return float(self._store.setting("restore_rate"))

    @property
    def most(self) -> float:
        return self.rate * BUCKET_FOR_S

    def available(self) -> float:
        """What is in it now."""
        kept, now = self._store.setting("bucket"), self._store.clock.seconds()
        return self.most if kept is None else min(self.most, round(kept["points"] + (now - kept["at"]) * self.rate, 3))

    def charge(self, points: float) -> None:
        """Take points out, never below nothing."""
        left = max(0.0, self.available() - points)
        self._store.set("bucket", {"points": left, "at": self._store.clock.seconds()})

    def status(self) -> dict[str, float]:
        """The part of an answer that says how full it is."""
        return {
            "maximumAvailable": self.most, "currentlyAvailable": math.floor(self.available()), "restoreRate": self.rate,
        }  # fmt: skip
