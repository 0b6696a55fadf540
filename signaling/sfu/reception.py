"""What RFC 3550 wants to know about a received stream: 64-bit numbers, loss, jitter (6.4.1, appendix A)."""

from __future__ import annotations

from dataclasses import dataclass

MAX_DROPOUT = 3000
MAX_MISORDER = 1500


@dataclass(frozen=True)
class SenderClock:
    """The sender's NTP clock against its RTP clock, from one sender report."""

    ntp: float  # seconds since 1900
    timestamp: int
    at: float  # arrival, seconds of our clock

    def ntp_of(self, timestamp: int, rate: int) -> float:
        return self.ntp + signed32(timestamp - self.timestamp) / rate

    def timestamp_of(self, ntp: float, rate: int) -> int:
        return (self.timestamp + round((ntp - self.ntp) * rate)) & 0xFFFFFFFF


@dataclass(frozen=True)
class Block:
    """A report block (RFC 3550 6.4.1): fraction in 1/256, jitter in RTP units, LSR, DLSR as on the wire."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    lsr: int
    dlsr: int


def signed32(value: int) -> int:
    return ((value & 0xFFFFFFFF) ^ 0x80000000) - 0x80000000


class Reception:
    """Numbers and measures one SSRC. Numbers never jump: where a sender restarts, they go on at +1."""

    __slots__ = (
        "_after",
        "_base",
        "_expected_before",
        "_floor",
        "_offset",
        "_rate",
        "_received_before",
        "_suspect",
        "_transit",
        "clock",
        "fraction_lost",
        "highest",
        "jitter",
        "lost",
        "received",
    )

    def __init__(self, rate: int, after: int = -1) -> None:
        """`rate` in Hz; numbers start behind `after` when another SSRC of the layer had numbers before."""
        self._rate = rate
        self._after = after
        self._offset = 0  # (number + offset) mod 2^16 is the sequence number on the wire
        self._floor = 0
        self._base = 0
        self._suspect = -1
        self._transit: float | None = None
        self._expected_before = self._received_before = 0
        self.highest = -1
        self.received = 0
        self.lost = 0
        self.jitter = 0.0  # RTP units
        self.fraction_lost = 0.0  # 0..1, of the last report interval
        self.clock: SenderClock | None = None

    def place(self, sequence: int, *, recovered: bool = False) -> int | None:
        """The packet's number; None while a jump is not confirmed, and for what came before one.

        A `recovered` packet may be of any age, and proves no jump.
        """
        if self.highest < 0:
            return self._first(sequence)
        step = ((sequence - self.highest - self._offset) & 0xFFFF ^ 0x8000) - 0x8000
        if -MAX_MISORDER <= step < MAX_DROPOUT:
            number = self.highest + step
            if step > 0:
                self.highest = number
            return number if number >= self._floor else None
        if recovered:
            return None
        if sequence != self._suspect:  # RFC 3550 A.1: two in a row prove a restart
            self._suspect = (sequence + 1) & 0xFFFF
            return None
        return self._restart(sequence)

    def sequence(self, number: int) -> int:
        """The 16 bits that stood on the wire."""
        return (number + self._offset) & 0xFFFF

    def measure(self, timestamp: int, at: float) -> None:
        """Count a packet that came on its own SSRC (not one recovered by RTX)."""
        self.received += 1
        transit = at * self._rate - timestamp
        if self._transit is not None:
            change = abs(transit - self._transit)
            if change < 0x40000000:  # not the wrap of the timestamp
                self.jitter += (change - self.jitter) / 16
        self._transit = transit

    def block(self, ssrc: int, now: float) -> Block:
        """The report of the interval since the last one."""
        expected = self.highest - self._base + 1
        interval = expected - self._expected_before
        missing = interval - (self.received - self._received_before)
        self._expected_before, self._received_before = expected, self.received
        fraction = max(0, min(255, missing * 256 // interval)) if interval > 0 else 0
        self.fraction_lost = fraction / 256
        self.lost = max(-0x800000, min(0x7FFFFF, expected - self.received))
        lsr = dlsr = 0
        if self.clock is not None:
            lsr = round(self.clock.ntp * 65536) & 0xFFFFFFFF
            dlsr = min(0xFFFFFFFF, round((now - self.clock.at) * 65536))
        return Block(
            ssrc=ssrc,
            fraction=fraction,
            lost=self.lost,
            highest=(self.highest + self._offset) & 0xFFFFFFFF,
            jitter=min(0xFFFFFFFF, round(self.jitter)),
            lsr=lsr,
            dlsr=dlsr,
        )

    def _first(self, sequence: int) -> int:
        fresh = self._after < 0
        self.highest = self._base = sequence + 0x10000 if fresh else self._after + 1
        self._floor = self.highest - MAX_MISORDER if fresh else self.highest
        self._offset = sequence - self.highest
        return self.highest

    def _restart(self, sequence: int) -> int:
        self._suspect = -1
        self.highest += 1
        self._floor = self.highest
        self._offset = sequence - self.highest
        self._base = self.highest
        self.received = self._expected_before = self._received_before = 0
        self._transit = None
        return self.highest
