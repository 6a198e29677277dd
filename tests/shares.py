"""Links and their visitors, for tests."""

from dataclasses import dataclass
from typing import Any

from chalicelib import wiring
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
    return call("POST", "/v1/share-sessions", {"token": token, **given}, **(through_our_host(source) if source else {}))


def through_our_host(source: str, claimed: str = "") -> dict[str, str]:
    """The headers of a request from this address, as our own host hands it on; it may have claimed others before."""
    mark = wiring.context().secret("edge").hex()
    return {"Packshot_Edge": mark, "X_Forwarded_For": f"{claimed}{source}, 192.0.2.1"}


def a_visitor(token: str, **given: str) -> Visitor:
    """Somebody who opened it."""
    reply = opened(token, **given)
    assert reply.status == 201, reply.body
    return Visitor(reply.body["session"], reply.body)
