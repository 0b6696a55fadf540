"""Who speaks: changes only, a few times a second, from the levels that audio packets carry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

if TYPE_CHECKING:
    from signaling.sfu.participant import Participant

STEPS = 8  # levels are told this finely, so that a steady voice is no news


class Speakers:
    """Remembers what was last told."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    @property
    def speaking(self) -> Iterable[str]:
        """Sids of those who were last told to speak."""
        return self._told

    def changes(self, participants: Iterable[Participant]) -> rtc.SignalResponse | None:
        """The message that brings everybody up to date, None when nothing changed."""
        now = {participant.sid: level for participant in participants if (level := loudness(participant))}
        changed = [
            models.SpeakerInfo(sid=sid, level=level, active=True)
            for sid, level in now.items()
            if self._told.get(sid) != level
        ]
        changed += [models.SpeakerInfo(sid=sid, active=False) for sid in self._told if sid not in now]
        self._told = now
        if not changed:
            return None
        return rtc.SignalResponse(speakers_changed=rtc.SpeakersChanged(speakers=changed))

    def current(self) -> rtc.SignalResponse | None:
        """For somebody who just came."""
        if not self._told:
            return None
        told = [models.SpeakerInfo(sid=sid, level=level, active=True) for sid, level in self._told.items()]
        return rtc.SignalResponse(speakers_changed=rtc.SpeakersChanged(speakers=told))


def loudness(participant: Participant) -> float:
    """0 when silent, else the loudest of its tracks in eighths up to 1."""
    levels = [
        publication.track.level
        for publication in participant.publishing
        if publication.track and publication.track.speaking and not publication.info.muted
    ]
    return max(1, round(max(levels) * STEPS)) / STEPS if levels else 0.0
