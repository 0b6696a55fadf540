"""Everybody's sound in one: 48 kHz, two channels, floats from -1 to 1."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame

from classrooms.compose.job import Source

RATE = 48000
LOUDEST = 0.97
APART = RATE // 25  # samples that a stamp may be off: those of Matroska count milliseconds
Samples = np.ndarray[Any, np.dtype[np.float32]]


class Voice:
    """One track's samples, going forward; silence where none came."""

    def __init__(self, track: Source) -> None:
        self.track = track
        self._first = round(track.start * RATE)
        self._container = av.open(track.path)
        self._parts: deque[tuple[int, Samples]] = deque()
        self._source = self._decode()

    def read(self, first: int, count: int) -> Samples:
        """`count` samples of the class from number `first` on; shape (2, count)."""
        found = np.zeros((2, count), np.float32)
        while not self._parts or end_of(self._parts[-1]) < first + count:
            part = next(self._source, None)
            if part is None:
                break
            self._parts.append(part)
        while self._parts and end_of(self._parts[0]) <= first:
            self._parts.popleft()
        for start, samples in self._parts:
            low, high = max(start, first), min(start + samples.shape[1], first + count)
            if low < high:
                found[:, low - first : high - first] = samples[:, low - start : high - start]
        return found

    def close(self) -> None:
        """Idempotent."""
        self._container.close()

    def _decode(self) -> Iterator[tuple[int, Samples]]:
        """Samples with the number of their first; stamps matter only where something is missing."""
        at: int | None = None
        for start, samples in resampled(self._container, RATE, "stereo"):
            stamp = self._first + start
            if at is None or abs(stamp - at) > APART:
                at = stamp
            yield at, samples
            at += samples.shape[1]


def end_of(part: tuple[int, Samples]) -> int:
    return part[0] + len(part[1][0])


def resampled(
    container: av.container.InputContainer, rate: int, layout: str
) -> Iterator[tuple[int, Samples]]:
    """Decoded sound with the number of its first sample; what cannot be decoded is left out."""
    resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
    for packet in container.demux(container.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            start = round(float(frame.time or 0.0) * rate)
            frame.pts = None
            for part in resampler.resample(frame):
                yield start, part.to_ndarray().astype(np.float32, copy=False)
                start += part.samples


class Mixer:
    """Voices together, never too loud."""

    def __init__(self, tracks: Sequence[Source]) -> None:
        self._waiting = sorted((track for track in tracks if track.is_sound), key=lambda track: track.start)
        self._voices: list[Voice] = []
        self._gain = 1.0

    def read(self, first: int, count: int) -> Samples:
        """Samples of the class; shape (2, count). Never goes back."""
        start, end = first / RATE, (first + count) / RATE
        while self._waiting and self._waiting[0].start < end:
            self._voices.append(Voice(self._waiting.pop(0)))
        for voice in [each for each in self._voices if each.track.end + 1 < start]:
            voice.close()
            self._voices.remove(voice)
        mixed = np.zeros((2, count), np.float32)
        for voice in self._voices:
            mixed += voice.read(first, count)
        return self._limited(mixed)

    def close(self) -> None:
        """Idempotent."""
        for voice in self._voices:
            voice.close()

    def _limited(self, mixed: Samples) -> Samples:
        """Turned down at once where several are loud together, up again slowly."""
        peak = float(np.abs(mixed).max(initial=0.0))
        wanted = min(1.0, LOUDEST / peak) if peak else 1.0
        target = min(wanted, self._gain + 0.1)
        ramp = np.linspace(min(self._gain, wanted), target, mixed.shape[1], dtype=np.float32)
        self._gain = target
        quiet: Samples = np.clip(mixed * ramp, -1.0, 1.0)
        return quiet


def as_frame(samples: Samples, number: int) -> AudioFrame:
    """For the encoder; `number` of its first sample."""
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
    frame.sample_rate = RATE
    frame.pts = number
    return frame
