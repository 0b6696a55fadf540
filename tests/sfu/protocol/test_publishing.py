"""What one publishes: announced, bound to sections, muted, ended, within what the grants allow."""

from __future__ import annotations

import pytest
from livekit.protocol import models, rtc

from signaling.sfu import auth, rights
from tests.sfu.protocol.doubles import Person, School, offer_text

Answer = rtc.RequestResponse.Reason
Source = models.TrackSource


def test_a_published_track_is_announced_and_offered_to_everybody(
    school: School, teacher: Person, student: Person
) -> None:
    student.socket.clear()
    sid = teacher.publish(width=1280, height=720)
    (track,) = student.socket.last("update").participants[0].tracks
    assert (track.sid, track.mime_type, track.simulcast, track.width) == (sid, "video/VP8", True, 1280)
    assert student.socket.all("media_sections_requirement") == []
    school.settle()
    wanted = student.socket.last("media_sections_requirement")
    assert (wanted.num_audios, wanted.num_videos) == (0, 0)
    student.offer(offer_text("chromium_join"), 2)
    assert student.receives() == [sid]
    assert teacher.receives() == []
    school.settle()
    assert len(student.socket.all("media_sections_requirement")) == 1


def test_the_section_may_be_offered_before_the_track_is_announced(teacher: Person, student: Person) -> None:
    teacher.offer(offer_text("chromium_publish"), 2)
    assert teacher.transport.received == []
    teacher.say(add_track=rtc.AddTrackRequest(cid="CAMERA-VIDEO", type=models.TrackType.VIDEO))
    assert teacher.transport.received[0].spec.rids == ("q", "h", "f")
    assert student.socket.last("update").participants[0].tracks


def test_two_tracks_of_one_offer_find_their_sections_by_name(teacher: Person) -> None:
    for cid, kind in (("CAMERA-VIDEO", models.TrackType.VIDEO), ("CAMERA-AUDIO", models.TrackType.AUDIO)):
        teacher.say(add_track=rtc.AddTrackRequest(cid=cid, type=kind))
    teacher.offer(offer_text("chromium_publish"), 2)
    assert [(up.kind, bool(up.spec.rids)) for up in teacher.transport.received] == [
        ("audio", False),
        ("video", True),
    ]
    audio, video = (up.spec for up in teacher.transport.received)
    assert video.nack
    assert video.transport_cc
    assert len(audio.ssrcs) == 1


def test_more_sections_are_asked_for_when_the_free_ones_do_not_suffice(school: School) -> None:
    for number in range(5):
        school.join(f"student{number}").publish()
    admin = school.join("admin")
    assert len(admin.receives()) == 3
    school.settle()
    assert admin.socket.last("media_sections_requirement").num_videos == 2


def test_a_track_ends_when_its_section_sends_no_more(
    school: School, teacher: Person, student: Person
) -> None:
    sid = teacher.publish()
    school.settle()
    student.offer(offer_text("chromium_join"), 2)
    teacher.offer(offer_text("chromium_publish").replace("a=sendonly", "a=inactive"), 3)
    assert list(student.socket.last("update").participants[0].tracks) == []
    assert teacher.transport.received[0].closed
    assert student.receives() == []
    school.settle()
    answer = student.offer(offer_text("chromium_join"), 3)
    assert sid not in answer.sdp
    assert "a=sendonly" not in answer.sdp


def test_a_freed_section_carries_the_next_track(school: School, teacher: Person, student: Person) -> None:
    teacher.publish()
    school.settle()
    first = student.offer(offer_text("chromium_join"), 2).mid_to_track_id
    teacher.offer(offer_text("chromium_publish").replace("a=sendonly", "a=inactive"), 3)
    school.settle()
    student.offer(offer_text("chromium_join"), 3)
    again = teacher.publish(cid="CAMERA-VIDEO")
    school.settle()
    second = student.offer(offer_text("chromium_join"), 4).mid_to_track_id
    assert list(second.values()) == [again]
    assert first.keys() == second.keys()
    assert student.transport.sent[0].ssrc != student.transport.sent[1].ssrc


