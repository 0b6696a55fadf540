"""Which reader makes Frames of a codec's packets. Audio has none: any packet of it can be entered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from signaling.sfu import av1, h264, vp8, vp9
from signaling.sfu.frame import Frame
from signaling.sfu.rtp import Packet


class Reader(Protocol):
    """Reads the packets of one layer, and keeps what later ones refer to."""

    def read(self, packet: Packet) -> Frame:
        """May rewrite the packet's payload to a form whose counters have their full size.

        Raises ValueError for a packet that makes no sense.
        """


READERS: dict[str, Callable[[], Reader]] = {
    "video/vp8": vp8.Reader,
    "video/h264": h264.Reader,
    "video/vp9": vp9.Reader,
    "video/av1": av1.Reader,
}


def reader(mime: str) -> Reader | None:
    found = READERS.get(mime.lower())
    return found() if found else None
