"""Presets: one row each. The id of a channel's preset follows from its name, so that a workspace has each once."""

from pydantic import TypeAdapter
from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.domain.ids import WorkspaceId
from chalicelib.domain.presets import Preset
from chalicelib.models import base

_preset = TypeAdapter(Preset)


class PresetRecord(base.Record):
    """One preset."""

    class Meta:
        noun = "presets"

    workspace = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    preset = JSONAttribute()


def every(workspace: WorkspaceId) -> list[Preset]:
    """All presets, strongly consistent, in order of their ids."""
    found = PresetRecord.query(workspace, consistent_read=True)
    return [_preset.validate_python(row.preset) for row in base.rows(found)]


def get(workspace: WorkspaceId, preset_id: str) -> Preset | None:
    """The preset, strongly consistent."""
    row = base.read(PresetRecord, workspace, preset_id)
    return None if row is None else _preset.validate_python(row.preset)


def put(workspace: WorkspaceId, preset: Preset, *, known: int | None) -> base.Write:
    """Write it in place of revision `known`, or for the first time; refused with label `preset` otherwise."""
    row = PresetRecord(workspace, preset.id, revision=preset.revision, preset=_preset.dump_python(preset, mode="json"))
    return base.save_as_read("preset", row, known)


def remove(workspace: WorkspaceId, preset_id: str) -> base.Write:
    """Delete it; deleting what is gone is not an error."""
    return base.Write("preset", lambda transaction: transaction.delete(PresetRecord(workspace, preset_id)))
