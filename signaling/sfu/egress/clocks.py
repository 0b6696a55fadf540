"""Everybody's clocks on one: when, by this engine's clock, was a packet captured?

Sender reports tie a stream's timestamps to its sender's clock (RFC 3550 6.4.1). How far that clock is off
ours shows in the fastest packets: they were underway for as long as the line takes at least. All streams of
one sender share that offset, so sound and picture of one person stay together to the millisecond, whatever
their packets met on their way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from signaling.sfu.egress.packets import Report

WINDOW = 30.0  # seconds: clocks drift by a millisecond in that time
WRAP = 1 << 32


class Skew:
    """How far our clock is ahead of one sender's: the least that was seen lately."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()  # (arrival, offset), both rising

    def observe(self, arrival: float, ntp: float) -> float:
        """A packet captured at the sender's `ntp` arrived at our `arrival`; answers the offset, seconds."""
        offset = arrival - ntp
        while self._seen and self._seen[-1][1] >= offset:
            self._seen.pop()
        self._seen.append((arrival, offset))
        while self._seen[0][0] < arrival - WINDOW:
            self._seen.popleft()
        return self._seen[0][1]


class Unwrap:
    """32-bit timestamps to ones that never wrap; from any order within half of their range."""

    def __init__(self) -> None:
        self._newest: int | None = None

    def __call__(self, timestamp: int) -> int:
        if self._newest is None:
            self._newest = timestamp
            return timestamp
        step = ((timestamp - self._newest) + WRAP // 2) % WRAP - WRAP // 2
        value = self._newest + step
        self._newest = max(self._newest, value)
        return value


class Timeline:
    """One layer's timestamps (unwrapped) to seconds of our clock."""

    def __init__(self, rate: int, known: Iterable[tuple[int, float]]) -> None:
        """`known`: (timestamp, seconds), at least one. Between two of them the line is straight."""
        points = sorted(known)
        kept = [points[0]]
        for point in points[1:]:
            elapsed = (point[0] - kept[-1][0]) / rate
            if elapsed > 0.5 and abs((point[1] - kept[-1][1]) / elapsed - 1) < 0.05:  # a clock, not a jump
                kept.append(point)
        self._rate = rate
        self._stamps = np.array([stamp for stamp, _ in kept], np.float64)
        self._times = np.array([time for _, time in kept], np.float64)

    def __call__(self, stamp: int) -> float:
        first, last = self._stamps[0], self._stamps[-1]
        if stamp <= first:
            return float(self._times[0] + (stamp - first) / self._rate)
        if stamp >= last:
            return float(self._times[-1] + (stamp - last) / self._rate)
        return float(np.interp(stamp, self._stamps, self._times))


def points_of(reports: Iterable[tuple[int, Report]]) -> list[tuple[int, float]]:
    """From reports with their unwrapped timestamps. The offset steps down as faster packets are seen: where
    it still falls, the reports before get the value it settled on."""
    found = list(reports)
    offsets = [report.offset for _, report in found]
    for index in reversed(range(len(offsets) - 1)):
        later = offsets[index + 1]
        if found[index + 1][1].ntp - found[index][1].ntp < WINDOW and offsets[index] > later:
            offsets[index] = later
    return [(stamp, report.ntp + offset) for (stamp, report), offset in zip(found, offsets, strict=True)]
