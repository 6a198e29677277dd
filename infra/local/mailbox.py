"""The mails that were sent on this machine, as JSON and as a page: what `mail_url` answers.

They lie in the emulator's memory and are gone when it starts anew. A mail holds a link that signs somebody in, so this
answers only requests that name this very host and come from no other site's page.
"""

import html
import json
import re
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

PATH = "/local/mails"
SENT = "/_ministack/ses/messages"
LIMIT_S = 5.0
_ADDRESS = re.compile(r"https?://\S+")
_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
Headers = list[tuple[str, str]]


def answer(aws_url: str, own: Sequence[str], asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
    """Status, headers and body. `own` are the hosts that are ours, `asked` the request's headers in lower case.

    JSON unless the caller asks for `text/html`, as browsers do. 403 for other hosts and other sites, 503 while the
    emulator is away.
    """
    if asked.get("host", "") not in own or asked.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return 403, [("Content-Type", "text/plain")], b"Only from this machine."
    try:
        mails = sent(aws_url)
    except OSError:
        return 503, [("Content-Type", "text/plain"), ("Retry-After", "1")], b"The mail service starts. Try again."
    if "text/html" in asked.get("accept", ""):
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Security-Policy", _POLICY)]
        return 200, headers, page(mails).encode()
    return 200, [("Content-Type", "application/json")], json.dumps({"items": mails, "next": None}).encode()


def sent(aws_url: str) -> list[dict[str, Any]]:
    """All mails, newest first, each with the addresses in its text. Raises OSError while the emulator is away."""
    with urllib.request.urlopen(aws_url + SENT, timeout=LIMIT_S) as response:  # noqa: S310 our own address
        told = json.load(response)
    mails = [_mail(one) for of_account in told["messages"].values() for one in of_account]
    return sorted(mails, key=lambda one: str(one["at"]), reverse=True)


def page(mails: Sequence[Mapping[str, Any]]) -> str:
    """The same for people."""
    parts = [
        f"<article><h2>{html.escape(one['subject'])}</h2>"
        f"<p>To {html.escape(', '.join(one['to']))}, {html.escape(one['at'])}</p>{_text(one['text'])}</article>"
        for one in mails
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Mails</title>'
        f"<h1>Mails sent on this machine</h1>{''.join(parts) or '<p>None yet.</p>'}</html>"
    )


def _mail(told: Mapping[str, Any]) -> dict[str, Any]:
    text = str(told["BodyText"] or "")
    at = datetime.fromtimestamp(told["Timestamp"], UTC).isoformat(timespec="microseconds")
    return {
        "id": told["MessageId"],
        "at": at.replace("+00:00", "Z"),
        "from": told["Source"],
        "to": told["To"],
        "subject": told["Subject"],
        "text": text,
        "links": _ADDRESS.findall(text),
    }


def _text(text: str) -> str:
    shown = html.escape(text)
    linked = _ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', shown)
    return f"<pre>{linked}</pre>"
