"""Requests to servers that somebody at a school has named: an identity provider, the target of a webhook.

The name is resolved, every address is checked, and the connection goes to an address that was checked: a name
that resolves differently a moment later reaches nothing inside. TLS always, no proxy, no redirects.
What comes back is bounded in size and time, and no connection to the database is held meanwhile.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

import requests
from django.conf import settings
from django.db import connection
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

MOST_BYTES = 1_000_000
CONNECT, READ, WHOLE = 5.0, 10.0, 20.0  # seconds
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address inside


class Forbidden(requests.RequestException):
    """The address is one that nobody outside may make us ask."""


class _Inside(HTTPError):
    """Forbidden, as it passes through urllib3, which takes requests' own errors for broken lines."""


class TooLarge(requests.RequestException):
    """More than anything here wants."""


class TooSlow(requests.Timeout):
    """Longer than WHOLE, from the first connection to the last octet."""


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
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if not inside and found in NAT64:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside:
            return inside.is_global and not inside.is_multicast
    return found.is_global and not found.is_multicast


def addresses(host: str, port: int) -> list[tuple[Any, ...]]:
    """What `host` resolves to, as getaddrinfo has it. Raises _Inside where one of them is not public,
    OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not settings.OUTGOING_PRIVATE and not all(is_public(str(each[4][0])) for each in found):
        raise _Inside(f"{host} is not on the public internet.")
    return list(found)


class _Deadline:
    """Cuts the line of one exchange after WHOLE, whatever is waited for: a timeout of the socket begins anew
    with every octet. Only the resolver keeps its own time."""

    def __init__(self) -> None:
        self.until = time.monotonic() + WHOLE
        self.line: socket.socket | None = None
        self.timer = threading.Timer(WHOLE, self.cut)

    def __enter__(self) -> _Deadline:
        self.entered = _deadline.set(self)
        self.timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.timer.cancel()
        self.timer.join()
        _deadline.reset(self.entered)
        if self.line is not None:
            self.line.close()

    @property
    def left(self) -> float:
        """Seconds."""
        return self.until - time.monotonic()

    def watch(self, line: socket.socket) -> None:
        """Through a copy, which stays when TLS takes the line over."""
        self.line = line.dup()
        if self.left <= 0:
            self.cut()

    def cut(self) -> None:
        with suppress(OSError):  # it has ended by itself
            if self.line is not None:
                self.line.shutdown(socket.SHUT_RDWR)


_deadline: ContextVar[_Deadline] = ContextVar("deadline")


class _CheckedConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        """To an address that was checked just now; the name stays for Host, SNI and certificate."""
        try:
            found = addresses(self.host, self.port or self.default_port)
        except OSError as error:
            raise NewConnectionError(self, f"{self.host} cannot be found") from error
        problem: OSError = OSError("no address")
        deadline = _deadline.get()
        for family, kind, protocol, _name, address in found:
            line = socket.socket(family, kind, protocol)
            line.settimeout(max(0.001, min(CONNECT, deadline.left)))
            try:
                line.connect(address)
            except OSError as error:
                line.close()
                problem = error
            else:
                deadline.watch(line)
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
        """On a line of its own. Raises requests.RequestException."""
        if not settings.OUTGOING_PRIVATE and not (request.url or "").startswith("https://"):
            raise Forbidden("Only https:// addresses are asked.")
        let_go_of_database()
        kwargs |= {"stream": True, "timeout": (CONNECT, READ), "verify": True}
        with _Deadline() as deadline:
            try:
                answer = super().send(request, *args, **kwargs)
                read(answer)
            except _Inside as error:
                raise Forbidden(str(error)) from error
            except requests.RequestException as error:
                if deadline.left <= 0:
                    raise TooSlow(f"{request.url} answers too slowly.") from error
                raise
            finally:
                self.poolmanager.clear()
        if deadline.left <= 0:  # the end of a body without a length
            raise TooSlow(f"{request.url} answers too slowly.")
        return answer


def let_go_of_database() -> None:
    """Another request may have the connection while somebody else's server thinks."""
    if not connection.in_atomic_block:
        connection.close()


def read(answer: requests.Response) -> None:
    """All of its body. Raises TooLarge, and what requests raises."""
    body = b""
    for piece in answer.iter_content(16_384):
        body += piece
        if len(body) > MOST_BYTES:
            answer.close()
            raise TooLarge(f"{answer.url} answers too much.")
    answer._content, answer._content_consumed = body, True  # type: ignore[attr-defined]
