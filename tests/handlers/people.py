"""Callers with rights of their own."""

import secrets
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.access import Grant, Right, mask
from chalicelib.models import base, credentials, grants, members, workspaces
from chalicelib.models.credentials import Credential
from chalicelib.services import sessions, signing
from chalicelib.services.workspaces import issue_sign_in
from tests.builders import Reply, Shop, call


@dataclass(frozen=True)
class Person:
    """A member who calls with a key of theirs."""

    id: str
    key: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        return call(method, path, body, Authorization=f"Bearer {self.key}", **headers)


def somebody(shop: Shop, *given: Grant) -> Person:
    """A fresh member with exactly these grants."""
    now, member_id = shop.ctx.now(), shop.ctx.new_id()
    key = f"ps_{secrets.token_hex(5)}_{secrets.token_urlsafe(32)}"
    prefix = signing.key_prefix(key) or ""
    member = members.Member(member_id, f"{member_id}@shop.test", "Somebody", (), now)
    kept = Credential(prefix, shop.workspace, "key", signing.key_hash(shop.ctx, key), "Key", member_id, now)
    writes = [members.add(shop.workspace, member), credentials.add(kept), workspaces.raise_epoch(shop.workspace)]
    base.transact(writes + [grants.put(shop.workspace, f"member#{member_id}", grant) for grant in given])
    return Person(member_id, key)


def may(*rights: Right, **where: Any) -> Grant:
    """A grant of these rights, on everything or on a collection."""
    return Grant(allow=mask(rights), **where)


def signed_in(shop: Shop, member_id: str) -> str:
    """A session of this member; the value of its cookie."""
    token = secrets.token_urlsafe(32)
    issue_sign_in(shop.ctx, shop.workspace, member_id, token)
    return sessions.sign_in(shop.ctx, token)
