"""One participant: who it is, its socket, its link, what it publishes and receives.

Ownership: the room owns participants, a participant owns its link. `close` is called by the room
alone; whoever wants a participant gone asks the room (`Room.remove`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from livekit.protocol import models, rtc

from signaling.sfu import messages
from signaling.sfu.allowance import Allowance
from signaling.sfu.auth import Claims
from signaling.sfu.clock import Timer
from signaling.sfu.data import Channels
from signaling.sfu.link import Link, OneConnection
from signaling.sfu.messages import Action, Reason
from signaling.sfu.publishing import Publishing
from signaling.sfu.stages import Stages

if TYPE_CHECKING:
    from aiortc import RTCDataChannel

    from signaling.sfu.room import Room
    from signaling.sfu.uptrack import UpTrack

State, Kind = models.ParticipantInfo.State, models.ParticipantInfo.Kind


class SignalSocket(Protocol):
    """The media socket of one client. Both never block, and do nothing once it is closed."""

    def send(self, data: bytes) -> None: ...

    def close(self, code: int = 1000) -> None: ...


class Participant:
    """Answers the packet plane as the TransportEvents of its link."""

    def __init__(
        self,
        room: Room,
        claims: Claims,
        request: rtc.JoinRequest,
        kind: type[Link] = OneConnection,
        knocked: float | None = None,
    ) -> None:
        config, clock = room.config, room.clock
        self.room = room
        self.claims = claims
        self.sid = messages.new_sid("PA_")
        self.identity = claims.identity
        self.name = claims.name
        self.metadata = request.metadata or claims.metadata
        self.attributes = {**claims.attributes, **request.participant_attributes}
        self.permission = claims.grants.permission()
        self.state = State.JOINED
        self.kind = Kind.STANDARD
        self.version = 0
        self.joined_at = clock.wall()
        self.gone = False
        self.settled = False  # has opened what the first answer gave it, and hears of who leaves
        self.missed: list[models.ParticipantInfo] = []  # who left before it was
        self.last_heard = clock.now()
        self.changes = Allowance(config.limits.change_rate, 3 * config.limits.change_rate, clock.now())
        self.requests = Allowance(config.limits.signal_rate, 4 * config.limits.signal_rate, clock.now())
        self.socket: SignalSocket | None = None
        self._deadline: Timer | None = None
        self._renegotiation: Timer | None = None
        self.publishing = Publishing(
            self.sid,
            self.permission,
            config.limits,
            started=lambda publication: room.published(self, publication),
            changed=room.codecs_changed,
            ended=room.unpublished,
            backup_wanted=lambda publication: self.send(messages.wanted_codecs(publication)),
        )
        self.channels = Channels(self)
        began = clock.now() if knocked is None else knocked
        self.stages = Stages(room.name, self.sid, clock.now, room.plane.tally, began)
        self.link = kind(self, auto_subscribe=request.connection_settings.auto_subscribe)
        self.subscriptions = self.link.subscriptions
        self.subscriptions.allotments.may_pause &= may_pause(request.connection_settings)
        self.link.subscriber.downlink.changed = lambda: room.bandwidth.share_soon(self)

    @property
    def active(self) -> bool:
        return self.state == State.ACTIVE and not self.gone

    @property
    def joining(self) -> bool:
        """Makes work to let it in: its media shakes hands, or is about to. Who cannot reach us makes none."""
        if self.active:
            return False
        fresh = self.room.clock.wall() - self.joined_at < self.room.config.timing.first_check
        return fresh or self.link.publisher.shaking_hands or self.link.subscriber.shaking_hands

    @property
    def hidden(self) -> bool:
        return self.permission.hidden

    def info(self) -> models.ParticipantInfo:
        """What everybody may know. Tracks without an agreed section are not shown yet."""
        return models.ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            name=self.name,
            metadata=self.metadata,
            attributes=self.attributes,
            state=self.state,
            tracks=[publication.info for publication in self.publishing],
            joined_at=int(self.joined_at),
            joined_at_ms=int(self.joined_at * 1000),
            version=self.version,
            permission=self.permission,
            kind=self.kind,
            is_publisher=any(True for _ in self.publishing),
        )

    # The socket

    def attach(self, socket: SignalSocket) -> None:
        """A (new) socket speaks for this participant."""
        self._disarm()
        previous, self.socket = self.socket, socket
        self.last_heard = self.room.clock.now()
        if previous:
            previous.close()
        if not self.active:
            self._arm(self.room.config.timing.join_within, self._never_connected)

    def detach(self, socket: SignalSocket) -> None:
        """`socket` is gone without a word; the place is kept for a while, media goes on."""
        if self.socket is not socket or self.gone:
            return
        self.socket = None
        self._arm(self.room.config.timing.grace, lambda: self.room.remove(self, Reason.SIGNAL_CLOSE))

    def send(self, response: rtc.SignalResponse) -> None:
        self.send_packed(response.SerializeToString())

    def send_packed(self, data: bytes) -> None:
        if self.socket:
            self.socket.send(data)

    def say_goodbye(self, reason: models.DisconnectReason, action: rtc.LeaveRequest.Action) -> None:
        """Tell the client to go, and close the socket behind it."""
        self.send(messages.leave(reason, action))
        if self.socket:
            self.socket.close()
            self.socket = None

    def start_over(self, reason: models.DisconnectReason) -> None:
        """Gone from the room, and told to join anew: clients do so by themselves."""
        self.say_goodbye(reason, Action.RECONNECT)
        self.room.remove(self, reason)

    # Negotiation

    def answer(self, offer: rtc.SessionDescription) -> None:
        """Raises ValueError when the offer makes no sense."""
        self.send(rtc.SignalResponse(answer=self.link.answer(offer)))
        self.reached("answer")
        self._negotiated()

    def accept(self, answer: rtc.SessionDescription) -> None:
        """Raises ValueError when the answer makes no sense."""
        self.link.accept(answer)
        self._negotiated()

    def begin(self) -> None:
        """The client has a new socket: negotiate what it is for us to begin."""
        if words := self.link.begin():
            self.send(words)

    def _negotiated(self) -> None:
        self.room.bandwidth.share(self)
        for sid in self.subscriptions.hopeless():
            self.send(messages.subscription_failed(sid, models.SubscriptionError.SE_CODEC_UNSUPPORTED))
        self.renegotiate()

    def renegotiate(self) -> None:
        """Negotiate anew soon, if what was agreed is no longer right by then."""
        if self._renegotiation is None and not self.gone:
            pause = self.room.config.timing.negotiation_pause
            self._renegotiation = self.room.clock.later(pause, self._renew)

    def _renew(self) -> None:
        self._renegotiation = None
        if not self.gone and (words := self.link.renew()):
            self.send(words)

    # The packet plane's TransportEvents

    def connected(self) -> None:
        if self.gone or self.active:
            return
        if self.socket:
            self._disarm()
        self.state = State.ACTIVE
        self.reached("active")
        self.room.activated(self)

    def closed(self, reason: str) -> None:
        if not self.gone:
            self.start_over(Reason.MEDIA_FAILURE)

    def data_channel(self, channel: RTCDataChannel) -> None:
        """The client opened it on the connection that carries both directions."""
        self.channels.hear(channel)
        self.channels.speak(channel)

    def media_started(self, track: UpTrack) -> None:
        """A track is shown as soon as its section is agreed: this is for the log alone."""
        self.reached("media")

    def reached(self, stage: str) -> None:
        if not self.gone:
            self.stages.reach(stage)

    # Timers

    def _never_connected(self) -> None:
        self.start_over(Reason.JOIN_FAILURE)

    def _arm(self, delay: float, call: Callable[[], None]) -> None:
        self._disarm()
        self._deadline = self.room.clock.later(delay, call)

    def _disarm(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def close(self) -> None:
        """Idempotent."""
        if self.gone:
            return
        self.gone = True
        self.state = State.DISCONNECTED
        self._disarm()
        if self._renegotiation:
            self._renegotiation.cancel()
        self.channels.close()
        self.subscriptions.close()
        self.publishing.close()
        self.link.close()
        if self.socket:
            self.socket.close()
            self.socket = None


def may_pause(settings: rtc.ConnectionSettings) -> bool:
    """Clients that do not want tracks paused for want of bandwidth say so."""
    return settings.subscriber_allow_pause or not settings.HasField("subscriber_allow_pause")
