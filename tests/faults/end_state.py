"""All rows of one workspace as plain text that is the same whenever the same has happened.

Ids become names that follow from what they stand for, times and leases go, rows are sorted. Nothing else is left
out: a row too many, a doubled audit entry or a wrong number shows.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.faults.memory_aws import World

_ID = re.compile(r"\b[2-7a-z]{26}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
_NUMBER = re.compile(r'(?<="number": )[\d.]+|(?<="version": )[\d.]+|(?<="arrival": )"[^"]+"')
_VOLATILE = ("attempts", "owner", "due_at", "delete_after", "id_of_entry")
_FOUNDING = ("credentials", "grants", "members", "roles", "sessions", "jobs", "idempotency")
Row = Mapping[str, Any]


def rows_of(world: World) -> dict[str, list[dict[str, Any]]]:
    """All rows by noun, with plain values."""
    found = {}
    for table, rows in world.aws.tables.rows.items():
        noun = table.removeprefix("packshot-memory-")
        found[noun] = [{name: plain(value) for name, value in row.items()} for row in rows.values()]
    return found


def plain(value: Mapping[str, Any]) -> Any:
    """A value without DynamoDB's type; JSON columns are opened."""
    ((kind, content),) = value.items()
    if kind == "N":
        return float(content)
    if kind == "S" and content[:1] in "{[" and content:
        return json.loads(content)
    return content


def end_state(world: World, *, are_numbered: bool = True) -> list[str]:
    """The canonical rows, and what waits in the inbox; without numbers of versions unless `are_numbered`."""
    tables = rows_of(world)
    names = _names(world, tables)
    lines = [
        f"{noun} {_canonical(noun, row, names)}"
        for noun, rows in tables.items()
        if noun not in _FOUNDING
        for row in rows
    ]
    if not are_numbered:
        lines = [_NUMBER.sub("n", line) for line in lines]
    return sorted(lines) + sorted(f"waiting {one.key.partition('/')[2]} {one.body!r}" for one in world.aws.inbox)


def _names(world: World, tables: Mapping[str, Iterable[Row]]) -> dict[str, str]:
    names = {str(world.workspace): "W"}
    for number, row in enumerate(sorted(tables["uploads"], key=lambda one: str(one["id"]))):
        names[row["id"]] = f"U{number}"
    for row in tables["ingest"]:
        names[row["id"]] = f"E:{row['key'].partition('/')[2]}@{row.get('object_version')}"
    collections = {row["id"]: row for row in tables["collections"]}
    for one in collections:
        path, at = [], one
        while at in collections:
            path.append(collections[at]["name"])
            at = collections[at]["parent_id"]
        names[one] = "C:" + "/".join(reversed(path))
    versions: dict[str, list[str]] = {}
    for row in tables["versions"]:
        versions.setdefault(row["asset_place"].partition("#")[2], []).append(names.get(row["id"], "?"))
    names.update({asset: f"A:{sorted(held)}" for asset, held in versions.items()})
    return names


def _canonical(noun: str, row: Row, names: Mapping[str, str]) -> str:
    kept = {name: value for name, value in row.items() if name not in _VOLATILE}
    if noun in ("audit", "outbox"):
        kept = {name: value for name, value in kept.items() if name not in ("id", "day")}
    if noun == "usage":
        kept["id"] = kept["id"].partition("#")[2]
    if noun == "ingest" and kept["state"] != "done":
        kept.pop("asset_id", None)
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False).replace("\\u001f", "|")
    text = _ID.sub(lambda found: names.get(found[0], "?"), text)
    return _TIME.sub("T", text)
