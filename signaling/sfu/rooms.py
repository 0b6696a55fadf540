"""All rooms of one engine: who is let in, into which room, and how it ends."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.sfu import auth, events, messages, resuming, signal, thrift
from signaling.sfu.clock import Clock, Timer
from signaling.sfu.config import EngineConfig
from signaling.sfu.egress.egresses import Egresses
from signaling.sfu.events import Tell, tell_nobody
from signaling.sfu.joining import read_join_request, read_parameters, read_query, read_token
from signaling.sfu.lag import BEHIND, STALLED, Lag
from signaling.sfu.link import Link, OneConnection, TwoConnections
from signaling.sfu.messages import Action, Reason
from signaling.sfu.metrics import Metrics
from signaling.sfu.participant import Participant, SignalSocket
from signaling.sfu.refusals import BadToken, Busy, NoPlace, NotFound, Refusal, TooLarge
from signaling.sfu.room import Room
from signaling.sfu.stages import refused
from signaling.sfu.withdrawn import EVERYBODY, Withdrawn

if TYPE_CHECKING:
    from signaling.sfu.plane import Plane

log = logging.getLogger(__name__)
AT_REST = 2.0  # seconds after the last room: those who left have said goodbye


@dataclass(frozen=True)
class Ticket:
    """A genuine token and a readable join request: the bearer, who knocked `at`, may come in over this kind
    of link."""

    claims: auth.Claims
    request: rtc.JoinRequest
    link: type[Link] = OneConnection
    at: float | None = None


class Rooms:
    """The engine's front: `knock`, then `enter` with a socket; from there the participant speaks."""

    def __init__(self, config: EngineConfig, plane: Plane, clock: Clock, tell: Tell = tell_nobody) -> None:
        self.config = config
        self.plane = plane
        self.clock = clock
        self.lag = Lag()
        self.metrics = Metrics(self)
        self.draining = False  # no new rooms
        self.stopping = False  # nobody at all
        self._rooms: dict[str, Room] = {}
        self._resting: Timer | None = None
        self._tell = tell
        self._withdrawn = Withdrawn(config.withdrawals)
        self.egresses = Egresses(config.recordings, clock, tell, plane.tally.count)

    def __iter__(self) -> Iterator[Room]:
        return iter(list(self._rooms.values()))

    def __len__(self) -> int:
        return len(self._rooms)

    @property
    def people(self) -> int:
        return sum(len(room.participants) for room in self)

    def get(self, name: str) -> Room:
        """Raises NotFound."""
        if name not in self._rooms:
            raise NotFound("There is no such room.")
        return self._rooms[name]

    def knock(self, query: bytes, headers: Mapping[str, str]) -> Ticket:
        """As `examine`, for somebody who wants to come in: counted and logged."""
        try:
            return self.examine(query, headers)
        except Refusal as refusal:
            refused(self.plane.tally, refusal.code, refusal.text)
            raise

    def examine(self, query: bytes, headers: Mapping[str, str]) -> Ticket:
        """Everything that can be refused before a socket is accepted; raises Refusal."""
        at = self.clock.now()
        values = read_query(query)
        claims = self._recognise(read_token(values, headers.get("authorization", "")))
        request, link = self._read_request(values)
        self._check_size(request)
        if (request.metadata or request.participant_attributes) and not claims.grants.can_update_own_metadata:
            raise BadToken("The access token does not allow bringing metadata (canUpdateOwnMetadata).")
        self._check_capacity(claims)
        return Ticket(claims, request, link, at)

    def admit(self, token: str) -> auth.Claims:
        """The same for those who come without a join request."""
        claims = self._recognise(token)
        self._check_capacity(claims)
        return claims

    def enter(self, ticket: Ticket, socket: SignalSocket) -> Participant | None:
        """Speak the first words on an accepted socket; None when the client was sent away."""
        if ticket.request.reconnect:
            return self._resume(ticket, socket)
        return self._join(ticket, socket)

    def create(self, name: str) -> Room:
        """The room of this name, made when there is none; raises Busy."""
        if name not in self._rooms:
            self._check_room_for_another()
            room = Room(name, self.plane, self.clock, self.config, self._emptied, self._tell)
            self._rooms[name] = room
            room.note(events.ROOM_STARTED)
        return self._rooms[name]

    def withdraw(self, room: str, identity: str, since: float) -> None:
        """Tokens of `identity` for `room` made before `since` no longer let anybody in.

        Without it whoever is removed comes straight back with the token the client still holds.
        """
        self._withdrawn.add(room, identity, since)

    def delete(self, name: str) -> None:
        """Everybody is sent away, and tokens made before do not open the room again; raises NotFound."""
        self.withdraw(name, EVERYBODY, self.clock.wall())
        self.get(name).close(Reason.ROOM_DELETED, Action.DISCONNECT)
        self._forget(name)

    def trouble(self) -> str:
        """Why this process is not well; empty when it is."""
        late = self.lag.worst(self.clock.now())
        return f"the loop was held up for {late:.1f} s" if late >= STALLED else ""

    def reluctance(self) -> str:
        """Why newcomers had better go elsewhere; empty when they need not."""
        if self.draining or self.stopping:
            return "stopping"
        if len(self._rooms) >= self.config.limits.rooms:
            return "full"
        late = self.lag.worst(self.clock.now())
        return f"the loop was held up for {late:.1f} s" if late >= BEHIND else ""

    def drain(self) -> None:
        """No new rooms; those that are go on."""
        self.draining = True

    def stop(self) -> None:
        """Refuse newcomers and tell everybody to connect again: elsewhere, or here once we are back."""
        self.draining = self.stopping = True
        for room in self:
            room.close(Reason.SERVER_SHUTDOWN, Action.RECONNECT)
        self._rooms.clear()
        self.egresses.close()
        self._withdrawn.close()

    def _join(self, ticket: Ticket, socket: SignalSocket) -> Participant | None:
        room = self.create(ticket.claims.grants.room)
        participant = Participant(room, ticket.claims, ticket.request, ticket.link, ticket.at)
        room.enter(participant)
        participant.attach(socket)
        participant.send(
            messages.join(
                room=room.info(),
                participant=participant.info(),
                others=room.others(participant),
                config=self.config,
                sif_trailer=room.sif_trailer,
                subscriber_primary=participant.link.subscriber_primary,
            )
        )
        room.refresh_token(participant)
        room.reconsider_all(participant)
        participant.begin()
        for request in ticket.request.add_track_requests:
            signal.add_track(participant, request)
        if ticket.request.HasField("publisher_offer"):
            return self._first_offer(participant, ticket.request.publisher_offer)
        return participant

    def _first_offer(self, participant: Participant, offer: rtc.SessionDescription) -> Participant | None:
        try:
            participant.answer(offer)
        except ValueError as error:
            log.info("an offer in a join request of %s was refused: %s", participant.sid, error)
            participant.say_goodbye(Reason.JOIN_FAILURE, Action.DISCONNECT)
            participant.room.remove(participant, Reason.JOIN_FAILURE)
            return None
        return participant

    def _resume(self, ticket: Ticket, socket: SignalSocket) -> Participant | None:
        participant = self._remembered(ticket)
        if participant is None:
            # The client then joins anew and publishes again by itself.
            socket.send(messages.leave(Reason.STATE_MISMATCH, Action.RECONNECT).SerializeToString())
            socket.close()
            return None
        resuming.resume(participant, socket, ticket.claims)
        participant.begin()
        if ticket.request.HasField("sync_state"):
            signal.sync_state(participant, ticket.request.sync_state)
        if ticket.request.HasField("publisher_offer"):
            return self._first_offer(participant, ticket.request.publisher_offer)
        return participant

    def _remembered(self, ticket: Ticket) -> Participant | None:
        room = self._rooms.get(ticket.claims.grants.room)
        participant = room.participants.get(ticket.claims.identity) if room else None
        if participant is None or participant.sid != ticket.request.participant_sid:
            return None
        if type(participant.link) is not ticket.link:
            return None
        return None if participant.gone else participant

    def _recognise(self, token: str) -> auth.Claims:
        if self.stopping:
            raise NoPlace("The media server is stopping; try again in a moment.")
        claims = auth.verify(token, self.config, self.clock.wall())
        auth.require_join(claims, self.config)
        self._withdrawn.check(claims)
        return claims

    def _read_request(self, values: Mapping[str, str]) -> tuple[rtc.JoinRequest, type[Link]]:
        """What the client asks; whoever sends no `join_request` has two peer connections."""
        if "join_request" in values:
            return read_join_request(values["join_request"], self.config.limits.join_request), OneConnection
        return read_parameters(values), TwoConnections

    def _check_size(self, request: rtc.JoinRequest) -> None:
        limits = self.config.limits
        if len(request.metadata.encode()) > limits.metadata:
            raise TooLarge("The participant's metadata is too long.")
        if signal.attributes_size(request.participant_attributes) > limits.attributes:
            raise TooLarge("The participant's attributes are too long.")
        if len(request.add_track_requests) > limits.tracks:
            raise TooLarge("The join request publishes too many tracks.")

    def _check_capacity(self, claims: auth.Claims) -> None:
        room = self._rooms.get(claims.grants.room)
        if room is None:
            self._check_room_for_another()
        elif claims.identity not in room.participants and len(room.participants) >= room.most:
            raise Busy("The room is full.")
        if sum(len(room.participants) for room in self) >= self.config.limits.people:
            raise (NoPlace if room is None else Busy)("The media server is full.")
        self._check_joins(room)

    def _check_joins(self, room: Room | None) -> None:
        """No room takes more than its share, so that one full of trouble does not close the others."""
        limits = self.config.limits
        share = limits.joins_in_a_room
        joining = sum(min(other.joining(), share) for other in self)
        if joining >= limits.joins_at_once or (room is not None and room.joining() >= share):
            raise Busy("Too many people are joining at this moment; try again in a few seconds.")

    def _check_room_for_another(self) -> None:
        if self.draining:
            raise NoPlace("The media server is stopping; try again in a moment.")
        if len(self._rooms) >= self.config.limits.rooms:
            raise NoPlace("The media server has no place for another room.")

    def _emptied(self, room: Room) -> None:
        if not room.participants and self._rooms.get(room.name) is room:
            room.close(models.DisconnectReason.ROOM_CLOSED, Action.DISCONNECT)
            self._forget(room.name)

    def _forget(self, name: str) -> None:
        del self._rooms[name]
        if self._resting:
            self._resting.cancel()
        self._resting = None if self._rooms else self.clock.later(AT_REST, self._rest)

    def _rest(self) -> None:
        self._resting = None
        if not self._rooms:
            thrift.give_back()
