"""Sessions: cookies that no script and no other site can use, listed and ended one by one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.services import sessions, signing
from tests import policies
from tests.builders import Reply, Shop, call
from tests.handlers.people import may, signed_in, somebody


def ask(cookie: str, method: str = "GET", path: str = "/v1/me", **headers: str) -> Reply:
    return call(
        method, path, {"name": "x"} if method == "POST" else None, Cookie=f"packshot_session={cookie}", **headers
    )


def test_a_session_is_listed_and_ended_from_another_one(shop: Shop) -> None:
    person = somebody(shop, may())
    here, there = signed_in(shop, person.id), signed_in(shop, person.id)

    listed = ask(here, path="/v1/sessions").body["items"]
    other = next(one["id"] for one in listed if not one["current"])
    ended = ask(here, "DELETE", f"/v1/sessions/{other}")

    assert [one["current"] for one in listed].count(True) == 1
    assert (ended.status, ask(there).status, ask(here).status) == (204, 401, 200)
    assert "set-cookie" not in ended.headers


def test_signing_out_ends_this_session_and_clears_its_cookie(shop: Shop) -> None:
    cookie = signed_in(shop, somebody(shop).id)

    ended = ask(cookie, "DELETE", "/v1/sessions/current")

    assert (ended.status, ask(cookie).status) == (204, 401)
    assert ended.headers["set-cookie"].startswith("packshot_session=; ")
    assert "Max-Age=0" in ended.headers["set-cookie"]


def test_nobody_ends_a_session_of_somebody_else(shop: Shop) -> None:
    one, other = somebody(shop), somebody(shop)
    cookie = signed_in(shop, one.id)
    (listed,) = ask(cookie, path="/v1/sessions").body["items"]

    reply = other.call("DELETE", f"/v1/sessions/{listed['id']}")
    by_key = other.call("DELETE", "/v1/sessions/current")

    assert (reply.status, by_key.status, ask(cookie).status) == (404, 404, 200)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({}, 201),
    ],
)
def test_another_sites_page_never_writes_with_the_cookie(shop: Shop, headers: dict[str, str], status: int) -> None:
    from chalicelib.domain.access import Right

    cookie = signed_in(shop, somebody(shop, may(Right.UPLOAD)).id)

    reply = ask(cookie, "POST", "/v1/collections", **headers)

    assert reply.status == status
    assert status == 201 or reply.body["code"] == "foreign_origin"


def test_our_own_pages_write_with_the_cookie(shop: Shop) -> None:
    from chalicelib.domain.access import Right

    cookie = signed_in(shop, somebody(shop, may(Right.UPLOAD)).id)

    assert ask(cookie, "POST", "/v1/collections", Origin=shop.ctx.settings.url).status == 201


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [("http://127.0.0.1:8000", "packshot_session", False), ("https://dam.test", "__Host-packshot_session", True)],
)
def test_the_cookie_is_bound_to_its_host_and_out_of_reach_of_scripts(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, url: str, name: str, secure: bool
) -> None:
    from chalicelib.services.links import issue_at_start

    person = somebody(shop)
    there = replace(shop.ctx, settings=shop.ctx.settings.model_copy(update={"url": url}))
    monkeypatch.setattr(wiring, "context", lambda: there)
    issue_at_start(there, shop.workspace, person.id, "x" * 30 + str(shop.workspace))

    told = call("POST", "/v1/sessions", {"token": "x" * 30 + str(shop.workspace)}).headers["set-cookie"]
    value = told.partition(";")[0]

    assert told.startswith(f"{name}=")
    assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(told.split("; "))
    assert ("Secure" in told.split("; ")) is secure
    assert "Domain" not in told
    assert call("GET", "/v1/me", Cookie=value).status == 200


def test_a_sign_in_link_counts_once(shop: Shop) -> None:
    from chalicelib.services.links import issue_at_start

    token = "y" * 30 + str(shop.workspace)
    issue_at_start(shop.ctx, shop.workspace, somebody(shop).id, token)

    replies = [call("POST", "/v1/sessions", {"token": token}) for _ in range(2)]

    assert [one.status for one in replies] == [201, 401]
    assert replies[1].body["code"] == "link_over"


def next_token(reply: Reply) -> str:
    return reply.headers["set-cookie"].partition("=")[2].partition(";")[0]


def test_a_session_in_use_gets_another_token_every_hour_and_the_former_one_ends_soon(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, now = signed_in(shop, somebody(shop).id), shop.ctx.now()
    young = ask(first)

    monkeypatch.setattr(wiring, "context", lambda: policies.at(shop.ctx, now + timedelta(minutes=61)))
    renewed = ask(first)
    second = next_token(renewed)
    again = ask(first)
    listed = ask(second, path="/v1/sessions").body["items"]
    monkeypatch.setattr(wiring, "context", lambda: policies.at(shop.ctx, now + timedelta(minutes=67)))

    assert "set-cookie" not in young.headers
    assert second != first
    assert next_token(again) == second, "whoever lost the answer gets the same token again"
    assert [one["current"] for one in listed] == [True], "one signed-in browser is one session"
    assert (ask(first).status, ask(second).status) == (401, 200)
    assert "set-cookie" not in ask(second).headers


def test_a_session_ends_after_the_longest_time_however_often_it_was_used(shop: Shop) -> None:
    token, begun = signed_in(shop, somebody(shop).id), shop.ctx.now()
    moment, step = begun, timedelta(hours=6)

    while moment < begun + sessions.LONGEST - step:
        moment += step
        later = policies.at(shop.ctx, moment)
        caller = signing.caller_of(later, None, token)
        renewed = sessions.renewed(later, caller, token)
        assert renewed is not None
        token, _ = renewed

    later = policies.at(shop.ctx, begun + sessions.LONGEST + timedelta(seconds=1))
    with pytest.raises(signing.NotAuthenticated):
        signing.caller_of(later, None, token)


def test_a_session_that_was_ended_gives_out_no_next_token(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    person = somebody(shop)
    first, now = signed_in(shop, person.id), shop.ctx.now()
    monkeypatch.setattr(wiring, "context", lambda: policies.at(shop.ctx, now + timedelta(hours=2)))
    second = next_token(ask(first))

    ended = ask(second, "DELETE", "/v1/sessions/current")

    assert ended.headers["set-cookie"].startswith("packshot_session=; ")
    assert (ended.status, ask(second).status, ask(first).status) == (204, 401, 401)
