"""What opens a store: its address and a token for it.

Two kinds of credentials: a token that never expires (apps of before 2026), or the app's own id and secret, for which
the store lends a token for 24 hours. A token goes to the store's own address only, and follows no redirect.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import requests

from chalicelib.errors import InvalidInput, UpstreamRejected, UpstreamUnavailable

RECONNECT = "needs_reconnect"
TIMEOUT_S = 30
_HOST = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]*\.myshopify\.com")
_EARLY = timedelta(minutes=5)


def address(pattern: str, shop: str) -> str:
    """Where the store at this host name answers. Raises `InvalidInput` for any other host than a store's."""
    if not _HOST.fullmatch(shop):
        raise InvalidInput(
            "This is not the address of a store.", fields={"shop": "Must be like your-store.myshopify.com."}
        )
    return pattern.replace("{shop}", shop.lower())


class Tokens:
    """Tokens for one store. Asks for the first when it is needed, and for the next five minutes before it ends.

    Beside an id and a secret, the credentials may hold what `lent` gave before: that token is used up first.
    """

    def __init__(
        self, url: str, credentials: Mapping[str, Any], lines: requests.Session, now: Callable[[], datetime]
    ) -> None:
        self._url, self._given, self._lines, self._now = url, credentials, lines, now
        lent = credentials.get("lent") or {}
        self._token = str(credentials.get("access_token") or lent.get("token") or "")
        self._until = datetime.fromisoformat(lent["until"]) if lent else None
        self._is_new = False

    @property
    def lent(self) -> dict[str, str]:
        """The token that was lent since, and until when it counts; empty when none was."""
        return {"token": self._token, "until": self._until.isoformat()} if self._is_new and self._until else {}

    def current(self) -> str:
        """A token that counts now."""
        is_over = self._until is not None and self._now() >= self._until - _EARLY
        if not self._token or is_over:
            self.renew()
        return self._token

    def renew(self) -> None:
        """Get another token. Raises `needs_reconnect` where there can be none."""
        if "client_id" not in self._given or "client_secret" not in self._given:
            raise refused()
        body = {
            "grant_type": "client_credentials",
            "client_id": str(self._given["client_id"]),
            "client_secret": str(self._given["client_secret"]),
        }
        url = f"{self._url}/admin/oauth/access_token"
        try:
            reply = self._lines.post(url, data=body, timeout=TIMEOUT_S, allow_redirects=False)
        except (requests.RequestException, OSError) as problem:
            raise UpstreamUnavailable(f"The store does not answer ({type(problem).__name__}).") from None
        if reply.status_code == 429 or reply.status_code >= 500:
            raise UpstreamUnavailable(f"The store lends no token now ({reply.status_code}).")
        if reply.status_code != 200:
            raise refused()
        try:
            told = reply.json()
            self._token, lasts_s = str(told["access_token"]), float(told["expires_in"])
            self._until, self._is_new = self._now() + timedelta(seconds=lasts_s), True
        except (ValueError, KeyError, TypeError, OverflowError):
            raise UpstreamUnavailable("The store's answer cannot be read.") from None


def refused() -> UpstreamRejected:
    """Only new credentials help."""
    return UpstreamRejected("The store does not accept these credentials any more. Enter new ones.", code=RECONNECT)
