"""One listener's bandwidth, shared out among the video tracks it receives (allocation.py has the rules)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING

from signaling.sfu.allocation import PAUSED, Allotment, Ask, Rung, allocate

if TYPE_CHECKING:
    from signaling.sfu.costs import Costs
    from signaling.sfu.downlink import Downlink
    from signaling.sfu.subscription import Subscription

AUDIO = 40e3  # bit/s kept free for each voice that is forwarded
MOST_VOICES = 4  # at a time (floor.py)


class Allotments:
    """`may_pause`: whether the client puts up with tracks that are paused for want of bandwidth."""

    def __init__(self, downlink: Downlink) -> None:
        self.downlink = downlink
        self.may_pause = True
        self.last = Allotment((), 0.0, 0.0)

    def share(
        self, items: Iterable[Subscription], costs: Costs, speaking: Container[str]
    ) -> list[Subscription]:
        """Set every video track's `grant`; answers those that are paused now or no longer."""
        items = [item for item in items if item.track is not None]
        videos = [item for item in items if item.flows and item.publication.kind == "video"]
        voices = sum(1 for item in items if item.flows and item.publication.kind == "audio")
        videos.sort(key=lambda item: item.order(speaking))
        ladders = [item.rungs(costs) for item in videos]
        asks = [
            Ask(rungs, standing(item.grant, rungs), item.order(speaking)[:2] < REST)
            for item, rungs in zip(videos, ladders, strict=True)
        ]
        sound = AUDIO * min(voices, MOST_VOICES)
        budget = self.downlink.share()
        allotment = allocate(
            None if budget is None else max(0.0, budget - sound), asks, may_pause=self.may_pause
        )
        self.last = allotment
        self.downlink.want(allotment.needed + sound, allotment.spent + sound)
        return [
            item
            for item, rungs, grant in zip(videos, ladders, allotment.grants, strict=True)
            if item.give(None if grant == PAUSED else rungs[grant])
        ]


REST = (-1, 1)  # the rank and turn of a camera of somebody silent


def standing(grant: Rung | None, rungs: Sequence[Rung]) -> int:
    """Where the rung that was granted last is now: rungs come and go with the layers that flow."""
    if grant is None:
        return PAUSED
    limit = (grant.layer, grant.temporal)
    below = [i for i, rung in enumerate(rungs) if (rung.layer, rung.temporal) <= limit]
    return below[-1] if below else 0
