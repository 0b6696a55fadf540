"""A WHIP publisher: OBS, FFmpeg, GStreamer or a page that sends one sound and one picture (RFC 9725 4.4)."""

from __future__ import annotations

from collections import Counter

from livekit.protocol import models, rtc

from signaling.sfu.auth import Claims, require
from signaling.sfu.formats import read
from signaling.sfu.messages import Reason
from signaling.sfu.participant import Participant
from signaling.sfu.refusals import BadRequest, NotAcceptable, NotGranted, Refusal
from signaling.sfu.rooms import Rooms
from signaling.sfu.sdp import Section, parse_offer

Source, Type = models.TrackSource, models.TrackType
SOURCES = {
    "camera": {"audio": Source.MICROPHONE, "video": Source.CAMERA},
    "screen": {"audio": Source.SCREEN_SHARE_AUDIO, "video": Source.SCREEN_SHARE},
}
TYPES = {"audio": Type.AUDIO, "video": Type.VIDEO}
QUALITIES = (models.VideoQuality.LOW, models.VideoQuality.MEDIUM, models.VideoQuality.HIGH)


def publish(rooms: Rooms, claims: Claims, offer: str, query: dict[str, str]) -> tuple[Participant, str]:
    """The new participant and the answer. `source=screen` shows it as a shared screen. Raises Refusal."""
    require(claims.grants.can_publish, "canPublish")
    sources = SOURCES.get(query.get("source", "camera"))
    if sources is None:
        raise BadRequest(f"The source is one of: {', '.join(SOURCES)}.")
    sections = sent_sections(offer)
    room = rooms.create(claims.grants.room)
    participant = Participant(room, claims, rtc.JoinRequest())
    participant.kind = models.ParticipantInfo.Kind.INGRESS
    room.enter(participant)
    try:
        for section in sections:
            _announce(participant, section, sources[section.kind])
        answer = participant.link.answer(rtc.SessionDescription(type="offer", sdp=offer))
        if participant.publishing.waiting():
            raise NotAcceptable("The offer has no codec that this media server carries.")
    except (Refusal, ValueError) as error:
        room.remove(participant, Reason.JOIN_FAILURE)
        if isinstance(error, ValueError):
            raise BadRequest(f"The offer cannot be answered: {error}.") from error
        raise
    return participant, answer.sdp


def sent_sections(offer: str) -> list[Section]:
    """At most one of each kind, all of them sent (RFC 9725 4.4.2, 4.4.3)."""
    try:
        parsed = parse_offer(offer, most_sections=8)
    except ValueError as error:
        raise BadRequest(f"The offer cannot be read: {error}.") from error
    sections = [section for section in parsed.sections if section.kind != "application"]
    sent = [section for section in sections if section.sends]
    if not sent or len(sent) < len(sections):
        raise NotAcceptable("Every section of the offer must send.")
    if max(Counter(section.kind for section in sent).values()) > 1:
        raise NotAcceptable("The offer may have one sound and one picture.")
    return sent


def _announce(participant: Participant, section: Section, source: models.TrackSource) -> None:
    """As an SDK announces a track: here the section itself says what it is."""
    opus = next((codec for codec in section.codecs if codec.name.lower() == "opus"), None)
    parameters = read(opus.parameters) if opus else {}
    layers = [models.VideoLayer(quality=quality) for quality, _ in zip(QUALITIES, section.rids, strict=False)]
    request = rtc.AddTrackRequest(
        cid=section.kind,  # one of each: the section is found by its kind
        name=source_name(source),
        type=TYPES[section.kind],
        source=source,
        layers=layers,
        disable_dtx=True,  # an encoder for broadcasts sends music as well as speech
        disable_red=True,
        stereo="1" in (parameters.get("stereo"), parameters.get("sprop-stereo")),
        stream=participant.sid,
    )
    refused = participant.publishing.add(request)
    if isinstance(refused, rtc.RequestResponse):
        raise NotGranted(refused.message)


def source_name(source: models.TrackSource) -> str:
    return Source.Name(source).lower()
