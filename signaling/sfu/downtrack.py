"""A track as one listener gets it: chosen layer, rewriting, retransmission, sender reports."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from signaling.sfu import rtcp
from signaling.sfu.choice import choose
from signaling.sfu.layers import Layer
from signaling.sfu.reception import Block
from signaling.sfu.repeats import Repeats
from signaling.sfu.rewrite import Rewriter, Run, continued_pictures, continued_ticks
from signaling.sfu.rtp import Packet
from signaling.sfu.shape import Shape
from signaling.sfu.spec import SendSpec
from signaling.sfu.srtp import Sealer

if TYPE_CHECKING:
    from signaling.sfu.uptrack import UpTrack

ALL_TEMPORAL = 3
PATIENCE = 0.3  # seconds a new listener waits for the best layer before it takes any
CLOCK_WAIT = 1.5  # seconds a switch waits for the sender report that makes it exact


@dataclass
class DownStats:
    """Since the start, but for the last three: from the listener's last receiver report."""

    packets: int = 0
    octets: int = 0
    nacked: int = 0  # sequence numbers asked for
    resent: int = 0
    fraction_lost: float = 0.0  # 0..1
    lost: int = 0
    jitter: float = 0.0  # seconds


class Subscriber(Protocol):
    """What a DownTrack needs of the transport it leaves on."""

    rtt: float | None
    clock: Callable[[], float]
    sealer: Sealer | None  # None until DTLS is done

    def drop(self, reason: str) -> None: ...

    def forget_listener(self, listener: DownTrack) -> None: ...

    def new_ssrc(self) -> int:
        """Never used before on this transport."""


