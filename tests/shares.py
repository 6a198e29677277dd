"""Links and their visitors, for tests."""

from dataclasses import dataclass
from typing import Any

from tests.builders import Reply, Shop, call

EVERY_SWITCH = {"view": True, "comment": True, "upload": True, "download": True, "approve": True}


@dataclass(frozen=True)
class Visitor:
    """Somebody who opened a link."""

    session: str
    told: dict[str, Any]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        return call(method, path, body, Authorization=f"Bearer {self.session}", **headers)

    def found(self, q: str = "") -> list[str]:
        """Names of what a search finds."""
        return sorted(one["name"] for one in self.call("GET", f"/v1/search?q={q}").body["items"])


def a_share(shop: Shop, target: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A link; to look only, unless `switches` say more."""
    reply = shop.call("POST", "/v1/shares", {"target": target, "switches": {"view": True}, **more})
    assert reply.status == 201, reply.body
    return dict(reply.body)


def opened(token: str, source: str = "", **given: str) -> Reply:
    """What somebody gets who opens a link, from this address behind our host."""
    headers = {"X_Forwarded_For": f"{source}, 192.0.2.1"} if source else {}
    return call("POST", "/v1/share-sessions", {"token": token, **given}, **headers)


def a_visitor(token: str, **given: str) -> Visitor:
    """Somebody who opened it."""
    reply = opened(token, **given)
    assert reply.status == 201, reply.body
    return Visitor(reply.body["session"], reply.body)
