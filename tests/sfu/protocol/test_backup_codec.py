"""A second codec for listeners who cannot decode the first, as stock clients publish it."""

from __future__ import annotations

import re

import pytest
from livekit.protocol import models, rtc

from tests.sfu.protocol.doubles import ROOM, Person, School, offer_text, sections_of

VIDEO = models.TrackType.VIDEO


@pytest.fixture
def vp9(teacher: Person) -> str:
    """The sid of a track in VP9 whose client could also send VP8."""
    return teacher.publish(
        simulcast_codecs=[
            rtc.SimulcastCodec(codec="vp9", cid="CAMERA-VIDEO"),
            rtc.SimulcastCodec(codec="vp8", cid=""),
        ]
    )


def without_vp9(offer: str) -> str:
    return re.sub(r"(VP9|AV1|H264)/90000", "VP7/90000", offer_text(offer))


def listen(school: School, identity: str) -> Person:
    """Joins, and knows VP8 alone when its offers say so."""
    person = school.join(identity)
    school.settle()
    return person


def with_backup(direction: str = "sendonly") -> str:
    """The publisher's offer with a section more."""
    text = offer_text("chromium_publish").replace("\r\n", "\n").rstrip("\n")
    camera = next(part for part in sections_of(text) if "CAMERA-VIDEO" in part)
    backup = re.sub(r"a=mid:\S+", "a=mid:99", camera.replace("CAMERA-VIDEO", "BACKUP-VIDEO"))
    text = re.sub(r"(a=group:BUNDLE [^\n]*)", r"\1 99", text)
    return text + "\n" + backup.replace("a=sendonly", f"a={direction}").rstrip() + "\n"


def publish_backup(teacher: Person, sid: str) -> None:
    """What livekit-client does when it is told: the same sid, another cid, and a section of its own."""
    codec = rtc.SimulcastCodec(codec="vp8", cid="BACKUP-VIDEO")
    teacher.say(add_track=rtc.AddTrackRequest(cid=codec.cid, sid=sid, type=VIDEO, simulcast_codecs=[codec]))
    teacher.offer(with_backup(), 3)


def asks_for_vp8(update: rtc.SubscribedQualityUpdate) -> bool:
    codecs = [codec for codec in update.subscribed_codecs if codec.codec == "vp8"]
    return any(quality.enabled for codec in codecs for quality in codec.qualities)


def test_the_publisher_is_told_once_that_somebody_needs_its_second_codec(
    school: School, teacher: Person, vp9: str
) -> None:
    student = listen(school, "student")
    teacher.socket.clear()
    for number in (2, 3):
        student.offer(without_vp9("chromium_join"), number)
    updates = [one for one in teacher.socket.all("subscribed_quality_update") if asks_for_vp8(one)]
    assert [update.track_sid for update in updates] == [vp9]
    assert updates[0].subscribed_codecs[0].codec == "vp9"
    assert not student.socket.all("subscription_response")


def test_who_needs_the_second_codec_gets_it_and_the_others_keep_the_first(
    school: School, teacher: Person, vp9: str
) -> None:
    student, guest = listen(school, "student"), listen(school, "guest")
    student.offer(offer_text("chromium_join"), 2)
    guest.offer(without_vp9("chromium_join"), 2)
    school.settle()
    guest.socket.clear()
    publish_backup(teacher, vp9)
    published = teacher.socket.last("track_published")
    assert (published.cid, published.track.sid) == ("BACKUP-VIDEO", vp9)
    school.settle()
    assert guest.socket.all("media_sections_requirement")
    answer = guest.offer(without_vp9("chromium_join"), 3)
    assert vp9 in answer.mid_to_track_id.values()
    assert guest.transport.sent[-1].source.mime == "video/VP8"
    assert student.transport.sent[-1].source.mime == "video/VP9"
    info = teacher.participant.info().tracks[0]
    assert [codec.mime_type for codec in info.codecs] == ["video/VP9", "video/VP8"]


def test_the_second_codec_may_end_alone(school: School, teacher: Person, vp9: str) -> None:
    guest = listen(school, "guest")
    guest.offer(without_vp9("chromium_join"), 2)
    publish_backup(teacher, vp9)
    school.settle()
    guest.offer(without_vp9("chromium_join"), 3)
    down = guest.transport.sent[-1]
    teacher.offer(with_backup("inactive"), 4)
    info = teacher.participant.info().tracks[0]
    assert ([codec.mime_type for codec in info.codecs], info.sid) == (["video/VP9"], vp9)
    assert down.closed
    assert not teacher.transport.received[0].closed


def test_without_a_second_codec_a_listener_is_told_that_it_cannot_decode_the_track(
    school: School, teacher: Person
) -> None:
    sid = teacher.publish(simulcast_codecs=[rtc.SimulcastCodec(codec="vp9", cid="CAMERA-VIDEO")])
    student = listen(school, "student")
    student.offer(without_vp9("chromium_join"), 2)
    failed = student.socket.last("subscription_response")
    assert (failed.track_sid, failed.err) == (sid, models.SubscriptionError.SE_CODEC_UNSUPPORTED)


def test_a_second_codec_of_nothing_is_refused(teacher: Person) -> None:
    teacher.say(add_track=rtc.AddTrackRequest(cid="X", sid="TR_nothing", type=VIDEO))
    assert teacher.socket.last("request_response").reason == rtc.RequestResponse.Reason.NOT_FOUND


def test_a_second_codec_of_a_track_that_others_muted_is_silent_too(
    school: School, teacher: Person, vp9: str
) -> None:
    listen(school, "student").offer(without_vp9("chromium_join"), 2)
    school.rooms.get(ROOM).tracks()[vp9][1].mute(True, by_others=True)
    publish_backup(teacher, vp9)
    assert [track.held for track in teacher.transport.received] == [True, True]
