"""Reading the sockets of many light clients in turn, on a timer instead of at every packet.

A socket that waits in epoll wakes us for each packet, and the server pays for half of that on one machine: a
network card does not wake anybody in the sender. Arrival times are the kernel's, so they stay exact.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from bench.light import LightClient

EVERY, STEPS = 0.020, 10  # each socket is read every 20 ms, a tenth of them every 2 ms
DROPS, LOCAL = -1, 1  # columns of /proc/net/udp


class Drain:
    """Takes over reading from `add` on, until its task is cancelled. Clients may close at any time."""

    def __init__(self) -> None:
        self.parts: list[list[LightClient]] = [[] for _ in range(STEPS)]
        self.task = asyncio.create_task(self.run())

    def add(self, clients: Iterable[LightClient]) -> None:
        for client in clients:
            client.loop.remove_reader(client.socket)
            min(self.parts, key=len).append(client)

    async def run(self) -> None:
        while True:
            for part in self.parts:
                for client in part:
                    client.readable()
                await asyncio.sleep(EVERY / STEPS)

    async def close(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def overrun(ports: set[int]) -> int:
    """Datagrams that the kernel dropped since these sockets were bound, because we did not read in time."""
    total = 0
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[LOCAL].rpartition(":")[2], 16) in ports:
            total += int(fields[DROPS])
    return total
