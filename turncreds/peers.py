"""Which addresses a relay may send to. Ranges are (first, last), both included, as coturn writes them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Range = tuple[Address, Address]

EVERYTHING = ("0.0.0.0/0", "::/0")
UNSPECIFIED = ipaddress.IPv6Network("::/128")
# IANA's special-purpose registries (RFC 6890 and its updates): whatever is not one host on the internet.
NOT_PUBLIC_IPV4 = (
    "0.0.0.0/8",  # this network
    "10.0.0.0/8",  # private
    "100.64.0.0/10",  # carrier NAT
    "127.0.0.0/8",  # loopback
    "169.254.0.0/16",  # link-local, the clouds' metadata
    "172.16.0.0/12",  # private
    "192.0.0.0/24",  # protocol assignments
    "192.0.2.0/24",  # documentation
    "192.88.99.0/24",  # 6to4 relays
    "192.168.0.0/16",  # private
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, broadcast
)
# Only 2000::/3 is assigned to hosts. The rest holds every spelling of an IPv4 address: ::a.b.c.d,
# ::ffff:a.b.c.d, 64:ff9b::/96, and fc00::/7, fe80::/10, ff00::/8; inside it Teredo and 6to4 carry one too.
NOT_PUBLIC_IPV6 = (
    "::/3",
    "2001::/23",  # protocol assignments, Teredo among them
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4
    "3fff::/20",  # documentation
    "4000::/2",
    "8000::/1",
)
NOT_PUBLIC = NOT_PUBLIC_IPV4 + NOT_PUBLIC_IPV6


def networks(texts: Iterable[str]) -> list[Network]:
    """Raises ValueError for the first that is neither an address nor a network."""
    return [ipaddress.ip_network(text.strip()) for text in texts]


def ranges(found: Iterable[Network]) -> list[Range]:
    return [(network[0], network[-1]) for network in found]


def without_zero(found: Iterable[Network]) -> Iterator[Network]:
    """The same networks, but none that begins with `::`, which no packet is sent to anyway.

    coturn 4.6 takes a range that begins with `::` to hold every IPv4 address as well (`addr_any` in
    ns_turn_ioaddr.c). Only ranges that are networks are safe there: it compares IPv6 byte by byte.
    """
    for network in found:
        if isinstance(network, ipaddress.IPv6Network) and network[0] == UNSPECIFIED[0]:
            yield from sorted(network.address_exclude(UNSPECIFIED))
        else:
            yield network


def is_allowed(address: Address, *, allowed: Sequence[Range], denied: Sequence[Range]) -> bool:
    """What a relay with these ranges answers: allowing wins over denying."""

    def within(found: Sequence[Range]) -> bool:
        return any(
            first.version == address.version and int(first) <= int(address) <= int(last)
            for first, last in found
        )

    return within(allowed) or not within(denied)
