"""A publisher and a listener without sockets, keys or time: what goes out is written down in plain."""

import struct
from dataclasses import dataclass, field

from signaling.sfu.downtrack import DownTrack
from signaling.sfu.rtp import Packet
from signaling.sfu.spec import SendSpec
from signaling.sfu.uptrack import UpTrack
from tests.sfu.plane.conftest import SEND_VIDEO, SIMULCAST, VIDEO, Clock


@dataclass
class Sent:
    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes


class Ink:
    """A Sealer that writes down."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []

    def rtp(
        self, marked_type, sequence, timestamp, ssrc, payload, *, shape=None, picture=None, shifts=None,
        padding=0,
    ) -> bool:  # fmt: skip
        payload = bytearray(payload)
        if picture is not None and shifts is not None:
            picture.patch(memoryview(payload), 0, shifts)
        struct.pack("!BBHII", 0x80, marked_type, sequence, timestamp, ssrc)  # raises where libsrtp would
        self.sent.append(
            Sent(marked_type >= 0x80, marked_type & 0x7F, sequence, timestamp, ssrc, bytes(payload))
        )
        return True


@dataclass
class Stage:
    """Both transports at once."""

    clock: Clock = field(default_factory=Clock)
    cname: str = "teacher"
    rtt: float | None = None
    sealer: Ink | None = field(default_factory=Ink)
    dropped: list[str] = field(default_factory=list)
    started: list[UpTrack] = field(default_factory=list)
    hurried: int = 0
    ssrcs: int = 70_000

    def hurry(self) -> None:
        self.hurried += 1

    def media_started(self, track) -> None:
        self.started.append(track)

    def forget_track(self, track) -> None:
        pass

    def forget_listener(self, listener) -> None:
        pass

    def drop(self, reason) -> None:
        self.dropped.append(reason)

    def new_ssrc(self) -> int:
        self.ssrcs += 1
        return self.ssrcs

    def publish(self, spec=VIDEO) -> UpTrack:
        return UpTrack(self, spec)

    def listen(self, track, spec: SendSpec = SEND_VIDEO) -> DownTrack:
        return DownTrack(self, track, spec)

    def arrive(self, track, sequence, payload, *, layer=0, timestamp=None, recovered=False, marker=0):
        """One packet; the clock stands still. Answers the reason of a drop."""
        taken = track.layers[layer]
        packet = Packet(
            payload_type=96,
            marker=marker,
            sequence=sequence & 0xFFFF,
            timestamp=(sequence * 3000 if timestamp is None else timestamp) & 0xFFFFFFFF,
            ssrc=100 + layer,
            payload=payload,
        )
        return track.receive(taken, packet, self.clock(), recovered=recovered, level=None)

    @property
    def sent(self) -> list[Sent]:
        return self.sealer.sent


def simulcast(stage: Stage) -> UpTrack:
    """Three layers whose sender reports agree on the clock."""
    track = stage.publish(SIMULCAST)
    for layer in track.layers:
        track.sender_report(layer, 1000.0, layer.index * 1_000_000, stage.clock())
    return track
