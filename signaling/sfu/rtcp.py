"""RTCP: what we read from peers and what we write to them (RFC 3550 6, RFC 4585 6, RFC 5104, REMB).

Reports and feedback end here: nothing of a listener's RTCP is passed on to a publisher or the other way
round.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from signaling.sfu import feedback
from signaling.sfu.feedback import Feedback
from signaling.sfu.reception import Block

SR, RR, SDES, RTPFB, PSFB = 200, 201, 202, 205, 206
NACK, TRANSPORT_CC = 1, 15
PLI = 1
MOST_BLOCKS = 31
LARGEST_NACK = 250  # pairs in one packet we write
LARGEST = 1200  # octets of one compound we write

COMMON = struct.Struct("!BBH")
SENDER = struct.Struct("!IIIIII")
BLOCK = struct.Struct("!IIIIII")
FEEDBACK = struct.Struct("!BBHII")


@dataclass(frozen=True)
class SenderReport:
    ssrc: int
    ntp: float  # seconds since 1900
    timestamp: int


@dataclass(frozen=True)
class Report:
    """One report block, wherever it came in."""

    block: Block


@dataclass(frozen=True)
class Nack:
    media_ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True)
class KeyFrameRequest:
    """PLI or FIR."""

    media_ssrc: int


@dataclass(frozen=True)
class Estimate:
    """REMB: what the peer thinks it can receive, bit/s."""

    bitrate: int


class Spending(Protocol):
    """What reading one peer's RTCP may cost. Both raise Costly, before anything is read."""

    def nacked(self, numbers: int) -> None: ...

    def told(self, statuses: int) -> None: ...


class Costly(Exception):
    """More than the peer may have us read now."""


class Unlimited:
    """Spending without an end."""

    def nacked(self, numbers: int) -> None: ...

    def told(self, statuses: int) -> None: ...


UNLIMITED = Unlimited()

Item = SenderReport | Report | Nack | KeyFrameRequest | Estimate | Feedback


