"""A service that says what is in a picture, for a price a picture."""

from typing import Protocol

from chalicelib.domain.labels import Label


class Labels(Protocol):
    """One call is one picture is one price; an adapter never tries again by itself."""

    @property
    def is_there(self) -> bool:
        """Whether this installation reaches the service at all: one that runs on a laptop does not."""

    def detect(self, image: bytes) -> tuple[str, list[Label]]:
        """The model with its version, and what it sees in a JPEG or PNG, surest first.

        Raises:
            Busy: it was not looked at, and costs nothing: later.
            UpstreamUnavailable: whether it was looked at is unknown, so it may have cost its price; try again.
            UpstreamRejected: this picture will never be taken.
        """
