"""The mails Packshot writes: plain text, short, with one address to open."""

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


def _line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:_LONGEST_SUBJECT]
