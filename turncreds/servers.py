"""The `iceServers` list of RTCPeerConnection: typed addresses, in the order a browser should try them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict, cast

from turncreds.credentials import Credential

Scheme = Literal["stun", "turn", "turns"]
Transport = Literal["udp", "tcp"]
DEFAULT_PORTS: dict[Scheme, int] = {"stun": 3478, "turn": 3478, "turns": 5349}  # RFC 7064 3.2, RFC 7065 3.2
URL = re.compile(
    r"(?P<scheme>[a-z]+):(?P<host>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:(?P<port>[0-9]+))?"
    r"(\?transport=(?P<transport>[a-z]+))?",
    re.IGNORECASE,
)
# Cheapest path first: STUN finds direct ways, UDP relays without head-of-line blocking, TCP and at last TLS
# get through firewalls.
ORDER: dict[tuple[Scheme, Transport], int] = {
    ("stun", "udp"): 0,
    ("turn", "udp"): 1,
    ("turn", "tcp"): 2,
    ("turns", "tcp"): 3,
}


class IceServer(TypedDict):
    """One RTCIceServer (W3C WebRTC 4.2.4), as JSON."""

    urls: list[str]
    username: NotRequired[str]
    credential: NotRequired[str]


@dataclass(frozen=True, slots=True)
class ServerUrl:
    """A STUN or TURN address (RFC 7064, RFC 7065). `host` is without brackets."""

    scheme: Scheme
    host: str
    port: int
    transport: Transport

    @classmethod
    def parse(cls, text: str) -> ServerUrl:
        """Raises ValueError that says what is wrong and what it should look like."""
        found = URL.fullmatch(text.strip())
        if not found:
            raise ValueError(f"“{text}” is not of the form turn:turn.example.org:3478?transport=udp.")
        scheme = found["scheme"].lower()
        if scheme not in DEFAULT_PORTS:
            raise ValueError(f"“{text}” starts with neither stun:, turn: nor turns:.")
        scheme = cast(Scheme, scheme)
        transport = (found["transport"] or ("tcp" if scheme == "turns" else "udp")).lower()
        if (scheme, transport) not in ORDER:
            raise ValueError(f"“{text}”: {unusable(scheme)}")
        port = int(found["port"] or DEFAULT_PORTS[scheme])
        if not 0 < port < 65536:
            raise ValueError(f"“{text}”: a port is between 1 and 65535.")
        return cls(scheme, bare_host(found["host"].lower(), text), port, cast(Transport, transport))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        suffix = "" if self.scheme == "stun" else f"?transport={self.transport}"
        return f"{self.scheme}:{host}:{self.port}{suffix}"

    @property
    def relays(self) -> bool:
        return self.scheme != "stun"

    @property
    def order(self) -> int:
        return ORDER[self.scheme, self.transport]


def unusable(scheme: Scheme) -> str:
    """Why a transport other than those in ORDER is of no use."""
    if scheme == "turns":
        return "browsers speak TURN over TLS on TCP only; write ?transport=tcp."
    if scheme == "turn":
        return "the transport is udp or tcp."
    return "STUN goes over UDP; leave ?transport out."


def bare_host(host: str, text: str) -> str:
    if not host.startswith("["):
        return host
    try:
        return str(ipaddress.IPv6Address(host[1:-1]))
    except ValueError:
        raise ValueError(f"“{text}”: {host} is not an IPv6 address.") from None


def in_browser_order(urls: Iterable[ServerUrl]) -> list[ServerUrl]:
    """STUN, TURN over UDP, TCP, TLS; within each as configured; each once.

    A relay answers STUN on its UDP port too, so without any stun: address those are used.
    """
    found = list(urls)
    if not any(url.scheme == "stun" for url in found):
        found += [ServerUrl("stun", url.host, url.port, "udp") for url in found if url.order == 1]
    return sorted(dict.fromkeys(found), key=lambda url: url.order)


def ice_servers(urls: Sequence[ServerUrl], credential: Credential | None) -> list[IceServer]:
    """The list for RTCPeerConnection; without a credential only STUN is in it."""
    ordered = in_browser_order(urls)
    stun = [str(url) for url in ordered if not url.relays]
    relays = [str(url) for url in ordered if url.relays]
    servers: list[IceServer] = [{"urls": stun}] if stun else []
    if relays and credential:
        servers.append({"urls": relays, "username": credential.username, "credential": credential.password})
    return servers
