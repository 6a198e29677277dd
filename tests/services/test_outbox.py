"""Telling onward: one message that breaks keeps no other back, and much is told in one go."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.letters import Letter
from chalicelib.models import outbox as rows
from chalicelib.services import outbox
from tests.builders import Shop, deliver_all


class Mail:
    """Breaks at one address, and keeps what it sends to the others."""

    def __init__(self, breaks_at: str) -> None:
        self.breaks_at = breaks_at
        self.sent: list[str] = []

    def send(self, letter: Letter) -> None:
        if letter.to == self.breaks_at:
            raise ValueError("nobody thought of this")
        self.sent.append(letter.to)


def invited(shop: Shop, name: str) -> str:
    address = f"{name}.{shop.workspace}@shop.test"
    assert shop.call("POST", "/v1/members", {"name": name, "email": address}).status == 201
    return address


def left(shop: Shop) -> list[str]:
    return [one.kind for one in rows.untold(shop.workspace, shop.ctx.now() + timedelta(seconds=1))]


def test_a_message_that_breaks_is_said_keeps_no_other_back_and_comes_again(shop: Shop) -> None:
    deliver_all(shop.ctx)
    ann, ben = invited(shop, "ann"), invited(shop, "ben")
    mail, moment = Mail(ann), shop.ctx.now() + timedelta(seconds=2 * shop.ctx.settings.lease_s)

    with pytest.raises(ValueError, match="nobody thought of this"):
        outbox.deliver(replace(shop.ctx, mail=mail))
    broken = left(shop)
    mail.breaks_at = ""
    deliver_all(replace(shop.ctx, mail=mail, now=lambda: moment))

    assert broken == ["member.invited"]
    assert [one for one in mail.sent if one in (ann, ben)] == [ben, ann]
    assert left(shop) == []
