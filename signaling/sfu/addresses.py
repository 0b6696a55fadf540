"""The addresses candidates carry: what the operator announces, else what this machine has."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence

import ifaddr

from signaling.sfu.spec import Candidate

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def candidates(socks: Sequence[socket.socket], announce: Sequence[str]) -> list[Candidate]:
    """Host candidates of the bound sockets; loopback only when there is nothing else."""
    ports = {4 if sock.family == socket.AF_INET else 6: sock.getsockname() for sock in socks}
    if announce:
        addresses: list[Address] = [ipaddress.ip_address(text) for text in announce]
    else:
        addresses = usable(
            address for name in ports.values() for address in reachable(ipaddress.ip_address(name[0]))
        )
    return [
        Candidate(str(address), ports[address.version][1], address.version)
        for address in addresses
        if address.version in ports
    ]


def reachable(bound: Address) -> list[Address]:
    """Where a socket bound to an address answers: all local addresses of its family for a wildcard."""
    return (
        [address for address in local() if address.version == bound.version]
        if bound.is_unspecified
        else [bound]
    )


def local() -> list[Address]:
    texts = [
        ip.ip[0] if isinstance(ip.ip, tuple) else ip.ip for nic in ifaddr.get_adapters() for ip in nic.ips
    ]
    return [ipaddress.ip_address(text.partition("%")[0]) for text in texts]


def usable(addresses: Iterable[Address]) -> list[Address]:
    known = [address for address in dict.fromkeys(addresses) if not address.is_link_local]
    return [address for address in known if not address.is_loopback] or known
