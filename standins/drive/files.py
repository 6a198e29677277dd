"""What the methods of Drive about files do, on the store."""

from dataclasses import dataclass
from typing import Any

from standins.drive import query
from standins.drive.contract import Refused
from standins.drive.generated import Generated
from standins.drive.store import FOLDER, NATIVE, SHORTCUT, File, Store

MOST_EXPORTED_BYTES = 10 * 1024 * 1024
MOST_APP_PROPERTY_BYTES = 124


@dataclass
class Asked:
    """One request, checked: who asks, the parameters in their types, what the path names, the body."""

    who: str
    parameters: dict[str, Any]
    path: dict[str, str]
    body: dict[str, Any]
    media: bytes | None = None
    media_type: str | None = None

    def get(self, name: str, default: Any = None) -> Any:
        return self.parameters.get(name, default)


@dataclass(frozen=True)
class Bytes:
    """An answer that is a file's content."""

    body: bytes | Generated
    mime: str


def found(store: Store, asked: Asked) -> File:
    """The file in the path. Raises `Refused`: what one may not see does not exist."""
    identifier = asked.path["fileId"]
    one = store.files.get(store.root if identifier == "root" else identifier)
    if one is None or not store.sees(asked.who, one) or (one.get("driveId") and not asked.get("supportsAllDrives")):
        raise Refused(404, "notFound", f"File not found: {identifier}.", location="fileId", locationType="parameter")
    return one


def shown(store: Store, who: str, one: File) -> File:
    """A file as this caller sees it."""
    can = who == store.user or bool(one.get("driveId"))
    is_native = one["mimeType"].startswith(NATIVE)
    parents = [each for each in one["parents"] if each in store.files and store.sees(who, store.files[each])]
    told = {name: value for name, value in one.items() if not name.startswith("_")}
    told |= {
        "trashed": store.is_trashed(one), "webViewLink": f"https://drive.google.com/file/d/{one['id']}/view",
        "capabilities": {
            "canDownload": not one.get("_no_download", False) and one["mimeType"] != FOLDER, "canEdit": can,
            "canRename": can, "canReadRevisions": not is_native and not one.get("_no_revisions", False),
            "canListChildren": one["mimeType"] == FOLDER, "canTrash": can,
            "canAddChildren": one["mimeType"] == FOLDER and (can or who in one.get("_editors", [])),
        },
    }  # fmt: skip
    if parents:
        told["parents"] = parents
    else:
        told.pop("parents", None)
    return told


def list_files(store: Store, asked: Asked) -> dict[str, Any]:
    test = query.parse(store, asked.get("q", "")) if asked.get("q") else lambda _one: True
    everywhere = asked.get("includeItemsFromAllDrives") and asked.get("supportsAllDrives")
    seen = [one for one in _candidates(store, asked.get("q", "")) if store.sees(asked.who, one) and test(one)]
    seen = [one for one in seen if everywhere or not one.get("driveId")]
    seen = [one for one in query.sort(seen, asked.get("orderBy")) if one["id"] != store.root]
    if asked.get("driveId"):
        seen = [one for one in seen if one.get("driveId") == asked.get("driveId")]
    start, size = _page(asked.get("pageToken")), asked.get("pageSize", 100)
    told = {"kind": "drive#fileList", "incompleteSearch": False,
            "files": [shown(store, asked.who, one) for one in seen[start : start + size]]}  # fmt: skip
    if start + size < len(seen):
        told["nextPageToken"] = f"~!!~{start + size}"
    return told


def _candidates(store: Store, q: str) -> list[File]:
    """Only the children where the query names a parent."""
    for text in q.split("'")[1::2]:
        parent = store.root if text == "root" else text
        if f"'{text}' in parents" in q:
            return [store.files[one] for one in store.children.get(parent, ())]
    return list(store.files.values())


def _page(token: str | None) -> int:
    if token is None:
        return 0
    if not token.startswith("~!!~") or not token[4:].isdigit():
        raise Refused(400, "invalid", "Invalid Value", location="pageToken", locationType="parameter")
    return int(token[4:])


def get_file(store: Store, asked: Asked) -> Any:
    one = found(store, asked)
    return content(store, asked, one, None) if asked.get("alt") == "media" else shown(store, asked.who, one)


def content(store: Store, asked: Asked, one: File, revision: str | None) -> Bytes:
    if one["mimeType"].startswith(NATIVE):
        raise Refused(403, "fileNotDownloadable", "Only files with binary content can be downloaded. Use Export.")
    if one.get("_no_download"):
        raise Refused(403, "cannotDownloadFile", "This file cannot be downloaded by the user.")
    if one.get("_abusive") and not (asked.get("acknowledgeAbuse") and asked.who == store.user):
        raise Refused(403, "cannotDownloadAbusiveFile", "This file has been identified as malware or spam.")
    body = store.body(one, revision)
    if body is None:
        raise Refused(404, "notFound", f"Revision not found: {revision}.")
    return Bytes(body, one["mimeType"])


