"""The peer connections of one client: one for both directions, or two, as older clients and Go's have them.

On one the client always offers; we ask it to when what it receives has changed. With two, it offers what it
publishes on the first, and we offer what it receives on the second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from livekit.protocol import rtc

from signaling.sfu import messages
from signaling.sfu.negotiation import Negotiation, Nobody
from signaling.sfu.offering import Offering
from signaling.sfu.subscriptions import Subscriptions

if TYPE_CHECKING:
    from aiortc import RTCDataChannel

    from signaling.sfu.encoding import Encoding
    from signaling.sfu.participant import Participant
    from signaling.sfu.transport import Transport
    from signaling.sfu.uptrack import UpTrack


class Link(Protocol):
    """`publisher` brings the client's media, `subscriber` takes ours; owned by the participant.

    `rtt` is in seconds, the longer of the two, None until known.
    """

    subscriber_primary: bool
    publisher: Transport
    subscriber: Transport
    subscriptions: Subscriptions

    def __init__(self, owner: Participant, *, auto_subscribe: bool) -> None: ...

    @property
    def rtt(self) -> float | None: ...

    def answer(self, offer: rtc.SessionDescription) -> rtc.SessionDescription:
        """Raises ValueError."""

    def accept(self, answer: rtc.SessionDescription) -> None:
        """The client's answer to our offer; raises ValueError."""

    def claim(self, encoding: Encoding) -> None:
        """An add_track came after the offer with its section."""

    def begin(self) -> rtc.SignalResponse | None:
        """What to say first on a new socket, after who is there."""

    def renew(self) -> rtc.SignalResponse | None:
        """What to say when subscriptions changed, None while nothing has to be said."""

    def close(self) -> None: ...


class OneConnection:
    """Both directions on one transport; the client offers."""

    subscriber_primary = False

    def __init__(self, owner: Participant, *, auto_subscribe: bool) -> None:
        plane, limits = owner.room.plane, owner.room.config.limits
        self.publisher = self.subscriber = plane.open(owner)
        self.subscriptions = Subscriptions(self.subscriber, auto=auto_subscribe, most_wishes=limits.desires)
        self._negotiation = Negotiation(
            plane, self.publisher, owner.publishing, self.subscriptions, limits.sdp_sections
        )

    @property
    def rtt(self) -> float | None:
        return self.publisher.rtt

    def answer(self, offer: rtc.SessionDescription) -> rtc.SessionDescription:
        return self._negotiation.answer(offer)

    def claim(self, encoding: Encoding) -> None:
        self._negotiation.claim(encoding)

    def accept(self, answer: rtc.SessionDescription) -> None:
        raise ValueError("an answer came, but nothing was offered")

    def begin(self) -> rtc.SignalResponse | None:
        return None

    def renew(self) -> rtc.SignalResponse | None:
        wanted = self.subscriptions.requirement()
        return None if wanted is None else messages.sections_wanted(wanted.num_audios, wanted.num_videos)

    def close(self) -> None:
        self.publisher.close()


class TwoConnections:
    """A transport for each direction. The client is in once the one that we offer is connected."""

    subscriber_primary = True

    def __init__(self, owner: Participant, *, auto_subscribe: bool) -> None:
        plane, limits = owner.room.plane, owner.room.config.limits
        self._owner = owner
        self.publisher = plane.open(_Publishes(owner))
        self.subscriber = plane.open(_Receives(owner, self))
        self.publisher.partner = self.subscriber
        self.subscriptions = Subscriptions(
            self.subscriber, auto=auto_subscribe, most_wishes=limits.desires, hold=True
        )
        self._negotiation = Negotiation(
            plane, self.publisher, owner.publishing, Nobody(), limits.sdp_sections
        )
        self._offering = Offering(plane, self.subscriber, self.subscriptions, limits.sdp_sections)
        self._offered = False

    @property
    def rtt(self) -> float | None:
        return max((t.rtt for t in (self.publisher, self.subscriber) if t.rtt is not None), default=None)

    def answer(self, offer: rtc.SessionDescription) -> rtc.SessionDescription:
        return self._negotiation.answer(offer)

    def claim(self, encoding: Encoding) -> None:
        self._negotiation.claim(encoding)

    def accept(self, answer: rtc.SessionDescription) -> None:
        self._offering.accept(answer)

    def begin(self) -> rtc.SignalResponse | None:
        """The first offer; on a later socket one with new credentials: whatever came before may be lost."""
        if self._offered:
            self.subscriber.restart_ice()
        self._offered = True
        return rtc.SignalResponse(offer=self._offering.offer())

    def renew(self) -> rtc.SignalResponse | None:
        if self._offering.outstanding or not self._offering.due():
            return None
        return rtc.SignalResponse(offer=self._offering.offer())

    def close(self) -> None:
        self.publisher.close()
        self.subscriber.close()


class _Publishes:
    """The events of the transport that the client publishes on: it need not be connected to be in."""

    def __init__(self, owner: Participant) -> None:
        self.closed = owner.closed
        self.reached = owner.reached
        self.media_started = owner.media_started
        self.data_channel = owner.channels.hear

    def connected(self) -> None:
        pass


class _Receives:
    """The events of the transport we send on. The channels downwards are ours to open."""

    def __init__(self, owner: Participant, link: TwoConnections) -> None:
        self._owner = owner
        self._link = link
        self.closed = owner.closed
        self.reached = owner.reached

    def connected(self) -> None:
        transport = self._link.subscriber
        for channel in (
            transport.open_channel("_reliable"),
            transport.open_channel("_lossy", ordered=False, max_retransmits=0),
        ):
            if channel:
                self._owner.channels.speak(channel)
        self._owner.connected()

    def data_channel(self, channel: RTCDataChannel) -> None:
        """Clients open theirs on the other transport."""

    def media_started(self, track: UpTrack) -> None:
        """Nothing is published here."""
