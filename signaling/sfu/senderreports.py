"""What a listener is told of a track's clock, so that sound and pictures stay together (RFC 3550 6.4.1)."""

from __future__ import annotations

from signaling.sfu import rtcp
from signaling.sfu.reception import Block
from signaling.sfu.rewrite import Run

KEPT = 4  # reports that a receiver report may still answer


class SenderReports:
    """Of one outgoing SSRC, on the publisher's own NTP clock."""

    def __init__(self, ssrc: int, cname: str) -> None:
        self._ssrc, self._cname = ssrc, cname
        self._sent: dict[int, float] = {}  # the middle of our NTP -> when it was sent

    def write(
        self, run: Run, now: float, *, rate: int, packets: int, octets: int, own_clock: bool
    ) -> bytes | None:
        """SR and SDES; None while the publisher's clock is unknown. `rate` in Hz.

        `own_clock`: the publisher changes, and with it whose clock: ours stays.
        """
        clock = run.source.layer.clock
        if clock is None:
            return None
        ntp = clock.ntp + now - clock.at
        timestamp = clock.timestamp_of(ntp, rate) + run.ticks
        if own_clock:
            ntp = now
        self._sent[int(ntp * 65536) & 0xFFFFFFFF] = now
        if len(self._sent) > KEPT:
            del self._sent[next(iter(self._sent))]
        report = rtcp.sender_report(
            self._ssrc, ntp=ntp, timestamp=timestamp & 0xFFFFFFFF, packets=packets, octets=octets
        )
        return report + rtcp.description(self._ssrc, self._cname)

    def round_trip(self, block: Block, now: float) -> float | None:
        """Seconds, if the report block answers one of ours."""
        sent = self._sent.get(block.lsr) if block.lsr else None
        return None if sent is None else max(0.0, now - sent - block.dlsr / 65536)
