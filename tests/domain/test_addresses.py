"""Where a request comes from, whatever it claims."""

import pytest

from chalicelib.domain.addresses import asker, household

EDGE, GATEWAY = "192.0.2.1", "192.0.2.9"


@pytest.mark.parametrize(
    ("forwarded", "hops", "expected"),
    [
        (["203.0.113.7", EDGE], 1, "203.0.113.7"),
        (["10.0.0.1", "198.51.100.3", "203.0.113.7", EDGE], 1, "203.0.113.7"),
        (["203.0.113.7", "192.0.2.2", EDGE], 2, "203.0.113.7"),
        ([" 2001:DB8::1 ", EDGE], 1, "2001:db8::1"),
        (["::ffff:203.0.113.7", EDGE], 1, "203.0.113.7"),
    ],
    ids=["by our host", "with claims before", "by two hosts", "IPv6", "IPv4 in IPv6"],
)
def test_who_asked_stands_before_our_own_hosts(forwarded: list[str], hops: int, expected: str) -> None:
    assert asker(EDGE, forwarded, hops) == expected


@pytest.mark.parametrize("forwarded", [[], [""], ["203.0.113.7"], ["unknown", EDGE], ["x" * 999, EDGE]])
def test_without_an_address_at_its_place_it_is_whom_the_gateway_spoke_with(forwarded: list[str]) -> None:
    assert asker(GATEWAY, forwarded, 1) == GATEWAY


def test_what_is_no_address_is_none() -> None:
    assert (asker("", [], 0), asker("localhost", [], 0), household("")) == ("", "", "")


def test_a_household_is_one_address_or_a_network_of_ipv6() -> None:
    assert household("203.0.113.7") == "203.0.113.7"
    assert household("2001:db8:1:2::1") == household("2001:db8:1:2:ffff::2") == "2001:db8:1:2::/64"
    assert household("2001:db8:1:3::1") != household("2001:db8:1:2::1")
