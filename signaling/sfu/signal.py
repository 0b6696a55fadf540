"""What a client asks on the media socket: one request, one short answer or a change of the room."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

from signaling.sfu import messages
from signaling.sfu.announcement import MOST_FEATURES
from signaling.sfu.messages import Answer, Reason
from signaling.sfu.participant import Participant
from signaling.sfu.publication import Publication
from signaling.sfu.wish import Wish

SubscriptionError = models.SubscriptionError
MANY = 64  # permissions that count as one request
COUNTS_AS_ONE = 16 * 1024  # bytes: a longer request takes as long as several


def receive(participant: Participant, data: bytes) -> None:
    """One binary frame. A frame that cannot be read, or too many of them, end this participant alone."""
    room = participant.room
    if participant.gone:
        return
    participant.last_heard = room.clock.now()
    if not participant.requests.take(room.clock.now(), 1 + len(data) // COUNTS_AS_ONE):
        return mismatch(participant, "signal_rate")
    if len(data) > room.config.limits.signal_message:
        return mismatch(participant, "signal_size")
    try:
        request = rtc.SignalRequest.FromString(data)
        answer(participant, request)
    except (DecodeError, ValueError):
        return mismatch(participant, "signal_malformed")
    return None


def mismatch(participant: Participant, reason: str) -> None:
    """Client and server no longer understand each other: it joins anew."""
    participant.room.count(reason)
    participant.start_over(Reason.STATE_MISMATCH)


def answer(participant: Participant, request: rtc.SignalRequest) -> None:  # noqa: C901 (one line a message)
    match request.WhichOneof("message"):
        case "offer":
            participant.answer(request.offer)
        case "answer":
            participant.accept(request.answer)
        case "add_track":
            add_track(participant, request.add_track)
        case "mute":
            mute(participant, request.mute)
        case "subscription":
            subscription(participant, request.subscription)
        case "track_setting":
            track_setting(participant, request.track_setting)
        case "subscription_permission":
            subscription_permission(participant, request.subscription_permission)
        case "update_metadata":
            update_metadata(participant, request.update_metadata)
        case "update_audio_track":
            update_audio_track(participant, request.update_audio_track)
        case "update_video_track":
            update_video_track(participant, request.update_video_track)
        case "sync_state":
            sync_state(participant, request.sync_state)
        case "ping":
            participant.send(rtc.SignalResponse(pong=request.ping))
        case "ping_req":
            participant.send(messages.pong(request.ping_req, participant.room.clock.wall()))
        case "simulate" if request.simulate.leave_request_full_reconnect:
            participant.start_over(Reason.CLIENT_INITIATED)
        case "simulate" if request.simulate.node_failure:
            participant.room.remove(participant, Reason.STATE_MISMATCH)
        case "publish_data_track_request":
            publish_data_track(participant, request.publish_data_track_request)
        case "leave":
            participant.room.remove(participant, Reason.CLIENT_INITIATED)
        case _:
            # trickle (we are ICE-lite), update_layers (old clients), other simulations, what is newer than us
            pass


def add_track(participant: Participant, request: rtc.AddTrackRequest) -> None:
    added = participant.publishing.add(request)
    if isinstance(added, rtc.RequestResponse):
        added.add_track.CopyFrom(request)
        participant.send(rtc.SignalResponse(request_response=added))
        return
    participant.send(messages.track_published(request.cid, added.publication.info))
    if added.track is None:
        participant.link.claim(added)


def mute(participant: Participant, request: rtc.MuteTrackRequest) -> None:
    publication = participant.publishing.get(request.sid)
    if publication and publication.mute(request.muted):
        participant.room.changed(participant)


def subscription(participant: Participant, request: rtc.UpdateSubscription) -> None:
    tracks = participant.room.tracks()
    for sid in _track_sids(participant, request):
        participant.subscriptions.ask(sid, request.subscribe)
        if sid in tracks:
            participant.room.reconsider(participant, *tracks[sid])
        elif request.subscribe:
            participant.send(messages.subscription_failed(sid, SubscriptionError.SE_TRACK_NOTFOUND))


def track_setting(participant: Participant, request: rtc.UpdateTrackSettings) -> None:
    wish = Wish(
        request.disabled, request.quality, request.width, request.height, request.fps, request.priority
    )
    for sid in request.track_sids:
        participant.subscriptions.wish(sid, wish)
    participant.room.bandwidth.share(participant)


def subscription_permission(participant: Participant, request: rtc.SubscriptionPermission) -> None:
    """The publisher says who may have its tracks; those concerned are told what changed for them."""
    room = participant.room
    concerned = [
        (other, publication)
        for other in room.participants.values()
        if other is not participant
        for publication in participant.publishing
    ]
    # Whoever allows and forbids a crowd its tracks again and again makes work for everybody.
    if not participant.requests.take(room.clock.now(), len(concerned) // MANY):
        return mismatch(participant, "signal_rate")
    before = [_allows(participant, publication, other) for other, publication in concerned]
    participant.publishing.allow(request)
    for (other, publication), was in zip(concerned, before, strict=True):
        allowed = _allows(participant, publication, other)
        if allowed != was:
            other.send(messages.permission_update(participant.sid, publication.sid, allowed))
            room.reconsider(other, participant, publication)
    return None


def update_metadata(participant: Participant, request: rtc.UpdateParticipantMetadata) -> None:
    limits = participant.room.config.limits
    attributes = {**participant.attributes, **request.attributes}
    if not participant.permission.can_update_metadata:
        response = messages.refused(Answer.NOT_ALLOWED, "You are not allowed to change your own metadata.")
    elif (
        len(request.metadata.encode()) > limits.metadata
        or len(request.name) > limits.name_characters
        or attributes_size(attributes) > limits.attributes
    ):
        response = messages.refused(Answer.LIMIT_EXCEEDED, "The metadata, name or attributes are too long.")
    else:
        change(participant, request.metadata, request.name, request.attributes)
        response = rtc.RequestResponse(reason=Answer.OK)
    response.request_id = request.request_id
    response.update_metadata.CopyFrom(request)
    participant.send(rtc.SignalResponse(request_response=response))


def change(participant: Participant, metadata: str, name: str, attributes: Mapping[str, str]) -> None:
    """New values where given; an attribute without a value is removed."""
    participant.metadata = metadata or participant.metadata
    participant.name = name or participant.name
    merged = {**participant.attributes, **attributes}
    participant.attributes = {key: value for key, value in merged.items() if value}
    participant.room.changed(participant)


def update_audio_track(participant: Participant, request: rtc.UpdateLocalAudioTrack) -> None:
    if publication := participant.publishing.get(request.track_sid):
        publication.info.audio_features[:] = list(request.features)[:MOST_FEATURES]
        participant.room.changed(participant)


def update_video_track(participant: Participant, request: rtc.UpdateLocalVideoTrack) -> None:
    if publication := participant.publishing.get(request.track_sid):
        publication.info.width, publication.info.height = request.width, request.height
        participant.room.changed(participant)


def publish_data_track(participant: Participant, request: rtc.PublishDataTrackRequest) -> None:
    """Clients wait for a word on it. Their `_data_track` channel may stay open: nothing comes through."""
    response = messages.refused(Answer.NOT_ALLOWED, "This media server carries no data tracks.")
    response.publish_data_track.CopyFrom(request)
    participant.send(rtc.SignalResponse(request_response=response))


def sync_state(participant: Participant, state: rtc.SyncState) -> None:
    """What the client believes after a resume. Its socket may have lost wishes: they are said again here."""
    tracks = participant.room.tracks()
    for sid in _track_sids(participant, state.subscription):
        participant.subscriptions.ask(sid, state.subscription.subscribe)
        if sid in tracks:
            participant.room.reconsider(participant, *tracks[sid])
    for sid in state.track_sids_disabled:
        participant.subscriptions.disable(sid)
    participant.room.bandwidth.share(participant)


def attributes_size(attributes: Mapping[str, str]) -> int:
    """Bytes of all keys and values."""
    return sum(len(key.encode()) + len(value.encode()) for key, value in attributes.items())


def _track_sids(participant: Participant, request: rtc.UpdateSubscription) -> list[str]:
    """Raises ValueError when there are more than anybody has tracks to wish for."""
    sids = [*request.track_sids, *(sid for entry in request.participant_tracks for sid in entry.track_sids)]
    if len(sids) > participant.room.config.limits.desires:
        raise ValueError("a request names too many tracks")
    return sids


def _allows(publisher: Participant, publication: Publication, other: Participant) -> bool:
    return publisher.publishing.allows(publication, sid=other.sid, identity=other.identity)
