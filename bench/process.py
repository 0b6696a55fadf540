"""A server under test: its own process on its own core, and what it used of CPU and memory."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
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


def free_ports(count: int) -> list[int]:
    """Ports of ours that are free for TCP and UDP now."""
    found = list(islice(filter(is_free, random.sample(PORTS, len(PORTS))), count))
    if len(found) < count:
        raise NotStarted(f"no free port in {PORTS.start}-{PORTS.stop - 1}; stop what listens there")
    return found


def is_free(port: int) -> bool:
    try:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", port))
            udp.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def pin(pid: int, core: int | None) -> None:
    """Keep a process on one core, where the machine has it: clients and server do not chase each other."""
    if core is not None and core < (os.cpu_count() or 1):
        os.sched_setaffinity(pid, {core})


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """This process, the light clients', on one core."""
    before = os.sched_getaffinity(0)
    pin(0, core)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Process:
    """Runs a command in a temporary folder until `stop`."""

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, core: int | None
    ) -> None:
        self.log = folder / "log"
        with self.log.open("wb") as output:
            self.child = subprocess.Popen(
                command,
                env={"PATH": os.environ["PATH"], **environment},
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
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
