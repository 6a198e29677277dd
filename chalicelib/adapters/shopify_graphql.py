"""One question to a store's Admin API, with the patience it asks for.

A store errs in four shapes: `errors` in an answer 200, one of which asks for patience (`THROTTLED`) and one of which
never helps to repeat (`MAX_COST_EXCEEDED`); `userErrors` of a change, which are the caller's to read; `errors` as bare
text; and a status with any body. A change is repeated only where the store says that it did not begin.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import requests

from chalicelib.adapters.shopify_operations import VERSION, WRITES
from chalicelib.adapters.shopify_tokens import TIMEOUT_S, Tokens, refused
from chalicelib.errors import UpstreamRejected, UpstreamUnavailable

Read = TypeVar("Read")
LONGEST_WAITS_S = 30.0
"""All waits of one question together."""
_TRIES = 5
_KEPT_FREE = 0.25
_WORDS = {
    402: ("shop_frozen", "The store is frozen until its bill is paid."),
    403: ("forbidden", "The store does not let this app in."),
    404: ("no_such_store", "There is no store at this address."),
    423: ("shop_locked", "The store is locked."),
}


class Api:
    """The Admin API of one store. A wait that nobody bounds is `spread`, below 1, of the longest."""

    def __init__(
        self,
        url: str,
        tokens: Tokens,
        lines: requests.Session,
        *,
        now: Callable[[], datetime],
        spread: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._url = f"{url}/admin/api/{VERSION}/graphql.json"
        self._tokens, self._lines = tokens, lines
        self._now, self._spread, self._sleep = now, spread, sleep
        self._points = 0.0
        self._bucket: _Bucket | None = None

    @property
    def points(self) -> int:
        """What the store has charged for so far."""
        return int(self._points)

    def ask(self, text: str, variables: Mapping[str, Any], read: Callable[[Any], Read]) -> Read:
        """What `read` makes of the answer's data."""
        left_s, renewed = LONGEST_WAITS_S, False
        left_s -= self._pause(left_s)
        for attempt in range(_TRIES):
            try:
                return self._read(self._once(text, variables), read)
            except _Unauthorised:
                if renewed:
                    raise refused() from None
                self._tokens.renew()
                renewed = True
            except _Wait as wait:
                wait_s = wait.after_s if wait.after_s is not None else self._spread() * 2.0**attempt
                if not (wait.is_safe or text not in WRITES) or wait_s > left_s or attempt == _TRIES - 1:
                    raise UpstreamUnavailable(wait.message) from None
                self._sleep(wait_s)
                left_s -= wait_s
        raise UpstreamUnavailable("The store asks for more patience than there is.")

    def _pause(self, most_s: float) -> float:
        """Leave the last quarter of the store's patience to people; how long it took."""
        if self._bucket is None:
            return 0.0
        wait_s = min(most_s, self._bucket.wait_s(self._now()))
        if wait_s > 0:
            self._sleep(wait_s)
        return wait_s

    def _once(self, text: str, variables: Mapping[str, Any]) -> Any:
        headers = {"X-Shopify-Access-Token": self._tokens.current(), "Accept": "application/json"}
        body = {"query": text, "variables": dict(variables)}
        try:
            reply = self._lines.post(self._url, json=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
        except (requests.RequestException, OSError) as problem:
            raise _Wait(f"The store does not answer ({type(problem).__name__}).") from None
        _check_status(reply)
        try:
            told = reply.json()
        except ValueError:
            raise _Wait("The store's answer cannot be read.") from None
        if not isinstance(told, dict):
            raise _Wait("The store's answer is not what was asked for.")
        self._charge(told)
        if told.get("errors"):
            raise _error(told)
        return told.get("data")

    def _charge(self, told: Mapping[str, Any]) -> None:
        try:
            cost = told["extensions"]["cost"]
            self._points += float(cost.get("actualQueryCost") or 0)
            status = cost["throttleStatus"]
            self._bucket = _Bucket(
                float(status["maximumAvailable"]),
                float(status["currentlyAvailable"]),
                max(1.0, float(status["restoreRate"])),
                self._now(),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return

    def _read(self, data: Any, read: Callable[[Any], Read]) -> Read:
        try:
            return read(data)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            raise UpstreamUnavailable("The store's answer is not what was asked for.") from None


class _Bucket:
    """What a store had left of its patience at a moment, and how fast it grows back."""

    def __init__(self, most: float, left: float, rate: float, at: datetime) -> None:
        self._most, self._left, self._rate, self._at = most, left, rate, at

    def wait_s(self, now: datetime) -> float:
        left = self._left + self._rate * max(0.0, (now - self._at).total_seconds())
        return max(0.0, (self._most * _KEPT_FREE - left) / self._rate)


class _Wait(UpstreamUnavailable):
    """Try again after `after_s`, or after a growing random while. `is_safe`: nothing was begun."""

    def __init__(self, message: str, after_s: float | None = None, *, is_safe: bool = False) -> None:
        super().__init__(message)
        self.after_s, self.is_safe = after_s, is_safe


class _Unauthorised(Exception):
    """The store does not know the token."""


def _check_status(reply: requests.Response) -> None:
    status = reply.status_code
    if status == 200:
        return
    if status == 401:
        raise _Unauthorised
    if status in (429, 430):
        raise _Wait(f"The store asks for patience ({status}).", _seconds(reply), is_safe=True)
    if status >= 500:
        raise _Wait(f"The store does not answer ({status}).", _seconds(reply))
    code, words = _WORDS.get(status, ("upstream_rejected", f"The store refused this (status {status})."))
    raise UpstreamRejected(words, code=code)


def _seconds(reply: requests.Response) -> float | None:
    try:
        return max(0.0, float(reply.headers["Retry-After"]))
    except (KeyError, ValueError):
        return None


def _error(told: Mapping[str, Any]) -> UpstreamUnavailable | UpstreamRejected:
    """What the errors of an answer 200 mean for us."""
    errors = told["errors"]
    first = errors[0] if isinstance(errors, list) else None
    if not isinstance(first, dict):
        return UpstreamRejected("The store refused this.")
    about = first.get("extensions")
    code = str(about.get("code") or "") if isinstance(about, dict) else ""
    if code == "THROTTLED":
        return _Wait("The store asks for patience.", _throttled_s(told), is_safe=True)
    if code in ("INTERNAL_SERVER_ERROR", "TIMEOUT"):
        return _Wait("The store has trouble of its own.")
    return UpstreamRejected(f"The store refused this: {first.get('message', code)}", code=code or "upstream_rejected")


def _throttled_s(told: Mapping[str, Any]) -> float | None:
    """`actualQueryCost` is null then: the wait follows from what was asked for."""
    try:
        cost = told["extensions"]["cost"]
        status = cost["throttleStatus"]
        missing = float(cost["requestedQueryCost"]) - float(status["currentlyAvailable"])
        return max(0.1, missing / max(1.0, float(status["restoreRate"])))
    except (KeyError, TypeError, ValueError):
        return None
