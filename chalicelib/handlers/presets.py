"""Presets: list, make, change, delete; and the verdict on a channel."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.domain import presets as domain
from chalicelib.domain.access import Right
from chalicelib.domain.presets import MAX_PIXELS, MAX_SIDE_PX, Preset
from chalicelib.errors import InvalidInput
from chalicelib.handlers import preset_shapes as shapes, schemas
from chalicelib.handlers.http import KNOWN, Api, Call, Needs
from chalicelib.services import presets

api = Api(__name__)
_MANAGES = Needs("library", Right.MANAGE)


def _pattern(text: str) -> str:
    domain.check_file_name(text)
    return text


Side = Annotated[int, Field(ge=1, le=MAX_SIDE_PX)]
Quality = Annotated[int, Field(ge=40, le=100)]
Bytes = Annotated[int, Field(ge=10_000, le=1_000_000_000)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
Pattern = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_pattern)]
Channel = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Mode = Literal["fit", "fill", "pad"]
Format = Literal["jpeg", "png", "webp"]


class PresetIn(schemas.Closed):
    """A new preset; `channel` makes whether an asset is usable there a fact to see and to search."""

    name: schemas.Line
    width_px: Side
    height_px: Side
    mode: Mode = "fit"
    format: Format = "jpeg"
    quality: Quality = 85
    max_bytes: Bytes | None = None
    background: Colour = "#ffffff"
    file_name: Pattern = "{name}-{preset}"
    channel: Channel | None = None

    @model_validator(mode="after")
    def _not_too_many_pixels(self) -> Self:
        _check_pixels(self.width_px, self.height_px)
        return self


class PresetPatch(schemas.Closed):
    """What is to change; a channel stays what it is."""

    name: schemas.Line | None = Field(None, json_schema_extra=schemas.never_null)
    width_px: Side | None = Field(None, json_schema_extra=schemas.never_null)
    height_px: Side | None = Field(None, json_schema_extra=schemas.never_null)
    mode: Mode | None = Field(None, json_schema_extra=schemas.never_null)
    format: Format | None = Field(None, json_schema_extra=schemas.never_null)
    quality: Quality | None = Field(None, json_schema_extra=schemas.never_null)
    max_bytes: Bytes | None = None
    background: Colour | None = Field(None, json_schema_extra=schemas.never_null)
    file_name: Pattern | None = Field(None, json_schema_extra=schemas.never_null)


class UsableQuery(schemas.Closed):
    """Which channel; all when left out."""

    channel: str | None = Field(None, max_length=40)


@api.get("/v1/presets", needs=KNOWN, gives=shapes.Presets)
def list_presets(call: Call) -> dict[str, Any]:
    """All presets, by name, for who may view anything."""
    return {"items": [_out(one) for one in presets.listed(call.caller)], "next": None}


@api.get("/v1/presets/{preset_id}", needs=KNOWN, gives=shapes.Preset)
def get_preset(call: Call) -> dict[str, Any]:
    """One preset."""
    return _out(presets.seen(call.caller, call.path["preset_id"]))


@api.post("/v1/presets", needs=_MANAGES, takes=PresetIn, gives=shapes.Preset, status=201)
def make_preset(call: Call) -> dict[str, Any]:
    """Add a preset."""
    asked = call.read_body(PresetIn)
    return _out(presets.make(call.ctx, call.caller, Preset("", **dict(asked)), call.seed))


@api.patch("/v1/presets/{preset_id}", needs=_MANAGES, takes=PresetPatch, gives=shapes.Preset, if_match=True)
def change_preset(call: Call) -> dict[str, Any]:
    """Change a preset; it counts for the next download."""
    old = presets.load(call.caller.workspace, call.path["preset_id"])
    call.check_etag(str(old.revision))
    asked = call.read_body(PresetPatch)
    values = {name: getattr(asked, name) for name in asked.model_fields_set}
    cleared = [name for name, value in values.items() if value is None and name != "max_bytes"]
    if cleared:
        raise InvalidInput("This cannot be cleared.", fields=dict.fromkeys(cleared, "cannot be cleared"))
    try:
        _check_pixels(values.get("width_px", old.width_px), values.get("height_px", old.height_px))
    except ValueError as problem:
        raise InvalidInput(f"This preset {problem}.", fields={"width_px": str(problem)}) from problem
    return _out(presets.edit(call.ctx, call.caller, old, values))


@api.delete("/v1/presets/{preset_id}", needs=_MANAGES, gives=None, if_match=True)
def delete_preset(call: Call) -> None:
    """Delete a preset."""
    old = presets.load(call.caller.workspace, call.path["preset_id"])
    call.check_etag(str(old.revision))
    presets.delete(call.ctx, call.caller, old)


@api.get(
    "/v1/assets/{asset_id}/usable", needs=Needs("asset", Right.VIEW), query=UsableQuery, gives=shapes.Verdicts,
)  # fmt: skip
def get_usable(call: Call) -> dict[str, Any]:
    """Whether each channel may use the asset now, and why not."""
    query = call.read_query(UsableQuery)
    found = presets.verdicts(call.ctx, call.caller, call.resource, query.channel)
    items = [{"channel": one.channel, "usable": one.usable, "because": list(one.because)} for one in found]
    return {"items": items}


def _check_pixels(width_px: int, height_px: int) -> None:
    if width_px * height_px > MAX_PIXELS:
        raise ValueError(f"asks for more than {MAX_PIXELS // 1_000_000} megapixels")


def _out(one: Preset) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.name, "channel": one.channel, "width_px": one.width_px, "height_px": one.height_px,
        "mode": one.mode, "format": one.format, "quality": one.quality, "max_bytes": one.max_bytes,
        "background": one.background, "file_name": one.file_name, "etag": str(one.revision),
    }  # fmt: skip
