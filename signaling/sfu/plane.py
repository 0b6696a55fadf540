"""The packet plane: one UDP port, every transport on it, the timers and the counters."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from signaling.sfu.drops import Drops
from signaling.sfu.spec import Candidate, TransportEvents
from signaling.sfu.transport import Transport


class Plane:
    """Owns the port. `hosts` are addresses to bind ("0.0.0.0", "::"); `announce` is what candidates carry."""

    candidates: list[Candidate]
    fingerprint: str  # "sha-256 AA:BB:..."
    drops: Drops

    def __init__(
        self,
        *,
        hosts: Sequence[str],
        port: int,
        announce: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        raise NotImplementedError

    async def start(self) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError

    def open(self, events: TransportEvents) -> Transport:
        raise NotImplementedError
