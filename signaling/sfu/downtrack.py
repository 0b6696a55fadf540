"""A track as one listener gets it: chosen layer, rewriting, retransmission, sender reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signaling.sfu.uptrack import UpTrack


@dataclass
class DownStats:
    packets: int = 0
    octets: int = 0
    nacked: int = 0  # sequence numbers asked for
    resent: int = 0
    fraction_lost: float = 0.0  # 0..1, from the listener's last receiver report
    lost: int = 0
    jitter: float = 0.0  # seconds


class DownTrack:
    mid: str
    ssrc: int
    rtx_ssrc: int | None
    cname: str
    source: UpTrack
    paused: bool
    max_layer: int
    layer: int | None  # the one being forwarded, None before the first key frame
    stats: DownStats
    closed: bool

    def pause(self) -> None:
        raise NotImplementedError

    def resume(self) -> None:
        raise NotImplementedError

    def select(self, max_layer: int) -> None:
        """0..2: the highest layer this listener may get."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
