"""When somebody speaks in a track: where it is louder than its own noise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from classrooms.compose.sound import resampled
from classrooms.recorded.timeline import Span
from classrooms.spans import merged

RATE = 16000
WINDOW = 0.05  # seconds
ABOVE_NOISE = 12.0  # dB
QUIETEST = -50.0  # dB below full scale: nothing softer is speech
GAP = 0.7  # seconds of silence inside a sentence
SHORTEST = 0.25  # seconds: a click or a cough is no speech


def speech(path: Path) -> list[Span]:
    """Seconds of the file in which somebody speaks. Raises OSError, av.FFmpegError."""
    times, levels = [], []
    for time, level in loudness(path):
        times.append(time)
        levels.append(level)
    if not levels:
        return []
    heard = [level for level in levels if level > -90]
    noise = float(np.percentile(heard, 10)) if heard else QUIETEST
    least = max(QUIETEST, min(noise + ABOVE_NOISE, -20.0))
    loud = ((time, time + WINDOW) for time, level in zip(times, levels, strict=True) if level >= least)
    return [(round(start, 2), round(end, 2)) for start, end in merged(loud, GAP) if end - start >= SHORTEST]


def loudness(path: Path) -> Iterator[tuple[float, float]]:
    """Time in seconds and level in dB of each window."""
    size = round(RATE * WINDOW)
    with av.open(str(path)) as container:
        rest, at = np.empty(0, np.float32), 0
        for start, samples in resampled(container, RATE, "mono"):
            if abs(start - at - len(rest)) > RATE // 10:  # something is missing
                rest, at = np.empty(0, np.float32), start
            rest = np.concatenate([rest, samples[0]])
            while len(rest) >= size:
                power = float(np.mean(np.square(rest[:size])))
                yield at / RATE, 10 * np.log10(power + 1e-12)
                rest, at = rest[size:], at + size
