"""One participant's transport: ICE, DTLS, SRTP and SCTP, and the tracks over them.

Owned by a participant of a room, made by `Plane.open`. `close` closes every track of it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from signaling.sfu import ice, reports
from signaling.sfu.downlink import Downlink
from signaling.sfu.downtrack import DownTrack
from signaling.sfu.dtls import Association
from signaling.sfu.inbound import Inbound
from signaling.sfu.rtp import ExtensionIds
from signaling.sfu.spec import IceCredentials, ReceiveSpec, SendSpec, TransportEvents
from signaling.sfu.srtp import Sealer
from signaling.sfu.udp import UdpPort, endpoint
from signaling.sfu.uptrack import UpTrack

if TYPE_CHECKING:
    from aiortc import RTCDataChannel

    from signaling.sfu.plane import Plane

logger = logging.getLogger(__name__)

CONNECT_TIME = 30.0  # seconds from start() to DTLS done
UNCHECKED = 15.0  # seconds that media goes to an address without a check from it: browsers send three by then


class Transport:
    """`rtt` in seconds, `estimate` in bit/s (the peer's REMB); both None until known.

    `log` tells what was sent under which transport-wide number (sendlog.py), `downlink` how much may be.
    """

    def __init__(self, plane: Plane, events: TransportEvents) -> None:
        self.plane = plane
        self.clock = plane.clock
        self.cname = secrets.token_hex(8)
        self.log = plane.logs.open()
        self.downlink = Downlink(self)
        self.local_ssrc = 0
        self.rtt: float | None = None
        self.partner: Transport | None = None  # of the same client, where it has two
        self.estimate: float | None = None
        self.closed = False
        self.connected = False
        self.sealer: Sealer | None = None
        self.listening: dict[int, DownTrack] = {}  # what we send, by media SSRC
        self.inbound = Inbound(self)
        self.credentials: dict[str, IceCredentials] = {}
        self.addresses: dict[bytes, float] = {}  # sockaddr -> last authenticated check
        self._events = events
        self._used_ssrcs: set[int] = set()
        self._route: tuple[UdpPort, bytes] | None = None  # the nominated address
        self._checked: tuple[UdpPort, bytes] | None = None  # the last one that a check nominated
        self._unchecked_since: float | None = None  # media goes where packets alone were seen to come from
        self._association = Association(plane.certificate, self._send_dtls, plane.drops)
        self._routed = asyncio.Event()
        self._started = False
        self._task: asyncio.Task[None] | None = None
        self._opened_at = self.heard_at = self.packet_at = self.reported_at = self.clock()
        self.local_ssrc = self.new_ssrc()
        self.ice = self.restart_ice()

    # What the owner calls

    @property
    def remote(self) -> tuple[str, int] | None:
        """Where media is sent."""
        return None if self._route is None else endpoint(self._route[1])

    def restart_ice(self) -> IceCredentials:
        """New credentials; the last ones stay valid, because a browser may still nominate with them."""
        self.ice = ice.new_credentials()
        self.credentials[self.ice.ufrag] = self.ice
        self.plane.ufrags[self.ice.ufrag] = self
        if len(self.credentials) > ice.GENERATIONS:
            oldest = next(iter(self.credentials))
            del self.credentials[oldest], self.plane.ufrags[oldest]
        return self.ice

    def start(self, *, fingerprints: Sequence[str], setup: str, sctp_port: int | None) -> None:
        """Begin DTLS; idempotent. `setup` is the remote a=setup: only "passive" makes us active."""
        if self._started or self.closed:
            return
        self._started = True
        self._opened_at = self.heard_at = self.clock()
        self._task = asyncio.ensure_future(
            self._connect(fingerprints=fingerprints, passive=setup != "passive", sctp_port=sctp_port)
        )

    def set_extensions(self, ids: Mapping[str, int]) -> None:
        """URI -> id, one map for the bundle."""
        self.inbound.ids = ExtensionIds.of(dict(ids))

    def receive(self, spec: ReceiveSpec) -> UpTrack:
        """A track the peer publishes."""
        track = UpTrack(self, spec)
        if track.kind == "video":
            for layer in track.layers:
                layer.pace(self.plane.later)
        self.inbound.routes.add(track)
        return track

    def send(self, source: UpTrack, spec: SendSpec) -> DownTrack:
        """A track for the peer. Starts by itself at the next key frame (video) or packet (audio)."""
        listener = DownTrack(self, source, spec)
        self.listening[listener.ssrc] = listener
        self.downlink.numbered |= bool(spec.transport_cc)
        return listener

    def probe(self, octets: int, packets: int) -> int:
        """Send padding alone: at most `packets` packets, `octets` altogether. Answers the octets sent.

        They go out as retransmissions of nothing (RFC 4588 has them ignored) on one video track's RTX SSRC
        and carry transport-wide numbers; 0 while nothing is sent that has one.
        """
        for listener in self.listening.values():
            if sent := listener.probe(octets, packets):
                return sent
        return 0

    def open_channel(
        self, label: str, *, ordered: bool = True, max_retransmits: int | None = None
    ) -> RTCDataChannel | None:
        """A data channel of ours, None when the peer wants none. Call it once `connected` was told."""
        return self._association.open_channel(label, ordered=ordered, max_retransmits=max_retransmits)

    def close(self, reason: str = "closed") -> None:
        """Idempotent. The goodbye to the peer follows in the background, a moment later."""
        if self.closed:
            return
        self.closed = True
        self.plane.forget(self)
        for track in self.inbound.routes:
            track.close()
        for listener in tuple(self.listening.values()):
            listener.close()
        self.sealer = None
        self.plane.logs.close(self.log)
        if self._task is not None:
            self._task.cancel()
        self.plane.finish(self._association.close)
        self._tell(self._events.closed, reason)

    # What the tracks call

    def new_ssrc(self) -> int:
        """Never used before on this transport: its SRTP index would start again under the same key."""
        while True:
            ssrc = secrets.randbits(32)
            if ssrc and ssrc not in self._used_ssrcs:
                self._used_ssrcs.add(ssrc)
                return ssrc

    @property
    def client_rtt(self) -> float | None:
        """Seconds. Who only publishes here reports on nothing: its other transport knows."""
        return self.partner.rtt if self.rtt is None and self.partner is not None else self.rtt

    def drop(self, reason: str) -> None:
        self.plane.drops.count(reason)

    def may_repeat(self) -> bool:
        return self.downlink.may_repeat(self.clock())

    def repeated(self, octets: int) -> None:
        self.downlink.repeated(octets)

    def hurry(self) -> None:
        """Feedback to the peer is due: have it written at the plane's next tick."""
        self.plane.pending.add(self)

    def media_started(self, track: UpTrack) -> None:
        self._tell(self._events.media_started, track)

    def measured(self, rtt: float | None) -> None:
        """A receiver report told a round trip time, or could not."""
        if rtt is not None:
            self.rtt = smoothed(self.rtt, rtt)

    def reached(self, stage: str) -> None:
        """A stage of the join (stages.py)."""
        self._tell(self._events.reached, stage)

    def forget_track(self, track: UpTrack) -> None:
        self.plane.tally.received(track)
        self.inbound.forget(track)

    def forget_listener(self, listener: DownTrack) -> None:
        if self.listening.pop(listener.ssrc, None):
            self.plane.tally.sent(listener)
        if self.sealer is not None:
            for ssrc in (listener.ssrc, listener.rtx_ssrc):
                if ssrc is not None:
                    self.sealer.forget(ssrc)

    # What the plane calls

    def nominate(self, port: UdpPort, peer: bytes) -> None:
        """Media goes to this address from now on: a check said so."""
        self._checked, self._unchecked_since = (port, peer), None
        self._go_to(port, peer)

    def follow(self, port: UdpPort, peer: bytes, at: float) -> None:
        """The same for a while, until a check says so too: a packet came from there (moves.py)."""
        if self._unchecked_since is None:
            self._unchecked_since = at
        self._go_to(port, peer)

    def checked(self, peer: bytes) -> None:
        """A check came from this address, without nominating it: there the client is."""
        if self._unchecked_since is None or self._route is None or self._checked is None:
            return
        if self._route[1] == peer:
            self._checked, self._unchecked_since = self._route, None
        elif self._checked[1] == peer:
            self._turn_back()

    def _go_to(self, port: UdpPort, peer: bytes) -> None:
        if self._route == (port, peer):
            return
        if self._route is None:
            self.reached("ice")
        elif self._route[1] != peer:
            self.downlink.moved()
        self._route = (port, peer)
        self._routed.set()
        if self.sealer is not None:
            self.sealer.port, self.sealer.peer = port, peer
            for listener in self.listening.values():
                listener.rearrange()

    @property
    def nominated(self) -> bool:
        return self._route is not None

    @property
    def shaking_hands(self) -> bool:
        """Checks come through, DTLS is not done: from here on it costs us work."""
        return bool(self.addresses) and not (self.connected or self.closed)

    @property
    def publishes(self) -> bool:
        """Whether the peer sends us a track."""
        return bool(self.inbound.routes)

    def feed_dtls(self, record: bytes) -> None:
        if not self._association.wire.feed(record):
            self.drop("dtls_queue_full")

    def feedback(self, now: float) -> bool:
        """Write NACKs, key frame requests and transport-wide feedback that are due; True if more may be."""
        return reports.feedback(self, now)

    def report(self, now: float) -> None:
        """Once a second: reports, rates, and whether the peer is still there."""
        reports.report(self, now)
        if self._unchecked_since is not None and now - self._unchecked_since > UNCHECKED:
            self._turn_back()
        if self._started and now - self.heard_at > ice.CONSENT:
            self.close("consent expired")
        elif self._started and not self.connected and now - self._opened_at > CONNECT_TIME:
            self.close("never connected")

    def _turn_back(self) -> None:
        """Nobody where media goes wants it (RFC 7675 section 4)."""
        if self._route is None or self._checked is None or self._checked[1] not in self.addresses:
            return  # somebody else's by now: consent will end
        self.drop("move_unchecked")
        if self._route != self._checked:
            self.plane.disown(self, self._route[1])
        self.nominate(*self._checked)

    def watch(self) -> None:
        """Several times a second: notice layers that stopped."""
        for track in self.inbound.routes:
            track.watch_layers()

    def send_rtcp(self, packet: bytes) -> None:
        if self.sealer is not None:
            self.sealer.rtcp(packet)

    # DTLS

    def _send_dtls(self, data: bytes) -> None:
        if self._route is not None:
            port, peer = self._route
            port.send(data, peer)

    async def _connect(self, *, fingerprints: Sequence[str], passive: bool, sctp_port: int | None) -> None:
        association = self._association
        try:
            if not passive:
                await self._routed.wait()  # what is sent before is lost, and sent again a second later
            await association.connect(fingerprints=fingerprints, passive=passive)
            if self._route is None or self.closed:
                raise ConnectionError("the transport lost its address")
            association.on_end(lambda: self.close("the peer ended DTLS"))
            self.inbound.opener = association.opener()
            self.sealer = association.sealer(*self._route, self.log)
            self.reached("dtls")
            if sctp_port is not None:
                await association.start_sctp(sctp_port, self._channel)
        except ConnectionError as error:
            self.close(str(error))
        except Exception:
            logger.exception("A transport could not be connected")
            self.close("internal error")
        else:
            self.connected = True
            self._tell(self._events.connected)
            for listener in tuple(self.listening.values()):
                listener.ask_key_frame()

    def _channel(self, channel: Any) -> None:
        self._tell(self._events.data_channel, channel)

    def _tell(self, what: Any, *said: object) -> None:
        if not self.closed or what == self._events.closed:
            self.plane.loop.call_soon(what, *said)


def smoothed(before: float | None, rtt: float) -> float:
    """Rises slowly, falls at once: a report can be read late (a busy engine), never early."""
    return rtt if before is None or rtt < before else 0.8 * before + 0.2 * rtt
