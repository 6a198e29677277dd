"""Changing files: they are made of staged bytes, hung on products, given new bytes, deleted."""

import uuid
from pathlib import PurePosixPath
from typing import Any

from standins.shopify import hooks
from standins.shopify.contract import Call, answers
from standins.shopify.media import new_file, shown_status, take_bytes
from standins.shopify.pages import bad
from standins.shopify.sources import digest_at, is_address, name_in
from standins.shopify.store import Record

MOST_FILES, MOST_ALT, MOST_MEDIA, MOST_REFERENCES = 250, 512, 250, 10_000
_SAYS = {
    "ALT_VALUE_LIMIT_EXCEEDED": f"The alt value exceeds the maximum limit of {MOST_ALT} characters.",
    "FILENAME_ALREADY_EXISTS": "A file with this filename already exists.",
    "FILE_DOES_NOT_EXIST": "File id does not exist.",
    "FILE_LOCKED": "The file is currently being modified.",
    "INVALID": "The source of the image and of its preview cannot be changed together.",
    "INVALID_FAILED_MEDIA_STATE": "The file has no failed update.",
    "INVALID_FILENAME": "The filename is invalid.",
    "INVALID_FILENAME_EXTENSION": "The file extension does not match that of the file.",
    "INVALID_IMAGE_SOURCE_URL": "The source of the image is not a valid URL.",
    "MISMATCHED_FILENAME_AND_ORIGINAL_SOURCE": "The extensions of the filename and of the source differ.",
    "MISSING_FILENAME_FOR_DUPLICATE_MODE_REPLACE": "A filename is needed to replace a file.",
    "NON_READY_STATE": "Non-ready files cannot be updated.",
    "PRODUCT_MEDIA_LIMIT_EXCEEDED": f"A product has at most {MOST_MEDIA} media.",
    "REFERENCE_TARGET_DOES_NOT_EXIST": "The reference target does not exist.",
    "TOO_MANY_FILE_REFERENCE": f"A file has at most {MOST_REFERENCES} references.",
    "UNSUPPORTED_FILE_REFERENCE": "Only products may refer to a file.",
}


def _refusal(code: str, *field: str) -> Record:
    return {"field": list(field), "message": _SAYS[code], "code": code}


def free_name(call: Call, name: str) -> str:
    """This name, or one like it that nobody has."""
    path = PurePosixPath(name)
    return f"{path.stem}_{uuid.uuid4()}{path.suffix}" if name.lower() in call.store.names else name


def _extension(name: str) -> str:
    found = PurePosixPath(name).suffix.lower()
    return ".jpg" if found == ".jpeg" else found


@answers("Mutation", "fileCreate")
def create(call: Call, _source: Any, files: list[dict[str, Any]]) -> Record:
    """Make files; what is wrong with one keeps none of the others back."""
    _few(files)
    made, errors = [], []
    for at, one in enumerate(files):
        found = _created(call, one)
        if isinstance(found, str):
            errors.append(_refusal(found, "files", str(at)))
        else:
            made.append(found)
    return {"files": made, "userErrors": errors}


def _created(call: Call, one: dict[str, Any]) -> Record | str:
    mode, source = one["duplicateResolutionMode"], one["originalSource"]
    name = one.get("filename") or name_in(source)
    wrong = _wrong_source(source) or _wrong_alt(one)
    if not wrong and mode == "REPLACE" and not one.get("filename"):
        wrong = "MISSING_FILENAME_FOR_DUPLICATE_MODE_REPLACE"
    if not wrong and ("/" in name or not PurePosixPath(name).suffix or len(name) > 255):
        wrong = "INVALID_FILENAME"
    if not wrong and _extension(name) != _extension(name_in(source)):
        wrong = "MISMATCHED_FILENAME_AND_ORIGINAL_SOURCE"
    if mode != "RAISE_ERROR":
        call.breaches.append(f"A file may be made twice or take another's name: fileCreate with {mode}.")
    if wrong:
        return wrong
    owner = call.store.names.get(name.lower())
    if owner and mode == "RAISE_ERROR":
        return "FILENAME_ALREADY_EXISTS"
    digest = digest_at(call, source)
    if owner and mode == "REPLACE":
        return take_bytes(call.store, call.store.files[owner], digest)
    if owner:
        call.breaches.append(f"A twin of {name} was made.")
        name = free_name(call, name)
    return new_file(call.store, name, one.get("alt"), digest, call.who)


@answers("Mutation", "fileUpdate")
def update(call: Call, _source: Any, files: list[dict[str, Any]]) -> Record:
    """Change files; what is wrong with one keeps none of the others back."""
    _few(files)
    changed, errors = [], []
    for at, one in enumerate(files):
        wrong = _wrong_update(call, one)
        if wrong:
            errors.append(_refusal(wrong[0], "files", str(at), wrong[1]))
        else:
            changed.append(_updated(call, one))
    return {"files": changed, "userErrors": errors}


