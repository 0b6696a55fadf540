"""What a light client counts of each stream it hears, and keeps of each it sends."""

from __future__ import annotations

import secrets
import struct
import time
from dataclasses import dataclass, field

from bench import rtcp

HISTORY = 512
# The numbers of our header extensions, in every SDP of ours.
LEVEL_ID, TRANSPORT_CC_ID, MID_ID, RID_ID, REPAIRED_ID = 1, 3, 4, 10, 11


@dataclass
class Flow:
    """Packets received on one SSRC. `arrivals`: (sequence number, wall clock), where they are asked for."""

    payload_type: int
    first: int
    received: int = 0
    highest: int = 0  # extended by wraps
    reported: tuple[int, int] = (0, 0)  # expected, received at the last report
    middle: int = 0
    heard: float = 0.0
    arrivals: list[tuple[int, float]] = field(default_factory=list)

    def count(self, sequence: int) -> None:
        step = (sequence - self.highest) & 0xFFFF
        if step < 0x8000:
            self.highest += step
        self.received += 1

    def block(self, ssrc: int, now: float) -> bytes:
        """RFC 3550 6.4.1, since the last report."""
        expected = self.highest - self.first + 1
        gone = expected - self.reported[0] - (self.received - self.reported[1])
        fraction = max(0, gone) * 256 // max(1, expected - self.reported[0])
        self.reported = expected, self.received
        return rtcp.block(
            ssrc=ssrc,
            fraction=min(fraction, 255),
            lost=expected - self.received,
            highest=self.highest & 0xFFFFFFFF,
            middle=self.middle,
            delay=now - self.heard if self.middle else 0.0,
        )


@dataclass
class Outgoing:
    """One published stream: numbers, totals and what may have to be sent again."""

    ssrc: int
    payload_type: int
    mid: str
    rtx_ssrc: int = 0
    rtx_payload_type: int = 0
    rid: str = ""
    sequence: int = field(default_factory=lambda: secrets.randbelow(0x7000))
    timestamp: int = field(default_factory=lambda: secrets.randbits(31))
    at: float = 0.0  # the moment `timestamp` stands for, of time.time
    packets: int = 0
    octets: int = 0
    rtx_sequence: int = 0
    history: dict[int, bytes] = field(default_factory=dict)
    sent_at: list[tuple[int, float, bytes]] | None = None  # number, wall clock, payload, where asked for

    def tick(self, ticks: int) -> None:
        """The next picture, or piece of sound, begins now."""
        self.timestamp, self.at = self.timestamp + ticks & 0xFFFFFFFF, time.time()

    def keep(self, packet: bytes) -> None:
        self.history[self.sequence] = packet
        self.history.pop(self.sequence - HISTORY & 0xFFFF, None)
        self.sequence = self.sequence + 1 & 0xFFFF
        self.packets += 1
        self.octets += len(packet) - body(packet)

    def again(self, sequence: int) -> bytes | None:
        """The packet as RTX carries it (RFC 4588 4): own numbers, the original's in front of the payload."""
        packet = self.history.get(sequence)
        if packet is None or not self.rtx_ssrc:
            return None
        second = packet[1] & 0x80 | self.rtx_payload_type
        header = struct.pack("!BBH4sI", packet[0], second, self.rtx_sequence, packet[4:8], self.rtx_ssrc)
        self.rtx_sequence = self.rtx_sequence + 1 & 0xFFFF
        start = body(packet)
        block = packet[12:start]
        if self.rid:  # RFC 8852: the repaired stream's name travels under another number
            block = extensions(struct.unpack_from("!H", block, 5)[0], self.mid, rid=self.rid, repaired=True)
        return header + block + packet[2:4] + packet[start:]


def extensions(
    wide: int, mid: str, *, rid: str = "", level: int | None = None, repaired: bool = False
) -> bytes:
    """12 octets of one-byte header extensions (RFC 8285): transport-wide number, MID, RID or audio level."""
    items = struct.pack("!BHB", TRANSPORT_CC_ID << 4 | 1, wide, MID_ID << 4) + mid.encode()
    if rid:
        items += bytes(((REPAIRED_ID if repaired else RID_ID) << 4,)) + rid.encode()
    elif level is not None:
        items += bytes((LEVEL_ID << 4, level))
    return b"\xbe\xde\0\x02" + items.ljust(8, b"\0")


def body(packet: bytes) -> int:
    """Where an RTP packet's payload begins (no CSRC: browsers and servers here write none)."""
    if not packet[0] & 0x10:
        return 12
    return 16 + 4 * int.from_bytes(packet[14:16], "big")
