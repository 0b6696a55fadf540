"""Transport-wide sequence numbers of what we send, and what the estimator later asks about them.

draft-holmer-rmcat-transport-wide-cc-extensions-01, 2: every RTP packet of a transport (media, repeats,
probes) takes the next number, whatever its SSRC. All transports of a plane share two arrays, so that a packet
that goes to a hundred listeners is entered for all of them in one statement (fan.py).

For whoever reads the feedback: `transport.log` is a SendLog. `log.extend(sequence)` makes a 16-bit number of
the feedback a 64-bit one, `log.read(first, count)` answers when those packets left and how large they were.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

KEPT = 2048  # packets of one transport: two seconds at 1,000 packets/s
MASK = KEPT - 1
ROWS = 1024  # to begin with; untouched rows cost address space, not memory
SIZE_BITS = 16

Rows = NDArray[np.int64]


def stamp(at: float, size: int) -> int:
    """A send time (seconds, exact to a microsecond) and a size (octets) in one integer."""
    return int(at * 1e6) << SIZE_BITS | size


class SendLogs:
    """Every transport's numbers. `next` and `entries` are indexed by a log's row."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.next: Rows = np.zeros(ROWS, np.int64)
        self.entries: Rows = np.zeros((ROWS, KEPT), np.int64)
        self._flat = self.entries.reshape(-1)
        self._free = list(range(ROWS - 1, -1, -1))

    def open(self) -> SendLog:
        if not self._free:
            self._grow()
        row = self._free.pop()
        self.next[row] = 0
        return SendLog(self, row)

    def close(self, log: SendLog) -> None:
        """The row is another's from now on."""
        self._free.append(log.row)

    def enter(self, rows: Rows, starts: Rows, size: int) -> Rows:
        """The next number of each row (no row twice), entered as sent now. `starts` is rows × KEPT."""
        numbers = self.next.take(rows)
        self._flat[starts + (numbers & MASK)] = stamp(self.clock(), size)
        self.next[rows] = numbers + 1
        return numbers

    def _grow(self) -> None:
        rows = len(self.next)
        self._free = list(range(2 * rows - 1, rows - 1, -1))
        self.next = np.concatenate((self.next, np.zeros(rows, np.int64)))
        self.entries = np.concatenate((self.entries, np.zeros((rows, KEPT), np.int64)))
        self._flat = self.entries.reshape(-1)


class SendLog:
    """One transport's. Numbers are 64-bit and start at 0; their low 16 bits are on the wire."""

    __slots__ = ("logs", "row")

    def __init__(self, logs: SendLogs, row: int) -> None:
        self.logs = logs
        self.row = row

    @property
    def last(self) -> int:
        """The newest number given, -1 before the first."""
        return int(self.logs.next[self.row]) - 1

    def take(self, size: int) -> int:
        """The number of a packet of `size` octets that leaves now."""
        logs, row = self.logs, self.row
        number = int(logs.next[row])
        logs.next[row] = number + 1
        logs.entries[row, number & MASK] = stamp(logs.clock(), size)
        return number

    def extend(self, sequence: int) -> int:
        """The newest number given whose low 16 bits are `sequence`; negative where there is none."""
        last = self.last
        return last - ((last - sequence) & 0xFFFF)

    def read(self, first: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """(send times in seconds of the plane's clock, sizes in octets of the RTP packets) of numbers
        first..first+count-1; both 0 where a number was never given or is no longer kept."""
        after, start = first + count, first & MASK
        entries: Rows = self.logs.entries[self.row, start : start + count]
        if len(entries) < count:  # over the ring's edge
            entries = self.logs.entries[self.row].take(range(first, after), mode="wrap")
        known = range(max(0, self.last + 1 - KEPT), self.last + 1)
        if first < known.start or after > known.stop:
            numbers = np.arange(first, after)
            entries = np.where((numbers >= known.start) & (numbers < known.stop), entries, 0)
        return (entries >> SIZE_BITS).astype(np.float64) * 1e-6, entries & 0xFFFF
