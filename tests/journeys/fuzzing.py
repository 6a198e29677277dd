"""What schemathesis loads beside its own checks: which refusals of a request that fits the document are right."""

import os
import re
from typing import Any

import schemathesis
from schemathesis.generation import GenerationMode

BEYOND_A_SHAPE = {
    "bad_cursor": "cursors are sealed",
    "bad_naming_rule": "patterns of names have a grammar",
    "bad_query": "searches have a grammar",
    "bad_sheet": "a sheet is what its bytes say",
    "key_reused": "an Idempotency-Key is for one request",
    "snapshot_gone": "snapshots end",
    "no_watermark": "watermarks are not offered yet",
    "stale": "etags change",
    "too_small": "nothing is enlarged",
    "too_large": "every stage has its limit for files",
    "too_much_text": "how much fits into an asset is counted in bytes",
    "unknown_preset": "presets are looked up",
    "upload_parts": "the parts of an upload follow from its size",
}
REASONS = re.compile(
    r"(name|collection_path): (is empty|contains a slash or a control character|consists of dots only)"
    r"|(role|collection)_ids: names .* does not exist"
    r"|expires_at: lies in the past"
    r"|(available_from|available_until|from|to|until|starts_at|due_at|expires_at): is out of range"
    r"|(available_until|until): is not after the begin"
    r"|reason: is required"
    r"|responsible_id: is not a member of this workspace"
    r"|required_fields: has .*"
    r"|numbers: are from 1 to \d+"
    r"|parts: differ: .*"
    r"|collection_(id|path): does not go with asset_id"
    r"|collection_path: has more than \d+ folders"
    r"|email: is not an e-mail address"
    r"|role_id: name exactly one of the three"
    r"|version: (does not exist|is older than the comment's, .*)"
    r"|parent_id: is no comment on this asset"
    r"|anchor: (lacks .*|has half a place|has a size and no place|goes beyond the picture)"
    r"|to: is not after from"
    r"|selection: (takes exactly one of ids and q|only a search has exceptions)"
    r"|\w*: (says nothing to change|sets no field|cannot archive what is submitted)"
    r"|\w*: give exactly one of variant_ids, skip and overwrite"
    r"|target: (takes exactly one of .*|only a search can be frozen)"
    r"|q: finds (too much|nothing)"
    r"|overwrite: has nothing to overwrite"
    r"|variant_ids: .*"
    r"|except_line_ids: names lines that are not of this plan"
    r"|shop: Must be like .*"
    r"|grants: (needs either role_id or member_id|names .*)"
    r"|approver_ids: has .*, who may not approve all of these"
    r"|items: has an asset twice"
    r"|at_least: is more than \d+"
    r"|preset: does not go with original"
    r"|approved_to: (is this collection|is no collection you may put assets into)"
    r"|switches: lets nothing through"
    r"|monthly_cap_cents: says what it may cost a month, at least 1"
    r"|kind: .* is not offered"
    r"|preset: asks for more than \d+ megapixels",
    re.DOTALL,
)
BY_KIND = re.compile(r"(settings|credentials)(\..*)?", re.DOTALL)
"""What these hold depends on the kind of connection, which the shape of the route cannot say."""


@schemathesis.check
def refused_only_for_what_a_shape_cannot_say(ctx: Any, response: Any, case: Any) -> None:
    """A request that fits the document is refused for its state or meaning, never for its form."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    if response.status_code not in (400, 410, 412, 413, 422):
        return
    problem = response.json()
    said = problem.get("fields", {}).items()
    is_meant = bool(said) and all(
        REASONS.fullmatch(f"{name.rsplit('.', 1)[-1]}: {why}") or BY_KIND.fullmatch(name) for name, why in said
    )
    assert problem["code"] in BEYOND_A_SHAPE or is_meant, f"fits the document, yet: {problem}"


@schemathesis.hook
def before_call(ctx: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Leave the key that the run itself uses alone: without it everything would be 401."""
    if case.path_parameters.get("key_id") == os.environ["FUZZING_WITH"]:
        case.path_parameters["key_id"] = "-"