def parse(data: bytes, spending: Spending = UNLIMITED) -> tuple[list[Item], int]:
    """The items of a compound that we act on, and how many of its packets were malformed.

    What `spending` refuses is left out.
    """
    items: list[Item] = []
    malformed = at = 0
    while at < len(data):
        if len(data) - at < 4:
            return items, malformed + 1
        first, kind, words = COMMON.unpack_from(data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            return items, malformed + 1
        try:
            items.extend(_read(kind, first & 0x1F, data[at + 4 : end], spending))
        except Costly:
            pass
        except (ValueError, struct.error):
            malformed += 1
        at = end
    return items, malformed


def _read(kind: int, count: int, body: bytes, spending: Spending) -> Iterable[Item]:
    match kind, count:
        case (200, _):
            ssrc, seconds, fraction, timestamp, _packets, _octets = SENDER.unpack_from(body)
            return [
                SenderReport(ssrc, seconds + fraction / (1 << 32), timestamp),
                *_read_blocks(body, SENDER.size, count),
            ]
        case (201, _):
            return _read_blocks(body, 4, count)
        case (205, 1):
            return [_read_nack(body, spending)]
        case (205, 15):
            return [feedback.read(body[8:], spending.told)]
        case (206, 1):
            return [KeyFrameRequest(struct.unpack_from("!I", body, 4)[0])]
        case (206, 4):
            return [KeyFrameRequest(struct.unpack_from("!I", body, at)[0]) for at in range(8, len(body), 8)]
        case (206, 15):
            return _read_remb(body)
    return []


def _read_blocks(body: bytes, at: int, count: int) -> list[Report]:
    reports = []
    for i in range(count):
        ssrc, loss, highest, jitter, lsr, dlsr = BLOCK.unpack_from(body, at + i * BLOCK.size)
        lost = ((loss & 0xFFFFFF) ^ 0x800000) - 0x800000
        reports.append(Report(Block(ssrc, loss >> 24, lost, highest, jitter, lsr, dlsr)))
    return reports


def _read_nack(body: bytes, spending: Spending) -> Nack:
    if len(body) < 8:
        raise ValueError("NACK is short")
    pairs: list[tuple[int, int]] = list(struct.iter_unpack("!HH", body[8:]))
    spending.nacked(len(pairs) + sum(mask.bit_count() for _, mask in pairs))
    sequences = []
    for pid, mask in pairs:
        sequences.append(pid)
        sequences += [(pid + 1 + bit) & 0xFFFF for bit in range(16) if mask >> bit & 1]
    return Nack(struct.unpack_from("!I", body, 4)[0], tuple(sequences))


def _read_remb(body: bytes) -> list[Estimate]:
    if body[8:12] != b"REMB":
        return []
    count, exponent, high = struct.unpack_from("!BBH", body, 12)
    if len(body) < 16 + 4 * count:
        raise ValueError("REMB is short")
    mantissa = (exponent & 0x03) << 16 | high
    return [Estimate(mantissa << (exponent >> 2))]


def _packet(kind: int, count: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return COMMON.pack(0x80 | count, kind, len(body) // 4) + body


def sender_report(ssrc: int, *, ntp: float, timestamp: int, packets: int, octets: int) -> bytes:
    seconds = int(ntp)
    fraction = int((ntp - seconds) * (1 << 32))
    body = SENDER.pack(
        ssrc, seconds & 0xFFFFFFFF, fraction, timestamp, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF
    )
    return _packet(SR, 0, body)


def receiver_report(ssrc: int, blocks: Sequence[Block]) -> bytes:
    body = struct.pack("!I", ssrc)
    for block in blocks[:MOST_BLOCKS]:
        loss = block.fraction << 24 | block.lost & 0xFFFFFF
        body += BLOCK.pack(block.ssrc, loss, block.highest, block.jitter, block.lsr, block.dlsr)
    return _packet(RR, len(blocks[:MOST_BLOCKS]), body)


def description(ssrc: int, cname: str) -> bytes:
    """SDES with the CNAME, which a compound must carry (RFC 3550 6.1)."""
    name = cname.encode()[:255]
    item = struct.pack("!IBB", ssrc, 1, len(name)) + name + b"\0"
    return _packet(SDES, 1, item)


def nack(sender_ssrc: int, media_ssrc: int, sequences: Iterable[int]) -> bytes:
    """Sequence numbers packed into pairs of a number and a mask for the 16 after it."""
    pairs: list[list[int]] = []
    for sequence in sequences:
        ahead = (sequence - pairs[-1][0]) & 0xFFFF if pairs else 0
        if pairs and 0 < ahead <= 16:
            pairs[-1][1] |= 1 << (ahead - 1)
        elif not pairs or ahead:
            pairs.append([sequence, 0])
    fci = b"".join(struct.pack("!HH", *pair) for pair in pairs[:LARGEST_NACK])
    return _feedback(RTPFB, NACK, sender_ssrc, media_ssrc, fci)


def picture_loss(sender_ssrc: int, media_ssrc: int) -> bytes:
    return _feedback(PSFB, PLI, sender_ssrc, media_ssrc, b"")


def transport_cc(sender_ssrc: int, media_ssrc: int, fci: bytes) -> bytes:
    return _feedback(RTPFB, TRANSPORT_CC, sender_ssrc, media_ssrc, fci)


def _feedback(kind: int, fmt: int, sender_ssrc: int, media_ssrc: int, fci: bytes) -> bytes:
    return FEEDBACK.pack(0x80 | fmt, kind, 2 + len(fci) // 4, sender_ssrc, media_ssrc) + fci


def compounds(packets: Iterable[bytes]) -> list[bytes]:
    """Join packets into datagrams that fit the path."""
    joined: list[bytes] = []
    for packet in packets:
        if joined and len(joined[-1]) + len(packet) <= LARGEST:
            joined[-1] += packet
        else:
            joined.append(packet)
    return joined
