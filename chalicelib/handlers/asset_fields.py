"""The fields of an asset as a request sets them: PATCH, and `fields` of an upload."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from chalicelib.domain.assets import Fields, Restriction
from chalicelib.errors import InvalidInput
from chalicelib.handlers.schemas import Closed, Id, Line, Moment, Paragraph, Text, never_null


def _custom_value(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= 5_000:
        return value
    if isinstance(value, int | float) and abs(value) <= 10**15:
        return value
    if isinstance(value, list) and len(value) <= 200 and all(isinstance(one, str) and len(one) <= 500 for one in value):
        return value
    raise ValueError("must be a text, a number, true or false, or a list of short texts")


_CustomName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
_SHAPE = {
    "anyOf": [
        {"type": "string", "maxLength": 5_000},
        {"type": "number", "minimum": -(10**15), "maximum": 10**15},
        {"type": "boolean"},
        {"type": "array", "maxItems": 200, "items": {"type": "string", "maxLength": 500}},
        {"type": "null"},
    ]
}
Custom = dict[_CustomName, Annotated[Any, AfterValidator(_custom_value), WithJsonSchema(_SHAPE)]]


class RestrictionIn(Closed):
    """A restriction, merged into the one that is there."""

    reason: Paragraph | None = None
    from_: Moment | None = Field(None, alias="from")
    until: Moment | None = None


class AssetPatch(Closed):
    """Fields of an asset; null clears, lists replace, `custom` and `restriction` are merged."""

    name: Line | None = Field(None, json_schema_extra=never_null)
    title: Text | None = None
    description: Text | None = None
    alt: Text | None = None
    keywords: list[Line] | None = Field(None, max_length=1_000)
    skus: list[Line] | None = Field(None, max_length=200)
    position: int | None = Field(None, ge=0, le=10_000)
    shot_type: Line | None = None
    custom: Custom | None = Field(None, max_length=200)
    rating: int | None = Field(None, ge=0, le=5)
    responsible_id: Id | None = None
    available_from: Moment | None = None
    available_until: Moment | None = None
    restriction: RestrictionIn | None = None

    def values(self, now: Fields) -> dict[str, Any]:
        """The fields that this patch sets, as they are afterwards. Raises `InvalidInput`."""
        given = self.model_fields_set
        if "name" in given and self.name is None:
            raise InvalidInput("An asset has a name.", fields={"name": "cannot be cleared"})
        values: dict[str, Any] = {name: getattr(self, name) for name in given}
        for name in ("keywords", "skus"):
            if name in given:
                values[name] = tuple(values[name] or ())
        if "custom" in given:
            merged = {**now.custom, **(self.custom or {})} if self.custom is not None else {}
            values["custom"] = {name: value for name, value in merged.items() if value is not None}
        if self.restriction is not None:
            values["restriction"] = self._restricted(self.restriction, now.restriction)
        return values

    def _restricted(self, patch: RestrictionIn, now: Restriction | None) -> Restriction:
        known = vars(now) if now else {"reason": None, "from_": None, "until": None}
        merged = {**known, **{name: getattr(patch, name) for name in patch.model_fields_set}}
        if merged["reason"] is None:
            raise InvalidInput("A restriction needs a reason.", fields={"restriction.reason": "is required"})
        if merged["from_"] and merged["until"] and merged["from_"] >= merged["until"]:
            raise InvalidInput(
                "This restriction ends before it begins.", fields={"restriction.until": "is not after the begin"}
            )
        return Restriction(**merged)