def _wrong_update(call: Call, one: dict[str, Any]) -> tuple[str, str] | None:
    found = call.store.files.get(one["id"])
    if found is None:
        return "FILE_DOES_NOT_EXIST", "id"
    if found["_locked"]:
        return "FILE_LOCKED", "id"
    if shown_status(call.store, found) != "READY":
        return "NON_READY_STATE", "id"
    if _wrong_alt(one):
        return "ALT_VALUE_LIMIT_EXCEEDED", "alt"
    if one.get("originalSource") and one.get("previewImageSource"):
        return "INVALID", "previewImageSource"
    if one.get("originalSource"):
        wrong = _wrong_source(one["originalSource"])
        if wrong:
            return wrong, "originalSource"
        if _extension(name_in(one["originalSource"])) != _extension(found["_name"]):
            return "INVALID_FILENAME_EXTENSION", "originalSource"
    return _wrong_name(call, one, found) or _wrong_references(call, one)


def _wrong_name(call: Call, one: dict[str, Any], found: Record) -> tuple[str, str] | None:
    name = one.get("filename")
    if name and _extension(name) != _extension(found["_name"]):
        return "INVALID_FILENAME_EXTENSION", "filename"
    if name and call.store.names.get(name.lower(), one["id"]) != one["id"]:
        return "FILENAME_ALREADY_EXISTS", "filename"
    return None


def _wrong_references(call: Call, one: dict[str, Any]) -> tuple[str, str] | None:
    for field in ("referencesToAdd", "referencesToRemove"):
        for each in one.get(field) or ():
            if not each.startswith("gid://shopify/Product/"):
                return "UNSUPPORTED_FILE_REFERENCE", field
            if each not in call.store.products:
                return "REFERENCE_TARGET_DOES_NOT_EXIST", field
    adds = [call.store.products[each] for each in one.get("referencesToAdd") or ()]
    if any(one["id"] not in each["_media"] and len(each["_media"]) >= MOST_MEDIA for each in adds):
        return "PRODUCT_MEDIA_LIMIT_EXCEEDED", "referencesToAdd"
    if adds and len(call.store.references(one["id"])) + len(adds) > MOST_REFERENCES:
        return "TOO_MANY_FILE_REFERENCE", "referencesToAdd"
    return None


def _updated(call: Call, one: dict[str, Any]) -> Record:
    store, found = call.store, call.store.files[one["id"]]
    if one.get("alt") is not None:
        found["alt"] = one["alt"]
    if one.get("filename"):
        store.names.pop(found["_name"].lower(), None)
        found["_name"] = one["filename"]
    found["_updated_at"] = store.clock.stamp()
    store.put("file", found)
    if one.get("originalSource"):
        take_bytes(store, found, digest_at(call, one["originalSource"]))
    for each in one.get("referencesToAdd") or ():
        attach(call, store.products[each], found["id"])
    for each in one.get("referencesToRemove") or ():
        detach(call, store.products[each], found["id"])
    return found


def attach(call: Call, product: Record, file_id: str) -> None:
    """Hang a file on a product, last; nothing happens if it hangs there."""
    if file_id not in product["_media"]:
        product["_media"].append(file_id)
        hooks.product_changed(call.store, product)
        call.store.put("product", product)


def detach(call: Call, product: Record, file_id: str) -> None:
    """Take a file off a product and its variants; nothing happens if it does not hang there."""
    if file_id not in product["_media"]:
        return
    product["_media"].remove(file_id)
    for each in product["_variants"]:
        variant = call.store.variants[each]
        if variant["_medium"] == file_id:
            call.store.put("variant", variant | {"_medium": None})
    hooks.product_changed(call.store, product)
    call.store.put("product", product)


@answers("Mutation", "fileDelete")
def delete(call: Call, _source: Any, fileIds: list[str]) -> Record:
    """Delete files wherever they are shown."""
    _few(fileIds)
    gone, errors = [], []
    for at, one in enumerate(fileIds):
        found = call.store.files.get(one)
        if found is None:
            errors.append(_refusal("FILE_DOES_NOT_EXIST", "fileIds", str(at)))
            continue
        if found["_by"] != call.who:
            call.breaches.append(f"{found['_name']} was deleted by one who had not made it.")
        for product in call.store.references(one):
            detach(call, product, one)
        call.store.drop("file", one)
        gone.append(one)
    return {"deletedFileIds": gone, "userErrors": errors}


@answers("Mutation", "fileAcknowledgeUpdateFailed")
def acknowledge(call: Call, _source: Any, fileIds: list[str]) -> Record:
    """Files whose new bytes failed are ready again, with the old ones."""
    _few(fileIds)
    back, errors = [], []
    for at, one in enumerate(fileIds):
        found = call.store.files.get(one)
        if found is None:
            errors.append(_refusal("FILE_DOES_NOT_EXIST", "fileIds", str(at)))
        elif shown_status(call.store, found) != "FAILED" or found["_digest"] is None:
            errors.append(_refusal("INVALID_FAILED_MEDIA_STATE", "fileIds", str(at)))
        else:
            back.append(call.store.put("file", found | {"_status": "READY", "fileErrors": []}))
    return {"files": back, "userErrors": errors}


def _wrong_source(url: str) -> str | None:
    return None if is_address(url) else "INVALID_IMAGE_SOURCE_URL"


def _wrong_alt(one: dict[str, Any]) -> str | None:
    return "ALT_VALUE_LIMIT_EXCEEDED" if len(one.get("alt") or "") > MOST_ALT else None


def _few(given: list[Any]) -> None:
    if len(given) > MOST_FILES:
        message = f"The input array size of {len(given)} is greater than the maximum allowed of {MOST_FILES}."
        raise bad(message, "MAX_INPUT_SIZE_EXCEEDED")
