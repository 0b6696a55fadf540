"""Outgoing sequence numbers, timestamps and picture ids of one listener, continuous over layer switches.

A listener's stream is a list of runs: stays in a rendition with constant offsets. That is all that is kept
for each listener: from a run an outgoing number leads back to the packet in the layer's history, so nothing
is stored per packet. Numbers here are 64-bit; only their low bits reach the wire.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from signaling.sfu.frame import Frame, Shifts
from signaling.sfu.reception import SenderClock, signed32
from signaling.sfu.rtp import Packet

if TYPE_CHECKING:
    from signaling.sfu.rendition import Rendition

RUNS = 64  # stays that a repeat may lead back to
STRAIGHT: Shifts = (0, 0, 0)
CLOCK_DOUBT = 1.0  # seconds by which a sender report may disagree with our own clock


@dataclass(frozen=True, slots=True)
class Run:
    """From place `start` of a rendition on: place + shift, timestamp + ticks, counters + pictures."""

    source: Rendition
    first: int  # number of the layer at `start`
    start: int
    shift: int
    ticks: int
    pictures: Shifts
    entered: bool  # nothing older of the layer was sent; else the run before was of the same layer

    def shifts(self, pictures: int) -> Shifts | None:
        """What is added to a packet's counters when its stretch adds `pictures`; None for nothing."""
        total = (self.pictures[0] + pictures, self.pictures[1], self.pictures[2])
        return total if any(total) else None


@dataclass(frozen=True, slots=True)
class Sent:
    """The newest packet that went out in order, its run, and what its stretch added to picture ids."""

    packet: Packet
    run: Run
    pictures: int

    @property
    def timestamp(self) -> int:
        return (self.packet.timestamp + self.run.ticks) & 0xFFFFFFFF


class Rewriter:
    """One outgoing SSRC. `current` is the run that packets go out by, None outside of any rendition."""

    __slots__ = ("_last", "_runs", "_sent", "current")

    def __init__(self, first: int) -> None:
        self.current: Run | None = None
        self._last = first - 1
        self._sent: Sent | None = None
        self._runs: deque[Run] = deque(maxlen=RUNS)

    @property
    def last(self) -> int:
        """The highest number given out so far."""
        run = self.current
        if run is not None and run.source.last >= run.start:
            return max(self._last, run.source.last + run.shift)
        return self._last

    @property
    def sent(self) -> Sent | None:
        run = self.current
        if run is not None and run.source.last >= run.start and run.source.newest is not None:
            return Sent(run.source.newest, run, run.source.newest_pictures)
        return self._sent

    def enter(self, source: Rendition, number: int, *, ticks: int, pictures: Shifts) -> Run:
        """Packet `number` of the rendition's layer follows what was sent last, with `pictures` added."""
        self.leave()
        stretch = source.current
        start = number - stretch.skipped
        pictures = (pictures[0] - stretch.pictures, pictures[1], pictures[2])
        return self._begin(Run(source, number, start, self._last + 1 - start, ticks, pictures, True))

    def move(self, source: Rendition, number: int) -> Run:
        """Go on at `number` with another rendition of the layer, as if nothing had happened."""
        old = self.current
        if old is None:
            raise ValueError("only who is in a rendition can move to another")
        self.leave()
        before, stretch = old.source.current, source.current
        out = number - before.skipped + old.shift
        start = number - stretch.skipped
        pictures = (old.pictures[0] + before.pictures - stretch.pictures, old.pictures[1], old.pictures[2])
        return self._begin(Run(source, number, start, out - start, old.ticks, pictures, False))

    def reach(self, out: int) -> None:
        """A late packet went out as `out`, perhaps ahead of all in order: what followed it was left out."""
        self._last = max(self._last, out)

    def leave(self) -> None:
        """The rendition goes on without us."""
        self._last, self._sent, self.current = self.last, self.sent, None

    def place(self, number: int) -> Run | None:
        """The run of a late packet of the current layer; None when it was before the switch."""
        if self.current is None:
            return None
        for run in reversed(self._runs):
            if number >= run.first:
                return run
            if run.entered:
                return None
        return None

    def find(self, sequence: int) -> tuple[Run, int, int] | None:
        """What went out under 16-bit `sequence`: its run, its place there, its outgoing number."""
        last = self.last
        out = last - ((last - sequence) & 0xFFFF)
        for run in reversed(self._runs):
            if out >= run.start + run.shift:
                return run, out - run.shift, out
        return None

    def _begin(self, run: Run) -> Run:
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
