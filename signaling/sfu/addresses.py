"""The addresses candidates carry: what the operator announces, else what this machine has.

Behind a 1:1 NAT the machine has 10.0.0.5 and people reach it at 203.0.113.5: only the operator knows that.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import ifaddr

from signaling.sfu.spec import Candidate

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
PROTOCOLS = ("udp", "tcp")
LOCAL = "local"  # announced: every address of this machine, loopback too


class NoCandidates(OSError):
    """Nobody could find us: no address is left to put into an answer."""


@dataclass(frozen=True)
class Announced:
    """One entry of MEDIA_ANNOUNCE. `port` is None where the router keeps ours."""

    address: Address
    port: int | None
    protocols: tuple[str, ...]

    def covers(self, sock: socket.socket) -> bool:
        return family(sock) == self.address.version and protocol(sock) in self.protocols


def read_announcement(text: str, socks: Sequence[socket.socket]) -> list[Announced]:
    """Of one entry of MEDIA_ANNOUNCE. Raises ValueError with what is wrong."""
    if text.strip() != LOCAL:
        return [read_announced(text)]
    known = [address for address in bound_addresses(socks) if not address.is_link_local]
    return [Announced(address, None, PROTOCOLS) for address in known]


def read_announced(text: str) -> Announced:
    """`203.0.113.5`, `203.0.113.5:40000`, `[2001:db8::1]:40000`, each with `/udp` or `/tcp` behind it
    where it is for one of them only. Raises ValueError with what is wrong."""
    place, slash, chosen = text.strip().partition("/")
    if slash and chosen not in PROTOCOLS:
        raise ValueError(f"“{text}” ends with “/{chosen}”; only /udp and /tcp may stand there")
    host, port = _split(place)
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise ValueError(f"“{text}” is not an IP address; candidates carry no names") from None
    if address.is_unspecified or address.is_multicast or address.is_link_local:
        raise ValueError(f"“{text}” is an address nobody can send to")
    if port is not None and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"“{text}” has a port that is none")
    return Announced(address, None if port is None else int(port), (chosen,) if slash else PROTOCOLS)


def _split(place: str) -> tuple[str, str | None]:
    """Host and port; an IPv6 address has brackets when a port follows."""
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        return (host, rest[1:] if rest else None) if rest[:1] in ("", ":") else (place, None)
    if place.count(":") == 1:
        host, _, port = place.partition(":")
        return host, port
    return place, None


def candidates(socks: Sequence[socket.socket], announce: Sequence[str]) -> list[Candidate]:
    """Host candidates of the bound sockets, UDP before TCP; loopback only when there is nothing else.

    Raises ValueError for an announcement that cannot be read, NoCandidates when nothing is left.
    """
    entries = [entry for text in announce for entry in read_announcement(text, socks)]
    found = [
        candidate
        for sock in sorted(socks, key=lambda sock: PROTOCOLS.index(protocol(sock)))
        for candidate in _of(sock, entries, local_addresses(socks))
    ]
    if not found:
        named = f"MEDIA_ANNOUNCE ({', '.join(announce)})" if announce else "this machine"
        raise NoCandidates(f"{named} has no address of a family that a media port is bound on")
    return list(dict.fromkeys(found))


def _of(sock: socket.socket, entries: Sequence[Announced], local: Sequence[Address]) -> list[Candidate]:
    port, own = sock.getsockname()[1], family(sock)
    if entries:
        reached = [(entry.address, entry.port or port) for entry in entries if entry.covers(sock)]
    else:
        reached = [(address, port) for address in local if address.version == own]
    return [Candidate(str(address), number, own, protocol(sock)) for address, number in reached]


def local_addresses(socks: Sequence[socket.socket]) -> list[Address]:
    """Where the sockets can be reached as far as this machine knows."""
    return usable(bound_addresses(socks))


def bound_addresses(socks: Sequence[socket.socket]) -> list[Address]:
    bound = dict.fromkeys(ipaddress.ip_address(sock.getsockname()[0]) for sock in socks)
    return list(dict.fromkeys(address for own in bound for address in reachable(own)))


def family(sock: socket.socket) -> int:
    return 4 if sock.family == socket.AF_INET else 6


def protocol(sock: socket.socket) -> str:
    return "tcp" if sock.type == socket.SOCK_STREAM else "udp"


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
