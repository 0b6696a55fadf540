"""How well each participant is connected: the loss both ways, and what its line leaves of what it wants."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

if TYPE_CHECKING:
    from signaling.sfu.participant import Participant

Quality = models.ConnectionQuality
GOOD_LOSS = 0.02  # more than this is no longer excellent
POOR_LOSS = 0.08
POOR_RTT = 0.6  # seconds
LESS = 0.8  # of the bit/s wished for
SCORES = {Quality.EXCELLENT: 4.5, Quality.GOOD: 3.8, Quality.POOR: 2.0, Quality.LOST: 1.0}


def report(participants: Iterable[Participant]) -> rtc.SignalResponse:
    updates = [
        rtc.ConnectionQualityInfo(participant_sid=participant.sid, quality=quality, score=SCORES[quality])
        for participant, quality in ((participant, judge(participant)) for participant in participants)
    ]
    return rtc.SignalResponse(connection_quality=rtc.ConnectionQualityUpdate(updates=updates))


def judge(participant: Participant) -> models.ConnectionQuality:
    """LOST only for somebody whose socket is gone: ten seconds of it make a client start afresh."""
    if participant.socket is None:
        return Quality.LOST
    seen = grade(worst_loss(participant), participant.link.rtt or 0.0)
    return min(seen, carried(participant), key=SCORES.__getitem__)


def carried(participant: Participant) -> models.ConnectionQuality:
    """POOR when a track is paused for want of bandwidth, GOOD when one is smaller than wished for."""
    if participant.subscriptions.starved():
        return Quality.POOR
    last = participant.subscriptions.allotments.last
    return Quality.GOOD if last.spent < LESS * last.needed else Quality.EXCELLENT


def grade(loss: float, rtt: float) -> models.ConnectionQuality:
    """`loss` 0..1 of the last reports, `rtt` in seconds. Holds no memory: good again as soon as these are."""
    if loss > POOR_LOSS or rtt > POOR_RTT:
        return Quality.POOR
    return Quality.GOOD if loss > GOOD_LOSS else Quality.EXCELLENT


def worst_loss(participant: Participant) -> float:
    """0..1, the worst of its tracks that flow, up or down: what rests keeps its last report for ever."""
    up = [item.track.fraction_lost for item in participant.publishing if item.track and not item.info.muted]
    down = [
        track.stats.fraction_lost
        for track in participant.subscriptions.tracks()
        if not track.paused and not track.source.muted
    ]
    return max([0.0, *up, *down])
