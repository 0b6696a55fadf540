"""What the server says on the media socket: one small function for each SignalResponse that has a shape."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from livekit.protocol import models, rtc

from signaling.sfu.codecs import RED, TABLE
from signaling.sfu.config import EngineConfig

if TYPE_CHECKING:
    from signaling.sfu.publication import Publication
    from signaling.sfu.subscription import Subscription

PROTOCOL = 16  # the signalling protocol this engine follows; clients only log it
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

Action = rtc.LeaveRequest.Action
Reason = models.DisconnectReason
Answer = rtc.RequestResponse.Reason
Quality = models.VideoQuality


def new_sid(prefix: str) -> str:
    """An id as clients expect it: they test for the prefixes RM_, PA_ and TR_."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(14))


def enabled_codecs() -> list[models.Codec]:
    return [models.Codec(mime=mime) for mime in (*(codec.mime for codec in TABLE), RED)]


def server_info(config: EngineConfig) -> models.ServerInfo:
    return models.ServerInfo(
        edition=models.ServerInfo.Edition.Standard,
        version=config.server_version,
        protocol=PROTOCOL,
        node_id=config.node_id,
    )


def join(
    *,
    room: models.Room,
    participant: models.ParticipantInfo,
    others: Iterable[models.ParticipantInfo],
    config: EngineConfig,
    sif_trailer: bytes,
    subscriber_primary: bool = False,
) -> rtc.SignalResponse:
    response = rtc.JoinResponse(
        room=room,
        participant=participant,
        other_participants=others,
        server_version=config.server_version,
        server_info=server_info(config),
        ping_interval=config.timing.ping_interval,
        ping_timeout=config.timing.ping_timeout,
        subscriber_primary=subscriber_primary,
        fast_publish=True,
        enabled_publish_codecs=enabled_codecs(),
        sif_trailer=sif_trailer,
        client_configuration=models.ClientConfiguration(resume_connection=models.ClientConfigSetting.ENABLED),
    )
    return rtc.SignalResponse(join=response)


def reconnect(config: EngineConfig, last_message_seq: int) -> rtc.SignalResponse:
    response = rtc.ReconnectResponse(server_info=server_info(config), last_message_seq=last_message_seq)
    return rtc.SignalResponse(reconnect=response)


def leave(reason: models.DisconnectReason, action: rtc.LeaveRequest.Action) -> rtc.SignalResponse:
    request = rtc.LeaveRequest(reason=reason, action=action, can_reconnect=action != Action.DISCONNECT)
    return rtc.SignalResponse(leave=request)


def update(participants: Sequence[models.ParticipantInfo]) -> rtc.SignalResponse:
    return rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=participants))


def track_published(cid: str, info: models.TrackInfo) -> rtc.SignalResponse:
    return rtc.SignalResponse(track_published=rtc.TrackPublishedResponse(cid=cid, track=info))


def track_unpublished(sid: str) -> rtc.SignalResponse:
    return rtc.SignalResponse(track_unpublished=rtc.TrackUnpublishedResponse(track_sid=sid))


def room_update(room: models.Room) -> rtc.SignalResponse:
    return rtc.SignalResponse(room_update=rtc.RoomUpdate(room=room))


def mute(sid: str, muted: bool) -> rtc.SignalResponse:
    return rtc.SignalResponse(mute=rtc.MuteTrackRequest(sid=sid, muted=muted))


def sections_wanted(audios: int, videos: int) -> rtc.SignalResponse:
    """Ask the client to offer again; zero and zero means that the free sections suffice."""
    wanted = rtc.MediaSectionsRequirement(num_audios=audios, num_videos=videos)
    return rtc.SignalResponse(media_sections_requirement=wanted)


def permission_update(publisher: str, track: str, allowed: bool) -> rtc.SignalResponse:
    changed = rtc.SubscriptionPermissionUpdate(participant_sid=publisher, track_sid=track, allowed=allowed)
    return rtc.SignalResponse(subscription_permission_update=changed)


def subscription_failed(track: str, error: models.SubscriptionError) -> rtc.SignalResponse:
    return rtc.SignalResponse(subscription_response=rtc.SubscriptionResponse(track_sid=track, err=error))


def wanted_codecs(publication: Publication) -> rtc.SignalResponse:
    """Every layer of every codec that a track is announced with is to be sent."""
    qualities = [
        rtc.SubscribedQuality(quality=quality, enabled=True)
        for quality in (Quality.LOW, Quality.MEDIUM, Quality.HIGH)
    ]
    codecs = [
        rtc.SubscribedCodec(codec=mime.partition("/")[2].lower(), qualities=qualities)
        for mime in (publication.primary.mime, publication.backup_mime)
    ]
    update = rtc.SubscribedQualityUpdate(
        track_sid=publication.sid, subscribed_qualities=qualities, subscribed_codecs=codecs
    )
    return rtc.SignalResponse(subscribed_quality_update=update)


def stream_states(items: Iterable[Subscription]) -> rtc.SignalResponse:
    """Tracks that are paused for want of bandwidth, or no longer."""
    states = [
        rtc.StreamStateInfo(
            participant_sid=item.publication.publisher_sid,
            track_sid=item.publication.sid,
            state=rtc.StreamState.PAUSED if item.starved else rtc.StreamState.ACTIVE,
        )
        for item in items
    ]
    return rtc.SignalResponse(stream_state_update=rtc.StreamStateUpdate(stream_states=states))


def pong(last: rtc.Ping, wall: float) -> rtc.SignalResponse:
    answer = rtc.Pong(last_ping_timestamp=last.timestamp, timestamp=int(wall * 1000))
    return rtc.SignalResponse(pong_resp=answer)


def refused(reason: rtc.RequestResponse.Reason, text: str) -> rtc.RequestResponse:
    """To be completed with the request that is refused."""
    return rtc.RequestResponse(reason=reason, message=text)
