"""Addresses in the network: where a request comes from, for counting and for the audit trail, never for who it is."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network


def asker(peer: str, forwarded: Sequence[str], hops: int) -> str:
    """The address that asked, of a request that `hops` hosts of ours have handed on to whom `peer` spoke with.

    Each of them, and the gateway after them, adds whom it spoke with to the end of `forwarded`; what stands before that
    is what somebody claims, and does not count. Where no address stands at the place, it is `peer`.
    """
    at = hops + 1
    return _plain(forwarded[-at] if len(forwarded) >= at else "") or _plain(peer)


def household(address: str) -> str:
    """The address, or of IPv6 the part that names a household: the rest of it anybody changes as they like."""
    plain = _plain(address)
    return str(ip_network((plain, 64), strict=False)) if ":" in plain else plain


def _plain(text: str) -> str:
    try:
        found = ip_address(text.strip())
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
