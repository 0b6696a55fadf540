"""What is seen where and when: a screen with its speaker, or all cameras. Pure; seconds of the class."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from classrooms.compose.job import Source
from classrooms.compose.speaking import Turn
from classrooms.recorded.timeline import Stretch

MOST = 9  # cameras at once
INSET = 5  # a fifth of the width
MARGIN = 80  # of the width: 16 pixels of 1280


@dataclass(frozen=True)
class Place:
    """A track's rectangle, in pixels; all even, as 4:2:0 wants it. `whole`: nothing of it is cut off."""

    track: str
    x: int
    y: int
    width: int
    height: int
    whole: bool


@dataclass(frozen=True)
class Scene:
    """Drawn in the order of its places, from `start` to `end`."""

    start: float
    end: float
    places: tuple[Place, ...]


def even(value: float) -> int:
    return int(value) // 2 * 2


def scenes(
    tracks: Sequence[Source], turns: Sequence[Turn], all: Sequence[Stretch], width: int, height: int
) -> list[Scene]:
    """Without gaps inside each stretch; neighbours differ."""
    pictures = [track for track in tracks if not track.is_sound]
    edges = {edge for track in pictures for edge in (track.start, track.end)} | {turn.start for turn in turns}
    found: list[Scene] = []
    for stretch in all:
        inside = sorted(edge for edge in edges if stretch.start < edge < stretch.end)
        cuts = [stretch.start, *inside, stretch.end]
        for start, end in pairwise(cuts):
            playing = [track for track in pictures if track.start <= start < track.end]
            places = arranged(playing, speaker_at(turns, start), width, height)
            if found and found[-1].places == places and found[-1].end == start:
                found[-1] = Scene(found[-1].start, end, places)
            else:
                found.append(Scene(start, end, places))
    return found


def speaker_at(turns: Sequence[Turn], at: float) -> str:
    index = bisect_right(turns, at, key=lambda turn: turn.start)
    return turns[index - 1].person if index else ""


def arranged(playing: Sequence[Source], speaker: str, width: int, height: int) -> tuple[Place, ...]:
    """The screen shared last is large, its speaker beside; without one the cameras, the teacher's first."""
    screens = sorted((track for track in playing if track.is_screen), key=lambda track: track.start)
    cameras = sorted(
        (track for track in playing if not track.is_screen),
        key=lambda track: (not track.teaches, track.start, track.id),
    )
    spoken = [track for track in cameras if track.person == speaker]
    if screens:
        large = Place(screens[-1].id, 0, 0, width, height, whole=True)
        beside = (spoken or cameras)[:1]
        return (large, *(inset(track, width, height) for track in beside))
    if len(cameras) > MOST:
        first = cameras[: MOST - 1]
        last = [track for track in spoken if track not in first] or cameras[MOST - 1 :]
        cameras = [*first, last[0]]
    return grid(cameras, width, height)


def inset(track: Source, width: int, height: int) -> Place:
    wide, high, margin = even(width / INSET), even(height / INSET), even(width / MARGIN)
    return Place(track.id, width - wide - margin, height - high - margin, wide, high, whole=False)


def grid(cameras: Sequence[Source], width: int, height: int) -> tuple[Place, ...]:
    """Equal tiles of the picture's own shape; the last row stands in the middle."""
    if not cameras:
        return ()
    columns = math.ceil(math.sqrt(len(cameras)))
    rows = math.ceil(len(cameras) / columns)
    wide, high = even(width / columns), even(height / columns)
    top = even((height - rows * high) / 2)
    places = []
    for index, camera in enumerate(cameras):
        row, column = divmod(index, columns)
        in_row = min(columns, len(cameras) - row * columns)
        left = even((width - in_row * wide) / 2)
        x, y = left + column * wide, top + row * high
        places.append(Place(camera.id, x, y, wide, high, whole=len(cameras) == 1))
    return tuple(places)
