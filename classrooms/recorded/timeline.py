"""A recording's time as its viewer knows it: from 0 on, without what was not recorded. Pure.

The player does the same in static/js/player/timeline.js; both are held against one table of cases
(tests/js/unit/timeline_cases.json).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

BREAK = 1.5  # seconds in which nobody was recorded: a pause, or a media server that was away

Span = tuple[float, float]
"""From and to, in seconds since the recording's first track began: the time of the class."""


@dataclass(frozen=True)
class Stretch:
    """Recorded without a break, `start` to `end` of the class; `begins` for the viewer. Seconds."""

    start: float
    end: float
    begins: float

    @property
    def length(self) -> float:
        return self.end - self.start


def stretches(spans: Iterable[Span]) -> list[Stretch]:
    """What was recorded without a break, of tracks that lasted so long."""
    found: list[Stretch] = []
    for start, end in sorted(spans):
        if found and start - found[-1].end < BREAK:
            found[-1] = replace(found[-1], end=max(found[-1].end, end))
        else:
            found.append(Stretch(start, end, 0.0))
    begins = 0.0
    for index, stretch in enumerate(found):
        found[index] = replace(stretch, begins=begins)
        begins += stretch.length
    return found


def length_of(found: Iterable[Stretch]) -> float:
    """Seconds that the viewer has before them."""
    return sum(stretch.length for stretch in found)


def view_time(found: list[Stretch], at: float) -> float:
    """From the class's time to the viewer's; what lies in a break is told where it ends."""
    if not found:
        return 0.0
    stretch = next((each for each in found if at <= each.end), found[-1])
    return stretch.begins + min(max(0.0, at - stretch.start), stretch.length)


def class_time(found: list[Stretch], time: float) -> float:
    """And back."""
    if not found:
        return 0.0
    stretch = next((each for each in reversed(found) if each.begins <= time), found[0])
    return min(stretch.end, stretch.start + max(0.0, time - stretch.begins))
