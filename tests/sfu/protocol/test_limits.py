"""Beyond a limit the one who asks is refused, in words or by a name; nobody else notices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from livekit.protocol import models, rtc

from signaling.sfu.changes import PAUSE
from signaling.sfu.config import Limits
from signaling.sfu.refusals import Busy
from tests.sfu.protocol.doubles import Person, School, make_school

Answer = rtc.RequestResponse.Reason
Source, Type = models.TrackSource, models.TrackType


def add(person: Person, **request: object) -> Answer | None:
    """What is answered to an add_track; None when it is taken."""
    person.socket.clear()
    person.say(add_track=rtc.AddTrackRequest(**{"cid": "c", "type": Type.VIDEO, **request}))
    refused = person.socket.all("request_response")
    return refused[0].reason if refused else None


LAYERS = [
    models.VideoLayer(quality=quality, width=320 << quality, height=180 << quality) for quality in range(3)
]


def codec(name: str, **more: Any) -> rtc.SimulcastCodec:
    return rtc.SimulcastCodec(codec=name, **{"cid": "c", "layers": LAYERS, **more})


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ({"source": Source.CAMERA}, None),
        ({"source": Source.UNKNOWN}, None),
        ({"source": Source.MICROPHONE}, Answer.INVALID_REQUEST),
        ({"source": Source.SCREEN_SHARE_AUDIO}, Answer.INVALID_REQUEST),
        ({"source": Source.CAMERA, "type": Type.AUDIO}, Answer.INVALID_REQUEST),
        ({"source": Source.MICROPHONE, "type": Type.AUDIO}, None),
        ({"type": Type.DATA}, Answer.INVALID_REQUEST),
        ({"cid": ""}, Answer.INVALID_REQUEST),
        ({"cid": "x" * 257}, Answer.LIMIT_EXCEEDED),
        ({"name": "x" * 257}, Answer.LIMIT_EXCEEDED),
        ({"stream": "x" * 257}, Answer.LIMIT_EXCEEDED),
        ({"layers": LAYERS, "simulcast_codecs": [codec("av1"), codec("vp8")]}, None),
        ({"layers": [*LAYERS, models.VideoLayer()]}, Answer.LIMIT_EXCEEDED),
        ({"layers": [models.VideoLayer(rid="x" * 257)]}, Answer.LIMIT_EXCEEDED),
        ({"simulcast_codecs": [codec("av1"), codec("vp9"), codec("vp8")]}, Answer.LIMIT_EXCEEDED),
        ({"simulcast_codecs": [codec("vp8", cid="x" * 257)]}, Answer.LIMIT_EXCEEDED),
        ({"simulcast_codecs": [codec("x" * 257)]}, Answer.LIMIT_EXCEEDED),
        ({"simulcast_codecs": [codec("vp8", layers=[*LAYERS, *LAYERS])]}, Answer.LIMIT_EXCEEDED),
        (
            {"simulcast_codecs": [codec("vp8", layers=[models.VideoLayer(rid="x" * 257)])]},
            Answer.LIMIT_EXCEEDED,
        ),
        ({"audio_features": [1] * 5000}, Answer.LIMIT_EXCEEDED),
    ],
)
def test_a_track_that_cannot_be_is_refused_with_a_reason(
    teacher: Person, request_: dict[str, object], answer: Answer | None
) -> None:
    assert add(teacher, **request_) == answer


def test_what_one_participant_says_of_its_tracks_never_fills_the_join_message_of_others(
    school: School,
) -> None:
    student = school.join("student")
    newer = rtc.AddTrackRequest(cid="CAMERA-VIDEO", type=Type.VIDEO, source=Source.CAMERA, layers=LAYERS)
    data = newer.SerializeToString() + b"\xfa\x3e\x90\x4e" + bytes(10_000)  # field 1007, 10,000 octets
    student.say(add_track=rtc.AddTrackRequest.FromString(data))
    student.publish("CAMERA-AUDIO", Type.AUDIO, audio_features=[1] * 1000)
    student.say(add_track=rtc.AddTrackRequest(cid="SCREEN", type=Type.VIDEO, layers=LAYERS * 100))
    teacher = school.join("teacher")
    assert [len(info.tracks) for info in teacher.socket.last("join").other_participants] == [2]
    assert teacher.socket.last("join").ByteSize() < 4096


def test_the_right_to_a_microphone_is_none_to_a_camera_called_one(school: School) -> None:
    student = school.join("listener", video={"canPublishSources": ["microphone"]})
    assert add(student, source=Source.CAMERA) == Answer.NOT_ALLOWED
    assert add(student, source=Source.MICROPHONE) == Answer.INVALID_REQUEST
    assert add(student, source=Source.MICROPHONE, type=Type.AUDIO) is None


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        (Limits(people=1), "server is full"),
        (Limits(participants=1), "room is full"),
        (Limits(joins_at_once=0), "Too many people are joining"),
    ],
)
def test_a_newcomer_is_told_what_is_full(limits: Limits, refusal: str) -> None:
    school = make_school(limits=limits)
    school.join("teacher")
    with pytest.raises(Busy, match=refusal):
        school.rooms._check_capacity(school.ticket("student").claims)


def data(size: int) -> bytes:
    return models.DataPacket(user=models.UserPacket(payload=bytes(size))).SerializeToString()


@pytest.mark.parametrize(("size", "passed"), [(10, 1000), (60_000, 34)])
def test_data_is_limited_by_packets_and_by_bytes(
    school: School, teacher: Person, student: Person, size: int, passed: int
) -> None:
    to, channel = student.open("_lossy"), teacher.open("_lossy")
    for _ in range(1200):
        channel.say(data(size))
    assert len(to.sent) == passed
    assert school.plane.drops["data_rate"] == 1200 - passed
    school.clock.pass_(1)
    channel.say(data(size))
    assert len(to.sent) == passed + 1


def test_data_for_a_crowd_counts_for_each_of_them(school: School, teacher: Person) -> None:
    crowd = [school.join(f"student{number}").open("_reliable") for number in range(30)]
    channel = teacher.open("_reliable")
    for number in range(30):
        channel.say(
            models.DataPacket(
                sequence=number + 1, user=models.UserPacket(payload=bytes(60_000))
            ).SerializeToString()
        )
    passed = 4 * Limits.data_crowd // (30 * 60_000)
    assert {len(to.sent) for to in crowd} == {passed}
    assert school.plane.drops["data_crowd"] == 30 - passed
    school.clock.pass_(1)
    again = models.DataPacket(sequence=passed + 1, user=models.UserPacket(payload=b"again"))
    channel.say(again.SerializeToString())
    assert len(crowd[0].sent) == passed + 1


def flood(person: Person, request: Callable[[int], dict[str, object]], times: int = 150) -> None:
    for number in range(times):
        person.say(**request(number))


def test_a_flood_of_changes_is_told_in_few_messages_and_the_last_one_is_right(
    school: School, teacher: Person, student: Person
) -> None:
    sid = teacher.publish()
    school.clock.pass_(10)
    student.socket.clear()
    flood(teacher, lambda number: {"mute": rtc.MuteTrackRequest(sid=sid, muted=number % 2 == 0)})
    assert len(student.socket.all("update")) == 3 * Limits.change_rate
    assert student.socket.all("update")[0].participants[0].tracks[0].muted
    flood(teacher, lambda number: {"mute": rtc.MuteTrackRequest(sid=sid, muted=True)}, 1)
    school.clock.pass_(PAUSE)
    updates = student.socket.all("update")
    assert len(updates) == 3 * Limits.change_rate + 1
    assert updates[-1].participants[0].tracks[0].muted
    assert updates[-1].participants[0].version == teacher.participant.version


def test_news_of_somebody_who_left_meanwhile_are_not_told(
    school: School, teacher: Person, student: Person
) -> None:
    sid = teacher.publish()
    flood(teacher, lambda number: {"mute": rtc.MuteTrackRequest(sid=sid, muted=number % 2 == 0)})
    teacher.say(leave=rtc.LeaveRequest())
    student.socket.clear()
    school.clock.pass_(PAUSE)
    assert not student.socket.all("update")


def test_allowing_and_forbidding_a_crowd_over_and_over_ends_whoever_does_it() -> None:
    school = make_school(limits=Limits(joins_at_once=1000))
    teacher, *crowd = (school.join(f"person{number}") for number in range(130))
    teacher.publish()
    flood(
        teacher,
        lambda number: {
            "subscription_permission": rtc.SubscriptionPermission(all_participants=bool(number % 2))
        },
        120,
    )
    assert teacher.participant.gone
    assert not any(person.participant.gone for person in crowd)
    assert school.plane.drops["signal_rate"] == 1
