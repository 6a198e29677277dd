"""Staged uploads: a place for bytes that lasts a day, and bytes that come to it, as the vendor's bucket takes them."""

import secrets
from typing import Any
from urllib.parse import quote, unquote

from standins.shopify.contract import Call, answers
from standins.shopify.media import MOST_BYTES
from standins.shopify.store import Record, Store

LIFE_S = 86_400
_KINDS = {"IMAGE", "FILE", "VIDEO", "MODEL_3D", "PRODUCT_IMAGE", "COLLECTION_IMAGE", "SHOP_IMAGE"}


class Rejected(Exception):
    """The bucket does not take it: a status and the vendor's XML."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = (
            f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        )


@answers("Mutation", "stagedUploadsCreate")
def create(call: Call, _source: Any, input: list[dict[str, Any]]) -> Record:
    """A place for each of these."""
    targets: list[Record | None] = []
    errors = []
    for at, one in enumerate(input):
        wrong = _wrong(one)
        if wrong:
            errors.append({"field": ["input", str(at), wrong[0]], "message": wrong[1]})
            targets.append({"url": None, "resourceUrl": None, "parameters": []})
        else:
            targets.append(_target(call, one))
    return {"stagedTargets": targets, "userErrors": errors}


def _wrong(one: dict[str, Any]) -> tuple[str, str] | None:
    if one["resource"] not in _KINDS:
        return "resource", "The stand-in does not take this kind of upload."
    if one["resource"] in ("VIDEO", "MODEL_3D") and not one.get("fileSize"):
        return "fileSize", "File size is required for this resource."
    if one["resource"] == "IMAGE" and not one["mimeType"].startswith("image/"):
        return "mimeType", f"Unsupported mime type: {one['mimeType']}"
    if not one["filename"].strip():
        return "filename", "Filename can't be blank"
    return None


def _target(call: Call, one: dict[str, Any]) -> Record:
    token = secrets.token_hex(16)
    key = f"tmp/{call.store.domain.split('.')[0]}/{token}/{quote(one['filename'])}"
    now = call.store.clock.now()
    asked = {
        "Content-Type": one["mimeType"], "success_action_status": "201", "acl": "private", "key": key,
        "x-goog-date": f"{now:%Y%m%dT%H%M%SZ}", "x-goog-credential": f"standin/{now:%Y%m%d}/auto/storage/goog4_request",
        "x-goog-algorithm": "GOOG4-RSA-SHA256", "x-goog-signature": secrets.token_hex(32),
        "policy": secrets.token_urlsafe(48),
    }  # fmt: skip
    is_post = one.get("httpMethod", "PUT") == "POST"
    call.store.put("staged", {
        "id": key, "_form": asked if is_post else None, "_signature": asked["x-goog-signature"],
        "_mime": one["mimeType"], "_until": call.store.clock.seconds() + LIFE_S, "_digest": None, "_used": 0,
    })  # fmt: skip
    resource = f"{call.base}/uploads/{key}"
    if is_post:
        form = [{"name": name, "value": value} for name, value in asked.items()]
        return {"url": f"{call.base}/uploads/", "resourceUrl": resource, "parameters": form}
    form = [{"name": "content_type", "value": one["mimeType"]}, {"name": "acl", "value": "private"}]
    signed = f"{resource}?X-Goog-Signature={asked['x-goog-signature']}"
    return {"url": signed, "resourceUrl": resource, "parameters": form}


def source(call: Call, url: str) -> Record | None:
    """The staged upload that a resource URL names."""
    key = url.removeprefix(f"{call.base}/uploads/")
    return call.store.tables["staged"].get(key) if key != url else None


def post(store: Store, body: bytes, content_type: str) -> tuple[str, str]:
    """A form is taken; its key and the XML of the answer. Raises `Rejected`."""
    fields, sent = _form(body, content_type)
    one = store.tables["staged"].get(fields.get("key", ""))
    if one is None or one["_form"] is None:
        raise Rejected(400, "InvalidArgument", "Cannot create buckets using a POST.")
    if one["_until"] <= store.clock.seconds():
        raise Rejected(403, "AccessDenied", "The policy has expired.")
    if any(fields.get(name) != value for name, value in one["_form"].items()):
        raise Rejected(403, "SignatureDoesNotMatch", "The form is not the one that was signed.")
    _take(store, one, sent)
    xml = f"<?xml version='1.0' encoding='UTF-8'?><PostResponse><Key>{one['id']}</Key></PostResponse>"
    return str(one["id"]), xml


def put(store: Store, path: str, signature: str, mime: str, body: bytes) -> None:
    """Bytes are taken at the address that was signed. Raises `Rejected`."""
    one = store.tables["staged"].get(path) or store.tables["staged"].get(quote(unquote(path)))
    if one is None or one["_form"] is not None or one["_signature"] != signature:
        raise Rejected(403, "SignatureDoesNotMatch", "The address is not the one that was signed.")
    if one["_until"] <= store.clock.seconds():
        raise Rejected(400, "ExpiredToken", "The address has expired.")
    if mime != one["_mime"]:
        raise Rejected(403, "SignatureDoesNotMatch", "The content type is not the one that was signed.")
    _take(store, one, body)


def _take(store: Store, one: Record, body: bytes) -> None:
    if len(body) > MOST_BYTES:
        raise Rejected(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.")
    one["_digest"] = store.keep_bytes(body)
    store.put("staged", one)


def _form(body: bytes, content_type: str) -> tuple[dict[str, str], bytes]:
    """The fields before `file`, and the file: what comes after it is not looked at."""
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    if not content_type.startswith("multipart/form-data") or not boundary:
        raise Rejected(400, "InvalidArgument", "Cannot create buckets using a POST.")
    fields: dict[str, str] = {}
    for part in body.split(b"--" + boundary)[1:]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = head.partition(b'name="')[2].partition(b'"')[0].decode()
        if name == "file":
            return fields, value[:-2]
        fields[name] = value[:-2].decode(errors="replace")
    raise Rejected(400, "InvalidArgument", "POST requires exactly one file upload per request.")
