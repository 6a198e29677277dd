"""Sign-in by mail: a link to whoever has the address, and the same answer to whoever has not."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib import wiring
from chalicelib.domain.letters import Letter
from chalicelib.errors import Busy, UpstreamUnavailable
from chalicelib.models import audit, outbox as rows
from chalicelib.services import links, outbox
from infra.local import mailbox
from infra.local.stack import Stack
from tests import policies
from tests.builders import Reply, Shop, call, deliver_all
from tests.handlers.people import signed_in


@pytest.fixture
def address() -> str:
    return f"{secrets.token_hex(6)}@shop.test"


def ask(email: str) -> Reply:
    return call("POST", "/v1/sign-in/links", {"email": email})


def deliver(shop: Shop) -> None:
    deliver_all(shop.ctx)


def mails(stack: Stack, address: str) -> list[dict[str, Any]]:
    return [one for one in mailbox.sent(stack.settings.addresses.aws_url) if one["to"] == [address]]


def token_of(mail: dict[str, Any]) -> str:
    (link,) = mail["links"]
    return str(link).rpartition("/")[2]


def member(shop: Shop, address: str, **more: Any) -> dict[str, Any]:
    made = shop.call("POST", "/v1/members", {"name": "Ann", "email": address, **more})
    assert made.status == 201
    return dict(made.body)


@contextmanager
def watched_calls() -> Iterator[list[str]]:
    """The operations that are called, in their order."""
    called: list[str] = []
    real = BaseClient._make_api_call

    def noted(client: Any, operation: str, parameters: Any) -> Any:
        called.append(operation)
        return real(client, operation, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", noted)
        yield called


def test_a_member_asks_for_a_link_by_mail_and_is_signed_in_with_it(stack: Stack, shop: Shop, address: str) -> None:
    ann = member(shop, address)
    deliver(shop)
    before = len(mails(stack, address))

    asked = ask(f"  {address.upper()} ")
    deliver(shop)
    newest, *_ = mails(stack, address)
    begun = call("POST", "/v1/sessions", {"token": token_of(newest)})
    me = call("GET", "/v1/me", Cookie=begun.headers["set-cookie"].partition(";")[0])

    assert (asked.status, asked.body, len(mails(stack, address)) - before) == (202, {"asked": True}, 1)
    assert newest["links"][0].startswith(f"{shop.ctx.settings.url}/#/sign-in/")
    assert (begun.status, me.body["principal"]["id"]) == (201, ann["id"])
    assert "sign_in.link_sent" in [one.action for one in audit.of(shop.workspace, f"member:{ann['id']}")]


def test_a_new_member_is_invited_by_mail(stack: Stack, shop: Shop, address: str) -> None:
    member(shop, address)
    deliver(shop)

    (invited,) = mails(stack, address)

    assert invited["subject"] == "You are invited to A shop"
    assert call("POST", "/v1/sessions", {"token": token_of(invited)}).status == 201


@pytest.mark.requirement("R18")
def test_who_asks_learns_nothing_of_who_is_known(stack: Stack, shop: Shop, address: str) -> None:
    member(shop, address)
    stranger = f"x{address}"
    deliver(shop)
    known_before = len(mails(stack, address))

    with watched_calls() as calls:
        known = ask(address)
        of_known = list(calls)
        calls.clear()
        unknown = ask(stranger)
    deliver(shop)

    assert (known.status, known.body) == (unknown.status, unknown.body) == (202, {"asked": True})
    assert of_known == calls, "the same work is done, so that the time says nothing"
    assert (len(mails(stack, address)) - known_before, mails(stack, stranger)) == (1, [])


@pytest.mark.parametrize("wrong", ["", "ann", "@shop.test", "ann@", "a b@shop.test", "a" * 250 + "@x.test"])
def test_what_cannot_be_an_address_is_refused(shop: Shop, wrong: str) -> None:
    reply = ask(wrong)

    assert (reply.status, "email" in reply.body["fields"]) == (422, True)


def test_asking_again_and_again_for_one_address_is_throttled_known_or_not(shop: Shop, address: str) -> None:
    member(shop, address)

    for one in (address, f"x{address}"):
        replies = [ask(one) for _ in range(12)]

        assert [reply.status for reply in replies[:5]] == [202] * 5
        assert replies[-1].status == 429
        assert 1 <= int(replies[-1].headers["retry-after"]) <= 900


def test_one_source_that_asks_for_many_addresses_is_throttled(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_OF_SOURCE", 3)
    source, now = secrets.token_hex(4), shop.ctx.now()
    here, elsewhere = (f"2001:db8:{secrets.token_hex(2)}:{number}::1" for number in (1, 2))
    at_once, later = policies.at(shop.ctx, now), policies.at(shop.ctx, now + timedelta(minutes=16))

    for number in range(3):
        links.ask(replace(at_once, address=f"{here}{number}"), f"{number}{source}@shop.test")
    with pytest.raises(Busy):
        links.ask(replace(at_once, address=here), f"8{source}@shop.test")

    links.ask(replace(at_once, address=elsewhere), f"8{source}@shop.test")
    links.ask(replace(later, address=here), f"9{source}@shop.test")


def test_a_link_counts_once_however_often_its_message_is_told(stack: Stack, shop: Shop, address: str) -> None:
    member(shop, address)
    (told,) = rows.untold(shop.workspace, shop.ctx.now() + timedelta(seconds=1))
    deliver(shop)
    token = token_of(mails(stack, address)[0])
    first = call("POST", "/v1/sessions", {"token": token})

    links.send_invitation(shop.ctx, told)

    again = call("POST", "/v1/sessions", {"token": token})
    assert {token_of(one) for one in mails(stack, address)} == {token}
    assert (first.status, again.status, again.body["code"]) == (201, 401, "link_over")


def test_a_link_that_is_over_is_refused_with_what_to_do(
    stack: Stack, shop: Shop, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member(shop, address)
    deliver(shop)
    token = token_of(mails(stack, address)[0])
    late = policies.at(shop.ctx, shop.ctx.now() + links.INVITED + timedelta(seconds=1))
    monkeypatch.setattr(wiring, "context", lambda: late)

    reply = call("POST", "/v1/sessions", {"token": token})

    assert (reply.status, reply.body["code"]) == (401, "link_over")
    assert "Ask for a new one" in reply.body["detail"]


def test_a_removed_member_is_not_signed_in_by_a_link_they_still_have(stack: Stack, shop: Shop, address: str) -> None:
    ann = member(shop, address)
    deliver(shop)
    token = token_of(mails(stack, address)[0])
    shop.call("DELETE", f"/v1/members/{ann['id']}")

    reply = call("POST", "/v1/sessions", {"token": token})
    ask(address)
    deliver(shop)

    assert (reply.status, reply.body["code"]) == (401, "link_over")
    assert "no member any more" in reply.body["detail"]
    assert len(mails(stack, address)) == 1


def test_a_link_sent_to_an_address_the_member_gave_up_does_not_count(stack: Stack, shop: Shop, address: str) -> None:
    ann = member(shop, address)
    deliver(shop)
    token = token_of(mails(stack, address)[0])
    shop.call("PATCH", f"/v1/members/{ann['id']}", {"email": f"new-{address}"})

    assert call("POST", "/v1/sessions", {"token": token}).status == 401


def test_a_members_end_counts_for_links_sessions_and_mails_from_the_next_request_on(
    stack: Stack, shop: Shop, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = shop.ctx.now() + timedelta(hours=1)
    ann = member(shop, address, expires_at=ends.isoformat())
    deliver(shop)
    token, cookie = token_of(mails(stack, address)[0]), signed_in(shop, ann["id"])
    before = call("GET", "/v1/me", Cookie=f"packshot_session={cookie}").status
    monkeypatch.setattr(wiring, "context", lambda: policies.at(shop.ctx, ends))

    begun = call("POST", "/v1/sessions", {"token": token})

    assert (begun.status, begun.body["code"]) == (401, "access_over")
    assert (before, call("GET", "/v1/me", Cookie=f"packshot_session={cookie}").status) == (200, 401)


def test_a_mail_that_could_not_be_sent_is_sent_at_a_later_run(stack: Stack, shop: Shop, address: str) -> None:
    class Away:
        def send(self, letter: Letter) -> None:
            raise UpstreamUnavailable("The mail service did not answer.")

    deliver(shop)
    member(shop, address)
    outbox.deliver(replace(shop.ctx, mail=Away()))
    unsent = mails(stack, address)

    deliver(shop)

    assert (unsent, len(mails(stack, address))) == ([], 1)


@pytest.mark.parametrize("name", ["Shop\r\nBcc: evil@x.test", "Shop\x00", "Läden & Söhne"])
def test_a_workspaces_name_never_adds_a_line_to_a_subject(name: str) -> None:
    from chalicelib.domain import letters

    subject = letters.sign_in("a@x.test", name, "http://x", 30).subject

    assert subject.isprintable()
    assert subject.startswith("Sign in to ")
