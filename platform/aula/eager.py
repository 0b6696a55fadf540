"""What a socket sends leaves at once, where nothing waits in front of it.

Twisted keeps everything for the next round of its loop, and enters the connection among those that want to
write and strikes it off again each time: a quarter of what a message to a large class costs. Read from
Twisted 26.10.0 and autobahn 26.10.2; tests/socket/test_eager.py drives it, `bench chat` measures it.
"""

from __future__ import annotations

from daphne.ws_protocol import WebSocketFactory
from twisted.internet import tcp

from signaling.farewell import PatientSocketProtocol


class EagerSocketProtocol(PatientSocketProtocol):
    """A classroom socket's connection."""

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        if not (sync or chopsize or self.send_queue):
            data = data[written(self.transport, data) :]
        if data:
            super().sendData(data, sync, chopsize)


def written(transport: object, data: bytes) -> int:
    """How many bytes of `data` the network took at once; the others are to go the usual way, which is also
    where a lost connection is noticed."""
    if not isinstance(transport, tcp.Connection) or transport.TLS or not is_idle(transport):
        return 0
    taken = transport.writeSomeData(data)
    return taken if isinstance(taken, int) else 0


def is_idle(transport: tcp.Connection) -> bool:
    waiting = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
    ends = transport.disconnecting or transport._writeDisconnecting or transport._writeDisconnected
    return bool(transport.connected and not waiting and not ends)


def send_at_once() -> None:
    """On every socket of this process from now on."""
    WebSocketFactory.protocol = EagerSocketProtocol
