"""A line to a server that counts what goes over it, and can break."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

AT_ONCE = 64 * 1024


class Wire:
    """Listens on `port`. `received` and `sent` count bytes from and to the server; at so many it breaks."""

    def __init__(self, server: int, tls: ssl.SSLContext | None = None) -> None:
        self.server, self.tls = server, tls
        self.received = self.sent = 0
        self.breaks_at_received: int | None = None
        self.breaks_at_sent: int | None = None
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if self.tls:
                    client = self.tls.wrap_socket(client, server_side=True)
                try:
                    server = self._reach()
                except OSError:
                    client.close()  # nobody is there
                    continue
                self._open |= {client, server}
                for ends in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _reach(self) -> socket.socket:
        """Raises OSError when nobody is there."""
        return socket.create_connection(("127.0.0.1", self.server))

    def _carry(self, source: socket.socket, target: socket.socket, upwards: bool) -> None:
        with suppress(OSError):
            while data := source.recv(AT_ONCE):
                if self._breaks(len(data), upwards):
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()  # the thread of the other direction closes the other

    def _breaks(self, more: int, upwards: bool) -> bool:
        if upwards:
            self.sent += more
            return self.breaks_at_sent is not None and self.sent >= self.breaks_at_sent
        self.received += more
        return self.breaks_at_received is not None and self.received >= self.breaks_at_received

    def close(self) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(server: int, tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """With `tls` it is spoken up to here, as by a proxy before the server."""
    wire = Wire(server, tls)
    try:
        yield wire
    finally:
        wire.close()
