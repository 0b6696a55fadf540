"""What one participant publishes: announced, bound to a section, muted, ended; and who may have it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from livekit.protocol import models, rtc

from signaling.sfu import announcement, messages
from signaling.sfu.config import Limits
from signaling.sfu.encoding import Encoding
from signaling.sfu.messages import Answer
from signaling.sfu.publication import KINDS, Publication

SENDS = {
    models.TrackSource.CAMERA: models.TrackType.VIDEO,
    models.TrackSource.MICROPHONE: models.TrackType.AUDIO,
    models.TrackSource.SCREEN_SHARE: models.TrackType.VIDEO,
    models.TrackSource.SCREEN_SHARE_AUDIO: models.TrackType.AUDIO,
}

MOST_TAKEN = 50  # remembered for a client that resumes


class Publishing:
    """`started`, `changed` and `ended` tell the room; `ended` comes after the track is closed.

    `changed`: one of a track's codecs began or ended. `backup_wanted` tells the client to begin one.
    """

    def __init__(
        self,
        sid: str,
        permission: models.ParticipantPermission,
        limits: Limits,
        started: Callable[[Publication], None],
        changed: Callable[[Publication], None],
        ended: Callable[[Publication], None],
        backup_wanted: Callable[[Publication], None],
    ) -> None:
        self._sid = sid
        self.permission = permission
        self._limits = limits
        self._started = started
        self._changed = changed
        self._ended = ended
        self._backup_wanted = backup_wanted
        self._all: dict[str, Publication] = {}
        self.taken: list[str] = []  # sids of tracks that were ended here, the last ones
        self.choosy = False  # whether the publisher ever said who may subscribe
        self._everybody = True
        self._only: dict[str, frozenset[str] | None] = {}  # identity or sid to track sids, None for all

    def __iter__(self) -> Iterator[Publication]:
        """Those with an agreed section, which others can have."""
        return (publication for publication in self._all.values() if publication.track)

    def get(self, sid: str) -> Publication | None:
        return self._all.get(sid)

    def announced(self) -> Iterable[Publication]:
        """All of them, with or without a section."""
        return self._all.values()

    def waiting(self) -> list[Encoding]:
        """Announced, their section not yet agreed."""
        return [encoding for encoding in self._encodings() if encoding.track is None]

    def add(self, request: rtc.AddTrackRequest) -> Encoding | rtc.RequestResponse:
        """What is announced, or the answer why it cannot be: a new track, or the second codec of one."""
        if request.type not in KINDS or not request.cid:
            return messages.refused(Answer.INVALID_REQUEST, "Only audio and video tracks are carried.")
        if excess := announcement.excess(request):
            return messages.refused(Answer.LIMIT_EXCEEDED, excess)
        for encoding in self._encodings():
            if encoding.cid == request.cid:
                return encoding
        if request.sid:
            return self._add_backup(request)
        if SENDS.get(request.source, request.type) != request.type:  # a right to one would be a right to both
            return messages.refused(Answer.INVALID_REQUEST, "The source does not send this kind of media.")
        if not self.may_publish(request.source):
            return messages.refused(Answer.NOT_ALLOWED, "You are not allowed to publish this.")
        if len(self._all) >= self._limits.tracks:
            return messages.refused(Answer.LIMIT_EXCEEDED, "You publish too many tracks.")
        publication = Publication(self._sid, request, self._backup_wanted)
        self._all[publication.sid] = publication
        return publication.primary

    def _add_backup(self, request: rtc.AddTrackRequest) -> Encoding | rtc.RequestResponse:
        publication = self._all.get(request.sid)
        if publication is None or not publication.backup_mime:
            return messages.refused(Answer.NOT_FOUND, "There is no such track with a second codec.")
        return publication.announce_backup(request)

    def _encodings(self) -> Iterator[Encoding]:
        for publication in self._all.values():
            yield from publication.encodings

    def may_publish(self, source: models.TrackSource) -> bool:
        sources = self.permission.can_publish_sources
        return self.permission.can_publish and (not sources or source in sources)

    def waiting_for(self, cid: str) -> Encoding | None:
        return next((encoding for encoding in self.waiting() if encoding.cid == cid), None)

    def only_waiting(self, kind: str) -> Encoding | None:
        """The one announced of this kind without a section; None when it could be several."""
        found = [encoding for encoding in self.waiting() if encoding.kind == kind]
        return found[0] if len(found) == 1 else None

    def at(self, mid: str) -> Encoding | None:
        return next((item for item in self._encodings() if item.track and item.mid == mid), None)

    def bound(self, encoding: Encoding) -> None:
        publication = encoding.publication
        if encoding is publication.primary:
            self._started(publication)
        else:
            self._changed(publication)

    def end_of_section(self, mid: str) -> None:
        """The client sends no more there: that is how clients unpublish."""
        encoding = self.at(mid)
        if encoding is None:
            return
        publication = encoding.publication
        if encoding is publication.primary:
            self.end(publication)
        else:
            publication.end_backup()
            self._changed(publication)

    def end(self, publication: Publication) -> None:
        if self._all.pop(publication.sid, None):
            publication.close()
            self._ended(publication)

    def take(self, publication: Publication) -> None:
        """End it although the client would go on; remembered for the case that it was not heard."""
        self.taken = [*self.taken[1 - MOST_TAKEN :], publication.sid]
        self.end(publication)

    def forbidden(self) -> list[Publication]:
        """What is published although the permission no longer allows it."""
        return [item for item in self._all.values() if not self.may_publish(item.info.source)]

    def allow(self, request: rtc.SubscriptionPermission) -> None:
        """The publisher's own say about who may subscribe."""
        self.choosy = True
        self._everybody = request.all_participants
        self._only = {}
        for entry in request.track_permissions:
            tracks = None if entry.all_tracks else frozenset(entry.track_sids)
            for name in filter(None, (entry.participant_sid, entry.participant_identity)):
                self._only[name] = tracks

    def allows(self, publication: Publication, *, sid: str, identity: str) -> bool:
        if self._everybody:
            return True
        for name in (sid, identity):
            if name in self._only:
                tracks = self._only[name]
                return tracks is None or publication.sid in tracks
        return False

    def close(self) -> None:
        for publication in self._all.values():
            publication.close()
