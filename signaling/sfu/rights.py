"""What a participant may do, as it changes in the middle: by the server API, or by a newer token."""

from __future__ import annotations

from dataclasses import replace

from livekit.protocol import models

from signaling.sfu import messages
from signaling.sfu.auth import SOURCES, Claims
from signaling.sfu.participant import Participant
from signaling.sfu.publication import Publication

SOURCE_NAMES = {source: name for name, source in SOURCES.items()}


def permit(participant: Participant, permission: models.ParticipantPermission) -> None:
    """Rights that the server API gives; older tokens of the participant no longer change them."""
    sources = tuple(SOURCE_NAMES[s] for s in permission.can_publish_sources if s in SOURCE_NAMES)
    only_unknown = bool(permission.can_publish_sources) and not sources  # an empty list would mean all
    grants = replace(
        participant.claims.grants,
        can_publish=permission.can_publish and not only_unknown,
        can_subscribe=permission.can_subscribe,
        can_publish_data=permission.can_publish_data,
        can_publish_sources=sources,
        can_update_own_metadata=permission.can_update_metadata,
        hidden=permission.hidden,
    )
    participant.claims = replace(participant.claims, grants=grants, issued=participant.room.clock.wall())
    _apply(participant, grants.permission())
    participant.room.refresh_token(participant)


def take_newer(participant: Participant, claims: Claims) -> None:
    """The token of a resume counts when it was made after what the participant has."""
    if claims.issued <= participant.claims.issued:
        return
    participant.claims = claims
    permission = claims.grants.permission()
    if permission != participant.permission:
        _apply(participant, permission)


def _apply(participant: Participant, permission: models.ParticipantPermission) -> None:
    """At once: what is no longer allowed ends, what is newly allowed begins."""
    was_hidden = participant.hidden
    participant.permission.CopyFrom(permission)
    if participant.hidden and not was_hidden:
        participant.room.hid(participant)
    for publication in participant.publishing.forbidden():
        _unpublish(participant, publication)
    participant.room.reconsider_all(participant)


def _unpublish(participant: Participant, publication: Publication) -> None:
    participant.send(messages.track_unpublished(publication.sid))
    participant.publishing.take(publication)
