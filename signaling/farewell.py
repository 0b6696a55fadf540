"""A closed socket is given time to answer (RFC 6455, section 7.1.2).

Autobahn waits for that for one second and resets the line then. What a browser has not read by that time is
lost, the reason for the end too: a page that is busy just as its class ends would hear that the line broke,
and come back instead of saying what happened. Read from autobahn 26.10.2; tests/socket/test_farewell.py
drives it.
"""

from __future__ import annotations

from daphne.ws_protocol import WebSocketProtocol

PATIENCE = 10.0  # seconds


class PatientSocketProtocol(WebSocketProtocol):  # type: ignore[misc]
    def onOpen(self) -> None:
        super().onOpen()
        self.closeHandshakeTimeout = PATIENCE
