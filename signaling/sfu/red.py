"""Redundant audio (RFC 2198): the newest block alone, for listeners who did not ask for the others."""

from __future__ import annotations

LONGEST = 32  # blocks of one packet: clients send two or three


def primary(payload: bytes) -> tuple[int, bytes]:
    """Payload type and octets of the newest block, which comes last.

    Raises ValueError when the headers or the blocks before it are cut off.
    """
    at = redundant = 0
    for _ in range(LONGEST):
        if at >= len(payload):
            break
        head = payload[at]
        if not head & 0x80:
            if at + 1 + redundant > len(payload):
                break
            return head, payload[at + 1 + redundant :]
        redundant += int.from_bytes(payload[at + 2 : at + 4], "big") & 0x03FF
        at += 4
    raise ValueError("a packet of redundant audio is cut off")
