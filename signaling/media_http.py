"""The door of the media process as HTTP/1.1: long addresses, doubled slashes, short bodies, clear refusals.

A join carries an offer in its address: some kilobytes in a browser, tens of them with many tracks. What is
overridden was read from Twisted 26.10.0; tests/sfu/protocol/test_runsfu.py drives it.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from twisted.web import http

from signaling.sfu.http import LARGEST_BODY

LONGEST_LINE = 64 * 1024  # bytes of the request line, or of one header
LONGEST_HEAD = LONGEST_LINE + 16 * 1024  # of all of them
LINGER = 5  # seconds for a client to read its refusal
DOUBLED = re.compile(rb"^(\S+ )//+")


class Channel(http.HTTPChannel):
    """One connection of a client."""

    MAX_LENGTH = LONGEST_LINE
    largest_body = LARGEST_BODY
    totalHeadersSize = LONGEST_HEAD
    _body = 0  # octets, as they came, of a body that did not say how long it is

    def lineReceived(self, line: bytes) -> None:
        """Clients join base address and path as they come; `//rtc` would read as a host called rtc."""
        if not self._receivedHeaderSize:
            line = DOUBLED.sub(rb"\1/", line)
            self._body = 0
        super().lineReceived(line)  # type: ignore[no-untyped-call]

    def lineLengthExceeded(self, line: bytes) -> None:
        first = not self._receivedHeaderSize
        self._refuse(
            HTTPStatus.REQUEST_URI_TOO_LONG if first else HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            LONGEST_LINE,
        )

    def headerReceived(self, line: bytes) -> bool:
        """What says that it is too long is not read: Twisted would put it on the disk first."""
        read = bool(super().headerReceived(line))  # type: ignore[no-untyped-call]
        if read and (self.length or 0) > self.largest_body:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self.largest_body)
            return False
        return read

    def rawDataReceived(self, data: bytes) -> None:
        """What comes in chunks is counted as it comes."""
        if self.length is None and not self._handlingRequest:
            self._body += len(data)
            if self._body > self.largest_body:
                return self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self.largest_body)
        return super().rawDataReceived(data)

    def _refuse(self, status: HTTPStatus, most: int) -> None:
        """Answer and hang up, not before the client could read: what it still sends is thrown away."""
        body = f"At most {most // 1024} KiB are read here.\n".encode()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        transport: Any = self.transport
        transport.write(head.encode() + body)
        self.dataReceived = self.lineReceived = lambda *_: None  # type: ignore[method-assign]
        self.rawDataReceived = lambda data: None  # type: ignore[method-assign]
        self.lineLengthExceeded = lambda line: None  # type: ignore[method-assign]
        self.setTimeout(LINGER)  # type: ignore[no-untyped-call]
        transport.loseWriteConnection()


def channel(kind: type[Channel] = Channel) -> http._GenericHTTPChannelProtocol:
    """What Twisted's factory makes, around our channel."""
    return http._GenericHTTPChannelProtocol(kind())