def create_file(store: Store, asked: Asked) -> File:
    values = {**asked.body}
    if asked.media_type and "mimeType" not in values:
        values["mimeType"] = asked.media_type
    for parent in values.get("parents", []):
        place = store.files.get(store.root if parent == "root" else parent)
        if place is None or not store.sees(asked.who, place):
            raise Refused(404, "notFound", f"File not found: {parent}.", location="fileId", locationType="parameter")
    values["parents"] = [store.root if one == "root" else one for one in values.get("parents", [])] or [store.root]
    if values.get("id") in store.files:
        raise Refused(409, "alreadyExists", "A file already exists with the provided ID.")
    if values.get("mimeType") == SHORTCUT:
        _point(store, values)
    _check_properties(values)
    is_own = asked.who != store.user and not store.drive_of(values["parents"][0])
    if is_own and values.get("mimeType") != FOLDER:
        raise Refused(403, "storageQuotaExceeded", "Service Accounts do not have storage quota.")
    return shown(store, asked.who, store.add(values, asked.media))


def _point(store: Store, values: File) -> None:
    target = store.files.get(values.get("shortcutDetails", {}).get("targetId", ""))
    if target is None:
        raise Refused(404, "shortcutTargetNotFound", "The target of the shortcut was not found.")
    values["shortcutDetails"] = {"targetId": target["id"], "targetMimeType": target["mimeType"]}


def _check_properties(values: File) -> None:
    for name, value in (values.get("appProperties") or {}).items():
        if len(f"{name}{value or ''}".encode()) > MOST_APP_PROPERTY_BYTES:
            raise Refused(400, "invalid", "The combined size of the key and value exceeds 124 bytes.")


def update_file(store: Store, asked: Asked) -> File:
    one = found(store, asked)
    if "parents" in asked.body:
        raise Refused(403, "fieldNotWritable", "The parents field is not directly writable in update requests. "
                      "Use the addParents and removeParents parameters instead.")  # fmt: skip
    _check_properties(asked.body)
    if asked.who != store.user and not one.get("driveId"):
        raise Refused(
            403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file."
        )
    gone = {store.root if each == "root" else each for each in (asked.get("removeParents") or "").split(",")}
    added = [store.root if each == "root" else each for each in (asked.get("addParents") or "").split(",") if each]
    for each in added:
        if each not in store.files:
            raise Refused(404, "notFound", f"File not found: {each}.")
        if each == one["id"] or one["id"] in {above["id"] for above in store.above(store.files[each])}:
            raise Refused(403, "cannotAddParent", "A folder cannot be inside itself.")
    if added and not (gone & set(one["parents"])):
        gone = set(one["parents"])  # a file has one parent
    one["parents"] = [each for each in one["parents"] if each not in gone] + added
    if added:
        _follow_drive(store, one)
    for name in ("name", "description", "mimeType"):
        if name in asked.body:
            one[name] = asked.body[name]
    if "trashed" in asked.body:
        one["explicitlyTrashed"] = bool(asked.body["trashed"])
    if "appProperties" in asked.body:
        kept = {**one.get("appProperties", {}), **asked.body["appProperties"]}
        one["appProperties"] = {key: value for key, value in kept.items() if value is not None}
    if asked.media is not None:
        store.content(one, asked.media)
    elif "modifiedTime" in asked.body:
        one["modifiedTime"] = asked.body["modifiedTime"]
    return shown(store, asked.who, store.save(one))


def _follow_drive(store: Store, one: File) -> None:
    drive = store.drive_of(one["parents"][0]) if one["parents"] else None
    if drive:
        one["driveId"] = drive
    else:
        one.pop("driveId", None)


def delete_file(store: Store, asked: Asked) -> None:
    store.delete(found(store, asked))


def copy_file(store: Store, asked: Asked) -> File:
    one = found(store, asked)
    values = {"name": f"Copy of {one['name']}", "mimeType": one["mimeType"], "parents": one["parents"],
              "appProperties": one.get("appProperties", {}), **asked.body}  # fmt: skip
    return shown(store, asked.who, store.add(values, store.body(one)))


def export_file(store: Store, asked: Asked) -> Bytes:
    one = found(store, asked)
    if not one["mimeType"].startswith(NATIVE) or one["mimeType"] in (FOLDER, SHORTCUT):
        raise Refused(403, "fileNotExportable", "Export only supports Docs Editors files.")
    if int(one.get("_export_bytes", 0)) > MOST_EXPORTED_BYTES:
        raise Refused(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
    if asked.get("mimeType") != "application/pdf":
        raise Refused(400, "badRequest", "The requested conversion is not supported.")
    return Bytes(a_pdf(f"{one['name']} {one['version']}"), "application/pdf")


def a_pdf(text: str) -> bytes:
    """A page with these words."""
    plain = "".join(sign if sign.isascii() and sign not in "()\\" else "?" for sign in text)
    stream = f"BT /F1 24 Tf 60 700 Td ({plain}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + head + b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)
