"""The mails Packshot writes: plain text, short, with one address to open."""

from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Letter:
    """One mail to one person. The subject is one line, whatever names were put into it."""

    to: str
    subject: str
    text: str


def sign_in(to: str, workspace: str, address: str, minutes: int) -> Letter:
    """The link somebody asked for."""
    return Letter(
        to,
        _line(f"Sign in to {workspace}"),
        f"Open this address to sign in to {_line(workspace)}. It works once, within {minutes} minutes:\n\n"
        f"{address}\n\nDid not ask for it? Then leave it: nobody is signed in until it is opened.\n",
    )


def invitation(to: str, workspace: str, address: str, days: int) -> Letter:
    """The first link of a new member."""
    return Letter(
        to,
        _line(f"You are invited to {workspace}"),
        f"You are a member of {_line(workspace)} on Packshot now. Open this address to sign in. "
        f"It works once, within {days} days:\n\n{address}\n\n"
        "Later, or if it is over, ask for a new one on the sign-in page: no password is needed.\n",
    )


def told(to: str, workspace: str, lines: Sequence[tuple[str, str]], more: int, notices: str) -> Letter:
    """What notices say, each with its address; `more` are not in it, `notices` is where all of them are."""
    said = [f"{_line(text)}\n{address}" for text, address in lines]
    further = [f"And {more} more: {notices}"] if more else []
    count = len(lines) + more
    subject = lines[0][0] if count == 1 else f"{count} notices from {workspace}"
    why = (
        f"You get this mail because you are a member of {_line(workspace)} on Packshot. "
        f"To get no more mails about notices, turn them off there: {notices}"
    )
    return Letter(to, _line(subject), "\n\n".join([*said, *further, why]) + "\n")


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_LONGEST_SUBJECT]
