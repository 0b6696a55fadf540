"""A publisher and a listener without sockets, keys or time: what goes out is written down in plain."""

import struct
from collections import Counter
from dataclasses import dataclass, field

from signaling.sfu.downtrack import DownTrack
from signaling.sfu.drops import Drops
from signaling.sfu.rtp import Packet, read_extensions
from signaling.sfu.sendlog import SendLog, SendLogs
from signaling.sfu.slots import SLOT, Slots
from signaling.sfu.spec import SendSpec
from signaling.sfu.srtp import Sealer
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
    extensions: dict[int, bytes]
    peer: bytes
    octets: bytes

    @classmethod
    def read(cls, octets: bytes, peer: bytes) -> "Sent":
        first, second, sequence, timestamp, ssrc = struct.unpack_from("!BBHII", octets)
        at, extensions = 12, {}
        if first & 0x10:
            profile, words = struct.unpack_from("!HH", octets, 12)
            at = 16 + 4 * words
            extensions = read_extensions(octets, 16, at, profile)
        end = len(octets) - (octets[-1] if first & 0x20 else 0)
        marker = second >= 0x80
        return cls(marker, second & 0x7F, sequence, timestamp, ssrc, octets[at:end], extensions, peer, octets)


class Paper:
    """A port that writes down what is sent."""

    def __init__(self) -> None:
        self.outbox = Slots(128, 16)
        self.tail = 0
        self.full = False
        self.sent: list[Sent] = []

    def room(self) -> bool:
        return not self.full

    def reserve(self, count: int) -> bool:
        return not self.full

    def address(self, slot: int, peer: bytes) -> None:
        self.outbox.names[16 * slot : 16 * slot + 16] = peer
        self.queue(1)

    def queue(self, count: int) -> None:
        for slot in range(count):
            start, size = slot * SLOT, self.outbox.sizes[2 * slot + 1]
            peer = bytes(self.outbox.names[16 * slot : 16 * slot + 16])
            self.sent.append(Sent.read(bytes(self.outbox.view[start : start + size]), peer))


class Ink(Sealer):
    """A Sealer that encrypts nothing; `failures` are the next statuses of libsrtp."""

    def __init__(self, port: Paper, log: SendLog, peer: bytes) -> None:
        super().__init__(None, None, Drops(), port, peer, log)
        self.failures: list[int] = []

    def protect(self, handle, pointer, length) -> int:
        return self.failures.pop(0) if self.failures else 0

    @property
    def sent(self) -> list[Sent]:
        return self.port.sent


@dataclass
class Stage:
    """Both transports at once."""

    clock: Clock = field(default_factory=Clock)
    cname: str = "teacher"
    rtt: float | None = None
    sealer: Ink | None = None
    dropped: list[str] = field(default_factory=list)
    started: list[UpTrack] = field(default_factory=list)
    hurried: int = 0
    ssrcs: int = 70_000

    def __post_init__(self) -> None:
        self.logs = SendLogs(self.clock)
        self.port = Paper()
        self.sealer = self.ink()

    def ink(self, peer: int = 0) -> Ink:
        return Ink(self.port, self.logs.open(), peer.to_bytes(16, "big"))

    def hurry(self) -> None:
        self.hurried += 1

    def media_started(self, track) -> None:
        self.started.append(track)

    def forget_track(self, track) -> None:
        pass

    def forget_listener(self, listener) -> None:
        pass

    def reached(self, stage) -> None:
        pass

    def may_repeat(self) -> bool:
        return True

    def repeated(self, octets) -> None:
        pass

    def drop(self, reason) -> None:
        self.dropped.append(reason)

    def new_ssrc(self) -> int:
        self.ssrcs += 1
        return self.ssrcs

    def publish(self, spec=VIDEO) -> UpTrack:
        return UpTrack(self, spec)

    def listen(self, track, spec: SendSpec = SEND_VIDEO, by: "Listening | None" = None) -> DownTrack:
        return DownTrack(by or self, track, spec)

    def arrive(
        self, track, sequence, payload, *, layer=0, timestamp=None, recovered=False, marker=0,
        forwarded=None, plain=None,
    ):  # fmt: skip
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
        packet.dependency, packet.plain = forwarded, plain
        return track.receive(taken, packet, self.clock(), recovered=recovered, level=None)

    @property
    def sent(self) -> list[Sent]:
        return self.port.sent


class Listening:
    """One of several transports that listen on a stage."""

    def __init__(self, stage: Stage, number: int) -> None:
        self.clock, self.rtt = stage.clock, None
        self.sealer = stage.ink(number)
        self.dropped: Counter[str] = Counter()
        self.new_ssrc = stage.new_ssrc

    def may_repeat(self) -> bool:
        return True

    def repeated(self, octets) -> None:
        pass

    def drop(self, reason) -> None:
        self.dropped[reason] += 1

    def forget_listener(self, listener) -> None:
        pass

    def reached(self, stage) -> None:
        pass


def simulcast(stage: Stage) -> UpTrack:
    """Three layers whose sender reports agree on the clock."""
    track = stage.publish(SIMULCAST)
    for layer in track.layers:
        track.sender_report(layer, 1000.0, layer.index * 1_000_000, stage.clock())
    return track
