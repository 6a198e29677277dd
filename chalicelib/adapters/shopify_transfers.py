"""Bytes from and to a store, past its API: the rows of a bulk read, files that are handed over and read.

All go to addresses the store names, without its token and without following redirects.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from chalicelib.adapters.shopify_tokens import TIMEOUT_S
from chalicelib.errors import TooLarge, UpstreamRejected, UpstreamUnavailable

_LOOPBACK = "http://127.0.0.1:"
_CDN = "cdn.shopify.com"
_BLOCK = 1 << 16


class Transfers:
    """Transfers beside the store at `url`, whose host is `shop`: over TLS, or to the same port of this machine."""

    def __init__(self, url: str, shop: str) -> None:
        self._here = urlsplit(url).netloc if url.startswith(_LOOPBACK) else ""
        self._files = frozenset({_CDN, shop})
        self._lines = requests.Session()

    def rows(self, url: str) -> Iterator[Any]:
        """The rows of a bulk read. Raises `UpstreamUnavailable` where they break off."""
        self._check(url)
        try:
            with self._lines.get(url, stream=True, timeout=TIMEOUT_S, allow_redirects=False) as reply:
                _check_reply(reply)
                for line in reply.iter_lines(_BLOCK):
                    if line:
                        yield json.loads(line)
        except ValueError:
            raise UpstreamUnavailable("The store's rows cannot be read.") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            raise UpstreamUnavailable(f"The store's rows broke off ({type(problem).__name__}).") from None

    def hand_over(self, target: Mapping[str, Any], name: str, mime: str, body: bytes) -> str:
        """Post bytes as the form that the store asks for, the file last; the name it then has."""
        url, names_it = str(target["url"] or ""), str(target["resourceUrl"] or "")
        self._check(url)
        fields = [(str(one["name"]), str(one["value"])) for one in target["parameters"]]
        try:
            reply = self._lines.post(
                url, data=fields, files={"file": (name, body, mime)}, timeout=TIMEOUT_S, allow_redirects=False
            )
        except (requests.RequestException, OSError) as problem:
            raise UpstreamUnavailable(f"The store took no bytes ({type(problem).__name__}).") from None
        _check_reply(reply)
        return names_it

    def read(self, url: str, most_bytes: int) -> bytes:
        """The bytes of a file, from where the vendor keeps the files of stores and from nowhere else."""
        self._check(url)
        at = urlsplit(url)
        if not self._is_here(url) and (at.hostname not in self._files or at.netloc != at.hostname):
            raise _unsafe()
        found = bytearray()
        try:
            with self._lines.get(url, stream=True, timeout=TIMEOUT_S, allow_redirects=False) as reply:
                _check_reply(reply)
                for block in reply.iter_content(_BLOCK):
                    found += block
                    if len(found) > most_bytes:
                        raise TooLarge(f"This file of the store has more than {most_bytes // 1000**2} MB.")
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as problem:
            raise UpstreamUnavailable(f"A file of the store broke off ({type(problem).__name__}).") from None
        return bytes(found)

    def close(self) -> None:
        self._lines.close()

    def _is_here(self, url: str) -> bool:
        at = urlsplit(url)
        return bool(self._here) and at.scheme == "http" and at.netloc == self._here

    def _check(self, url: str) -> None:
        """Raises `UpstreamRejected` for an address without TLS, except on the port the store has on this machine."""
        try:
            is_safe = urlsplit(url).scheme == "https" or self._is_here(url)
        except ValueError:
            is_safe = False
        if not is_safe:
            raise _unsafe()


def _unsafe() -> UpstreamRejected:
    return UpstreamRejected("The store named an address that is not safe.", code="unsafe_address")


def _check_reply(reply: requests.Response) -> None:
    if reply.status_code in (200, 201, 204):
        return
    if reply.status_code == 429 or reply.status_code >= 500:
        raise UpstreamUnavailable(f"The store's bytes are not to be had now ({reply.status_code}).")
    raise UpstreamRejected(f"The store refused a transfer (status {reply.status_code}).", code="transfer_refused")
