"""Where a request comes from: as our own host says, and never as the request itself claims."""

import secrets
from dataclasses import replace

import pytest

from chalicelib.services import links, visiting
from tests.builders import Shop, call
from tests.shares import a_share, through_our_host

HERE = "127.0.0.1"
"""Whom the gateway speaks with in tests."""


def told_of(shop: Shop, **headers: str) -> str | None:
    """The address in the audit entry of a change that is asked for with these headers."""
    made = shop.call("POST", "/v1/collections", {"name": secrets.token_hex(4)}, **headers)
    assert made.status == 201, made.body
    (entry,) = shop.call("GET", f"/v1/audit?subject=collection:{made.body['id']}").body["items"]
    found: str | None = entry["address"]
    return found


@pytest.mark.requirement("R51")
def test_the_audit_trail_says_from_where(shop: Shop) -> None:
    assert told_of(shop) == HERE
    assert told_of(shop, **through_our_host("203.0.113.7")) == "203.0.113.7"
    assert told_of(shop, **through_our_host("2001:db8::7")) == "2001:db8::7"


@pytest.mark.requirement("R51")
def test_no_forged_header_changes_from_where(shop: Shop) -> None:
    forged = {"X_Forwarded_For": "198.51.100.1, 198.51.100.2", "CloudFront_Viewer_Address": "198.51.100.3:1",
              "X_Real_IP": "198.51.100.4", "Forwarded": "for=198.51.100.5"}  # fmt: skip
    through = through_our_host("203.0.113.7", claimed="198.51.100.1, 198.51.100.2, ")

    assert told_of(shop, **forged) == HERE
    assert [told_of(shop, **forged, Packshot_Edge=one) for one in ("x", "0" * 64, "ü")] == [HERE] * 3
    assert told_of(shop, **{**forged, **through}) == "203.0.113.7"
    assert told_of(shop, **{**through, "X_Forwarded_For": "nowhere"}) == HERE


@pytest.mark.requirement("R51")
def test_refusals_say_from_where_too(shop: Shop) -> None:
    prefix, wrong = shop.key.split("_")[1], f"{shop.key[:-4]}xxxx"

    refused = call("GET", "/v1/me", Authorization=f"Bearer {wrong}", **through_our_host("203.0.113.8"))

    (entry, *_) = shop.call("GET", f"/v1/audit?subject=key:{prefix}&action=key.used").body["items"]
    assert (refused.status, entry["result"], entry["address"]) == (401, "refused", "203.0.113.8")


def test_what_packshot_does_by_itself_comes_from_nowhere(shop: Shop) -> None:
    founded = shop.call("GET", "/v1/audit?action=workspace.founded").body["items"]

    assert [one["address"] for one in founded] == [None]


def test_links_are_throttled_by_who_asks_not_by_our_host_nor_by_what_is_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links, "_OF_SOURCE", 3)
    one, other = (f"2001:db8:{secrets.token_hex(2)}:{number}::1" for number in (1, 2))

    def ask(number: int, **headers: str) -> int:
        return call("POST", "/v1/sign-in/links", {"email": f"{number}{secrets.token_hex(4)}@x.test"}, **headers).status

    asked = [ask(number, **through_our_host(one, claimed=f"198.51.100.{number}, ")) for number in range(5)]
    others = ask(9, **through_our_host(other))

    assert (asked, others) == ([202] * 3 + [429] * 2, 202)


@pytest.mark.requirement("R15")
def test_who_guesses_a_password_is_not_somebody_else_by_a_header(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "_BOUNDS", [replace(one, span_s=10**9) for one in visiting._BOUNDS])
    made = a_share(shop, {"collection_id": "root"}, password="right")

    def guess(number: int) -> int:
        forged = {"X_Forwarded_For": f"198.51.100.{number}, 192.0.2.1", "Packshot_Edge": "guessed"}
        return call("POST", "/v1/share-sessions", {"token": made["token"], "password": "x"}, **forged).status

    assert [guess(number) for number in range(7)] == [401] * 5 + [429] * 2
