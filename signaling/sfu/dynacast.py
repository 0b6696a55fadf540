"""What a publisher need not send, because nobody wishes for it (LiveKit's dynacast): pure bookkeeping.

Wishes count, not bandwidth: a listener whose line is bad at the moment wants the layer again any second. More
is asked for at once, less after a while, so that nobody who turns a page has the encoder restarted.
"""

from __future__ import annotations

from livekit.protocol import models, rtc

Quality = models.VideoQuality
QUALITIES = (Quality.LOW, Quality.MEDIUM, Quality.HIGH)
NOTHING, BEST = -1, 2
PATIENCE = 6.0  # seconds until less is asked for


class Demand:
    """For one encoding of a track: `told` is the best layer (0..2) it was asked for, NOTHING for none."""

    def __init__(self) -> None:
        self.told = BEST  # every publisher begins with all it has
        self._less_since: float | None = None

    def rise(self, wanted: int) -> bool:
        """Somebody wishes for `wanted`; whether the publisher has to be told."""
        if wanted <= self.told:
            return False
        self.told, self._less_since = wanted, None
        return True

    def update(self, wanted: int, now: float) -> bool:
        """The best that anybody wishes for; whether the publisher has to be told."""
        if wanted >= self.told:
            self._less_since = None
            return self.rise(wanted)
        if self._less_since is None:
            self._less_since = now
        if now - self._less_since < PATIENCE:
            return False
        self.told, self._less_since = wanted, None
        return True


def quality_update(sid: str, told: dict[str, int]) -> rtc.SubscribedQualityUpdate:
    """`told` is the best layer by the codec's name as clients say it ("vp8"), primary first."""
    codecs = [
        rtc.SubscribedCodec(codec=name, qualities=qualities(best)) for name, best in told.items() if name
    ]
    first = next(iter(told.values()), BEST)
    return rtc.SubscribedQualityUpdate(
        track_sid=sid, subscribed_qualities=qualities(first), subscribed_codecs=codecs
    )


def qualities(best: int) -> list[rtc.SubscribedQuality]:
    return [rtc.SubscribedQuality(quality=quality, enabled=quality <= best) for quality in QUALITIES]
