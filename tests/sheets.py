"""Sheets of SKUs and alt texts, sent and asked about as programs do."""

import requests

from tests.builders import Reply, Shop, call


def sent(shop: Shop, key: str, body: bytes) -> str:
    """The id of an upload whose bytes have arrived."""
    asked = {"file_name": "sheet.csv", "size_bytes": len(body), "purpose": "sheet"}
    reply = call("POST", "/v1/uploads", asked, Authorization=f"Bearer {key}")
    assert reply.status == 201, reply.body
    (part,) = reply.body["parts"]
    assert requests.put(part["url"], data=body, headers=part["headers"], timeout=10).ok
    return str(reply.body["id"])


def asked(shop: Shop, text: str | bytes, *, dry_run: bool = False, key: str = "") -> Reply:
    """What is answered when a sheet is to be read, and unless `dry_run` applied."""
    body = text.encode() if isinstance(text, str) else text
    upload_id = sent(shop, key or shop.key, body)
    told = {"upload_id": upload_id, "dry_run": dry_run}
    return call("POST", "/v1/metadata/import", told, Authorization=f"Bearer {key or shop.key}")
