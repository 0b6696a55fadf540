"""What other systems are told of a room: LiveKit's webhook events, made the moment something happens.

Who carries them is webhooks.py's business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from livekit.protocol.webhook import WebhookEvent

from signaling.sfu import messages

if TYPE_CHECKING:
    from signaling.sfu.participant import Participant
    from signaling.sfu.publication import Publication
    from signaling.sfu.room import Room

Tell = Callable[[WebhookEvent], None]

ROOM_STARTED, ROOM_FINISHED = "room_started", "room_finished"
JOINED, LEFT = "participant_joined", "participant_left"
ABORTED = "participant_connection_aborted"  # gone before its media was connected
PUBLISHED, UNPUBLISHED = "track_published", "track_unpublished"


def tell_nobody(event: WebhookEvent) -> None:
    """For an engine that nobody listens to."""


def event_of(
    name: str, room: Room, participant: Participant | None = None, publication: Publication | None = None
) -> WebhookEvent:
    """Everything as it is now; receivers tell events they saw before by `id`."""
    event = WebhookEvent(
        event=name, id=messages.new_sid("EV_"), created_at=int(room.clock.wall()), room=room.info()
    )
    if participant:
        event.participant.CopyFrom(participant.info())
    if publication:
        event.track.CopyFrom(publication.info)
    return event
