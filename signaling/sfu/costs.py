"""What each layer of each track costs: measured once a second for a room, however many listen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from signaling.sfu.allocation import Rung, ladder

if TYPE_CHECKING:
    from signaling.sfu.publication import Publication
    from signaling.sfu.uptrack import UpTrack

ALL_TEMPORAL = 3
USUAL = (150e3, 500e3, 1_700e3)  # bit/s of layers nobody has announced or measured
FOLLOWING = 0.3  # of a lower figure: a scene that is still for a second soon moves again
SETTLED = 2  # figures after which a layer's own are believed

Kind = tuple[int, int]  # spatial layer, temporal layer


class Costs:
    """`rungs` of a track up to what a listener wishes; figures are of the last `measure`."""

    def __init__(self) -> None:
        self._bitrates: dict[UpTrack, dict[Kind, float]] = {}  # smoothed, of each layer by itself
        self._figures: dict[tuple[UpTrack, int], int] = {}  # how many there were
        self._rungs: dict[tuple[UpTrack, int, int], tuple[Rung, ...]] = {}

    def measure(self, tracks: Iterable[UpTrack]) -> None:
        """Once a second, all of the room's video; others are forgotten."""
        known, self._bitrates = self._bitrates, {}
        figures, self._figures = self._figures, {}
        self._rungs.clear()
        for track in tracks:
            before = known.get(track, {})
            now = self._bitrates[track] = {}
            for kind, bitrate in measured(track).items():
                old = before.get(kind, 0.0)
                now[kind] = max(bitrate, old + FOLLOWING * (bitrate - old))
            for spatial in {kind[0] for kind in now}:
                self._figures[track, spatial] = figures.get((track, spatial), 0) + 1

    def rungs(
        self, publication: Publication, track: UpTrack, layer: int, temporal: int = ALL_TEMPORAL
    ) -> tuple[Rung, ...]:
        """From the cheapest to the best that flows, up to `layer` and `temporal`; at least one."""
        key = (track, layer, temporal)
        found = self._rungs.get(key)
        if found is None:
            found = self._rungs[key] = ladder(self._all(publication, track, layer, temporal))
        return found

    def _all(self, publication: Publication, track: UpTrack, layer: int, temporal: int) -> list[Rung]:
        bitrates = self._bitrates.get(track, {})
        flowing = sorted({kind[0] for kind in bitrates})
        within = [spatial for spatial in flowing if spatial <= layer]
        if not within:
            # Nothing is known yet, or only more than was wished for flows: then that is what comes.
            top = flowing[0] if flowing else min(layer, top_of(track))
            return [Rung(layer, temporal, self._cost(publication, track, top, temporal))]
        rungs = []
        for spatial in within:
            best = max(t for s, t in bitrates if s == spatial)
            for t in range(0 if spatial == within[0] else max(best - 1, 0), best):
                if t < temporal:
                    rungs.append(Rung(spatial, t, self._cost(publication, track, spatial, t)))
            rungs.append(Rung(spatial, temporal, self._cost(publication, track, spatial, temporal)))
        return rungs

    def _cost(self, publication: Publication, track: UpTrack, spatial: int, temporal: int) -> float:
        """bit/s of what a listener with these limits gets."""
        lowest = 0 if track.spec.svc else spatial  # upper SVC layers need those below
        kinds = self._bitrates.get(track, {})
        cost = sum(bits for (s, t), bits in kinds.items() if lowest <= s <= spatial and t <= temporal)
        if self._figures.get((track, spatial), 0) < SETTLED:
            cost = max(cost, announced(publication, spatial) / (1 if temporal == ALL_TEMPORAL else 2))
        return cost


def measured(track: UpTrack) -> dict[Kind, float]:
    """bit/s of the last second by (spatial, temporal) layer, of layers that flow."""
    rates: dict[Kind, float] = {}
    for layer in track.layers:
        if layer.flowing:
            for (spatial, temporal), bitrate in layer.bitrates.items():
                rates[(spatial if track.spec.svc else layer.index), temporal] = bitrate
    return rates


def announced(publication: Publication, spatial: int) -> float:
    """bit/s as the publisher announced the layer, else as is usual."""
    bitrates = sorted(layer.bitrate for layer in publication.info.layers if layer.bitrate)
    if spatial < len(bitrates):
        return float(bitrates[spatial])
    return USUAL[min(spatial, len(USUAL) - 1)]


def top_of(track: UpTrack) -> int:
    return len(track.layers) - 1
