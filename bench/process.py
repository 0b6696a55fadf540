"""A server under test: its own process on its own core, and what it used of CPU and memory."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PORTS = range(23000, 24000)
SERVER_CORE, CLIENT_CORE = 0, 1
START_WITHIN, STOP_WITHIN = 30.0, 5.0


class NotStarted(RuntimeError):
    """The server under test did not come up; the message carries the end of its log."""


@dataclass(frozen=True)
class Usage:
    """`cpu`: seconds of all threads, user and system, since the start. `memory`: resident bytes."""

    at: float
    cpu: float
    memory: int


def free_port() -> int:
    """A port of ours that is free for TCP and UDP now."""
    for port in PORTS:
        with suppress(OSError), socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
            return port
    raise NotStarted(f"no free port in {PORTS.start}-{PORTS.stop - 1}; stop what listens there")


def pin(pid: int, core: int | None) -> None:
    """Keep a process (0: this one) on one core, so that clients and server do not chase each other."""
    if core is not None and core < (os.cpu_count() or 1):
        os.sched_setaffinity(pid, {core})


class Process:
    """Runs a command in a temporary folder until `stop`."""

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, core: int | None
    ) -> None:
        self.log = folder / "log"
        with self.log.open("wb") as output:
            self.child = subprocess.Popen(
                command, env=dict(environment), cwd=folder, stdout=output, stderr=subprocess.STDOUT
            )
        pin(self.child.pid, core)
        self.process = psutil.Process(self.child.pid)

    @property
    def pid(self) -> int:
        return self.child.pid

    def usage(self) -> Usage:
        times = self.process.cpu_times()
        return Usage(time.monotonic(), times.user + times.system, self.process.memory_info().rss)

    async def listening(self, port: int) -> None:
        """Wait until the TCP port answers. Raises NotStarted with the log's end."""
        deadline = time.monotonic() + START_WITHIN
        while self.child.poll() is None and time.monotonic() < deadline:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.05)
        raise NotStarted(f"{self.child.args[0]} did not listen on {port}:\n{self.tail()}")

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]

    def stop(self) -> None:
        self.child.terminate()
        try:
            self.child.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


def folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="aula-bench-")
