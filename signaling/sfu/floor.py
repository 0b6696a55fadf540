"""Who is heard in a large room: the three loudest voices, and the one that leads the talk. Pure.

In a small room everybody is. In a large one a voice gets the floor with its first audible packet while there
is room, else when it is clearly louder than the weakest that has it; it loses it after some silent packets.
Decided once for each packet of a track, whatever the number of listeners; what is left out leaves no gap in
the numbers (rendition.py), so to a listener it is what a pause of the sender would be (DTX).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

SMALL = 6  # voices that are all heard
LOUDEST = 3
AUDIBLE = 60  # -dBov (RFC 6464); smaller is louder
SILENT_PACKETS = 5
LOUDER = 6.0  # dB by which a voice takes the floor from another, or the lead
RISE, FALL = 0.3, 0.05  # how fast a voice's level follows, a packet
LEAD = 0.02  # the same over a second: who leads
PRESENT = 3.0  # seconds after the last packet


class Voice(Protocol):
    """A track; what is `silenced` is left out for everybody."""

    silenced: bool


@dataclass(slots=True)
class State:
    """`level` and `weight` in dB above silence, over some packets and over a second."""

    heard_at: float
    level: float = 0.0
    weight: float = 0.0
    silent: int = 0


class Floor:
    """One room's. Tracks that carry no audio level are always heard."""

    def __init__(self) -> None:
        self._voices: dict[Voice, State] = {}
        self._leader: Voice | None = None

    def hear(self, track: Voice, extension: bytes, at: float) -> None:
        """One packet of a track comes, before it is forwarded."""
        state = self._voices.get(track)
        if state is None:
            state = self._voices[track] = State(at)
            track.silenced = self._large
        level = extension[0] & 0x7F
        loud = 127.0 - level
        state.heard_at = at
        state.level += (RISE if loud > state.level else FALL) * (loud - state.level)
        state.weight += LEAD * (loud - state.weight)
        state.silent = 0 if level < AUDIBLE else state.silent + 1
        if self._large:
            self._decide(track, state)

    def tidy(self, now: float) -> None:
        """From time to time: forget who sends nothing; in a room that has become small everybody is heard."""
        for track in [track for track, state in self._voices.items() if now - state.heard_at > PRESENT]:
            self.forget(track)
        if not self._large:
            self._leader = None
            for track in self._voices:
                track.silenced = False

    def forget(self, track: Voice) -> None:
        """Idempotent. The track is heard, should it send again."""
        if self._voices.pop(track, None):
            track.silenced = False
        if self._leader is track:
            self._leader = None

    @property
    def _large(self) -> bool:
        return len(self._voices) > SMALL

    def _decide(self, track: Voice, state: State) -> None:
        if state.silent:
            if state.silent >= SILENT_PACKETS and track is not self._leader:
                track.silenced = True
            return
        self._lead(track, state)
        if not track.silenced:
            return
        have = self._followers()
        if len(have) < LOUDEST or track is self._leader:
            track.silenced = False
        elif state.level > self._voices[have[0]].level + LOUDER:
            have[0].silenced, track.silenced = True, False

    def _lead(self, track: Voice, state: State) -> None:
        """Who leads stays heard through pauses; who led before is one among the others again."""
        leader = self._leader
        if leader is None or state.weight > self._voices[leader].weight + LOUDER:
            self._leader = track
            track.silenced = False
            for surplus in self._followers()[:-LOUDEST]:
                surplus.silenced = True

    def _followers(self) -> list[Voice]:
        """Those who have the floor but do not lead, the weakest first."""
        have = [voice for voice in self._voices if not voice.silenced and voice is not self._leader]
        return sorted(have, key=lambda voice: self._voices[voice].level)
