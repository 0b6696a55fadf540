"""What all listeners with the same limits get of one layer: which packets, numbered without holes.

Leaving packets out (upper layers, padding, silenced sound) closes their numbers once for everybody here, not
for each listener: a listener in a rendition has constant offsets for his whole stay. Three number spaces
follow each other, all 64-bit:

    number    of the layer (reception.py)      what the history is asked for
    place     in the rendition, no holes but those of loss
    outgoing  of one listener (rewrite.py)     its low 16 bits are on the wire
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from signaling.sfu.fan import Fan
from signaling.sfu.frame import Frame
from signaling.sfu.rtp import Packet

if TYPE_CHECKING:
    from signaling.sfu.downtrack import DownTrack
    from signaling.sfu.layers import Layer

ALL = 7  # spatial or temporal layers: no codec has more
STRETCHES = 256  # enough for 2 s of a temporal layer left out


class Limits(NamedTuple):
    """What a listener gets of a layer. `plain`: of redundant audio the newest block alone (RFC 2198)."""

    spatial: int = ALL
    temporal: int = ALL
    plain: bool = False


class Stretch(NamedTuple):
    """Numbers from `start` on have the place number - `skipped`, and their picture ids + `pictures`."""

    start: int
    skipped: int
    pictures: int


class Cut(NamedTuple):
    """What a rendition makes of a packet: the same for all its listeners."""

    payload: bytes
    forwarded: bytes  # the header extension that goes along (shape.py)
    marker: int  # 0x80 or 0
    redundant: bool  # of the listener's RED payload type
    place: int
    timestamp: int  # of the source
    frame: Frame | None
    pictures: int  # what is added to the frame's picture id


class Rendition:
    """`newest` is the last packet handed on in order, `last` its place; -1 before the first."""

    __slots__ = (
        "_stretches", "fan", "last", "layer", "limits", "listeners", "newest", "newest_pictures", "octets",
        "packets",
    )  # fmt: skip

    def __init__(self, layer: Layer, limits: Limits, number: int) -> None:
        """Begins at `number` of the layer."""
        self.layer = layer
        self.limits = limits
        self.fan = Fan()
        self.listeners: list[DownTrack] = []
        self.newest: Packet | None = None
        self.newest_pictures = 0
        self.last = -1
        self.packets = self.octets = 0  # handed on to each listener so far
        self._stretches = deque([Stretch(number, 0, 0)], STRETCHES)

    @property
    def current(self) -> Stretch:
        return self._stretches[-1]

    def admit(self, listener: DownTrack) -> None:
        self.listeners.append(listener)
        self.fan.add(listener)

    def release(self, listener: DownTrack) -> None:
        self.listeners.remove(listener)
        self.fan.remove(listener)

    def forward(self, packet: Packet) -> None:
        """Send the layer's newest packet to everybody here, or leave it out."""
        frame, limits = packet.picture, self.limits
        if (
            not packet.payload
            or (frame is not None and (frame.temporal > limits.temporal or frame.spatial > limits.spatial))
            or self.layer.track.silenced
        ):
            self._skip(packet)
            return
        stretch = self._stretches[-1]
        cut = self.cut(packet, stretch)
        self.newest, self.newest_pictures = packet, stretch.pictures
        self.last = cut.place
        self.packets += 1
        self.octets += len(cut.payload)
        self.fan.send(cut)

    def stretch_of(self, number: int) -> Stretch | None:
        """Where a late packet belongs; None when it is from before this rendition, or too old to tell."""
        for stretch in reversed(self._stretches):
            if number >= stretch.start:
                return stretch
        return None

    def stretch_at(self, place: int) -> Stretch | None:
        """The way back: what has this place is number place + skipped."""
        for stretch in reversed(self._stretches):
            if place >= stretch.start - stretch.skipped:
                return stretch
        return None

    def cut(self, packet: Packet, stretch: Stretch) -> Cut:
        """The packet as everybody here gets it, now or as a repeat: always the same."""
        frame, limits, plain = packet.picture, self.limits, packet.plain
        marker = packet.marker
        if frame is not None and frame.ends and frame.spatial == limits.spatial:
            marker = 0x80  # a picture ends with the last frame that is handed on (RFC 9628 4.1)
        redundant = plain is not None and not limits.plain
        return Cut(
            packet.payload if plain is None or redundant else plain,
            b"" if frame is None else frame.extension(limits.spatial, limits.temporal) or b"",
            marker,
            redundant,
            packet.number - stretch.skipped,
            packet.timestamp,
            frame,
            stretch.pictures,
        )

    def _skip(self, packet: Packet) -> None:
        start, skipped, pictures = self._stretches[-1]
        if packet.number == start:
            self._stretches.pop()
        frame = packet.picture
        closed = frame is not None and frame.starts and frame.closes_gaps
        self._stretches.append(Stretch(packet.number + 1, skipped + 1, pictures - closed))


def may_move(frame: Frame | None, old: Limits, new: Limits) -> bool:
    """Whether a listener's limits may change before this packet, so that everything still decodes."""
    if frame is None or frame.key:
        return True
    if not frame.starts or frame.spatial or new.spatial > old.spatial:
        return False
    if new.temporal <= old.temporal:
        return True
    return frame.switch_up and frame.temporal <= min(old.temporal + 1, new.temporal)
