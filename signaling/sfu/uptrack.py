"""A published track as it arrives: its simulcast layers, its statistics, its listeners."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from signaling.sfu.choice import low_to_high
from signaling.sfu.floor import Floor
from signaling.sfu.layers import Layer, Tap
from signaling.sfu.levels import Loudness
from signaling.sfu.reception import SenderClock
from signaling.sfu.rtp import Packet
from signaling.sfu.spec import ReceiveSpec

if TYPE_CHECKING:
    from signaling.sfu.downtrack import DownTrack

STALL = 3.0  # seconds


class Publisher(Protocol):
    """What a track needs of the transport it arrives on."""

    cname: str
    rtt: float | None
    clock: Callable[[], float]

    def hurry(self) -> None:
        """Feedback is due: call back soon."""

    def media_started(self, track: UpTrack) -> None: ...

    def forget_track(self, track: UpTrack) -> None: ...


class UpTrack:
    """`listeners` are the DownTracks fed from here. Closed by its transport or by whoever unpublishes it."""

    def __init__(self, publisher: Publisher, spec: ReceiveSpec) -> None:
        self.publisher = publisher
        self.spec = spec
        self.mid, self.kind, self.mime = spec.mid, spec.kind, spec.mime
        self.cname = publisher.cname
        self.clock = publisher.clock
        self.layers = [Layer(self, i, rid) for i, rid in enumerate(low_to_high(spec.rids))]
        self.listeners: list[DownTrack] = []
        self.closed = False
        self.held = False
        self.floor: Floor | None = None  # decides who is heard in the room
        self.silenced = False  # its packets are left out for everybody, without a gap
        self._muted = False
        self._loudness = Loudness()
        self._started = False
        self._opened_at = self.clock()
        self._flowed: list[bool] = [False] * len(self.layers)

    @property
    def muted(self) -> bool:
        return self._muted

    @muted.setter
    def muted(self, muted: bool) -> None:
        if self._muted and not muted:
            self._opened_at = self.clock()
            self.request_key_frame()
        self._muted = muted

    def hold(self, held: bool) -> None:
        """While held nothing is forwarded or recorded, whatever the publisher sends: others muted it."""
        if held != self.held:
            self.held = held
            for listener in self.listeners:
                listener.enter_anew()
            for tap in self._taps:
                tap.begin_anew()

    @property
    def level(self) -> float:
        """Loudness 0..1, smoothed; 0 when silent or muted."""
        return self._loudness.read(self.clock())[0]

    @property
    def speaking(self) -> bool:
        return not self._muted and self._loudness.read(self.clock())[1]

    @property
    def recorded(self) -> bool:
        return bool(self._taps)

    @property
    def _taps(self) -> set[Tap]:
        return {layer.tap for layer in self.layers if layer.tap}

    @property
    def fraction_lost(self) -> float:
        """0..1, the worst flowing layer's last report interval: what stopped loses nothing."""
        return max((layer.reception.fraction_lost for layer in self.layers if layer.flowing), default=0.0)

    @property
    def jitter(self) -> float:
        """Seconds, the worst layer's."""
        return max(layer.reception.jitter for layer in self.layers) / self.spec.clock_rate

    @property
    def bitrate(self) -> float:
        """bit/s of all layers."""
        return sum(layer.bitrate for layer in self.layers)

    @property
    def stalled(self) -> bool:
        """Not muted, and no packet for 3 s (audio may be silent for as long as nobody speaks: DTX)."""
        last = max(self._opened_at, *(layer.last_at for layer in self.layers))
        return not self._muted and self.clock() - last > STALL

    def request_key_frame(self) -> None:
        """Ask for one on every layer somebody takes or waits for; requests are coalesced."""
        if self.kind == "video":
            for layer in self.layers:
                if layer.needed:
                    layer.ask_key_frame()

    def close(self) -> None:
        """Idempotent. Also closes its listeners' DownTracks."""
        if self.closed:
            return
        self.closed = True
        for tap in self._taps:
            tap.source_ended()
        for layer in self.layers:
            layer.close()
        for listener in tuple(self.listeners):
            listener.source_ended()
        self.publisher.forget_track(self)

    # From the transport and the layers:

    def receive(
        self, layer: Layer, packet: Packet, at: float, *, recovered: bool, level: bytes | None
    ) -> str | None:
        """Take one packet of `layer`; answers the reason when it is dropped."""
        if level:
            self._loudness.observe(level, at)
            if self.floor is not None:
                self.floor.hear(self, level, at)
        reason = layer.receive(packet, at, recovered=recovered)
        if not self._started and reason is None:
            self._started = True
            self.publisher.media_started(self)
        return reason

    def sender_report(self, layer: Layer, ntp: float, timestamp: int, at: float) -> None:
        first = layer.clock is None
        layer.reception.clock = SenderClock(ntp, timestamp, at)
        if first and layer.waiting and self.kind == "video":
            layer.ask_key_frame()  # who waited for the clock can change layers now

    def hurry(self) -> None:
        self.publisher.hurry()

    def layer_started(self) -> None:
        """A layer flows (again): it may be a better one for somebody."""
        for listener in self.listeners:
            listener.aim()

    def watch_layers(self) -> None:
        """Notice layers that stopped and listeners that wait. Called several times a second."""
        flows = [layer.flowing for layer in self.layers]
        if flows != self._flowed:
            self._flowed = flows
            self.layer_started()
        if self.kind == "video":
            self._ask_for_who_waits(self.clock())

    def impatient(self, now: float) -> list[DownTrack]:
        """Listeners that take whatever layer has a key frame."""
        return [listener for listener in self.listeners if listener.takes_any(now)]

    def _ask_for_who_waits(self, now: float) -> None:
        flowing = [layer for layer in self.layers if layer.flowing]
        for layer in flowing:
            if any(listener.overdue(now) for listener in (*layer.waiting, *layer.moving)):
                layer.ask_key_frame()
        if flowing and self.impatient(now):
            flowing[0].ask_key_frame()
