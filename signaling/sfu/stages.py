"""The stages of a join, one log line each: together they tell one participant's way in, and where it ended.

join (a place and a sid; `ms` counts from the knock) · answer · ice (the first good check) · dtls · active
(the others see it) · media (its first packet) · picture (the first key frame forwarded to it) · resume ·
leave. Who is refused at the door leaves one line, `refused`, with the code.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from signaling.sfu.tally import Tally

log = logging.getLogger(__name__)
AGAIN = frozenset(("resume",))  # may happen more than once


class Stages:
    """One participant's. `began`: when it knocked, by `clock`. Names and addresses of people stay out."""

    def __init__(
        self, room: str, participant: str, clock: Callable[[], float], tally: Tally, began: float
    ) -> None:
        self._who = {"room": room, "participant": participant}
        self._clock, self._tally, self._began = clock, tally, began
        self._reached: set[str] = set()

    def reach(self, stage: str, **facts: str) -> None:
        """The first time counts."""
        if stage in self._reached and stage not in AGAIN:
            return
        self._reached.add(stage)
        self._tally.count(f"stage_{stage}")
        elapsed = round((self._clock() - self._began) * 1000)
        log.info(stage, extra={"facts": {**self._who, "ms": elapsed, **facts}})


def refused(tally: Tally, code: str, text: str) -> None:
    """Somebody did not get past the door; `text` says why without saying who."""
    tally.count(f"refused_{code}")
    log.info("refused", extra={"facts": {"code": code, "why": text}})