class DownTrack:
    """Closed by its transport, by its source's end, or by whoever unsubscribes."""

    def __init__(self, subscriber: Subscriber, source: UpTrack, spec: SendSpec) -> None:
        self.subscriber = subscriber
        self.source = source
        self.mid = spec.mid
        self.ssrc = subscriber.new_ssrc()
        self.rtx_ssrc = subscriber.new_ssrc() if spec.rtx_payload_type is not None else None
        self.cname = source.cname
        self.stats = DownStats()
        self.paused = self.closed = False
        self.max_layer = len(source.layers) - 1
        self.max_temporal = ALL_TEMPORAL
        self.shape = Shape(wide=spec.transport_cc)
        self._payload_type = spec.payload_type
        self._red_payload_type = spec.red_payload_type
        self._rewriter: Rewriter[Layer] = Rewriter(
            secrets.randbelow(0x4000)
        )  # first below 2^15: RFC 3711 3.3.1
        self._repeats = Repeats(self, self._rewriter, spec)
        self._current: Layer | None = None
        self._target: Layer | None = None
        self._target_since = 0.0
        self._newest: Packet | None = None  # the last one sent in order
        self._newest_run: Run[Layer] | None = None
        self._reports: dict[int, float] = {}  # the middle of our NTP -> when it was sent
        source.listeners.append(self)
        self.aim()

    @property
    def layer(self) -> int | None:
        """Index of the layer that is forwarded; None before the first key frame and while paused."""
        return None if self._current is None else self._current.index

    @property
    def sent_timestamp(self) -> int | None:
        """RTP time of the newest packet sent; None before the first."""
        if self._newest is None or self._newest_run is None:
            return None
        return (self._newest.timestamp + self._newest_run.ticks) & 0xFFFFFFFF

    def pause(self) -> None:
        self.paused = True
        self._leave()
        self._aim_at(None)

    def resume(self) -> None:
        """Goes on at the next key frame."""
        self.paused = False
        self.aim()

    def select(self, max_layer: int, max_temporal: int = ALL_TEMPORAL) -> None:
        """0..2: the highest layer this listener may get; `max_temporal` thins out the frames of it."""
        self.max_layer, self.max_temporal = max_layer, max_temporal
        self.aim()

    def close(self) -> None:
        """Idempotent."""
        if self.closed:
            return
        self.closed = True
        self._leave()
        self._aim_at(None)
        if self in self.source.listeners:
            self.source.listeners.remove(self)
        self.subscriber.forget_listener(self)

    # Choosing the layer

    def aim(self) -> None:
        """Take the best layer that flows, from its next key frame on."""
        if self.paused or self.closed or self.source.held:
            return
        layers = self.source.layers
        best = choose([layer.flowing for layer in layers], self.max_layer, self.layer)
        if best is None:
            best = min(self.max_layer, len(layers) - 1)
        self._aim_at(None if layers[best] is self._current else layers[best])

    def enter_anew(self) -> None:
        """The current layer's numbers and clock are no longer what they were, or nothing may pass for now."""
        self._leave()
        self._aim_at(None)
        self.aim()

    def takes_any(self, now: float) -> bool:
        """Has seen nothing for so long that any layer is better than none."""
        waits = self._current is None and self._target is not None
        return waits and now - self._target_since >= PATIENCE

    def overdue(self, now: float) -> bool:
        """Waits so long that a key frame will do without a sender report."""
        return self._target is not None and now - self._target_since >= CLOCK_WAIT

    def ask_key_frame(self) -> None:
        """The listener cannot go on (its PLI)."""
        layer = self._current or self._target
        if layer is not None and self.source.kind == "video":
            layer.ask_key_frame()

    def _aim_at(self, layer: Layer | None) -> None:
        if layer is self._target:
            return
        if self._target is not None:
            self._target.waiting.remove(self)
        self._target = layer
        if layer is not None:
            self._target_since = self.subscriber.clock()
            layer.waiting.append(self)
            # Before its keys are there a key frame would be lost, and the next refused for coming too soon:
            # the transport asks once it is connected.
            if self.source.kind == "video" and self.subscriber.sealer is not None:
                layer.ask_key_frame()

    def _leave(self) -> None:
        if self._current is not None:
            self._current.takers.remove(self)
            self._current = None

    # The packet path

    def enter(self, layer: Layer, packet: Packet) -> None:
        """`layer` can be entered at this packet: change to it, unless its clock is still to come."""
        if self.subscriber.sealer is None:
            return
        now, old = packet.arrival, self._newest_run
        ticks = 0
        pictures = continued_pictures(None, None, None)
        if old is not None and self._newest is not None:
            clocks = old.source.clock, layer.clock
            waited = now - self._target_since
            if (
                old.source is not layer
                and None in clocks
                and self._current is not None
                and waited < CLOCK_WAIT
            ):
                return
            ticks = continued_ticks(
                sent=(self._newest.timestamp + old.ticks) & 0xFFFFFFFF,
                elapsed=now - self._newest.arrival,
                rate=self.source.spec.clock_rate,
                ticks=old.ticks,
                old=clocks[0],
                new=clocks[1],
                timestamp=packet.timestamp,
            )
            pictures = continued_pictures(self._newest.picture, old.pictures, packet.picture)
        self._rewriter.switch(layer, packet.number, ticks=ticks, pictures=pictures)
        self._aim_at(None)
        self._leave()
        self._current = layer
        layer.takers.append(self)
        self.aim()

    def forward(self, packet: Packet, newest: bool) -> None:
        """Send one packet of the current layer."""
        rewriter = self._rewriter
        run: Run[Layer] | None = rewriter.current
        if run is None:
            return
        if packet.number < run.start:
            run = rewriter.place(packet.number)
            if run is None:
                self.subscriber.drop("late_before_switch")
                return
        elif newest and self.max_temporal < ALL_TEMPORAL and self._thins_out(packet):
            return
        sealer = self.subscriber.sealer
        if sealer is None:
            return
        out = packet.number + run.shift
        payload_type, payload = self._format(packet)
        if sealer.rtp(
            packet.marker | payload_type,
            out & 0xFFFF,
            (packet.timestamp + run.ticks) & 0xFFFFFFFF,
            self.ssrc,
            payload,
            shape=self.shape,
            picture=packet.picture,
            shifts=run.pictures,
        ):
            self.stats.packets += 1
            self.stats.octets += len(payload)
        if out > rewriter.last:
            rewriter.last = out
            self._newest, self._newest_run = packet, run

    def _format(self, packet: Packet) -> tuple[int, bytes]:
        """Redundant audio goes as it came, or its newest block alone."""
        if packet.plain is None:
            return self._payload_type, packet.payload
        if self._red_payload_type is None:
            return self._payload_type, packet.plain
        return self._red_payload_type, packet.payload

    def pad(self, packet: Packet, newest: bool) -> None:
        """A packet of padding only: swallow it; a late one keeps its place and goes out empty."""
        if newest:
            self._rewriter.skip(packet.number)
        else:
            self.forward(packet, newest)

    def _thins_out(self, packet: Packet) -> bool:
        picture = packet.picture
        if picture is None or picture.temporal <= self.max_temporal:
            return False
        self._rewriter.skip(packet.number, int(picture.starts and picture.closes_gaps))
        return True

    # Feedback from the listener

    def nacked(self, sequences: tuple[int, ...], now: float) -> None:
        """Send again what is still here, within the limits of history.py."""
        self._repeats.nacked(sequences, now)

    def probe(self, octets: int, packets: int) -> int:
        """Send packets of padding alone (Transport.probe); answers how many octets they have."""
        return self._repeats.probe(octets, packets)

    def reported(self, block: Block, now: float) -> float | None:
        """A report block about this track; answers the round trip time in seconds if it tells one."""
        self.stats.fraction_lost = block.fraction / 256
        self.stats.lost = block.lost
        self.stats.jitter = block.jitter / self.source.spec.clock_rate
        sent = self._reports.get(block.lsr) if block.lsr else None
        if sent is None:
            return None
        return max(0.0, now - sent - block.dlsr / 65536)

    def sender_report(self, now: float) -> bytes | None:
        """SR and SDES on the publisher's own NTP clock, so that its audio and video stay together."""
        run, clock = self._rewriter.current, None
        if run is not None:
            clock = run.source.clock
        if run is None or clock is None or not self.stats.packets:
            return None
        ntp = clock.ntp + now - clock.at
        timestamp = clock.timestamp_of(ntp, self.source.spec.clock_rate) + run.ticks
        self._reports[int(ntp * 65536) & 0xFFFFFFFF] = now
        if len(self._reports) > 4:
            del self._reports[next(iter(self._reports))]
        report = rtcp.sender_report(
            self.ssrc,
            ntp=ntp,
            timestamp=timestamp & 0xFFFFFFFF,
            packets=self.stats.packets,
            octets=self.stats.octets,
        )
        return report + rtcp.description(self.ssrc, self.cname)
