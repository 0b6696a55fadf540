"""One track as one participant receives it: wished for, granted, forwarded."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from signaling.sfu.allocation import Rung
from signaling.sfu.publication import Publication
from signaling.sfu.wish import Wish

if TYPE_CHECKING:
    from signaling.sfu.costs import Costs
    from signaling.sfu.downtrack import DownTrack


@dataclass
class Subscription:
    """`mid` is "" while no section is free for it; `hopeless` when the client has no codec for it (yet).

    `held`: nothing is sent until the client has accepted our offer. `grant` is what bandwidth allows; without
    one the track is `starved`.
    """

    publication: Publication
    wish: Wish
    mid: str = ""
    track: DownTrack | None = None
    hopeless: bool = False
    held: bool = False
    grant: Rung | None = None
    starved: bool = False

    @property
    def flows(self) -> bool:
        """The client wants it and the publisher sends it."""
        return self.track is not None and not self.wish.off and not self.publication.info.muted

    def order(self, speaking: Container[str]) -> tuple[int, int, int]:
        """Lower is served earlier: by priority (screens first), then who speaks, then the larger picture."""
        silent = self.publication.publisher_sid not in speaking
        return -self.wish.rank(self.publication), int(silent), -self.wish.width * self.wish.height

    def rungs(self, costs: Costs) -> tuple[Rung, ...]:
        """What the client has use for, from the cheapest on."""
        assert self.track is not None
        source = self.track.source
        layer = self.wish.layer(self.publication, source)
        return costs.rungs(self.publication, source, layer, self.wish.temporal)

    def give(self, grant: Rung | None) -> bool:
        """Whether the track is starved now and was not, or the other way round."""
        changed = (grant is None) != self.starved
        if changed or grant != self.grant:
            self.grant, self.starved = grant, grant is None
            self.apply()
        return changed

    def apply(self) -> None:
        """Have forwarded what is wished for and granted."""
        track = self.track
        if track is None:
            return
        if self.wish.off or self.starved or self.held:
            track.pause()
            return
        layer, temporal = self.wish.layer(self.publication, track.source), self.wish.temporal
        if self.grant is not None:
            layer, temporal = min(layer, self.grant.layer), min(temporal, self.grant.temporal)
        track.select(layer, temporal)
        if track.paused:
            track.resume()
