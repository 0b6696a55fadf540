"""An Aula on two machines: a web process on each, one PostgreSQL, Redis and media engine for both, and the
proxy in front of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.aula import Aula, Site, free_port
from tests.storage.wire import Wire


class Front(Wire, Site):
    """A proxy's address. It passes each connection on to the first of `ports` that takes it."""

    def __init__(self, *ports: int) -> None:
        self.ports = ports
        self.reached: list[int] = []  # by each connection, in their order
        super().__init__(ports[0])
        self.web_port = self.port

    def _reach(self) -> socket.socket:
        for port in self.ports:
            try:
                reached = socket.create_connection(("127.0.0.1", port))
            except ConnectionRefusedError:
                continue
            self.reached.append(port)
            return reached
        raise ConnectionRefusedError


class Machines:
    """The first one runs everything, the second one web alone. `files` is a folder that both have."""

    def __init__(self, folder: Path, *, database: str, redis: str) -> None:
        self.folder, self.files = folder, folder / "files"
        self.files.mkdir()
        self.shared = {
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "VAR_DIR": str(self.files),
            "MEDIA_BIND": f"127.0.0.1:{free_port()}",
        }
        self.all: list[Aula] = []

    def start(self) -> None:
        """From an empty database."""
        self.first = self._start(free_port())
        self.second = self._start(free_port(), "web")

    def start_second_again(self) -> None:
        self.second = self._start(self.second.web_port, "web")

    def _start(self, web_port: int, *names: str) -> Aula:
        logs = self.folder / f"machine-{len(self.all)}"
        logs.mkdir()
        machine = Aula(logs, web_port=web_port, names=names, **self.shared)
        self.all.append(machine)
        machine.wait_until_ready()
        return machine

    def stop(self) -> None:
        for each in reversed(self.all):
            each.stop()


@contextmanager
def running(folder: Path, *, database: str, redis: str) -> Iterator[Machines]:
    machines = Machines(folder, database=database, redis=redis)
    try:
        machines.start()
        yield machines
    finally:
        machines.stop()
