"""A line to Google: signing in, asking with patience, and letting go.

One sign-in serves metadata and bytes. The client is loaded when it is first used: no other function pays for it.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from chalicelib.adapters.drive_answers import RECONNECT, Wait, refusal, unsigned
from chalicelib.errors import Gone, UpstreamRejected, UpstreamUnavailable

_GOOGLE = "https://www.googleapis.com"
_TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105 an address
_READS = "https://www.googleapis.com/auth/drive.readonly"
_WRITES = "https://www.googleapis.com/auth/drive"
_TRIES = 5
_LONGEST_WAIT_S = 64.0
TIMEOUT_S = 60
UNITS = {"list": 100, "get": 5, "changes": 5, "download": 200, "write": 50}
T = TypeVar("T")


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    import googleapiclient.discovery_cache.documents as documents

    found: dict[str, Any] = json.loads((Path(next(iter(documents.__path__))) / "drive.v3.json").read_text())
    return found


@contextmanager
def broken_lines() -> Iterator[None]:
    """What goes wrong on the way, as errors of ours: whatever may work later is a `Wait`."""
    import google.auth.exceptions as signing
    import requests
    import urllib3

    try:
        yield
    except signing.RefreshError as problem:
        raise unsigned(problem) from problem
    except (requests.RequestException, urllib3.exceptions.HTTPError, signing.TransportError, OSError) as problem:
        raise Wait(f"The line to Drive broke ({type(problem).__name__}).") from problem


class GoogleLine:
    """One account's line. Signs in at the first call; a wait between tries is `spread`, below 1, of the longest."""

    def __init__(
        self,
        url: str,
        credentials: Mapping[str, Any],
        *,
        writes: bool = False,
        spread: Callable[[], float],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._given, self._writes = url, credentials, writes
        self._spread, self._sleep = spread, sleep
        self._units = 0
        self._signed: Any = None
        self._made: Any = None
        self._lines: Any = None
        self._bytes: Any = None

    @property
    def units(self) -> int:
        return self._units

    def close(self) -> None:
        if self._made is not None:
            self._made.close()
        if self._lines is not None:
            self._lines.close()
        if self._bytes is not None:
            self._bytes.close()
        self._made = self._lines = self._bytes = None

    def _talk(self, verb: str, url: str, **asked: Any) -> Any:
        """One request of an upload; its answer, unless it is a refusal."""
        with broken_lines():
            reply = self._session().request(verb, url, timeout=TIMEOUT_S, allow_redirects=False, **asked)
        if reply.status_code in (404, 410) and verb == "PUT":
            raise Gone("This upload is over.")
        if reply.status_code >= 400:
            raise refusal(reply.status_code, reply.content, reply.headers.get("Retry-After"))
        return reply

    def _ask(self, units: str, ask: Callable[[Any], Any], *, has_page: bool = False) -> Any:
        return self._patiently(units, lambda: self._once(ask, has_page))

    def _patiently(self, units: str, once: Callable[[], T]) -> T:
        """One call, tried again with growing random waits while Google asks for patience."""
        for attempt in range(_TRIES):
            self._units += UNITS[units]
            try:
                return once()
            except Wait as wait:
                if attempt == _TRIES - 1:
                    raise UpstreamUnavailable(wait.message) from wait
                spread = self._spread() * min(_LONGEST_WAIT_S, 2.0**attempt)
                self._sleep(min(_LONGEST_WAIT_S, wait.after_s if wait.after_s is not None else spread))
        raise AssertionError("unreachable")

    def _once(self, ask: Callable[[Any], Any], has_page: bool) -> Any:
        import google.auth.exceptions as signing
        import httplib2
        from googleapiclient.errors import HttpError

        try:
            found = ask(self._api()).execute(num_retries=0)
        except HttpError as problem:
            found = refusal(int(problem.resp.status), problem.content, problem.resp.get("retry-after"))
            if has_page and (problem.resp.status == 410 or (problem.resp.status == 400 and found.code == "invalid")):
                raise Gone("Drive does not know this place any more.") from problem
            raise found from problem
        except signing.RefreshError as problem:
            raise unsigned(problem) from problem
        except (signing.MalformedError, signing.DefaultCredentialsError) as problem:
            raise UpstreamRejected("These credentials cannot be read. Enter them again.", code=RECONNECT) from problem
        except (signing.TransportError, httplib2.HttpLib2Error, OSError, json.JSONDecodeError) as problem:
            raise Wait(f"Drive does not answer ({type(problem).__name__}).") from problem
        except (ValueError, KeyError) as problem:
            raise Wait("Drive's answer cannot be read.") from problem
        if isinstance(found, str):  # the client hands on what is no JSON as it is
            raise Wait("Drive's answer was cut off.")
        return found

    def _credentials(self) -> Any:
        if self._signed is None:
            self._signed = self._sign_in()
        return self._signed

    def _sign_in(self) -> Any:
        from google.oauth2 import credentials, service_account

        token_url = _TOKEN_URL if self._url == _GOOGLE else f"{self._url}/token"
        scopes = [_WRITES if self._writes else _READS]
        if "service_account" in self._given:
            account = {**self._given["service_account"], "token_uri": token_url}
            try:
                return service_account.Credentials.from_service_account_info(account, scopes=scopes)  # type: ignore[no-untyped-call]
            except ValueError as problem:
                raise UpstreamRejected(
                    "The key of this service account cannot be read. Make a new one and enter it.", code=RECONNECT
                ) from problem
        told = {name: self._given[name] for name in ("refresh_token", "client_id", "client_secret")}
        return credentials.Credentials(None, token_uri=token_url, **told)  # type: ignore[no-untyped-call]

    def _api(self) -> Any:
        if self._made is None:
            import google_auth_httplib2
            import httplib2
            from googleapiclient.discovery import build_from_document

            document = {**_document(), "rootUrl": f"{self._url}/", "mtlsRootUrl": f"{self._url}/"}
            self._lines = httplib2.Http(timeout=TIMEOUT_S)
            signed = google_auth_httplib2.AuthorizedHttp(self._credentials(), http=self._lines)
            self._made = build_from_document(document, http=signed)
        return self._made

    def _session(self) -> Any:
        if self._bytes is None:
            from google.auth.transport.requests import AuthorizedSession

            self._bytes = AuthorizedSession(self._credentials())  # type: ignore[no-untyped-call]
        return self._bytes
