"""Everything Packshot raises on purpose. No status codes here: `handlers/` maps each class once.

PackshotError
├── InvalidInput        the request says something that cannot be        (fields: field -> reason)
├── Malformed           the request cannot be read at all
├── NotAuthenticated    no credentials, or none that count any more
├── NotAllowed          the caller sees the thing but may not do this
├── NotFound            there is no such thing for this caller
├── Gone                there was such a thing, and it is over
├── Conflict            the state forbids it
├── Stale               somebody changed it since the caller read it
├── TooLarge            more bytes than this stage takes
├── Unsupported         a media type that is not spoken here
├── Busy                not now; try again after `retry_after_s`
├── UpstreamUnavailable an outside system does not answer
└── UpstreamRejected    an outside system says no
"""

from collections.abc import Mapping


class PackshotError(Exception):
    """A refusal with a stable `code`, a sentence for people, and reasons by field where there are any."""

    code = "error"
    retryable = False

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: Mapping[str, str] | None = None,
        **extra: object,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = dict(fields or {})
        self.extra = extra


class InvalidInput(PackshotError):
    """The request says something that cannot be; `fields` says what, field by field."""

    code = "invalid"


class Malformed(PackshotError):
    """The request cannot be read at all."""

    code = "malformed"


class NotAuthenticated(PackshotError):
    """No credentials, or none that count any more."""

    code = "not_authenticated"


class NotAllowed(PackshotError):
    """The caller sees the thing but may not do this."""

    code = "not_allowed"


class NotFound(PackshotError):
    """There is no such thing for this caller."""

    code = "not_found"


class Gone(PackshotError):
    """There was such a thing, and it is over."""

    code = "gone"


class Conflict(PackshotError):
    """The state forbids it: a name is taken, a decision was made, a race was lost."""

    code = "conflict"


class Stale(PackshotError):
    """Somebody changed it since the caller read it."""

    code = "stale"


class TooLarge(PackshotError):
    """More bytes than this stage takes."""

    code = "too_large"


class Unsupported(PackshotError):
    """A media type that is not spoken here."""

    code = "unsupported_media_type"


class Busy(PackshotError):
    """Not now; `retry_after_s` seconds later it may work."""

    code = "busy"
    retryable = True

    def __init__(self, message: str, *, retry_after_s: int = 1, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class UpstreamUnavailable(PackshotError):
    """An outside system does not answer, or not in time."""

    code = "upstream_unavailable"
    retryable = True


class UpstreamRejected(PackshotError):
    """An outside system says no, and asking again will not change that."""

    code = "upstream_rejected"
