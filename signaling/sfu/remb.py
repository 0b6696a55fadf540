"""The estimate for a listener without transport-wide feedback: its own (REMB), and the loss it reports.

Clients send REMB without being asked, and say little more than what they get: so it counts only while it is
below what we send. Nothing limits until then, and nothing any more once it is well above.
"""

from __future__ import annotations

LOSSY, LITTLE = 0.1, 0.02
GROWTH = 0.05  # a second
FORGOTTEN = 4.0  # times what is sent: no limit any more
LOWEST = 50_000.0  # bit/s
SPACING = 1.0  # seconds between two decreases after loss


class Fallback:
    """`bitrate` in bit/s, None while nothing limits. `sent` is what goes out, to be kept up to date."""

    def __init__(self) -> None:
        self.bitrate: float | None = None
        self.sent = 0.0
        self._remb: float | None = None
        self._cut_at = self._grown_at = -1e9

    def remb(self, bitrate: float, now: float) -> None:
        self._remb = bitrate
        if bitrate < self.sent:
            self._limit(bitrate, now)
        elif self.bitrate is not None and bitrate > self.bitrate and now - self._cut_at > SPACING:
            self.bitrate = bitrate
            self._release()

    def lost(self, fraction: float, now: float) -> None:
        """0..1 of one track's last report."""
        if fraction > LOSSY:
            if now - self._cut_at >= SPACING and self.sent:
                self._limit(min(self.bitrate or self.sent, self.sent) * (1 - fraction / 2), now)
        elif fraction < LITTLE and self._remb is None and now - self._grown_at >= SPACING:
            self._grow(now)

    def _grow(self, now: float) -> None:
        self._grown_at = now
        if self.bitrate is not None:
            self.bitrate *= 1 + GROWTH
            self._release()

    def _limit(self, bitrate: float, now: float) -> None:
        self.bitrate = max(LOWEST, bitrate)
        self._cut_at = self._grown_at = now

    def _release(self) -> None:
        if self.bitrate is not None and self.sent and self.bitrate > FORGOTTEN * self.sent:
            self.bitrate = None
