"""Outgoing sequence numbers, timestamps and picture ids, continuous over layer switches and dropped packets.

A listener's stream is a list of runs: stretches of one layer's packet numbers that share their offsets. A
switch or a dropped packet starts a new run. That is all that is kept per listener: from a run an outgoing
number leads back to the packet in the layer's history, so nothing is stored per packet. Numbers here are
64-bit; only their low bits reach the wire.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Generic, TypeVar

from signaling.sfu.frame import Frame, Shifts
from signaling.sfu.reception import SenderClock, signed32

Source = TypeVar("Source")
RUNS = 256  # enough for 2 s of a dropped temporal layer
STRAIGHT: Shifts = (0, 0, 0)
CLOCK_DOUBT = 1.0  # seconds by which a sender report may disagree with our own clock


@dataclass(frozen=True, slots=True)
class Run(Generic[Source]):
    """Numbers of a layer from `start` on: sent as number + shift, timestamp + ticks, counters + pictures."""

    source: Source
    start: int
    shift: int
    ticks: int
    pictures: Shifts | None  # None: as they are
    switch: bool  # the first of a layer: older packets of that layer were never sent


class Rewriter(Generic[Source]):
    """One outgoing SSRC. `last` is the highest number given out so far."""

    __slots__ = ("_runs", "current", "last")

    def __init__(self, first: int) -> None:
        self.last = first - 1
        self.current: Run[Source] | None = None
        self._runs: deque[Run[Source]] = deque(maxlen=RUNS)

    def switch(self, source: Source, number: int, *, ticks: int, pictures: Shifts) -> Run[Source]:
        """Packet `number` of `source` follows what was sent last."""
        shift = self.last + 1 - number
        return self._begin(Run(source, number, shift, ticks, pictures if any(pictures) else None, True))

    def skip(self, number: int, pictures: int = 0) -> None:
        """The newest packet is not sent; neither are `pictures` pictures that start with it."""
        run = self.current
        if run is None or number < run.start:
            return
        shifts = run.pictures or STRAIGHT
        shifts = (shifts[0] - pictures, shifts[1], shifts[2])
        self._begin(
            Run(run.source, number + 1, run.shift - 1, run.ticks, shifts if any(shifts) else None, False)
        )

    def place(self, number: int) -> Run[Source] | None:
        """The run of a late packet of the current layer; None when it was before the switch."""
        for run in reversed(self._runs):
            if number >= run.start:
                return run
            if run.switch:
                return None
        return None

    def find(self, sequence: int) -> tuple[Run[Source], int, int] | None:
        """What went out under 16-bit `sequence`: its run, its number at the source, its outgoing number."""
        out = self.last - ((self.last - sequence) & 0xFFFF)
        for run in reversed(self._runs):
            if out >= run.start + run.shift:
                return run, out - run.shift, out
        return None

    def _begin(self, run: Run[Source]) -> Run[Source]:
        self._runs.append(run)
        self.current = run
        return run


def continued_pictures(last: Frame | None, shifts: Shifts | None, new: Frame | None) -> Shifts:
    """Shifts that make `new` the picture after `last` (as sent with `shifts`)."""
    if last is None or new is None:
        return STRAIGHT
    before = shifts or STRAIGHT
    return (
        last.id + before[0] + 1 - new.id if last.id >= 0 and new.id >= 0 else 0,
        last.tl0 + before[1] + 1 - new.tl0 if last.tl0_at >= 0 and new.tl0_at >= 0 else 0,
        last.key_index + before[2] + 1 - new.key_index
        if last.key_index_at >= 0 and new.key_index_at >= 0
        else 0,
    )


def continued_ticks(
    *,
    sent: int,
    elapsed: float,
    rate: int,
    ticks: int,
    old: SenderClock | None,
    new: SenderClock | None,
    timestamp: int,
) -> int:
    """The offset that takes `timestamp` of a new layer to the outgoing clock.

    `sent` is the last outgoing timestamp, `elapsed` the seconds since, `ticks` the offset it was sent with.
    With sender reports of both layers the offset is exact, else our own clock stands in. Always moves
    forward.
    """
    guess = max(1, round(elapsed * rate))
    step = guess
    if old is not None and new is not None:
        mapped = old.timestamp_of(new.ntp_of(timestamp, rate), rate) + ticks
        exact = signed32(mapped - sent)
        if abs(exact - guess) <= CLOCK_DOUBT * rate:
            step = max(1, exact)
    return (sent + step - timestamp) & 0xFFFFFFFF
