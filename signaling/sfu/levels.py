"""Who speaks, from the audio level header extension (RFC 6464); no audio is decoded.

As in LiveKit: a participant speaks when at least 40 % of a 500 ms window is louder than the threshold.
"""

from __future__ import annotations

from collections import deque

WINDOW = 0.5  # seconds
THRESHOLD = 35  # -dBov; smaller is louder
SHARE = 0.4  # of the window
PACKET = 0.02  # seconds of sound in a packet when nothing else is known
SMOOTHING = 0.5
SILENT = 127


class Loudness:
    """Takes one value a packet; `read` gives (level 0..1, speaking) for a moment."""

    __slots__ = ("_heard", "_smoothed", "_smoothed_at")

    def __init__(self) -> None:
        self._heard: deque[tuple[float, int]] = deque(maxlen=64)
        self._smoothed = 0.0
        self._smoothed_at = 0.0

    def observe(self, extension: bytes, at: float) -> None:
        self._heard.append((at, extension[0] & 0x7F))

    def read(self, now: float) -> tuple[float, bool]:
        loud = [level for at, level in self._heard if now - at <= WINDOW and level <= THRESHOLD]
        speaking = len(loud) * PACKET >= SHARE * WINDOW
        aim = 10 ** (-min(loud) / 20) if speaking else 0.0
        if now - self._smoothed_at >= WINDOW / 2:
            self._smoothed += (aim - self._smoothed) * SMOOTHING
            self._smoothed_at = now
            if self._smoothed < 0.001:
                self._smoothed = 0.0
        return self._smoothed, speaking
