"""What a client said it wants of a track (`track_setting`), and which layers that makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livekit.protocol import models

if TYPE_CHECKING:
    from signaling.sfu.publication import Publication
    from signaling.sfu.uptrack import UpTrack

Quality = models.VideoQuality
BEST_LAYER = 2
ALL_TEMPORAL = 3
TOLERANCE = 0.9  # of the pixels wished for: a few more than a layer has are no reason for the next one
UNKNOWN = (0, 0)
FRAMES = 30.0  # a second, of a track whose own are not known
SLACK = 1.3  # times the frames a temporal layer has
SCREEN_PRIORITY, PRIORITY = 255, 1  # LiveKit's own: more goes first


@dataclass(frozen=True)
class Wish:
    """Pixels are 0 when it asked by quality, `fps` and `priority` when it said nothing of them."""

    disabled: bool = False
    quality: models.VideoQuality = Quality.HIGH
    width: int = 0
    height: int = 0
    fps: int = 0
    priority: int = 0

    @property
    def off(self) -> bool:
        return self.disabled or self.quality == Quality.OFF

    def layer(self, publication: Publication, track: UpTrack) -> int:
        """0..2: the highest layer that is of use."""
        if self.width and self.height:
            return smallest_that_fills(self.width, self.height, sizes(publication, track))
        return min(self.quality, BEST_LAYER)

    @property
    def temporal(self) -> int:
        """0..3: the highest temporal layer that is of use, when each doubles the frames and three are all."""
        if not self.fps or self.fps * SLACK > FRAMES:
            return ALL_TEMPORAL
        return 1 if self.fps > FRAMES / 4 * SLACK else 0

    def rank(self, publication: Publication) -> int:
        """The more the earlier it is served."""
        screen = publication.info.source == models.TrackSource.SCREEN_SHARE
        return self.priority or (SCREEN_PRIORITY if screen else PRIORITY)


def sizes(publication: Publication, track: UpTrack) -> list[tuple[int, int]]:
    """Width and height of each layer, low to high: as seen in key frames, else as announced."""
    announced = sorted((layer.width, layer.height) for layer in publication.info.layers if layer.width)
    seen = [(layer.width, layer.height) for layer in track.layers]
    if len(seen) < len(announced) and not any(size[0] for size in seen[1:]):
        return announced  # spatial layers in one stream
    announced += [UNKNOWN] * (len(seen) - len(announced))
    return [size if size[0] else announced[i] for i, size in enumerate(seen)]


def smallest_that_fills(width: int, height: int, layers: Sequence[tuple[int, int]]) -> int:
    """The first layer whose shorter side is enough, the best when none is: as LiveKit does it."""
    wanted = min(width, height) * TOLERANCE
    for index, size in enumerate(layers):
        if min(size) >= wanted:
            return index
    return BEST_LAYER
