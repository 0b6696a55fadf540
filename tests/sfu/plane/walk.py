"""A long random walk of the pure plane under an oracle: loss, reordering, wraps, switches, thinning, NACKs.

Three layers arrive at random, out of order and with gaps; the oracle knows what every payload was and holds
what leaves to the promises of packet-plane.md. Nothing grows with the length of the walk.
"""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass, field

from tests.sfu.plane.pictures import vp8
from tests.sfu.plane.stage import Listening, Sent, Stage, simulcast

LATEST = 1500  # numbers the oracle remembers: more than libsrtp's window and the plane's history
REORDERED = 6  # packets one may come too late


@dataclass
class Oracle:
    """Follows one listener's stream. `sealed`: index -> everything sealed under it."""

    sealed: dict[int, tuple] = field(default_factory=dict)
    highest: int = -1
    timestamp: int = 0
    layer: int = -1
    packets: int = 0
    switches: int = 0
    wraps: int = 0
    faults: list[str] = field(default_factory=list)

    def take(self, sent: Sent, layer: int | None) -> None:
        if self.highest < 0:
            self.highest = sent.sequence - 1
        step = ((sent.sequence - self.highest) & 0xFFFF ^ 0x8000) - 0x8000
        index, content = self.highest + step, (sent.timestamp, sent.marker, sent.payload)
        if self.sealed.setdefault(index, content) != content:
            self.faults.append(f"index {index} carries {self.sealed[index]} and {content}")
        if step > 0:
            self.newest(sent, index, step, layer)
        self.packets += 1

    def newest(self, sent: Sent, index: int, step: int, layer: int | None) -> None:
        if layer is not None and layer != self.layer:
            if self.layer >= 0 and step != 1:
                self.faults.append(f"a switch leaves out {step - 1} numbers at {index}")
            self.switches, self.layer = self.switches + 1, layer
        if self.packets and (sent.timestamp - self.timestamp) & 0xFFFFFFFF >= 1 << 31:
            self.faults.append(f"timestamp {sent.timestamp} follows {self.timestamp} at {index}")
        self.wraps += index >> 16 != self.highest >> 16
        self.highest, self.timestamp = index, sent.timestamp
        while len(self.sealed) > LATEST:
            del self.sealed[next(iter(self.sealed))]


class Layer:
    """One simulcast layer's packets on their way: lost for a while, late, padding, starts of key frames."""

    def __init__(self, dice: random.Random, index: int) -> None:
        self.dice, self.index, self.number = dice, index, dice.randrange(65_536)
        self.missing: list[tuple[int, bytes]] = []

    def next(self, turn: int) -> tuple[int, bytes, bool]:
        """(number, payload, whether it was lost before): the next one, or one that was lost."""
        dice = self.dice
        if self.missing and dice.random() < 0.3:
            number, payload = self.missing.pop(dice.randrange(len(self.missing)))
            return number, payload, True
        self.number += 1
        payload = self.picture(turn)
        if dice.random() < 0.1:
            self.missing = [*self.missing[-REORDERED:], (self.number, payload)]
            return self.next(turn)
        return self.number, payload, False

    def picture(self, turn: int) -> bytes:
        dice = self.dice
        if dice.random() < 0.03:
            return b""
        key = dice.random() < 0.05
        return vp8(
            picture=self.number, tl0=self.number // 4, temporal=0 if key else dice.randrange(3), key=key,
            starts=key or dice.random() < 0.5, body=struct.pack("!BQ", self.index, turn),
        )  # fmt: skip


def walk(seed: int, steps: int, listeners: int = 1) -> list[Oracle]:
    """One oracle for each listener after `steps` packets of the publisher."""
    dice, stage = random.Random(seed), Stage()
    track = simulcast(stage)
    receiving = [stage.listen(track, by=Listening(stage, number)) for number in range(listeners)]
    start = stage.clock()
    oracles = {listener.ssrc: Oracle() for listener in receiving}
    layers = [Layer(dice, index) for index in range(3)]
    for turn in range(steps):
        stage.clock.now += 0.004
        layer = dice.choice(layers)
        number, payload, late = layer.next(turn)
        ticks = layer.index * 1_000_000 + int((stage.clock() - start) * 90_000)
        stage.arrive(track, number, payload, layer=layer.index, timestamp=ticks, recovered=late)
        for listener in receiving:
            wander(dice, stage, listener, oracles[listener.ssrc])
        if turn % 250 == 0:
            track.watch_layers()
        for sent in stage.sent:
            if sent.ssrc in oracles:
                oracles[sent.ssrc].take(sent, sent.payload[-9] if sent.payload else None)
        stage.sent.clear()
    return list(oracles.values())


def wander(dice: random.Random, stage: Stage, listener, oracle: Oracle) -> None:
    chance = dice.random()
    if chance < 0.01:
        listener.select(dice.randrange(3), dice.randrange(4))
    elif chance < 0.011:
        listener.pause()
    elif chance < 0.02:
        listener.resume()
    elif chance < 0.04 and oracle.packets:
        asked = tuple((oracle.highest - dice.randrange(1200)) & 0xFFFF for _ in range(5))
        listener.nacked(asked, stage.clock())
