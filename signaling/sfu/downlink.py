"""What one listener can take: feedback in, an estimate out, probes when more is wanted.

One for each transport. A listener that sends no transport-wide feedback is judged by its REMB and the loss it
reports; such an estimate only ever limits (remb.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from signaling.sfu.estimator import Batch, Estimator, gather
from signaling.sfu.feedback import REFERENCE_TICKS, REFERENCE_WRAP, TICK, Feedback
from signaling.sfu.probing import LENGTH, Probing
from signaling.sfu.remb import Fallback

PULSE = 0.025  # seconds between two calls of `pulse`
ROUND, CALM_ROUND = 0.1, 0.2  # seconds of feedback judged together
MOST = 2000  # packets judged together
REPEATS, REPEATS_BURST = 0.25, 1.0  # of the estimate; seconds of that at once
SETTLING = 0.4  # seconds for a probe's own queue to empty
FALL = 0.9  # of the estimate that was shared out last: below it is shared out anew at once
RISE = 1.1
LEAST_PADDING = 250  # octets: a packet of padding has no more
UNTOLD = 500  # packets after which the first word on them is late
HEADROOM = 1.2  # of what is wanted: what a probe is to show


class Log(Protocol):
    """What was sent under which transport-wide number (sendlog.py)."""

    @property
    def last(self) -> int: ...

    def extend(self, sequence: int) -> int: ...

    def read(self, first: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]: ...


class Wire(Protocol):
    """What it needs of the transport."""

    @property
    def log(self) -> Log: ...

    def probe(self, octets: int, packets: int) -> int:
        """Send padding; answers how much it was (0: there is nothing to pad on)."""

    def hurry(self) -> None:
        """Have `pulse` called soon."""


class Downlink:
    """`share` gives the estimate out, `want` says what became of it.

    `changed` is called when the estimate is clearly another than the one that `share` gave out last.
    """

    def __init__(self, wire: Wire) -> None:
        self.estimator = Estimator()
        self.fallback = Fallback()
        self.probing = Probing()
        self.numbered = False  # what we send carries transport-wide numbers: feedback will come
        self.needed = 0.0
        self.changed: Callable[[], None] = lambda: None
        self._wire = wire
        self._told = 0  # numbers below were spoken of
        self._shared: float | None = None
        self._epoch = 0
        self._latest = -1  # ticks
        self._round_at = 0.0
        self._round_from = 0
        self._arrivals: list[float | None] = []  # of the round, from number `_round_from` on
        self._forgiving_until = 0.0
        self._repeats = self._repeats_at = 0.0  # octets that may be sent again, and when that was

    def __str__(self) -> str:
        rate, queue = self.bitrate, self.estimator.queue
        carried = "unknown" if rate is None else f"{rate / 1000:.0f} kbit/s"
        return f"carries {carried}, wanted {self.needed / 1000:.0f}, queue {1000 * queue:.0f} ms"

    @property
    def bitrate(self) -> float | None:
        """bit/s; None while nothing limits."""
        limited = self.fallback.bitrate
        if not self.numbered:
            return limited
        if self.estimator.measured:
            return self.estimator.bitrate
        return self.estimator.bitrate if limited is None else min(limited, self.estimator.bitrate)

    @property
    def congested(self) -> bool:
        return self.numbered and self.estimator.congested

    def may_repeat(self, now: float) -> bool:
        """Repeats get a quarter of what the line carries, or all that new packets leave of it."""
        if not self.numbered:
            return True
        room = max(REPEATS * self.estimator.bitrate, self.estimator.bitrate - self.needed) / 8
        self._repeats = min(room * REPEATS_BURST, self._repeats + room * (now - self._repeats_at))
        self._repeats_at = now
        return self._repeats > 0

    def repeated(self, octets: int) -> None:
        """So much was sent again."""
        if self.numbered:
            self._repeats -= octets

    def share(self) -> float | None:
        """The estimate, for sharing out now."""
        self._shared = self.bitrate
        return self._shared

    def want(self, needed: float, spent: float) -> None:
        """bit/s that everything wished for would take, and that what was shared out takes."""
        self.needed, self.fallback.sent = needed, spent
        self.look_up()

    def moved(self) -> None:
        """The listener's address changed: what is on its way by the old path tells nothing about the new."""
        self._told = self._round_from = self._wire.log.last + 1
        self._arrivals = []
        self.estimator.moved()

    # What the listener says

    def acknowledge(self, feedback: Feedback, now: float) -> None:
        """Kept until the round is over: then all of it is looked at together."""
        log = self._wire.log
        first = log.extend(feedback.base)
        skip = max(0, self._told - first)
        arrivals = feedback.arrivals[skip:]
        first += skip
        if first + len(arrivals) > log.last + 1 or not arrivals:
            return  # all told before, or of packets that were never sent
        self.numbered = True
        if first != self._told or len(self._arrivals) > MOST:
            self._judge(now)
            self._round_from = first
        self._told = first + len(arrivals)
        self._arrivals += self._unwrapped(arrivals)
        if now - self._round_at >= (CALM_ROUND if self._calm else ROUND):
            self._judge(now)

    def remb(self, bitrate: float, now: float) -> None:
        """`bitrate` in bit/s, as the listener's own estimate says."""
        self.fallback.remb(bitrate, now)

    def reported(self, fraction_lost: float, now: float) -> None:
        """0..1, from a receiver report."""
        self.fallback.lost(fraction_lost, now)

    # The timers

    def pulse(self, now: float) -> bool:
        """Every 25 ms after `hurry`: the next piece of a probe; True while there is more to do."""
        probing = self.probing
        if probing.probe is None:
            if self._may_probe(now):
                self._pad(now)
                return True
            return self._goal() > self.estimator.bitrate and probing.soon(now)
        if probing.probe.last is None:
            if now - probing.probe.started >= LENGTH:
                probing.end(now, self._wire.log.last)
            else:
                self._pad(now)
        elif probing.overdue(now):
            probing.conclude(now)
        return probing.probe is not None

    def tick(self, now: float) -> None:
        """Once a second."""
        if not self.numbered:
            return
        if not self.estimator.measured and self._wire.log.last >= UNTOLD:
            self.numbered = False  # agreed upon, but never sent
            self._tell()
            return
        self.estimator.tick(now, self._wire.log.last + 1 - self._told)
        self._tell()
        self.look_up()

    def look_up(self) -> None:
        """Probe if more is needed than the estimate allows."""
        if self.numbered and self._goal() > self.estimator.bitrate:
            self._wire.hurry()

    def _goal(self) -> float:
        return HEADROOM * self.needed

    def _may_probe(self, now: float) -> bool:
        estimator = self.estimator
        if not self.numbered or not estimator.measured or estimator.congested or estimator.silent:
            return False
        return self.probing.begin(now, self._goal(), estimator.bitrate, self._wire.log.last + 1)

    def _pad(self, now: float) -> None:
        """As much padding as the media sent since the probe began leaves of its rate."""
        probe = self.probing.probe
        if probe is None:
            return
        _, sizes = self._wire.log.read(probe.first, self._wire.log.last + 1 - probe.first)
        due = probe.rate * (now - probe.started + PULSE) / 8
        octets = max(int(due - sizes.sum()), LEAST_PADDING)
        if self._wire.probe(octets, 1 + octets // LEAST_PADDING) == 0:
            self.probing.conclude(now)

    @property
    def _calm(self) -> bool:
        """Everything wanted is sent with room to spare, and nothing is wrong."""
        return self._goal() <= self.estimator.bitrate and not self.estimator.congested

    def _judge(self, now: float) -> None:
        """The round is over."""
        first, arrivals = self._round_from, self._arrivals
        self._round_from, self._arrivals, self._round_at = self._told, [], now
        if not arrivals:
            return
        entered, octets = self._wire.log.read(first, len(arrivals))
        sent, sizes = entered.tolist(), octets.tolist()
        probe = self.probing.probe
        if probe is not None:
            probe.note(first, sent, sizes, arrivals)
        batch = gather(sent, sizes, arrivals)
        if batch is not None:
            self._take(now, batch)

    def _take(self, now: float, batch: Batch) -> None:
        before = self.estimator.bitrate
        if self.estimator.silent:
            self.probing.start_anew(now)
        probe = self.probing.probe
        self.estimator.take(now, batch, probing=probe is not None or now < self._forgiving_until)
        if self.estimator.bitrate < before:
            self.probing.give_up(now)
        elif probe is not None and probe.last is not None and self._told > probe.last:
            self._conclude(now)
        self._tell()

    def _conclude(self, now: float) -> None:
        self._forgiving_until = now + SETTLING
        result = self.probing.conclude(now)
        if result is not None:
            self.estimator.probed(result[0], whole=result[1])
        self.look_up()

    def _tell(self) -> None:
        shared, bitrate = self._shared, self.bitrate
        if shared is None or bitrate is None:
            told = shared is not bitrate
        else:
            told = bitrate < FALL * shared or bitrate > RISE * shared
        if told:
            self.changed()

    def _unwrapped(self, arrivals: Sequence[int | None]) -> list[float | None]:
        """One feedback's, in seconds on the listener's clock, which wraps after twelve days."""
        wrap = REFERENCE_WRAP * REFERENCE_TICKS
        first = next((at for at in arrivals if at is not None), None)
        if first is None:
            return [None] * len(arrivals)
        epoch = self._epoch
        if self._latest >= 0 and first + epoch < self._latest - wrap // 2:
            self._epoch = epoch = epoch + wrap
        elif epoch and first + epoch > self._latest + wrap // 2:
            epoch -= wrap  # from before the wrap, but late
        self._latest = max(self._latest, first + epoch)
        return [None if at is None else (at + epoch) * TICK for at in arrivals]
