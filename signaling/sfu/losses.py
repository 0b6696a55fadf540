"""Loss as a sign of too much: told apart from a line that always loses something.

A policer drops what is above its rate and nothing else: sending less ends the loss. A bad radio line loses
the same share of whatever is sent: sending less only makes the picture worse. So a decrease after loss is an
experiment; when the loss stays, it belongs to the line and is let be.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import sqrt

SPAN, ENOUGH = 1.0, 30  # seconds and packets of a window
HEAVY, HEAVY_SPAN, HEAVY_PACKETS = 0.3, 0.2, 20  # a window that ends early
TOO_MUCH = 0.06  # beyond what belongs to the line
LITTLE = 0.03  # beyond what belongs to the line: growth goes on
MOST_INHERENT = 0.35
PERSISTS = 0.5  # of the loss before: it did not go away
FOLLOWING = 0.1  # a window: how slowly what belongs to the line is learnt anew
CHANCE = 2.0  # standard deviations
JUDGED_AFTER = 2  # windows: the first still holds packets from before


class Verdict(Enum):
    FINE = "fine"
    HOLD = "hold"  # no growth
    LESS = "less"  # send less
    BACK = "back"  # the decrease was in vain: go back to what was before


@dataclass(slots=True)
class Experiment:
    share: float  # lost, 0..1
    windows: int = 0


class Losses:
    """`inherent` is the share 0..1 that the line loses by itself."""

    def __init__(self) -> None:
        self.inherent = 0.0
        self.share = 0.0  # of the last window
        self._since: float | None = None
        self._packets = self._lost = 0
        self._experiment: Experiment | None = None

    def start_anew(self) -> None:
        """Forget what was counted but not yet judged."""
        self._since, self._packets, self._lost = None, 0, 0

    @property
    def began(self) -> bool:
        """Whether the last verdict began an experiment."""
        return self._experiment is not None and self._experiment.windows == 0

    def abandon(self) -> None:
        """Something else changed what is sent, or nothing did: the experiment would tell nothing."""
        self._experiment = None

    def take(self, now: float, packets: int, lost: int) -> Verdict | None:
        """What one more batch says; None while the window is open."""
        if self._since is None:
            self._since = now
        self._packets += packets
        self._lost += lost
        span = now - self._since
        heavy = (
            span >= HEAVY_SPAN
            and self._packets >= HEAVY_PACKETS
            and self._lost > (self.inherent + HEAVY) * self._packets
        )
        if not heavy and (span < SPAN or self._packets < ENOUGH):
            return None
        packets, self.share = self._packets, self._lost / self._packets
        self._since, self._packets, self._lost = now, 0, 0
        return self._judge(packets)

    def _judge(self, packets: int) -> Verdict:
        share, experiment = self.share, self._experiment
        bound = self.inherent + TOO_MUCH
        bound += CHANCE * sqrt(bound * (1 - bound) / packets)
        if experiment is not None:
            experiment.windows += 1
            if experiment.windows < JUDGED_AFTER:
                return Verdict.LESS if share > MOST_INHERENT else Verdict.HOLD
            return self._conclude(experiment)
        if share <= bound:
            self.inherent += FOLLOWING * (share - self.inherent)
            return Verdict.FINE if share <= self.inherent + LITTLE else Verdict.HOLD
        self._experiment = Experiment(share)
        return Verdict.LESS

    def _conclude(self, experiment: Experiment) -> Verdict:
        self._experiment = None
        if self.share <= PERSISTS * experiment.share:
            return Verdict.HOLD
        if self.share > MOST_INHERENT:
            return Verdict.LESS
        self.inherent = max(self.inherent, self.share)
        return Verdict.BACK
