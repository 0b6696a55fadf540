"""The RTCP a transport writes: feedback within milliseconds of need, reports once a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from signaling.sfu import rtcp
from signaling.sfu.layers import Layer
from signaling.sfu.reception import Block

if TYPE_CHECKING:
    from signaling.sfu.transport import Transport

REPORT = 1.0  # seconds between reports, more when the engine is busy
SHORTEST = 0.1  # seconds over which a rate means something
DEFAULT_RTT = 0.05


def feedback(transport: Transport, now: float) -> bool:
    """NACKs, key frame requests and transport-wide feedback that are due; True while more may become due."""
    if transport.sealer is None:
        return not transport.closed
    packets: list[bytes] = []
    waits = False
    for track in transport.inbound.routes:
        for layer in track.layers:
            if layer.ssrc is not None:
                waits |= _ask(transport, layer, layer.ssrc, now, packets)
    arrivals = transport.inbound.arrivals
    if arrivals.due(now):
        media_ssrc = _any_ssrc(transport)
        packets += [rtcp.transport_cc(transport.local_ssrc, media_ssrc, fci) for fci in arrivals.feedback()]
    for compound in rtcp.compounds(packets):
        transport.send_rtcp(compound)
    waits |= transport.downlink.pulse(now)
    return waits or bool(arrivals)


def _ask(transport: Transport, layer: Layer, ssrc: int, now: float, packets: list[bytes]) -> bool:
    """Add one layer's NACK and PLI; True while it still waits for something."""
    missing, key_frames = layer.missing, layer.key_frames
    if missing:
        numbers = missing.due(now, transport.client_rtt or DEFAULT_RTT)
        if numbers:
            sequences = [layer.reception.sequence(number) for number in numbers]
            packets.append(rtcp.nack(transport.local_ssrc, ssrc, sequences))
            transport.plane.tally.count("nacks_out", len(sequences))
    if missing.gave_up:
        missing.gave_up = False
        if layer.needed:
            key_frames.ask()
    if layer.key_frame_due(now):
        packets.append(rtcp.picture_loss(transport.local_ssrc, ssrc))
        transport.plane.tally.count("key_frames_asked")
    return bool(missing) or key_frames.wanted


def _any_ssrc(transport: Transport) -> int:
    for track in transport.inbound.routes:
        for layer in track.layers:
            if layer.ssrc is not None:
                return layer.ssrc
    return 0


def report(transport: Transport, now: float) -> None:
    """Receiver reports for what arrives, sender reports for what leaves; also closes the interval's rates."""
    transport.downlink.tick(now)
    passed, transport.reported_at = now - transport.reported_at, now
    blocks: list[Block] = []
    for track in transport.inbound.routes:
        for layer in track.layers:
            layer.measure_rates(max(passed, SHORTEST))
            if layer.ssrc is not None and now - layer.last_at < 2 * REPORT:
                blocks.append(layer.reception.block(layer.ssrc, now))
    if transport.sealer is None:
        return
    packets = []
    if blocks:
        own = transport.local_ssrc
        packets.append(rtcp.receiver_report(own, blocks) + rtcp.description(own, transport.cname))
    for listener in transport.listening.values():
        written = listener.sender_report(now)
        if written is not None:
            packets.append(written)
    for compound in rtcp.compounds(packets):
        transport.send_rtcp(compound)
