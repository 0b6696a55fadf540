"""A room: who is in it, who may have whose track, and what everybody is told. No sockets, no packets."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.sfu import auth, events, messages, quality
from signaling.sfu.bandwidth import Bandwidth
from signaling.sfu.changes import Changes
from signaling.sfu.clock import Clock, Timer
from signaling.sfu.config import EngineConfig
from signaling.sfu.events import Tell, tell_nobody
from signaling.sfu.floor import Floor
from signaling.sfu.messages import Action, Reason
from signaling.sfu.participant import Participant
from signaling.sfu.publication import Publication
from signaling.sfu.speakers import Speakers

if TYPE_CHECKING:
    from signaling.sfu.plane import Plane

log = logging.getLogger(__name__)
MOST_DEPARTED = 50  # remembered for clients that resume


class Room:
    """`emptied` is called when the last participant went and nobody came for a while."""

    def __init__(
        self,
        name: str,
        plane: Plane,
        clock: Clock,
        config: EngineConfig,
        emptied: Callable[[Room], None],
        tell: Tell = tell_nobody,
    ) -> None:
        self.name = name
        self.sid = messages.new_sid("RM_")
        self.metadata = ""
        self.most = config.limits.participants
        self.plane = plane
        self.clock = clock
        self.config = config
        self.created = clock.wall()
        self.empty_timeout = config.timing.unvisited_room
        self.departure_timeout = config.timing.empty_room
        self._visited = False
        self.participants: dict[str, Participant] = {}
        self.sif_trailer = secrets.token_bytes(16)  # marks frames of ours among encrypted ones; we send none
        self._emptied = emptied
        self._tell = tell
        self._closed = False
        self._departed: list[tuple[float, models.ParticipantInfo]] = []  # with the time they went
        self._numbers = (0, 0)  # of participants and of publishers, as last told
        self._speakers = Speakers()
        self._floor = Floor()
        self.bandwidth = Bandwidth(self)
        self._changes = Changes(clock, self._tell_changes)
        self._timers: dict[str, Timer] = {}
        self._repeat("speakers", config.timing.speakers, self._tell_speakers)
        self._repeat("bandwidth", config.timing.bandwidth, self.bandwidth.every_second)
        self._repeat("room", config.timing.room, self._tell_room)
        self._repeat("quality", config.timing.quality, self._tell_quality)
        self._repeat("refresh", config.timing.token_refresh, self._refresh_tokens)
        self._wait_for_somebody()

    def info(self) -> models.Room:
        return models.Room(
            sid=self.sid,
            name=self.name,
            metadata=self.metadata,
            empty_timeout=int(self.empty_timeout),
            departure_timeout=int(self.departure_timeout),
            creation_time=int(self.created),
            creation_time_ms=int(self.created * 1000),
            max_participants=self.most,
            num_participants=len(self.visible()),
            num_publishers=sum(1 for item in self.visible() if any(True for _ in item.publishing)),
            enabled_codecs=messages.enabled_codecs(),
        )

    def visible(self) -> list[Participant]:
        return [participant for participant in self.participants.values() if not participant.hidden]

    def joining(self) -> int:
        """How many shake hands at this moment."""
        return sum(1 for participant in self.participants.values() if participant.joining)

    def count(self, reason: str) -> None:
        """Something was not passed on."""
        self.plane.drops.count(reason)

    def note(
        self, event: str, participant: Participant | None = None, publication: Publication | None = None
    ) -> None:
        """Something happened that those outside are told of."""
        if self._tell is not tell_nobody:
            self._tell(events.event_of(event, self, participant, publication))

    def keep_for(self, *, empty: int = 0, departed: int = 0) -> None:
        """Seconds the room waits for its first visitor, and after its last one; 0 leaves it as it is."""
        longest = self.config.timing.longest_wait
        self.empty_timeout = min(empty, longest) or self.empty_timeout
        self.departure_timeout = min(departed, longest) or self.departure_timeout
        if not self.participants:
            self._wait_for_somebody()

    # Coming and going

    def enter(self, participant: Participant) -> None:
        """A new participant; one of the same identity gives way to it."""
        previous = self.participants.get(participant.identity)
        if previous:
            previous.say_goodbye(Reason.DUPLICATE_IDENTITY, Action.DISCONNECT)
            self.remove(previous, Reason.DUPLICATE_IDENTITY)
        self._stop_waiting()
        self._visited = True
        self.participants[participant.identity] = participant
        participant.reached("join")

    def remove(self, participant: Participant, reason: models.DisconnectReason) -> None:
        """Idempotent. The others are told."""
        if participant.gone:
            return
        self._note_leave(participant, reason)
        publications = list(participant.publishing)
        was_active = participant.active
        participant.close()
        if self.participants.get(participant.identity) is participant:
            del self.participants[participant.identity]
        self._note_gone(participant, publications, was_active)
        for publication in publications:
            self._withdraw(publication)
        if was_active and not participant.hidden:
            self._tell_departure(participant, reason)
        if not self.participants:
            self._wait_for_somebody()

    def hid(self, participant: Participant) -> None:
        """It is hidden from now on: for the others it left."""
        if participant.active:
            self._tell_departure(participant, Reason.UNKNOWN_REASON)
            self.changed(participant)

    def _tell_departure(self, participant: Participant, reason: models.DisconnectReason) -> None:
        participant.version += 1
        info = participant.info()
        info.state, info.disconnect_reason = models.ParticipantInfo.DISCONNECTED, reason
        self._departed = [*self._departed[1 - MOST_DEPARTED :], (self.clock.wall(), info)]
        data = messages.update([info]).SerializeToString()
        for other in list(self.participants.values()):
            if other is participant:
                continue
            if other.settled:
                other.send_packed(data)
            else:
                other.missed.append(info)

    def _note_gone(self, participant: Participant, publications: list[Publication], was_active: bool) -> None:
        if was_active:
            for publication in publications:
                self.note(events.UNPUBLISHED, participant, publication)
        self.note(events.LEFT if was_active else events.ABORTED, participant)

    def _note_leave(self, participant: Participant, reason: models.DisconnectReason) -> None:
        name = Reason.Name(reason).lower()
        self.plane.tally.count(f"left_{name}")
        participant.stages.reach("leave", reason=name)

    def activated(self, participant: Participant) -> None:
        """Its media is connected: it is shown, and its tracks can be had."""
        self.note(events.JOINED, participant)
        self.changed(participant)
        for publication in participant.publishing:
            self.note(events.PUBLISHED, participant, publication)
            self._offer(participant, publication)
        if speaking := self.current_speakers():
            participant.send(speaking)
        self.clock.later(self.config.timing.settle, lambda: self.settle(participant))

    def settle(self, participant: Participant) -> None:
        """Idempotent. Now it may hear of who left.

        Clients open the tracks of their first answer once they are connected, and find a fault in one whose
        participant they no longer know.
        """
        if participant.settled or participant.gone:
            return
        participant.settled = True
        missed, participant.missed = participant.missed, []
        if gone := [info for info in missed if info.identity not in self.participants]:
            participant.send(messages.update(gone))

    def changed(self, participant: Participant) -> None:
        """Something of what everybody may know of it is new."""
        participant.version += 1
        self._changes.note(participant)

    def _tell_changes(self, participant: Participant) -> None:
        update = messages.update([participant.info()])
        if participant.hidden or not participant.active:
            participant.send(update)
        else:
            self.broadcast(update)

    def others(self, participant: Participant) -> list[models.ParticipantInfo]:
        """Those whom `participant` can see."""
        return [other.info() for other in self.visible() if other is not participant and other.active]

    def departed_since(self, participant: Participant) -> list[models.ParticipantInfo]:
        """Who left since `participant` came and is not seen any more.

        Its own earlier selves are left out: clients go by identity and would take the old sid for theirs.
        """
        there = {other.sid for other in self.visible()}
        return [
            info
            for at, info in self._departed
            if at >= participant.joined_at and info.identity != participant.identity and info.sid not in there
        ]

    def current_speakers(self) -> rtc.SignalResponse | None:
        """Who speaks, for somebody who has heard nothing of it yet."""
        return self._speakers.current()

    def too_slow(self, participant: Participant) -> None:
        """It does not take what it is sent: it starts afresh instead of filling our memory."""
        self.count("reader_too_slow")
        participant.start_over(Reason.STATE_MISMATCH)

    def close(self, reason: models.DisconnectReason, action: rtc.LeaveRequest.Action) -> None:
        """Idempotent. Everybody is sent away."""
        if self._closed:
            return
        self._closed = True
        log.info("%s closes (%s)", self.name, Reason.Name(reason).lower())
        for participant in list(self.participants.values()):
            publications, was_active = list(participant.publishing), participant.active
            self._note_leave(participant, reason)
            participant.say_goodbye(reason, action)
            participant.close()
            self._note_gone(participant, publications, was_active)
        self.participants.clear()
        self._changes.close()
        self.note(events.ROOM_FINISHED)
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    # Tracks

    def published(self, publisher: Participant, publication: Publication) -> None:
        if publication.track and publication.info.source == models.TrackSource.MICROPHONE:
            publication.track.floor = self._floor
        if publisher.active:
            self.changed(publisher)
            self.note(events.PUBLISHED, publisher, publication)
            self._offer(publisher, publication)

    def unpublished(self, publication: Publication) -> None:
        self._withdraw(publication)
        for participant in self.participants.values():
            if participant.sid == publication.publisher_sid:
                self.changed(participant)
                if participant.active and publication.track:
                    self.note(events.UNPUBLISHED, participant, publication)
                return

    def codecs_changed(self, publication: Publication) -> None:
        """A track comes in one codec more or less: listeners who need that one negotiate anew."""
        for participant in self.participants.values():
            if participant.subscriptions.reconsider_codec(publication.sid):
                participant.renegotiate()

    def reconsider(self, subscriber: Participant, publisher: Participant, publication: Publication) -> None:
        """Give or take one track, by wish and permission as they are now."""
        allowed = self.may_have(subscriber, publisher, publication)
        wanted = allowed and publisher.active and subscriber.subscriptions.wants(publication.sid)
        if wanted and publication.track and not subscriber.subscriptions.has(publication.sid):
            subscriber.subscriptions.add(publication)
            subscriber.renegotiate()
        elif not wanted and subscriber.subscriptions.drop(publication.sid):
            subscriber.renegotiate()

    def may_have(self, subscriber: Participant, publisher: Participant, publication: Publication) -> bool:
        return (
            subscriber is not publisher
            and subscriber.permission.can_subscribe
            and publisher.publishing.allows(publication, sid=subscriber.sid, identity=subscriber.identity)
        )

    def reconsider_all(self, subscriber: Participant) -> None:
        for publisher in self.participants.values():
            for publication in publisher.publishing:
                self.reconsider(subscriber, publisher, publication)

    def tracks(self) -> dict[str, tuple[Participant, Publication]]:
        """Everything announced, by its sid, with its publisher."""
        return {
            publication.sid: (participant, publication)
            for participant in self.participants.values()
            for publication in participant.publishing.announced()
        }

    def _offer(self, publisher: Participant, publication: Publication) -> None:
        for subscriber in self.participants.values():
            self.reconsider(subscriber, publisher, publication)

    def _withdraw(self, publication: Publication) -> None:
        if publication.track:
            self._floor.forget(publication.track)
        for subscriber in self.participants.values():
            if subscriber.subscriptions.drop(publication.sid):
                subscriber.renegotiate()
            subscriber.subscriptions.forget(publication.sid)

    # What everybody hears

    def broadcast(self, response: rtc.SignalResponse) -> None:
        """One message for all, written once."""
        data = response.SerializeToString()
        for participant in list(self.participants.values()):
            participant.send_packed(data)

    def speaking(self) -> Iterable[str]:
        """Sids of those who were last told to speak."""
        return self._speakers.speaking

    def _tell_speakers(self) -> None:
        if changes := self._speakers.changes(self.visible()):
            self.broadcast(changes)
        self._floor.tidy(self.clock.now())
        self._drop_silent_sockets()

    def _tell_quality(self) -> None:
        active = [participant for participant in self.visible() if participant.active]
        if active:
            self.broadcast(quality.report(active))

    def _tell_room(self) -> None:
        """How many there are, when it is not what was told last."""
        info = self.info()
        numbers = info.num_participants, info.num_publishers
        if numbers != self._numbers:
            self._numbers = numbers
            self.broadcast(messages.room_update(info))

    def _refresh_tokens(self) -> None:
        for participant in self.participants.values():
            self.refresh_token(participant)

    def refresh_token(self, participant: Participant) -> None:
        token = auth.refreshed(participant.claims, self.config, self.clock.wall())
        participant.send(rtc.SignalResponse(refresh_token=token))

    def _drop_silent_sockets(self) -> None:
        """A client pings every few seconds; a socket that says nothing is dead."""
        oldest = self.clock.now() - self.config.timing.ping_timeout
        for participant in list(self.participants.values()):
            socket = participant.socket
            if socket and participant.last_heard < oldest:
                participant.detach(socket)
                socket.close(1001)

    def _repeat(self, name: str, every: float, call: Callable[[], None]) -> None:
        def run() -> None:
            self._timers[name] = self.clock.later(every, run)
            call()

        self._timers[name] = self.clock.later(every, run)

    def _wait_for_somebody(self) -> None:
        self._stop_waiting()
        wait = self.departure_timeout if self._visited else self.empty_timeout
        self._timers["empty"] = self.clock.later(wait, lambda: self._emptied(self))

    def _stop_waiting(self) -> None:
        if timer := self._timers.pop("empty", None):
            timer.cancel()
