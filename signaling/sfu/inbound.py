"""What a transport does with the SRTP and SRTCP its peer sends: open, read, route."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signaling.sfu import rtcp, rtp
from signaling.sfu.feedback import Feedback
from signaling.sfu.routes import Route, Routes
from signaling.sfu.rtp import ExtensionIds, Packet
from signaling.sfu.slots import SLOT
from signaling.sfu.spending import Feedbacks
from signaling.sfu.srtp import Opener
from signaling.sfu.twcc import Arrivals
from signaling.sfu.udp import UdpPort

if TYPE_CHECKING:
    from signaling.sfu.transport import Transport
    from signaling.sfu.uptrack import UpTrack


class Inbound:
    """`opener` is None until DTLS is done."""

    def __init__(self, transport: Transport) -> None:
        self.ids = ExtensionIds()
        self.opener: Opener | None = None
        self.routes = Routes()
        self.arrivals = Arrivals(transport.clock())
        self._transport = transport
        self._spending = Feedbacks(transport.clock(), lambda: transport.drop("rtcp_costly"))

    def datagram(self, port: UdpPort, slot: int, length: int, at: float) -> None:
        """A datagram that looks like RTP or RTCP from an authenticated address."""
        opener, view, start = self.opener, port.inbox.view, slot * SLOT
        if opener is None:
            self._transport.drop("srtp_early")
        elif length < 12:
            self._transport.drop("rtp_malformed")
        elif 192 <= view[start + 1] <= 223:  # RFC 5761 4
            length = opener.rtcp(port, slot)
            if length:
                self._control(bytes(view[start : start + length]), at)
        elif self.routes.refuses(int.from_bytes(view[start + 8 : start + 12], "big")):
            self._transport.drop("ssrc_retired")
        else:
            length = opener.rtp(port, slot)
            if length:
                self._media(view, start, length, at)

    def proves(self, datagram: bytes) -> bool:
        """Whether a stranger's datagram that looks like RTP or RTCP is the peer's (moves.py)."""
        if self.opener is None or len(datagram) < 12:
            return False
        rtcp_ = 192 <= datagram[1] <= 223
        found = self.opener.proves(datagram, rtcp=rtcp_)
        if found:  # libsrtp opened state for the sender: an unknown one's must go some time
            self.routes.heard(int.from_bytes(datagram[4:8] if rtcp_ else datagram[8:12], "big"))
            self._release()
        return found

    def forget(self, track: UpTrack) -> None:
        self.routes.remove(track)
        self._release()

    def _media(self, view: memoryview, start: int, length: int, at: float) -> None:
        try:
            packet = rtp.parse(view, start, length)
        except ValueError:
            self._transport.drop("rtp_malformed")
            return
        sequence = packet.extensions.get(self.ids.transport_cc)
        if sequence is not None and len(sequence) == 2:
            self.arrivals.record(int.from_bytes(sequence, "big"), at)
            self._transport.hurry()
        route = self.routes.find(packet.ssrc) or self._bind(packet)
        if route is not None:
            reason = self._hand_on(route, packet, at)
            if reason is not None:
                self._transport.drop(reason)

    def _hand_on(self, route: Route, packet: Packet, at: float) -> str | None:
        track, layer = route.track, route.layer
        spec = track.spec
        if route.rtx:
            if layer.ssrc is None:
                return "rtx_early"
            if packet.payload_type != spec.rtx_payload_type:
                return "payload_type"
            try:
                packet = rtp.unwrap_rtx(packet, ssrc=layer.ssrc, payload_type=spec.payload_type)
            except ValueError:
                return "rtx_probe"
        elif packet.payload_type not in (spec.payload_type, spec.red_payload_type):
            return "payload_type"
        packet.dependency = packet.extensions.get(self.ids.dependency)
        level = packet.extensions.get(self.ids.audio_level)
        packet.extensions = rtp.NO_EXTENSIONS  # the history keeps packets; these have been read
        return track.receive(layer, packet, at, recovered=route.rtx, level=level)

    def _bind(self, packet: Packet) -> Route | None:
        found = self.routes.bind(packet, self.ids)
        self._release()
        if isinstance(found, Route):
            return found
        self._transport.drop(found)
        return None

    def _release(self) -> None:
        released = self.routes.released
        while released:
            ssrc = released.pop()
            if self.opener is not None:
                self.opener.forget(ssrc)

    def _control(self, data: bytes, at: float) -> None:
        # libsrtp opened state for the sender, as it does for RTP: an unknown one's must go some time.
        self.routes.heard(int.from_bytes(data[4:8], "big"))
        self._release()
        self._spending.now = at
        items, malformed = rtcp.parse(data, self._spending)
        for _ in range(malformed):
            self._transport.drop("rtcp_malformed")
        for item in items:
            self._act(item, at)

    def _act(self, item: rtcp.Item, at: float) -> None:
        match item:
            case rtcp.SenderReport(ssrc, ntp, timestamp):
                route = self.routes.find(ssrc)
                if route is not None and not route.rtx:
                    route.track.sender_report(route.layer, ntp, timestamp, at)
            case rtcp.Estimate(bitrate):
                self._transport.estimate = float(bitrate)
                self._transport.downlink.remb(float(bitrate), at)
            case Feedback():
                self._transport.downlink.acknowledge(item, at)
            case rtcp.Report(block):
                listener = self._transport.listening.get(block.ssrc)
                if listener is not None:
                    self._transport.measured(listener.reported(block, at))
                    self._transport.downlink.reported(block.fraction / 256, at)
            case rtcp.Nack(ssrc, sequences) if ssrc in self._transport.listening:
                self._transport.listening[ssrc].nacked(sequences, at)
            case rtcp.KeyFrameRequest(ssrc) if ssrc in self._transport.listening:
                self._transport.listening[ssrc].ask_key_frame()
