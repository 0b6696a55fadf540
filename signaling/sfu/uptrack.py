"""A published track as it arrives: its simulcast layers, its statistics, its listeners."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signaling.sfu.downtrack import DownTrack


class Layer:
    index: int  # 0 low .. 2 high
    rid: str  # "" when not simulcast
    ssrc: int | None
    flowing: bool  # packets within the last 1.5 s
    packet_rate: float  # per second
    bitrate: float  # bit/s
    width: int  # of the last key frame, 0 until known
    height: int


class UpTrack:
    mid: str
    kind: str
    mime: str
    cname: str
    layers: list[Layer]
    listeners: list[DownTrack]
    muted: bool  # settable; a key frame is asked for on unmute
    level: float  # 0..1, smoothed
    speaking: bool
    fraction_lost: float  # 0..1, the last report interval
    jitter: float  # seconds
    stalled: bool  # not muted and no packet for 3 s
    closed: bool

    def request_key_frame(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Also closes its listeners' DownTracks."""
        raise NotImplementedError
