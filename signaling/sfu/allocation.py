"""Who gets how much of one listener's bandwidth: pure rules.

Sound is taken off the budget before; it is never paused. Then in the order given (screens, speakers, the
rest): the lowest rung for everybody before a better one for anybody, then screens and speakers as high as
they go, then the rest one rung at a time. What is there already is kept a little beyond the budget, what
would be new needs a reserve: so nothing flaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PAUSED = -1
KEEP = 0.05  # of the budget: overdraft for what flows already
KEEP_LOWEST = 0.25  # the same for the lowest rung: below it there is no picture at all
RESERVE = 0.1  # of a new rung's bit/s that must be left over
RESUME_RESERVE = 0.2


@dataclass(frozen=True, slots=True)
class Rung:
    """A layer and the highest temporal layer of it, for `bitrate` bit/s."""

    layer: int
    temporal: int
    bitrate: float


@dataclass(frozen=True, slots=True)
class Ask:
    """One video track: its rungs, low to high, up to what the client wishes. `current` may be PAUSED.

    `first` tracks (screens, speakers) climb to their top before the others share the rest.
    """

    rungs: tuple[Rung, ...]
    current: int
    first: bool = False


@dataclass(frozen=True, slots=True)
class Allotment:
    """A rung's index or PAUSED for each ask; what that costs, and what everything would cost, in bit/s."""

    grants: tuple[int, ...]
    spent: float
    needed: float


def allocate(budget: float | None, asks: Sequence[Ask], *, may_pause: bool = True) -> Allotment:
    """`budget` None is no limit."""
    needed = sum(ask.rungs[-1].bitrate for ask in asks)
    tops = tuple(len(ask.rungs) - 1 for ask in asks)
    if budget is None or needed * (1 + RESERVE) <= budget:
        return Allotment(tops, needed, needed)
    purse = Purse(budget)
    grants = [PAUSED] * len(asks)
    for i, ask in enumerate(asks):
        if purse.pays(ask, 0, grants[i]) or not may_pause:
            grants[i] = purse.pay(ask, 0, grants[i])
    for i, ask in enumerate(asks):
        while ask.first and _raise(purse, ask, grants, i):
            pass
    rest = [i for i, ask in enumerate(asks) if not ask.first]
    while rest:  # each that got a rung more may get another
        rest = [i for i in rest if _raise(purse, asks[i], grants, i)]
    return Allotment(tuple(grants), budget - purse.left, needed)


def _raise(purse: Purse, ask: Ask, grants: list[int], i: int) -> bool:
    rung = grants[i] + 1
    if grants[i] == PAUSED or rung >= len(ask.rungs) or not purse.pays(ask, rung, grants[i]):
        return False
    grants[i] = purse.pay(ask, rung, grants[i])
    return True


class Purse:
    """What is `left` of a budget, bit/s."""

    def __init__(self, budget: float) -> None:
        self.left = budget
        self._budget = budget

    def pays(self, ask: Ask, rung: int, granted: int) -> bool:
        """Whether one rung more can be had, by the rules for keeping and for gaining."""
        extra = _price(ask, rung) - _price(ask, granted)
        if rung <= ask.current:
            return extra <= self.left + (KEEP if rung else KEEP_LOWEST) * self._budget
        share = RESUME_RESERVE if rung == 0 else RESERVE
        return extra + share * _price(ask, rung) <= self.left

    def pay(self, ask: Ask, rung: int, granted: int) -> int:
        self.left -= _price(ask, rung) - _price(ask, granted)
        return rung


def _price(ask: Ask, rung: int) -> float:
    return 0.0 if rung == PAUSED else ask.rungs[rung].bitrate


def ladder(rungs: Sequence[Rung]) -> tuple[Rung, ...]:
    """The rungs that cost less than every better one: a rung that does not is never worth having."""
    kept: list[Rung] = []
    for rung in reversed(rungs):
        if not kept or rung.bitrate < kept[-1].bitrate:
            kept.append(rung)
    return tuple(reversed(kept))
