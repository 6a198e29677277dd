"""Callers with rights of their own."""

import secrets
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.access import Grant, Right, mask
from chalicelib.models import credentials
from chalicelib.services import sessions
from chalicelib.services.links import issue_at_start
from tests.builders import Reply, Shop, call
from tests.principals import a_key


@dataclass(frozen=True)
class Person:
    """A member who calls with a key of theirs."""

    id: str
    key: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        return call(method, path, body, Authorization=f"Bearer {self.key}", **headers)


def somebody(shop: Shop, *given: Grant) -> Person:
    """A fresh member with exactly these grants."""
    key = a_key(shop, *given)
    kept = credentials.find(key.split("_")[1])
    assert kept is not None
    return Person(kept.member_id, key)


def may(*rights: Right, **where: Any) -> Grant:
    """A grant of these rights, on everything or on a collection."""
    return Grant(allow=mask(rights), **where)


def signed_in(shop: Shop, member_id: str) -> str:
    """A session of this member; the value of its cookie."""
    token = secrets.token_urlsafe(32)
    issue_at_start(shop.ctx, shop.workspace, member_id, token)
    return sessions.sign_in(shop.ctx, token)
