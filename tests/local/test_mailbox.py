"""What `mail_url` answers: the mails that were sent, for programs and for people, and for nobody else's page."""

import json
import secrets

import pytest

from chalicelib import wiring
from chalicelib.domain.letters import Letter
from infra.local import mailbox
from infra.local.loopback import free_port
from infra.local.stack import Stack

OWN = ["127.0.0.1:8000", "localhost:8000"]


def ask(stack: Stack, **headers: str) -> tuple[int, dict[str, str], bytes]:
    given = {"host": OWN[0], **{name.replace("_", "-"): value for name, value in headers.items()}}
    status, told, body = mailbox.answer(stack.settings.addresses.aws_url, OWN, given)
    return status, dict(told), body


@pytest.fixture
def address(stack: Stack) -> str:
    to = f"{secrets.token_hex(5)}@mail.test"
    wiring.context().mail.send(
        Letter(to, "<b>Hi</b>", "Open http://127.0.0.1:8000/#/sign-in/abc\n<script>x</script>\n")
    )
    return to


def test_a_program_reads_each_mail_with_the_addresses_in_it(stack: Stack, address: str) -> None:
    status, headers, body = ask(stack, accept="*/*")

    mail = next(one for one in json.loads(body)["items"] if one["to"] == [address])
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert (mail["subject"], mail["links"]) == ("<b>Hi</b>", ["http://127.0.0.1:8000/#/sign-in/abc"])


def test_a_person_reads_them_as_a_page_in_which_no_mail_runs(stack: Stack, address: str) -> None:
    status, headers, body = ask(stack, accept="text/html,application/xhtml+xml")

    page = body.decode()
    assert (status, "default-src 'none'" in headers["Content-Security-Policy"]) == (200, True)
    assert address in page
    assert '<a href="http://127.0.0.1:8000/#/sign-in/abc">' in page
    assert "<script>" not in page
    assert "<b>Hi" not in page


@pytest.mark.parametrize("headers", [{"host": "evil.test"}, {"sec_fetch_site": "cross-site"}])
def test_nobody_elses_page_reads_them(stack: Stack, headers: dict[str, str]) -> None:
    assert ask(stack, **headers)[0] == 403


def test_while_the_emulator_is_away_it_says_so() -> None:
    assert mailbox.answer(f"http://127.0.0.1:{free_port()}", OWN, {"host": OWN[0]})[0] == 503
