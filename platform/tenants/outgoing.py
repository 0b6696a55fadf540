"""Requests to servers that somebody at a school has named: an identity provider, the target of a webhook.

The name is resolved, every address is checked, and the connection goes to an address that was checked: a name
that resolves differently a moment later reaches nothing inside. TLS always, no proxy, no redirects, and what
comes back is bounded in size and time.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

MOST_BYTES = 1_000_000
CONNECT, READ, WHOLE = 5.0, 10.0, 20.0  # seconds
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address inside
UNICAST = ipaddress.ip_network("2000::/3")  # RFC 4291 2.4: all of IPv6 that is given out
SPECIAL = [  # of the IANA special-purpose registries, what `is_global` lets through in one Python or another
    ipaddress.ip_network(each)
    for each in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2001:db8::/32", "3fff::/20")
]


class Forbidden(requests.RequestException):
    """The address is one that nobody outside may make us ask."""


class _Inside(HTTPError):
    """Forbidden, as it passes through urllib3, which takes requests' own errors for broken lines."""


class TooLarge(requests.RequestException):
    """More than anything here wants, or slower."""


def session() -> requests.Session:
    """For https and public addresses alone; with OUTGOING_PRIVATE (development) for any."""
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = 0
    for scheme in ("https://", "http://"):
        made.mount(scheme, _CheckedAdapter())
    return made


def is_public(address: str) -> bool:
    """Whether this IP address is one of the internet's, whatever it is wrapped in."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour
        if not inside and found in NAT64:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside:
            return is_public(str(inside))
        if found not in UNICAST:
            return False
    special = found.is_multicast or found.is_reserved or any(found in network for network in SPECIAL)
    return found.is_global and not special


def addresses(host: str, port: int) -> list[tuple[Any, ...]]:
    """What `host` resolves to, as getaddrinfo has it. Raises _Inside where one of them is not public,
    OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not settings.OUTGOING_PRIVATE and not all(is_public(str(each[4][0])) for each in found):
        raise _Inside(f"{host} is not on the public internet.")
    return list(found)


class _CheckedConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        """To an address that was checked just now; the name stays for Host, SNI and certificate."""
        try:
            found = addresses(self.host, self.port or self.default_port)
        except OSError as error:
            raise NewConnectionError(self, f"{self.host} cannot be found") from error
        problem: OSError = OSError("no address")
        for family, kind, protocol, _name, address in found:
            line = socket.socket(family, kind, protocol)
            line.settimeout(CONNECT)
            try:
                line.connect(address)
            except OSError as error:
                line.close()
                problem = error
            else:
                return line
        if isinstance(problem, TimeoutError):
            raise ConnectTimeoutError(self, f"{self.host} does not answer") from problem
        raise NewConnectionError(self, f"{self.host} does not answer") from problem


class _CheckedTlsConnection(_CheckedConnection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _CheckedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedTlsConnection


class _CheckedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Raises requests.RequestException."""
        if not settings.OUTGOING_PRIVATE and not (request.url or "").startswith("https://"):
            raise Forbidden("Only https:// addresses are asked.")
        until = time.monotonic() + WHOLE
        kwargs |= {"stream": True, "timeout": (CONNECT, READ), "verify": True}
        try:
            answer = super().send(request, *args, **kwargs)
        except _Inside as error:
            raise Forbidden(str(error)) from error
        body = b""
        for piece in answer.iter_content(16_384):
            body += piece
            if len(body) > MOST_BYTES or time.monotonic() > until:
                answer.close()
                raise TooLarge(f"{request.url} answers too much or too slowly.")
        answer._content, answer._content_consumed = body, True  # type: ignore[attr-defined]
        return answer
