"""One simulcast layer of a published track (or all of a track without simulcast): from SSRC to listeners."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from signaling.sfu import red
from signaling.sfu.choice import FLOWING, KeyFrames
from signaling.sfu.history import AUDIO_PACKETS, VIDEO_PACKETS, History
from signaling.sfu.nack import Missing
from signaling.sfu.pacing import Later, Pacer
from signaling.sfu.readers import reader
from signaling.sfu.reception import Reception, SenderClock
from signaling.sfu.rendition import Limits, Rendition
from signaling.sfu.rtp import Packet

if TYPE_CHECKING:
    from signaling.sfu.downtrack import DownTrack
    from signaling.sfu.uptrack import UpTrack


class Tap(Protocol):
    """Takes every packet as it arrives, late ones too: a recorder."""

    def take(self, layer: Layer, packet: Packet) -> None: ...

    def wants_key_frame(self, layer: Layer) -> bool: ...

    def source_ended(self) -> None: ...

    def begin_anew(self) -> None: ...


class Layer:
    """Numbers, measures, keeps and hands on the packets of one media SSRC."""

    def __init__(self, track: UpTrack, index: int, rid: str) -> None:
        self.track = track
        self.index = index
        self.rid = rid
        self.ssrc: int | None = None
        self.rtx_ssrc: int | None = None
        self.width = self.height = 0
        self.packet_rate = 0.0
        self.bitrate = 0.0
        self.reception = Reception(track.spec.clock_rate)
        self.history = History(VIDEO_PACKETS if track.kind == "video" else AUDIO_PACKETS)
        self.missing = Missing()
        self.key_frames = KeyFrames()
        self.octets: Counter[tuple[int, int]] = Counter()  # received so far, by (spatial, temporal) layer
        self.bitrates: dict[tuple[int, int], float] = {}  # bit/s of each in the last interval
        self.waiting: list[DownTrack] = []  # change to this layer where it can be entered
        self.moving: list[DownTrack] = []  # are here and want other limits
        self.pacer: Pacer | None = None
        self.tap: Tap | None = None
        self.last_at = -1e9
        self._reader = reader(track.mime)
        self.packets = self._packets_before = 0  # received so far; at the end of the last interval
        self._counted: Counter[tuple[int, int]] = Counter()  # octets at the end of the last interval
        self._renditions: dict[Limits, Rendition] = {}

    @property
    def takers(self) -> list[DownTrack]:
        """Who gets its packets."""
        return [who for rendition in self._renditions.values() for who in rendition.listeners]

    @property
    def needed(self) -> bool:
        """Whether a key frame would be of use to anybody who is or waits here."""
        return bool(self.takers or self.waiting or (self.tap and self.tap.wants_key_frame(self)))

    def rate(self, spatial: int, temporal: int) -> float:
        """bit/s of what a listener with these limits gets."""
        within = (bits for (s, t), bits in self.bitrates.items() if s <= spatial and t <= temporal)
        return sum(within)

    def rendition(self, limits: Limits, number: int) -> Rendition:
        """The one with these limits; if it is new, it begins at packet `number`."""
        found = self._renditions.get(limits)
        if found is None:
            found = self._renditions[limits] = Rendition(self, limits, number)
        return found

    def abandon(self, rendition: Rendition) -> None:
        """Nobody is in the rendition any more."""
        if self._renditions.get(rendition.limits) is rendition:
            del self._renditions[rendition.limits]

    @property
    def flowing(self) -> bool:
        return self.track.clock() - self.last_at < FLOWING

    @property
    def clock(self) -> SenderClock | None:
        return self.reception.clock

    def bind(self, ssrc: int) -> None:
        """Packets of `ssrc` are this layer's; after another SSRC, listeners enter anew at a key frame."""
        if self.ssrc is not None and self.ssrc != ssrc:
            if self.pacer is not None:
                self.pacer.flush()
            self.reception = Reception(self.track.spec.clock_rate, self.history.highest)
            self.missing = Missing()
            self._reader = reader(self.track.mime)
            for listener in self.takers:
                listener.enter_anew()
            if self.tap is not None:
                self.tap.begin_anew()
        self.ssrc = ssrc

    def receive(self, packet: Packet, at: float, *, recovered: bool) -> str | None:
        """Take one packet; answers the reason when it is dropped."""
        highest = self.reception.highest
        number = self.reception.place(packet.sequence, recovered=recovered)
        if number is None:
            return "sequence_jump"
        if self.history.taken(number):
            return "duplicate"
        packet.number, packet.arrival = number, at
        if packet.payload:
            reason = self._describe(packet)
            if reason:
                return reason
        self.history.keep(packet)
        newest = number > highest
        if not recovered:
            self.reception.measure(packet.timestamp, at)
        if self.track.spec.nack:
            self._watch_gaps(packet, highest, newest, at)
        self._account(packet, at)
        if self.pacer is None:
            self._forward(packet, newest)
        else:
            self.pacer.take(packet, newest, at, self.bitrate)
        return None

    def _account(self, packet: Packet, at: float) -> None:
        """What is known of the layer by its packets, for whoever records and whoever listens."""
        if self.tap is not None:
            self.tap.take(self, packet)
        frame = packet.picture
        self.packets += 1
        self.octets[(0, 0) if frame is None else (frame.spatial, frame.temporal)] += len(packet.payload)
        silent = at - self.last_at >= FLOWING
        self.last_at = at
        if silent:
            self.track.layer_started()

    def pace(self, later: Later) -> None:
        """From now on smooth what comes in bursts."""
        self.pacer = Pacer(self._forward, later, self.track.clock)

    def close(self) -> None:
        """Idempotent."""
        if self.pacer is not None:
            self.pacer.close()

    def measure_rates(self, seconds: float) -> None:
        """Rates of the last interval, for whoever asks until the next; lets go of old packets too."""
        self.packet_rate = (self.packets - self._packets_before) / seconds
        self.bitrates = {kind: (n - self._counted[kind]) * 8 / seconds for kind, n in self.octets.items()}
        self.bitrate = sum(self.bitrates.values())
        self._packets_before, self._counted = self.packets, self.octets.copy()
        self.history.trim(self.track.clock())

    def ask_key_frame(self) -> None:
        self.key_frames.ask()
        self.track.hurry()

    def key_frame_due(self, now: float) -> bool:
        """Whether to ask for one now; the wish ends with the last listener who has it."""
        if self.key_frames.wanted and not (self.needed or self.track.impatient(now)):
            self.key_frames.forget()
        return self.key_frames.due(now)

    def _describe(self, packet: Packet) -> str | None:
        if self._reader is None:
            packet.starts = True
            return self._unwrap(packet)
        try:
            packet.picture = self._reader.read(packet)
        except ValueError:
            return "frame_malformed"
        packet.starts = packet.picture.key
        return None

    def _unwrap(self, packet: Packet) -> str | None:
        if packet.payload_type == self.track.spec.red_payload_type:
            try:
                _, packet.plain = red.primary(packet.payload)
            except ValueError:
                return "red_malformed"
        return None

    def _watch_gaps(self, packet: Packet, highest: int, newest: bool, at: float) -> None:
        missing = self.missing
        if not newest:
            missing.arrived(packet.number)
        elif packet.number > highest + 1 and highest >= 0:
            missing.skipped(highest + 1, packet.number, at)
            self.track.hurry()
        if packet.starts and packet.picture is not None and missing:
            missing.forget_before(packet.number)

    def _forward(self, packet: Packet, newest: bool) -> None:
        if not newest:
            for listener in self.takers:
                listener.forward_late(packet)
            return
        if self.moving:
            for listener in self.moving.copy():
                listener.move(packet)
        if packet.starts and packet.payload and not self.track.silenced:
            self._enter(packet)
        for rendition in self._renditions.values():
            rendition.forward(packet)

    def _enter(self, packet: Packet) -> None:
        """Let in who waits for this layer, and at a key frame also who has waited too long for another."""
        frame, entering = packet.picture, self.waiting
        if frame is not None:
            if frame.height:
                self.width, self.height = frame.width, frame.height
            self.key_frames.arrived(self.height)
            entering = entering + [who for who in self.track.impatient(packet.arrival) if who not in entering]
        for listener in tuple(entering):
            listener.enter(self, packet)
