"""What is let through to aiortc's SCTP (read from aiortc 1.16.0), packet by packet.

Two things in a packet make it work without end: a parameter of length 0, at which its loop stands still, and
gap blocks that acknowledge what was never sent, each of up to 65,536 numbers.
"""

from __future__ import annotations

import struct

COMMON_HEADER, CHUNK_HEADER, PARAMETER_HEADER = 12, 4, 4  # octets (RFC 9260 section 3)
SACK = 3
ABANDONED = 256  # numbers of ours that aiortc has forgotten and the peer not yet
PARAMETERS_AT = {1: 16, 2: 16, 4: 0, 5: 0, 6: 0, 9: 0, 130: 0}  # INIT, HEARTBEAT, ABORT, ERROR, RE-CONFIG


def is_sane(packet: bytes, outstanding: int) -> bool:
    """Whether aiortc can take it in reasonable time; `outstanding` chunks of ours are not acknowledged."""
    at = COMMON_HEADER
    while at <= len(packet) - CHUNK_HEADER:
        kind, _, length = struct.unpack_from("!BBH", packet, at)
        if length < CHUNK_HEADER or at + length > len(packet):
            return False
        body = packet[at + CHUNK_HEADER : at + length]
        if kind == SACK and not _acknowledges_at_most(outstanding, body):
            return False
        if kind in PARAMETERS_AT and not _parameters_end(body, PARAMETERS_AT[kind]):
            return False
        at += length + -length % 4
    return at > COMMON_HEADER


def _parameters_end(body: bytes, at: int) -> bool:
    while at <= len(body) - PARAMETER_HEADER:
        (length,) = struct.unpack_from("!H", body, at + 2)
        if length < PARAMETER_HEADER:
            return False
        at += length + -length % 4
    return True


def _acknowledges_at_most(outstanding: int, body: bytes) -> bool:
    if len(body) < 12:
        return False
    (gaps,) = struct.unpack_from("!H", body, 8)
    if len(body) < 12 + 4 * gaps:
        return False
    blocks = struct.iter_unpack("!HH", body[12 : 12 + 4 * gaps])
    spans: list[int] = [max(0, end - start + 1) for start, end in blocks]
    return sum(spans) <= outstanding + ABANDONED
