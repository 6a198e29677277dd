"""Ports of 127.0.0.1: which are free, and which one an instance keeps."""

import errno
import secrets
import socket
import time
from collections.abc import Collection, Mapping
from pathlib import Path

from infra.local.errors import LocalError
from infra.local.polling import await_true

HOST = "127.0.0.1"
LOWEST = 10_240
TRIES = 50
LOOK_LIMIT_S = 1.0
OUTGOING_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


class PortError(LocalError):
    """No port, or not the one that was asked for."""


def free_port(apart_from: Collection[int] = ()) -> int:
    """A port that nobody listens on now, below the range the system takes outgoing connections from.

    A port inside that range could be taken by somebody's connection while its server is being restarted.
    """
    highest = _lowest_outgoing() - 1
    for _ in range(TRIES):
        port = LOWEST + secrets.randbelow(highest - LOWEST)
        if port not in apart_from and is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> list[int]:
    """That many different free ports."""
    found: list[int] = []
    while len(found) < count:
        found.append(free_port(found))
    return found


def _lowest_outgoing() -> int:
    try:
        return max(LOWEST + 1000, int(OUTGOING_RANGE.read_text().split()[0]))
    except (OSError, ValueError, IndexError):
        return 32_768


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` now."""
    return _refusal(port) is None


def is_served(port: int) -> bool:
    """Whether somebody takes connections at `port` now."""
    with socket.socket() as asking:
        asking.settimeout(LOOK_LIMIT_S)
        return asking.connect_ex((HOST, port)) == 0


def _refusal(port: int) -> int | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            return error.errno
    return None


def await_free(port: int, limit_s: float) -> bool:
    """True as soon as `port` is free, False if it stays taken for `limit_s`."""
    return await_true(lambda: is_free(port), limit_s)


def asked_port(word: str | None, default: int) -> int:
    """The port a person asked for; 0 means any. Raises PortError when it is no port."""
    if not word:
        return default
    if not word.isdecimal() or int(word) > 65_535:
        raise PortError(f"PORT={word} is no port. Use a number up to 65535; 0 takes any free one.")
    return int(word)


def claimed(port: int, limit_s: float) -> int:
    """`port`, once it is free. Raises PortError when it stays taken for `limit_s` or may not be used."""
    if await_free(port, limit_s):
        return port
    because = "may not be used by you" if _refusal(port) == errno.EACCES else "is taken by another program"
    raise PortError(f"Port {port} {because}. Choose another: make run PORT=8010 (0 takes any free one).")


def kept_or_free(wanted: Mapping[str, int], limit_s: float, apart_from: Collection[int] = ()) -> dict[str, int]:
    """Each wanted port, or another in place of one that stays taken for `limit_s` in all; no two are alike."""
    until, chosen = time.monotonic() + limit_s, dict[str, int]()
    for name, port in wanted.items():
        used = {*apart_from, *chosen.values()}
        free = port not in used and await_free(port, max(0.0, until - time.monotonic()))
        chosen[name] = port if free else free_port({*used, *wanted.values()})
    return chosen
