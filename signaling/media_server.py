"""Daphne as the media process needs it: refusals with their own status, no access log, a clean end.

What is overridden was read from daphne 4.2.3 and autobahn 26.10.2; tests/sfu/protocol/test_runsfu.py drives
the whole.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from autobahn.exception import Disconnected
from autobahn.websocket.types import ConnectionDeny
from daphne.server import Server

from signaling.farewell import PatientSocketProtocol
from signaling.media_http import channel

log = logging.getLogger(__name__)
MOST_UNREAD = 4 * 1024 * 1024  # bytes written after a client stopped reading


class MediaSocketProtocol(PatientSocketProtocol):
    """Knows ASGI's `websocket.http.response`: a refused handshake says why. Gives up a client that does not
    read: neither ASGI nor daphne has a way to say that it is behind, and Twisted keeps what it is given."""

    refusal = 403
    is_behind = given_up = False
    unread = 0

    def onOpen(self) -> None:
        super().onOpen()
        self.transport.unregisterProducer()  # the HTTP channel that the socket grew out of
        self.transport.registerProducer(self, True)

    def serverSend(self, content: bytes | str, binary: bool = False) -> None:
        self.unread = self.unread + len(content) if self.is_behind else 0
        if self.unread <= MOST_UNREAD:
            with suppress(Disconnected):  # it closed just now; daphne hears of it by itself
                super().serverSend(content, binary)
        elif not self.given_up:
            self.given_up = True
            log.info("a client stopped reading")
            self.transport.abortConnection()

    # What the transport calls (Twisted's IPushProducer)

    def pauseProducing(self) -> None:
        self.is_behind = True

    def resumeProducing(self) -> None:
        self.is_behind = False

    def stopProducing(self) -> None:
        """The connection is lost; daphne hears of it by itself."""

    def handle_reply(self, message: dict[str, Any]) -> None:
        match message.get("type"):
            case "websocket.http.response.start":
                self.refusal = message["status"]
            case "websocket.http.response.body":
                self._reject(message["body"].decode())
            case _:
                super().handle_reply(message)

    def _reject(self, reason: str) -> None:
        self.handshake_deferred.errback(ConnectionDeny(code=self.refusal, reason=reason))  # type: ignore[no-untyped-call]
        del self.handshake_deferred
        self.server.protocol_disconnected(self)

    def sendHttpErrorResponse(
        self,
        code: int,
        reason: str,
        responseHeaders: object = None,
    ) -> None:
        body = f"{reason}\n".encode()
        head = (
            f"HTTP/1.1 {code} {HTTPStatus(code).phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self.sendData(head.encode() + body)


class MediaServer(Server):  # type: ignore[misc]
    """One TCP address. `failure` says why it could not be had."""

    failure = ""

    def __init__(self, application: Any, *, host: str, port: int, largest_message: int) -> None:
        super().__init__(
            application,
            endpoints=[f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"],
            signal_handlers=False,
            action_logger=None,  # an access log would hold the tokens
            http_timeout=30,
            websocket_timeout=-1,
            websocket_connect_timeout=5,
            websocket_max_message_size=largest_message,
            websocket_max_frame_size=largest_message,
            application_close_timeout=2,
            ready_callable=self._factories_are_made,
            server_name="",
            verbosity=0,
        )

    def _factories_are_made(self) -> None:
        self.ws_factory.protocol = MediaSocketProtocol
        self.http_factory.protocol = channel

    def listen_error(self, failure: Any) -> None:
        self.failure = failure.getErrorMessage()
        super().listen_error(failure)
