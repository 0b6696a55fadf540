"""Peer addresses to try a relay with: random ones, dangerous ones, and IPv4 in every IPv6 spelling."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

from turncreds.peers import NOT_PUBLIC_IPV4, NOT_PUBLIC_IPV6, Address, networks

WELL_KNOWN = (
    *("0.0.0.0", "0.0.0.1", "127.0.0.1", "127.0.0.2", "127.255.255.255", "10.0.0.5", "172.16.0.1"),
    *("192.168.1.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "8.8.8.8", "224.0.0.251"),
    *("255.255.255.255", "::", "::1", "fd00:ec2::254", "fe80::1", "ff02::1", "2001:4860:4860::8888"),
)


def spellings(address: IPv4Address) -> Iterator[IPv6Address]:
    """Every IPv6 address that stands for `address` somewhere."""
    bits = int(address)
    for prefix in ("::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::"):  # last 32 bits
        yield IPv6Address(int(IPv6Address(prefix)) | bits)
    for prefix in ("2002::", "2001:0::"):  # 6to4 after 16 bits; Teredo's server after 32
        yield IPv6Address(int(IPv6Address(prefix)) | bits << (80 if prefix == "2002::" else 64))
    yield IPv6Address(int(IPv6Address("2001:0::")) | bits ^ 0xFFFFFFFF)  # Teredo's client, inverted
    yield IPv6Address(int(IPv6Address("fe80::5efe:0:0")) | bits)  # ISATAP


def sample(count: int, seed: int = 4) -> list[Address]:
    """`count` addresses, the same for a seed: dangerous ones first, then at random from all kinds."""
    chance = random.Random(seed)
    found: list[Address] = [ipaddress.ip_address(text) for text in WELL_KNOWN]
    for text in WELL_KNOWN:
        address = ipaddress.ip_address(text)
        if isinstance(address, IPv4Address):
            found += spellings(address)
    for network in networks([*NOT_PUBLIC_IPV4, *NOT_PUBLIC_IPV6]):
        found += [network[0], network[-1], network[chance.randrange(network.num_addresses)]]
    while len(found) < count:
        public = IPv4Address(chance.getrandbits(32))
        inside = chance.choice(networks([*NOT_PUBLIC_IPV4, *NOT_PUBLIC_IPV6, "2000::/3"]))
        found += [
            public,
            inside[chance.randrange(inside.num_addresses)],
            chance.choice(list(spellings(public))),
        ]
    return found[:count]
