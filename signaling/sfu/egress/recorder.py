"""The listener that records: of one published track it takes the best layer that flows, as it comes.

It asks for what a listener would: key frames where it begins, the best layer of those a publisher could send.
Packets are neither decoded nor put in order; late ones, sent again after a loss, are taken too. Nothing is
taken of what others muted (`UpTrack.hold`), not even if it is sent again afterwards.
"""

from __future__ import annotations

from collections.abc import Callable

from signaling.sfu.egress.clocks import BEHIND, Skew
from signaling.sfu.egress.packets import LAYER, pack_packet, pack_report
from signaling.sfu.layers import Layer
from signaling.sfu.rtp import Packet
from signaling.sfu.uptrack import UpTrack

STALE = 1.6  # seconds without a packet, after which a lower layer will do: a still screen comes once a second
NOTHING_YET = -1


class Recorder:
    """`append` takes records (packets.py) and when they came; `wall` is seconds since 1970, as they are;
    `ended`: the track is no more."""

    def __init__(
        self,
        track: UpTrack,
        append: Callable[[bytes, float], None],
        wall: Callable[[], float],
        skew: Skew,
        ended: Callable[[], None],
    ) -> None:
        self.track = track
        self.index = NOTHING_YET  # of the layer that is recorded
        self.packets = 0
        self._append = append
        self._skew = skew
        self._ended = ended
        self._since_epoch = wall() - track.clock()
        self._reported: dict[int, float] = {}  # by stream: NTP of the last report that was logged
        self._streams: dict[tuple[int, int | None], int] = {}  # by layer and SSRC: its number in the log
        self._after = [-1] * len(track.layers)  # by layer: number of the last packet that is not taken
        for layer in track.layers:
            layer.tap = self
            layer.ask_key_frame()

    def close(self) -> None:
        """Idempotent."""
        for layer in self.track.layers:
            if layer.tap is self:
                layer.tap = None

    def begin_anew(self) -> None:
        """Packets are missing, come from another source, or may not pass: go on at a key frame, with what is
        sent from now on."""
        self.index = NOTHING_YET
        self._after = [layer.reception.highest for layer in self.track.layers]
        for layer in self.track.layers:
            layer.ask_key_frame()

    def source_ended(self) -> None:
        self._ended()

    def wants_key_frame(self, layer: Layer) -> bool:
        """A better layer could be entered, or packets of this one are lost for good."""
        better = layer.index >= self.index or self._is_stale(self.track.clock())
        return better and not self.track.held

    def take(self, layer: Layer, packet: Packet) -> None:
        """Every packet that has its number, in the order of arrival."""
        if self.track.held or packet.number <= self._after[layer.index]:
            return
        if layer.index != self.index and not self._moves_to(layer, packet):
            return
        arrival = packet.arrival + self._since_epoch
        stream = self._streams.setdefault((layer.index, layer.ssrc), len(self._streams) & LAYER)
        self._report(layer, stream, packet, arrival)
        payload = packet.payload if packet.plain is None else packet.plain
        self._append(
            pack_packet(
                stream,
                packet.number,
                packet.timestamp,
                arrival,
                payload,
                marker=packet.marker,
                starts=packet.starts,
            ),
            arrival,
        )
        self.packets += 1

    def _moves_to(self, layer: Layer, packet: Packet) -> bool:
        """Enter a layer at a key frame: a better one at once, a lower one when the current is silent."""
        if layer.index < self.index and not self._is_stale(packet.arrival):
            return False
        if not packet.starts:
            layer.ask_key_frame()
            return False
        self.index = layer.index
        return True

    def _is_stale(self, at: float) -> bool:
        return self.index == NOTHING_YET or at - self.track.layers[self.index].last_at > STALE

    def _report(self, layer: Layer, stream: int, packet: Packet, arrival: float) -> None:
        clock = layer.clock
        if clock is None:
            return
        ntp = clock.ntp_of(packet.timestamp, self.track.spec.clock_rate)
        if abs(clock.at + ntp - clock.ntp - packet.arrival) > BEHIND:
            return  # it would hide the true offset for as long as the skew remembers
        offset = self._skew.observe(arrival, ntp)
        if self._reported.get(stream) != clock.ntp:
            self._reported[stream] = clock.ntp
            self._append(pack_report(stream, clock.timestamp, arrival, clock.ntp, offset), arrival)
