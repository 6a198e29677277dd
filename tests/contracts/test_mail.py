"""What every mail service must do. Each sentence runs against SES (the emulated one) and against memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.config import Config

from chalicelib import wiring
from chalicelib.adapters.mail_ses import SesMail
from chalicelib.domain.letters import Letter
from chalicelib.errors import UpstreamRejected, UpstreamUnavailable
from chalicelib.ports.aws import Mail
from infra.local import mailbox
from infra.local.loopback import free_port
from infra.local.stack import Stack


@dataclass
class MemoryMail:
    """Letters in a list."""

    sent: list[Letter] = field(default_factory=list)
    is_down: bool = False

    def send(self, letter: Letter) -> None:
        if self.is_down:
            raise UpstreamUnavailable("The mail service in memory is switched off.")
        if letter.to.startswith("@"):
            raise UpstreamRejected("There is nobody before the sign @.")
        self.sent.append(letter)


@dataclass
class Bench:
    """One adapter, what it has sent to somebody, and the same adapter when it cannot be reached or refuses."""

    mail: Mail
    sent_to: Callable[[str], list[Letter]]
    dead: Callable[[], Mail]
    refusing: Callable[[], Mail]


def ses_bench(stack: Stack) -> Bench:
    settings = wiring.context().settings

    def sent_to(address: str) -> list[Letter]:
        found = mailbox.sent(stack.settings.addresses.aws_url)
        return [Letter(address, one["subject"], one["text"]) for one in found if one["to"] == [address]][::-1]

    def dead() -> Mail:
        nowhere = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
        client: Any = boto3.client("sesv2", endpoint_url=f"http://127.0.0.1:{free_port()}", config=nowhere)
        return SesMail(client, settings)

    unknown = settings.model_copy(update={"mail_from": "nobody@elsewhere.test"})
    return Bench(wiring.context().mail, sent_to, dead, lambda: SesMail(boto3.client("sesv2"), unknown))


def memory_bench() -> Bench:
    mail = MemoryMail()

    def dead() -> Mail:
        mail.is_down = True
        return mail

    class Refusing:
        def send(self, letter: Letter) -> None:
            mail.send(Letter("@" + letter.to, letter.subject, letter.text))

    return Bench(mail, lambda address: [one for one in mail.sent if one.to == address], dead, Refusing)


@pytest.fixture(params=["ses", "memory"])
def bench(request: pytest.FixtureRequest, stack: Stack) -> Bench:
    return ses_bench(stack) if request.param == "ses" else memory_bench()


def test_a_letter_is_sent_as_it_was_written(bench: Bench) -> None:
    letter = Letter("ann@mail.test", "Grüße & 👗", "Open this:\n\nhttp://x/#/sign-in/a_b-c\n")

    bench.mail.send(letter)

    assert bench.sent_to("ann@mail.test")[-1:] == [letter]


def test_a_letter_sent_twice_arrives_twice(bench: Bench) -> None:
    letter = Letter("bob@mail.test", "Twice", "x\n")

    bench.mail.send(letter)
    bench.mail.send(letter)

    assert bench.sent_to("bob@mail.test") == [letter, letter]


def test_a_service_that_does_not_answer_is_unavailable_which_can_be_tried_again(bench: Bench) -> None:
    with pytest.raises(UpstreamUnavailable) as caught:
        bench.dead().send(Letter("c@mail.test", "x", "y"))

    assert caught.value.retryable


def test_a_letter_that_is_refused_is_said_to_be_and_not_sent(bench: Bench) -> None:
    with pytest.raises(UpstreamRejected) as caught:
        bench.refusing().send(Letter("d@mail.test", "x", "y"))

    assert not caught.value.retryable
    assert bench.sent_to("d@mail.test") == []
