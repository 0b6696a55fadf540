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
APART = 0.5  # seconds between two points of a line
DRIFT = 0.05
BEHIND, AHEAD = 10.0, 1.0  # seconds between capture and arrival, and the other way where clocks are not exact


def is_plausible(captured: float, arrival: float) -> bool:
    """Whether what arrived then can have been captured then. Senders say what they like."""
    return arrival - BEHIND <= captured <= arrival + AHEAD


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
    """32-bit timestamps to ones that never wrap: of all that one could be, that which is closest to what the
    stream's clock should show by then. So one that is wrong leads no other astray."""

    def __init__(self, rate: int, timestamp: int, at: float) -> None:
        """`timestamp` came at second `at` of our clock."""
        self._rate = rate
        self._timestamp = timestamp
        self._at = at

    def __call__(self, timestamp: int, at: float) -> int:
        due = self._timestamp + round((at - self._at) * self._rate)
        return due + (timestamp - due + WRAP // 2) % WRAP - WRAP // 2


Point = tuple[int, float]


class Timeline:
    """One stream's timestamps (unwrapped) to seconds of our clock."""

    def __init__(self, rate: int, known: Iterable[Point]) -> None:
        """`known`: (timestamp, seconds) in the order they were told, at least one."""
        self._rate = rate
        self._segments = [
            (np.array([stamp for stamp, _ in points]), np.array([time for _, time in points]))
            for points in segments(rate, list(known))
        ]

    def __call__(self, stamp: int) -> float:
        """Between two points the line is straight; a stream whose clock jumped has a line for each part."""
        stamps, times = next(
            (line for line in reversed(self._segments) if line[0][0] <= stamp), self._segments[0]
        )
        if stamp <= stamps[0]:
            return float(times[0] + (stamp - stamps[0]) / self._rate)
        if stamp >= stamps[-1]:
            return float(times[-1] + (stamp - stamps[-1]) / self._rate)
        return float(np.interp(stamp, stamps, times))


def segments(rate: int, points: list[Point]) -> list[list[Point]]:
    """Points that lie on one clock each: two that agree with each other, and not with those before, begin
    another; a single one that agrees with nothing is left out."""
    found = [[points[0]]]
    odd: Point | None = None
    for point in points[1:]:
        if agrees(rate, found[-1][-1], point):
            found[-1].append(point)
            odd = None
        elif odd is not None and agrees(rate, odd, point):
            found.append([odd, point])
            odd = None
        elif point[0] > found[-1][-1][0] + APART * rate:
            odd = point
    return found


def agrees(rate: int, earlier: Point, later: Point) -> bool:
    """Whether a clock that is off by 5 % at most could have told both, some time apart."""
    elapsed = (later[0] - earlier[0]) / rate
    return elapsed > APART and abs((later[1] - earlier[1]) / elapsed - 1) < DRIFT


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
