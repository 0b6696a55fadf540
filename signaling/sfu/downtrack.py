"""A track as one listener gets it: chosen layer, rewriting, retransmission, sender reports."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from signaling.sfu.choice import choose
from signaling.sfu.layers import Layer
from signaling.sfu.reception import Block
from signaling.sfu.rendition import ALL, Cut, Limits, Rendition, may_move
from signaling.sfu.repeats import Repeats
from signaling.sfu.rewrite import STRAIGHT, Rewriter, Run, continued_pictures, continued_ticks
from signaling.sfu.rtp import Packet
from signaling.sfu.senderreports import SenderReports
from signaling.sfu.shape import Shape
from signaling.sfu.spec import SendSpec
from signaling.sfu.srtp import Sealer

if TYPE_CHECKING:
    from signaling.sfu.uptrack import UpTrack

ALL_TEMPORAL = 3
HIGHEST = 2  # of the layers 0..2 that listeners select from
PATIENCE = 0.3  # seconds a new listener waits for the best layer before it takes any
CLOCK_WAIT = 1.5  # seconds a switch waits for the sender report that makes it exact


@dataclass
class DownStats:
    """Since the start, but for the last three: from the listener's last receiver report.

    `packets` and `octets` are what was handed on, with what the port had no room for.
    """

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

    def may_repeat(self) -> bool:
        """Whether the line has room to send something again."""

    def repeated(self, octets: int) -> None:
        """So much was."""

    def forget_listener(self, listener: DownTrack) -> None: ...

    def reached(self, stage: str) -> None:
        """A stage of the join (stages.py)."""

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
        self._stats = DownStats()
        self.paused = self.closed = False
        self._rest: UpTrack | None = None
        self.max_layer = HIGHEST if source.spec.svc else len(source.layers) - 1
        self.max_temporal = ALL_TEMPORAL
        self.shape = Shape(wide=spec.transport_cc, forwarded=spec.forwarded)
        self.payload_type = spec.payload_type
        self.red_payload_type = spec.red_payload_type
        self._rewriter = Rewriter(secrets.randbelow(0x4000))  # first below 2^15: RFC 3711 3.3.1
        self._repeats = Repeats(self, self._rewriter, spec)
        self._target: Layer | None = None
        self._target_since = 0.0
        self._counted = (0, 0)  # packets, octets of the rendition that are in our statistics
        self._sender_reports = SenderReports(self.ssrc, source.cname)
        source.listeners.append(self)
        self.aim()

    @property
    def layer(self) -> int | None:
        """Index of the layer that is forwarded; None before the first key frame and while paused."""
        current = self._current
        if current is None:
            return None
        return self.run.source.limits.spatial if self.source.spec.svc else current.index

    @property
    def temporal(self) -> int | None:
        """Highest temporal layer that is forwarded, as it was selected; None while nothing is."""
        return None if self._rewriter.current is None else self.run.source.limits.temporal

    @property
    def run(self) -> Run:
        """How packets are rewritten now. Raises LookupError outside of a rendition."""
        run = self._rewriter.current
        if run is None:
            raise LookupError("the listener is in no rendition")
        return run

    @property
    def stats(self) -> DownStats:
        self._settle()
        return self._stats

    @property
    def sent_timestamp(self) -> int | None:
        """RTP time of the newest packet sent; None before the first."""
        sent = self._rewriter.sent
        return None if sent is None else sent.timestamp

    @property
    def _current(self) -> Layer | None:
        run = self._rewriter.current
        return None if run is None else run.source.layer

    @property
    def _limits(self) -> Limits:
        spatial = self.max_layer if self.source.spec.svc else ALL
        plain = self.source.spec.red_payload_type is not None and self.red_payload_type is None
        return Limits(spatial, self.max_temporal, plain)

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

    def rest_on(self, rest: UpTrack) -> None:
        """From now on its source may change: when one ends, this silent one takes its place."""
        self._rest = rest

    def follow(self, source: UpTrack, spec: SendSpec | None = None) -> None:
        """Go on with another track from its next key frame on, numbers and clock go on too. `spec` has the
        payload types of its codec; nothing of the former track is sent any more, not even again."""
        self._leave()
        self._aim_at(None)
        if spec is not None:
            self.payload_type, self.red_payload_type = spec.payload_type, spec.red_payload_type
            self._repeats.speak(spec)
        if self in self.source.listeners:
            self.source.listeners.remove(self)
        self.source = source
        source.listeners.append(self)
        self.aim()

    def source_ended(self) -> None:
        if self._rest is None or self._rest is self.source:
            self.close()
        else:
            self.follow(self._rest)

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
        layers, current = self.source.layers, self._current
        flowing = [layer.flowing for layer in layers]
        best = choose(flowing, self.max_layer, None if current is None else current.index)
        if best is None:
            best = min(self.max_layer, len(layers) - 1)
        stays = layers[best] is current
        self._aim_at(None if stays else layers[best])
        self._wish_to_move(stays)

    def enter_anew(self) -> None:
        """The current layer's numbers and clock are no longer what they were, or nothing may pass for now."""
        self._leave()
        self._aim_at(None)
        self.aim()

    def takes_any(self, now: float) -> bool:
        """Has keys, and has seen nothing for so long that any layer is better than none."""
        waits = self._current is None and self._target is not None and self.subscriber.sealer is not None
        return waits and now - self._target_since >= PATIENCE

    def overdue(self, now: float) -> bool:
        """Who waits does so for so long that a key frame will do, with or without a sender report."""
        return self.subscriber.sealer is not None and now - self._target_since >= CLOCK_WAIT

    def ask_key_frame(self) -> None:
        """The listener cannot go on (its PLI)."""
        layer = self._current or self._target
        if layer is not None and self.source.kind == "video":
            layer.ask_key_frame()

    def _wish_to_move(self, stays: bool) -> None:
        """In the layer it `stays` in, a listener may want other limits than those it has."""
        layer = self._current
        if layer is None:
            return
        wanted, has = self._limits, self.run.source.limits
        waits = self in layer.moving
        if not stays or wanted == has:
            if waits:
                layer.moving.remove(self)
            return
        if not waits:
            layer.moving.append(self)
            self._target_since = self.subscriber.clock()
        if wanted.spatial > has.spatial:  # only a key frame leads up
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

    # The packet path

    def enter(self, layer: Layer, packet: Packet) -> None:
        """`layer` can be entered at this packet: change to it, unless its clock is still to come."""
        if self.subscriber.sealer is None:
            return
        sent, ticks = self._rewriter.sent, 0
        pictures = STRAIGHT
        if sent is not None:
            now, old = packet.arrival, sent.run.source.layer
            clocks = (old.clock, layer.clock) if old.track is layer.track else (None, None)
            waits = old is not layer and None in clocks and self.layer is not None
            if waits and now - self._target_since < CLOCK_WAIT:
                return
            ticks = continued_ticks(
                sent=sent.timestamp,
                elapsed=now - sent.packet.arrival,
                rate=self.source.spec.clock_rate,
                ticks=sent.run.ticks,
                old=clocks[0],
                new=clocks[1],
                timestamp=packet.timestamp,
            )
            shifts = sent.run.shifts(sent.pictures)
            if old.track.mime == layer.track.mime:
                pictures = continued_pictures(sent.packet.picture, shifts, packet.picture)
        elif self.source.kind == "video":
            self.subscriber.reached("picture")
        self._aim_at(None)
        self._leave()
        rendition = layer.rendition(self._limits, packet.number)
        self._rewriter.enter(rendition, packet.number, ticks=ticks, pictures=pictures)
        self._stay(rendition)
        self.aim()

    def move(self, packet: Packet) -> None:
        """Change to the limits selected meanwhile, if that is possible from this packet on."""
        old, limits = self.run.source, self._limits
        if not may_move(packet.picture, old.limits, limits):
            return
        old.layer.moving.remove(self)
        self._settle()
        old.release(self)
        rendition = old.layer.rendition(limits, packet.number)
        self._rewriter.move(rendition, packet.number)
        self._stay(rendition)
        if not old.listeners:
            old.layer.abandon(old)

    def send_one(self, cut: Cut) -> None:
        """One packet of the current rendition, as fan.py sends it to many."""
        self._send(cut, self.run)

    def forward_late(self, packet: Packet) -> None:
        """A packet of the current layer that was waited for; padding keeps its place and goes out empty."""
        run = self._rewriter.place(packet.number)
        stretch = None if run is None else run.source.stretch_of(packet.number)
        if run is None or stretch is None:
            self.subscriber.drop("late_before_switch")
            return
        cut = run.source.cut(packet, stretch)
        self._rewriter.reach(cut.place + run.shift)
        if self._send(cut, run):
            self._stats.packets += 1
            self._stats.octets += len(cut.payload)

    def rearrange(self) -> None:
        """The address of the transport is another one now."""
        if self._rewriter.current is not None:
            self.run.source.fan.rearrange()

    def _send(self, cut: Cut, run: Run) -> bool:
        sealer = self.subscriber.sealer
        return sealer is not None and sealer.rtp(
            cut.marker | self.type_of(cut),
            (cut.place + run.shift) & 0xFFFF,
            (cut.timestamp + run.ticks) & 0xFFFFFFFF,
            self.ssrc,
            cut.payload,
            shape=self.shape,
            forwarded=cut.forwarded,
            picture=cut.frame,
            shifts=run.shifts(cut.pictures),
        )

    def type_of(self, cut: Cut) -> int:
        """The payload type that says what the packet is."""
        return (self.red_payload_type or 0) if cut.redundant else self.payload_type

    def _stay(self, rendition: Rendition) -> None:
        self._counted = rendition.packets, rendition.octets
        rendition.admit(self)

    def _leave(self) -> None:
        if self._rewriter.current is None:
            return
        self._settle()
        rendition = self.run.source
        self._rewriter.leave()
        rendition.release(self)
        if self in rendition.layer.moving:
            rendition.layer.moving.remove(self)
        if not rendition.listeners:
            rendition.layer.abandon(rendition)

    def _settle(self) -> None:
        """Count what the rendition handed on since the last time: nobody counts for each listener."""
        run = self._rewriter.current
        if run is not None:
            before, source = self._counted, run.source
            self._counted = source.packets, source.octets
            self._stats.packets += source.packets - before[0]
            self._stats.octets += source.octets - before[1]

    # Feedback from the listener

    def nacked(self, sequences: tuple[int, ...], now: float) -> None:
        """Send again what is still here, within the limits of history.py."""
        self._repeats.nacked(sequences, now)

    def probe(self, octets: int, packets: int) -> int:
        """Send packets of padding alone (Transport.probe); answers how many octets they have."""
        return self._repeats.probe(octets, packets)

    def reported(self, block: Block, now: float) -> float | None:
        """A report block about this track; answers the round trip time in seconds if it tells one."""
        self._stats.fraction_lost = block.fraction / 256
        self._stats.lost = block.lost
        self._stats.jitter = block.jitter / self.source.spec.clock_rate
        return self._sender_reports.round_trip(block, now)

    def sender_report(self, now: float) -> bytes | None:
        """SR and SDES; None before anything was sent."""
        run, stats = self._rewriter.current, self.stats
        if run is None or not stats.packets:
            return None
        return self._sender_reports.write(
            run,
            now,
            rate=self.source.spec.clock_rate,
            packets=stats.packets,
            octets=stats.octets,
            own_clock=self._rest is not None,
        )