def test_muting_is_told_to_everybody_and_reaches_the_packets(teacher: Person, student: Person) -> None:
    sid = teacher.publish()
    teacher.say(mute=rtc.MuteTrackRequest(sid=sid, muted=True))
    assert student.socket.last("update").participants[0].tracks[0].muted
    assert teacher.transport.received[0].muted
    teacher.say(mute=rtc.MuteTrackRequest(sid=sid, muted=False))
    assert not student.socket.last("update").participants[0].tracks[0].muted
    assert not teacher.transport.received[0].muted


def test_every_change_has_a_higher_version(teacher: Person) -> None:
    sid = teacher.publish()
    teacher.say(mute=rtc.MuteTrackRequest(sid=sid, muted=True))
    versions = [update.participants[0].version for update in teacher.socket.all("update")]
    assert versions == sorted(set(versions))


def test_somebody_may_mute_only_what_is_their_own(teacher: Person, student: Person) -> None:
    sid = teacher.publish()
    student.say(mute=rtc.MuteTrackRequest(sid=sid, muted=True))
    assert not teacher.transport.received[0].muted


@pytest.mark.parametrize(
    ("video", "source", "allowed"),
    [
        ({}, Source.CAMERA, True),
        ({"canPublish": False}, Source.CAMERA, False),
        ({"canPublishSources": ["microphone"]}, Source.CAMERA, False),
        ({"canPublishSources": ["camera"]}, Source.CAMERA, True),
        ({"canPublishSources": ["camera"]}, Source.SCREEN_SHARE, False),
    ],
)
def test_the_grants_decide_what_may_be_published(
    school: School, video: dict[str, object], source: int, allowed: bool
) -> None:
    student = school.join("student", video=video)
    student.say(add_track=rtc.AddTrackRequest(cid="x", type=models.TrackType.VIDEO, source=source))
    assert bool(student.socket.all("track_published")) is allowed
    if not allowed:
        response = student.socket.last("request_response")
        assert response.reason == Answer.NOT_ALLOWED
        assert response.add_track.cid == "x"


@pytest.mark.parametrize(
    ("given", "kept", "may_publish"),
    [
        ([], [], True),
        ([Source.MICROPHONE], [Source.MICROPHONE], True),
        ([Source.MICROPHONE, 77], [Source.MICROPHONE], True),
        ([77], [], False),
        ([Source.UNKNOWN], [], False),
    ],
)
def test_sources_unknown_here_never_become_all_sources(
    school: School, student: Person, given: list[Source], kept: list[Source], may_publish: bool
) -> None:
    permission = models.ParticipantPermission(can_publish=True, can_publish_sources=given)
    rights.permit(student.participant, permission)
    token = auth.verify(student.socket.last("refresh_token"), school.rooms.config, school.clock.wall())
    for permission in (token.grants.permission(), student.participant.permission):
        assert (permission.can_publish, list(permission.can_publish_sources)) == (may_publish, kept)


def test_nobody_publishes_more_tracks_than_the_limit(school: School, teacher: Person) -> None:
    most = school.rooms.config.limits.tracks
    for number in range(most + 1):
        teacher.say(add_track=rtc.AddTrackRequest(cid=str(number), type=models.TrackType.AUDIO))
    assert len(teacher.socket.all("track_published")) == most
    assert teacher.socket.last("request_response").reason == Answer.LIMIT_EXCEEDED


def test_a_wish_to_publish_a_data_track_is_refused_in_words(teacher: Person) -> None:
    teacher.say(publish_data_track_request=rtc.PublishDataTrackRequest(pub_handle=7, name="cursor"))
    refusal = teacher.socket.last("request_response")
    assert (refusal.reason, refusal.publish_data_track.pub_handle) == (rtc.RequestResponse.NOT_ALLOWED, 7)
    assert "no data tracks" in refusal.message
