"""A client whose address changed without its knowledge: a router gave its flow another port.

Its next connectivity check would tell, but browsers check a good path only every 2.5 s. Until then its
packets come from nobody's address. One that only its keys can have sealed says as much as a signed check:
neither covers the address it came from, and a copy of an earlier one is refused as a replay. It is asked only
of those who have fallen silent at their own addresses, and so rarely that a flood of strangers costs little.

Somebody on the path could still send a client's fresh packet from another address. So it is asked only after
the handshake, which no unchecked address can disturb (the race of OWASP ASVS 5, 17.2.6), and media goes back
to the last checked address when no check came from the new one in time (RFC 7675; transport.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from signaling.sfu.allowance import Allowance

if TYPE_CHECKING:
    from signaling.sfu.transport import Transport

SILENT = 0.2  # seconds without a packet: media and its feedback come more often
GONE = 10.0  # seconds after which nobody is looked for any more
TRIES = 16  # transports asked for one packet, the latest heard first
RATE = 200  # tries and searches a second


class Moves:
    def __init__(self, now: float) -> None:
        self._allowance = Allowance(RATE, RATE, now)

    def owner(self, transports: Iterable[Transport], datagram: bytes, at: float) -> Transport | None:
        """Whose SRTP or SRTCP a stranger's datagram is; the datagram itself is lost."""
        if not self._allowance.take(at):
            return None
        silent = [item for item in transports if item.connected and SILENT < at - item.packet_at < GONE]
        silent.sort(key=lambda item: item.packet_at, reverse=True)
        for transport in silent[:TRIES]:
            if not self._allowance.take(at):
                return None
            if transport.inbound.proves(datagram):
                return transport
        return None
