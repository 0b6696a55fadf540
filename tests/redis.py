"""A Redis to throw away: on a port of its own, in memory alone, for as long as it is used."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

SLOWEST_START = 30.0  # seconds


class Redis:
    """It can be stopped and started again: then it remembers nothing."""

    def __init__(self, *options: str) -> None:
        self.options = options
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        self.process = subprocess.Popen(["redis-server", *options, *self.options], stdout=subprocess.DEVNULL)
        until = time.monotonic() + SLOWEST_START
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                assert self.process.poll() is None, "redis-server did not start"
                assert time.monotonic() < until, "redis-server does not answer"
                time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None


@contextmanager
def running(*options: str) -> Iterator[Redis]:
    server = Redis(*options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
