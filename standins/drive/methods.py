"""Every method of Drive that the stand-in has, by its name; those that are not about files are here."""

import base64
import secrets
from collections.abc import Callable
from typing import Any

from standins.drive.contract import Refused
from standins.drive.files import (
    Asked,
    content,
    copy_file,
    create_file,
    delete_file,
    export_file,
    found,
    get_file,
    list_files,
    shown,
    update_file,
)
from standins.drive.store import Store

UNITS = {"files.list": 100, "changes.list": 5, "files.create": 50, "files.update": 50, "files.copy": 50}
DOWNLOAD_UNITS = 200


def start_token(store: Store, _asked: Asked) -> dict[str, Any]:
    return {"kind": "drive#startPageToken", "startPageToken": str(store.token)}


def list_changes(store: Store, asked: Asked) -> dict[str, Any]:
    token = str(asked.get("pageToken"))
    if not token.isdigit() or int(token) > store.token:
        raise Refused(400, "invalid", "Invalid Value", location="pageToken", locationType="parameter")
    size = asked.get("pageSize", 100)
    newer = sorted((number, one) for one, number in store.changes.items() if number >= int(token))
    told: dict[str, Any] = {"kind": "drive#changeList", "changes": []}
    for _number, identifier in newer[:size]:
        entry = _change(store, asked, identifier)
        if entry is not None:
            told["changes"].append(entry)
    if len(newer) > size:
        told["nextPageToken"] = str(newer[size - 1][0] + 1)
    else:
        told["newStartPageToken"] = str(store.token)
    return told


def _change(store: Store, asked: Asked, identifier: str) -> dict[str, Any] | None:
    one = store.files.get(identifier)
    entry = {"kind": "drive#change", "changeType": "file", "fileId": identifier, "time": store.stamp(), "type": "file"}
    if one is None or not store.sees(asked.who, one):
        return {**entry, "removed": True} if asked.get("includeRemoved", True) else None
    if one.get("driveId") and not (asked.get("includeItemsFromAllDrives") and asked.get("supportsAllDrives")):
        return None
    wanted = asked.get("driveId")
    if wanted and one.get("driveId") != wanted:
        return None
    return {**entry, "removed": False, "file": shown(store, asked.who, one)}


def list_drives(store: Store, asked: Asked) -> dict[str, Any]:
    drives = [one for one in store.drives.values() if store.sees(asked.who, store.files[one["id"]])]
    return {"kind": "drive#driveList", "drives": drives}


def create_drive(store: Store, asked: Asked) -> dict[str, Any]:
    return store.add_drive(asked.body.get("name", "Shared drive"))


def get_drive(store: Store, asked: Asked) -> dict[str, Any]:
    one = store.drives.get(asked.path["driveId"])
    if one is None or not store.sees(asked.who, store.files[one["id"]]):
        raise Refused(404, "notFound", f"Shared drive not found: {asked.path['driveId']}")
    return dict(one)


def list_revisions(store: Store, asked: Asked) -> dict[str, Any]:
    one = found(store, asked)
    told = [{"kind": "drive#revision", "id": each["id"], "modifiedTime": each["at"]} for each in one["_revisions"]]
    return {"kind": "drive#revisionList", "revisions": told}


def get_revision(store: Store, asked: Asked) -> Any:
    one = found(store, asked)
    if one.get("_no_revisions"):
        raise Refused(403, "insufficientFilePermissions", "The user may not read the revisions of this file.")
    if asked.get("alt") == "media":
        return content(store, asked, one, asked.path["revisionId"])
    return {"kind": "drive#revision", "id": asked.path["revisionId"]}


def create_permission(store: Store, asked: Asked) -> dict[str, Any]:
    one = found(store, asked)
    who = str(asked.body.get("emailAddress", ""))
    one["_shared"] = sorted({*one["_shared"], who})
    store.save(one)
    return {
        "kind": "drive#permission",
        "id": _permission_id(who),
        "type": "user",
        "role": asked.body.get("role", "reader"),
    }


def delete_permission(store: Store, asked: Asked) -> None:
    one = found(store, asked)
    one["_shared"] = [who for who in one["_shared"] if _permission_id(who) != asked.path["permissionId"]]
    store.save(one)


def _permission_id(who: str) -> str:
    return base64.urlsafe_b64encode(who.encode()).decode().rstrip("=")


def about(_store: Store, asked: Asked) -> dict[str, Any]:
    if not asked.get("fields"):
        raise Refused(400, "required", "The 'fields' parameter is required for this method.")
    return {"kind": "drive#about", "user": {"kind": "drive#user", "emailAddress": asked.who, "displayName": asked.who}}


def generate_ids(_store: Store, asked: Asked) -> dict[str, Any]:
    made = ["1" + secrets.token_hex(16) for _ in range(asked.get("count", 10))]
    return {"kind": "drive#generatedIds", "ids": made, "space": "drive"}


METHODS: dict[str, Callable[[Store, Asked], Any]] = {
    "about.get": about, "files.list": list_files, "files.get": get_file, "files.create": create_file,
    "files.update": update_file, "files.delete": delete_file, "files.copy": copy_file, "files.export": export_file,
    "files.generateIds": generate_ids, "changes.getStartPageToken": start_token, "changes.list": list_changes,
    "drives.list": list_drives, "drives.create": create_drive, "drives.get": get_drive,
    "revisions.list": list_revisions, "revisions.get": get_revision, "permissions.create": create_permission,
    "permissions.delete": delete_permission,
}  # fmt: skip
