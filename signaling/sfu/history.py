"""The last packets of a layer, for whoever lost one, and the rules for answering.

The history is also what keeps a layer honest: a number is taken once, so no second packet can ever be sent
under an outgoing index that carried another one (srtp.py).
"""

from __future__ import annotations

from signaling.sfu.rtp import Packet

VIDEO_PACKETS = 1024
AUDIO_PACKETS = 128
AGE = 1.0  # seconds a packet stays of use
ANSWERS = 3  # per missing packet, over all of them: who lost one four times lives on what others did not need
MOST_ANSWERS = 8  # of one packet
SPACING = 0.05  # seconds between two answers, or the round trip: browsers ask again after 100 ms
BURST = 200  # answers at once
REFILL = 500.0  # answers per second


class History:
    """A ring of packets by number; `size` is a power of two. Of old packets only the number stays."""

    __slots__ = ("_mask", "_oldest", "_ring", "highest")

    def __init__(self, size: int) -> None:
        self._ring: list[Packet | int | None] = [None] * size
        self._mask = size - 1
        self._oldest = 0  # of no packet below is the payload still here
        self.highest = -1

    def keep(self, packet: Packet) -> bool:
        """False for a number that was taken before or is too old to tell.

        What is too old to be given again goes as newer packets come: two for one, so that it never heaps up.
        """
        number = packet.number
        if number > self.highest:
            self.highest = number
        elif self.taken(number):
            return False
        self._ring[number & self._mask] = packet
        self._let_go(packet.arrival, 2)
        return True

    def taken(self, number: int) -> bool:
        """Whether it was before, or is too old to tell."""
        if number > self.highest:
            return False
        if number <= self.highest - len(self._ring):
            return True
        held = self._ring[number & self._mask]
        return held is not None and (held if isinstance(held, int) else held.number) == number

    def get(self, number: int, now: float) -> Packet | None:
        packet = self._ring[number & self._mask]
        if not isinstance(packet, Packet) or packet.number != number or now - packet.arrival > AGE:
            return None
        return packet

    def trim(self, now: float) -> None:
        """Let go of all that is too old, where no packets come any more."""
        self._let_go(now, len(self._ring))

    def _let_go(self, now: float, most: int) -> None:
        ring, mask = self._ring, self._mask
        number = max(self._oldest, self.highest - mask)
        for _ in range(most):
            if number > self.highest:
                break
            held = ring[number & mask]
            if isinstance(held, Packet):
                if now - held.arrival <= AGE:
                    break
                ring[number & mask] = held.number
            number += 1
        self._oldest = number


class Answers:
    """How often a NACKed number is answered: spaced, at most 3 times what is missing, within a budget for the
    listener."""

    __slots__ = ("_given", "_spare", "_tokens", "_topped_up")

    def __init__(self) -> None:
        self._given: dict[int, tuple[int, float]] = {}  # number -> times, the last one
        self._spare = 0  # answers that what was missing so far has not used up
        self._tokens = float(BURST)
        self._topped_up = 0.0

    def grant(self, number: int, now: float, rtt: float, copies: int = 1) -> int:
        """How many of `copies` may be sent now."""
        if number not in self._given:
            self._miss(number)
        times, last = self._given[number]
        if now - last < max(SPACING, rtt):
            return 0
        self._tokens = min(BURST, self._tokens + (now - self._topped_up) * REFILL)
        self._topped_up = now
        copies = min(copies, MOST_ANSWERS - times, self._spare, int(self._tokens))
        if copies < 1:
            return 0
        self._tokens -= copies
        self._spare -= copies
        self._given[number] = (times + copies, now)
        return copies

    def spent(self, number: int, now: float, rtt: float) -> bool:
        """Whether the number gets no answer any more, and the last one has had its time to arrive."""
        times, last = self._given.get(number, (0, -1e9))
        if now - last < max(SPACING, rtt):
            return False
        return times >= MOST_ANSWERS or (times > 0 and not self._spare)

    def _miss(self, number: int) -> None:
        """Asked for for the first time. What is forgotten here is too old to be asked for (repeats.py)."""
        if len(self._given) >= 2 * VIDEO_PACKETS:
            self._given = {n: given for n, given in self._given.items() if n > number - VIDEO_PACKETS}
        self._given[number] = (0, -1e9)
        self._spare = min(ANSWERS * BURST, self._spare + ANSWERS)
