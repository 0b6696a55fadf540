"""A link that exists in numbers only, with a Downlink in front of it: seconds of it take milliseconds."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from signaling.sfu.allocation import PAUSED, Ask, Rung, allocate
from signaling.sfu.downlink import Downlink
from signaling.sfu.feedback import TICK, Feedback

STEP = 0.005  # seconds
AUDIO = 40_000.0  # bit/s
LAYERS = tuple(Rung(layer, 3, bitrate) for layer, bitrate in enumerate((150e3, 450e3, 1700e3)))
KEY_FRAME = 0.2  # seconds until another layer flows


@dataclass
class SimLink:
    """`rate` bit/s and `queue` seconds of it; `delay` one way, `jitter` on top; `drift` of the far clock."""

    rate: float = 10e6
    queue: float = 1.0
    delay: float = 0.025
    jitter: float = 0.0
    loss: float = 0.0
    drift: float = 0.0
    policed: bool = False  # what is above the rate is dropped instead of queued
    dark: bool = False
    other: float = 0.0  # bit/s of somebody else's traffic in the same queue
    free_at: float = 0.0
    dice: random.Random = field(default_factory=lambda: random.Random(3))

    def carry(self, octets: int, now: float) -> float | None:
        """When it arrives, on the far clock; None when it is lost."""
        if self.dark or self.dice.random() < self.loss:
            return None
        wait = max(0.0, self.free_at - now)
        if wait > (0.1 if self.policed else self.queue):
            return None
        self.free_at = now + wait + octets * 8 / max(self.rate - self.other, 1e3)
        arrival = self.free_at + self.delay + self.dice.random() * self.jitter
        return arrival * (1 + self.drift) + 77.0


class SimLog:
    def __init__(self) -> None:
        self.entries: list[tuple[float, int]] = []

    @property
    def last(self) -> int:
        return len(self.entries) - 1

    def extend(self, sequence: int) -> int:
        return self.last - ((self.last - sequence) & 0xFFFF)

    def read(self, first: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        part = self.entries[max(0, first) : first + count]
        return np.array([at for at, _ in part]), np.array([size for _, size in part])


class Simulation:
    """A teacher's three layers and voice, sent to one listener. `run` lets time pass."""

    def __init__(self, link: SimLink, *, cameras: int = 1) -> None:
        self.link, self.now = link, 1.0
        self.log = SimLog()
        self.downlink = Downlink(self)
        self.downlink.numbered = True
        self.downlink.changed = self.allot
        self.granted = [PAUSED] * cameras
        self.flowing = [PAUSED] * cameras
        self.padded = 0
        self._switches: list[tuple[float, int, int]] = []
        self._arrivals: deque[float | None] = deque()
        self._told = 0
        self._feedback: deque[tuple[float, Feedback]] = deque()
        self._hurried = False
        self._owed: dict[str, float] = {}
        self._next = {"feedback": 0.0, "pulse": 0.0, "tick": 0.0}
        self.allot()

    # The Wire

    def hurry(self) -> None:
        self._hurried = True

    def probe(self, octets: int, packets: int) -> int:
        sent = 0
        while sent < octets and packets:
            self.send(255)
            sent += 255
            packets -= 1
        self.padded += sent
        return sent

    # The engine

    def allot(self) -> None:
        asks = [Ask(LAYERS, grant) for grant in self.granted]
        budget = self.downlink.share()
        allotment = allocate(None if budget is None else budget - AUDIO, asks)
        self.downlink.want(allotment.needed + AUDIO, allotment.spent + AUDIO)
        for i, grant in enumerate(allotment.grants):
            if grant != self.granted[i]:
                self.granted[i] = grant
                delay = 0.0 if grant == PAUSED else KEY_FRAME
                self._switches.append((self.now + delay, i, grant))

    def send(self, octets: int) -> None:
        self.log.entries.append((self.now, octets))
        self._arrivals.append(self.link.carry(octets, self.now))

    def run(self, seconds: float, watch: Callable[[], None] = lambda: None) -> None:
        until = self.now + seconds
        while self.now < until:
            self.now += STEP
            self._media()
            self._timers()
            watch()

    def level(self, i: int = 0) -> int:
        return self.flowing[i]

    def until(self, condition: Callable[[], bool], most: float = 60.0) -> float:
        """Seconds until it holds."""
        began = self.now
        while not condition():
            assert self.now - began < most, f"not within {most} s"
            self.run(STEP)
        return self.now - began

    def _media(self) -> None:
        self._burst("audio", AUDIO, 0.02, 100)
        for due, i, grant in [item for item in self._switches if item[0] <= self.now]:
            self._switches.remove((due, i, grant))
            self.flowing[i] = grant
        for i, flows in enumerate(self.flowing):
            if flows != PAUSED:
                self._burst(f"video{i}", LAYERS[flows].bitrate, 1 / 30, 1100)

    def _burst(self, name: str, bitrate: float, every: float, octets: int) -> None:
        """What a frame has: packets at once, then nothing until the next."""
        if self.now < self._next.get(name, 0.0):
            return
        self._next[name] = self.now + every
        owed = self._owed.get(name, 0.0) + bitrate * every / 8
        while owed >= octets / 2:
            size = int(min(octets, max(owed, 60)))
            self.send(size)
            owed -= size
        self._owed[name] = owed

    def _timers(self) -> None:
        if self.now >= self._next["feedback"]:
            self._next["feedback"] = self.now + 0.1
            self._listener_reports()
        while self._feedback and self._feedback[0][0] <= self.now:
            self.downlink.acknowledge(self._feedback.popleft()[1], self.now)
        if self.now >= self._next["pulse"]:
            self._next["pulse"] = self.now + 0.025
            if self._hurried:
                self._hurried = self.downlink.pulse(self.now)
        if self.now >= self._next["tick"]:
            self._next["tick"] = self.now + 1.0
            self.downlink.tick(self.now)
            self.allot()

    def _listener_reports(self) -> None:
        """Feedback about what has arrived by now; what is in the queue is spoken of later."""
        arrivals = list(self._arrivals)
        base = self._told
        far = self.now * (1 + self.link.drift) + 77.0
        known = [i for i, at in enumerate(arrivals) if at is not None and at <= far]
        if not known or self.link.dark:
            return
        count = known[-1] + 1
        for _ in range(count):
            self._arrivals.popleft()
        self._told = base + count
        ticks = [None if at is None else round(at / TICK) for at in arrivals[:count]]
        feedback = Feedback(base & 0xFFFF, ticks)
        self._feedback.append((self.now + self.link.delay, feedback))
