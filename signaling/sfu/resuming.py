"""A client is back with a new socket: everything that was said while the old one was dying is said again.

Nobody knows what of it arrived, so all is told as it is now, always.
"""

from __future__ import annotations

from signaling.sfu import messages, rights
from signaling.sfu.auth import Claims
from signaling.sfu.participant import Participant, SignalSocket


def resume(participant: Participant, socket: SignalSocket, claims: Claims) -> None:
    """`claims` are those of the token it came back with."""
    room = participant.room
    participant.attach(socket)
    participant.send(messages.reconnect(room.config, participant.channels.last_sequence))
    _repeat_mutes(participant)
    rights.take_newer(participant, claims)
    room.refresh_token(participant)
    participant.reached("resume")
    room.changed(participant)
    _repeat_room(participant)
    _repeat_own_tracks(participant)
    _repeat_listening(participant)
    participant.renegotiate()


def _repeat_mutes(participant: Participant) -> None:
    """Before any update: clients answer one that calls a track muted which they send by unmuting it."""
    for publication in participant.publishing.announced():
        if publication.held:
            participant.send(messages.mute(publication.sid, True))


def _repeat_room(participant: Participant) -> None:
    room = participant.room
    participant.send(messages.room_update(room.info()))
    if infos := [*room.departed_since(participant), *room.others(participant)]:
        participant.send(messages.update(infos))
    if speaking := room.current_speakers():
        participant.send(speaking)


def _repeat_own_tracks(participant: Participant) -> None:
    publishing = participant.publishing
    for encoding in publishing.waiting():
        participant.send(messages.track_published(encoding.cid, encoding.publication.info))
    for sid in publishing.taken:
        participant.send(messages.track_unpublished(sid))
    for publication in publishing:
        if publication.kind == "video":
            participant.room.bandwidth.tell(participant, publication)


def _repeat_listening(participant: Participant) -> None:
    """What publishers allow, where one ever said so, and what is paused for want of bandwidth."""
    for publisher in participant.room.participants.values():
        if publisher is participant or not publisher.publishing.choosy:
            continue
        for publication in publisher.publishing:
            allowed = publisher.publishing.allows(
                publication, sid=participant.sid, identity=participant.identity
            )
            participant.send(messages.permission_update(publisher.sid, publication.sid, allowed))
    videos = [
        item
        for item in participant.subscriptions.current()
        if item.track is not None and item.publication.kind == "video"
    ]
    if videos:
        participant.send(messages.stream_states(videos))
