"""A room's bandwidth: shared out for each listener once a second and whenever something changes; and what
publishers need not send because nobody wishes for it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from livekit.protocol import rtc

from signaling.sfu import messages
from signaling.sfu.costs import Costs
from signaling.sfu.dynacast import BEST, NOTHING, Demand, quality_update

if TYPE_CHECKING:
    from signaling.sfu.encoding import Encoding
    from signaling.sfu.participant import Participant
    from signaling.sfu.publication import Publication
    from signaling.sfu.room import Room
    from signaling.sfu.uptrack import UpTrack

log = logging.getLogger(__name__)
SPOKE = 5.0  # seconds somebody counts as speaking after the last word


class Bandwidth:
    """One room's. `share` whenever a participant's wishes, tracks or estimate changed."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._costs = Costs()
        self._spoke: dict[str, float] = {}
        self._demands: dict[UpTrack, Demand] = {}
        self._due: set[Participant] = set()

    def every_second(self) -> None:
        now = self._room.clock.now()
        people = list(self._room.participants.values())
        encodings = list(self._video(people))
        self._costs.measure(track for _, _, _, track in encodings)
        self._listen(now)
        for participant in people:
            self._share_out(participant)
        self._ask_for_less(people, encodings, now)

    def share(self, participant: Participant) -> None:
        """Now, and tell publishers at once what was not asked for before."""
        self._share_out(participant)
        self._ask_for_more(participant)

    def share_soon(self, participant: Participant) -> None:
        """From inside the packet path: at the loop's next turn."""
        if participant not in self._due:
            self._due.add(participant)
            self._room.clock.later(0.0, self._share_due)

    def _share_due(self) -> None:
        due, self._due = self._due, set()
        for participant in due:
            if not participant.gone:
                self._share_out(participant)
                allotments = participant.subscriptions.allotments
                log.debug("%s: %s; %s", participant.sid, allotments.downlink, allotments.last)

    def _share_out(self, participant: Participant) -> None:
        changed = participant.subscriptions.allot(self._costs, self._spoke)
        if changed:
            participant.send(messages.stream_states(changed))

    def _listen(self, now: float) -> None:
        for sid in self._room.speaking():
            self._spoke[sid] = now
        self._spoke = {sid: at for sid, at in self._spoke.items() if now - at < SPOKE}

    # Publishers

    def recorded(self, publisher: Participant, publication: Publication) -> None:
        """A recorder wishes for the best there is."""
        track = publication.track
        if track is not None and track in self._demands and self._demands[track].rise(BEST):
            self.tell(publisher, publication)

    def _video(self, people: list[Participant]) -> list[tuple[Participant, Publication, Encoding, UpTrack]]:
        return [
            (publisher, publication, encoding, encoding.track)
            for publisher in people
            for publication in publisher.publishing
            if publication.kind == "video"
            for encoding in publication.encodings
            if encoding.track is not None
        ]

    def _ask_for_less(
        self,
        people: list[Participant],
        encodings: list[tuple[Participant, Publication, Encoding, UpTrack]],
        now: float,
    ) -> None:
        wanted: dict[UpTrack, int] = {}
        for participant in people:
            for _, track, layer in participant.subscriptions.wanted_layers():
                wanted[track] = max(wanted.get(track, NOTHING), NOTHING if layer is None else layer)
        for _, _, _, track in encodings:
            if track.recorded:
                wanted[track] = BEST
        known, self._demands = self._demands, {}
        for publisher, publication, _, track in encodings:
            demand = self._demands[track] = known.get(track) or Demand()
            if demand.update(wanted.get(track, NOTHING), now):
                self.tell(publisher, publication)

    def _ask_for_more(self, participant: Participant) -> None:
        raised = {
            sid
            for sid, track, layer in participant.subscriptions.wanted_layers()
            if layer is not None and track in self._demands and self._demands[track].rise(layer)
        }
        if not raised:
            return
        for sid, (publisher, publication) in self._room.tracks().items():
            if sid in raised:
                self.tell(publisher, publication)

    def tell(self, publisher: Participant, publication: Publication) -> None:
        """What is wished for of this track, as it was asked for last."""
        told = {
            encoding.mime.partition("/")[2].lower(): self._told(encoding.track)
            for encoding in publication.encodings
            if encoding.track is not None
        }
        if publication.backup_wanted and publication.backup is None:  # asked for, on its way
            told[publication.backup_mime.partition("/")[2].lower()] = BEST
        update = quality_update(publication.sid, told)
        publisher.send(rtc.SignalResponse(subscribed_quality_update=update))

    def _told(self, track: UpTrack) -> int:
        """Nothing yet: it sends all it has."""
        return self._demands[track].told if track in self._demands else BEST
