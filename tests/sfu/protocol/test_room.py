"""Who is told what, when people come and go."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from livekit.protocol import models, rtc

from signaling.sfu import rights, signal
from signaling.sfu.config import Limits, Timing
from signaling.sfu.drops import ROOM_REASONS
from signaling.sfu.refusals import Busy
from tests.sfu.protocol.doubles import MemorySocket, Person, School, join_request, make_school, offer_text

Action = rtc.LeaveRequest.Action
Reason = models.DisconnectReason
State = models.ParticipantInfo.State
Answer = rtc.RequestResponse.Reason


def test_the_first_words_are_join_and_then_the_answer(teacher: Person) -> None:
    assert teacher.socket.kinds[:3] == ["join", "refresh_token", "answer"]
    join = teacher.socket.last("join")
    assert join.participant.sid.startswith("PA_")
    assert join.participant.state == State.JOINED
    assert join.participant.permission.can_publish
    assert (join.room.name, join.ping_interval, join.ping_timeout) == ("demo.biology", 5, 15)
    video = [codec.mime for codec in join.enabled_publish_codecs if codec.mime.startswith("video/")]
    assert video == ["video/VP8", "video/H264", "video/VP9", "video/AV1"]
    assert not join.subscriber_primary
    assert join.fast_publish
    assert join.server_version


def test_a_client_may_make_its_first_offer_after_the_join(school: School) -> None:
    request = join_request()
    request.ClearField("publisher_offer")
    socket = MemorySocket()
    participant = school.rooms.enter(school.ticket("student", request), socket)
    assert participant is not None
    assert "answer" not in socket.kinds
    student = Person(participant, socket)
    assert student.offer(offer_text("chromium_join"), 1).id == 1
    assert student.transport.started["sctp_port"] == 5000


def test_somebody_is_shown_to_the_others_once_media_is_connected(school: School, teacher: Person) -> None:
    teacher.socket.clear()
    student = school.join("student", connected=False)
    assert teacher.socket.messages == []
    student.participant.connected()
    (shown,) = teacher.socket.last("update").participants
    assert (shown.identity, shown.state) == ("student", State.ACTIVE)
    assert student.socket.last("update").participants[0].identity == "student"


def test_newcomers_learn_who_is_there_and_what_they_publish(school: School, teacher: Person) -> None:
    sid = teacher.publish()
    (other,) = school.join("student").socket.last("join").other_participants
    assert other.identity == "teacher"
    assert [track.sid for track in other.tracks] == [sid]


def test_newcomers_hear_of_who_left_once_they_have_opened_what_they_were_offered(
    school: School, teacher: Person, student: Person, admin: Person
) -> None:
    new = school.join("guest", settled=False)
    new.socket.clear()
    student.say(leave=rtc.LeaveRequest())
    admin.say(leave=rtc.LeaveRequest())
    back = school.join("admin")
    assert [info.sid for info in teacher.socket.last("update").participants] == [back.sid]
    assert [info.state for update in new.socket.all("update") for info in update.participants] == [
        State.ACTIVE
    ]
    new.socket.clear()
    school.clock.pass_(Timing.settle)
    told = [info for update in new.socket.all("update") for info in update.participants]
    assert [(info.sid, info.state) for info in told] == [(student.sid, State.DISCONNECTED)]
    teacher.say(leave=rtc.LeaveRequest())
    assert new.socket.last("update").participants[0].sid == teacher.sid


def test_somebody_in_another_room_sees_and_hears_nothing(
    school: School, teacher: Person, outsider: Person
) -> None:
    outsider.socket.clear()
    teacher.publish()
    teacher.say(leave=rtc.LeaveRequest())
    school.settle()
    assert outsider.socket.messages == []
    assert outsider.socket.closed is None


def test_hidden_participants_are_seen_by_nobody(school: School, teacher: Person) -> None:
    teacher.socket.clear()
    watcher = school.join("admin", video={"hidden": True})
    assert teacher.socket.all("update") == []
    assert [item.identity for item in watcher.socket.last("join").other_participants] == ["teacher"]
    watcher.say(leave=rtc.LeaveRequest())
    assert teacher.socket.all("update") == []


def test_whoever_becomes_hidden_leaves_for_the_others_and_comes_again_when_seen(
    school: School, teacher: Person, student: Person
) -> None:
    everything = {"can_publish": True, "can_subscribe": True, "can_publish_data": True}
    rights.permit(student.participant, models.ParticipantPermission(hidden=True, **everything))
    told = teacher.socket.last("update").participants[0]
    assert (told.sid, told.state) == (student.sid, State.DISCONNECTED)
    own = student.socket.last("update").participants[0]
    assert (own.state, own.permission.hidden) == (State.ACTIVE, True)
    assert not school.join("admin").socket.last("join").other_participants[1:]
    rights.permit(student.participant, models.ParticipantPermission(**everything))
    student.participant.room.changed(student.participant)
    told = teacher.socket.last("update").participants[0]
    assert (told.sid, told.state) == (student.sid, State.ACTIVE)


def test_how_many_there_are_is_told_when_it_changes(school: School, teacher: Person, student: Person) -> None:
    school.clock.pass_(Timing.room)
    told = teacher.socket.last("room_update").room
    assert (told.num_participants, told.num_publishers) == (2, 0)
    student.publish()
    school.clock.pass_(Timing.room)
    assert teacher.socket.last("room_update").room.num_publishers == 1
    teacher.socket.clear()
    school.clock.pass_(Timing.room)
    assert not teacher.socket.all("room_update")
    student.say(leave=rtc.LeaveRequest())
    school.clock.pass_(Timing.room)
    assert teacher.socket.last("room_update").room.num_participants == 1


def test_names_and_attributes_change_where_the_token_allows_it(school: School, teacher: Person) -> None:
    student = school.join("student", video={"canUpdateOwnMetadata": True})
    change = rtc.UpdateParticipantMetadata(name="Sue", attributes={"hand": "up"}, request_id=7)
    student.say(update_metadata=change)
    shown = teacher.socket.last("update").participants[0]
    assert (shown.name, dict(shown.attributes)) == ("Sue", {"hand": "up"})
    response = student.socket.last("request_response")
    assert (response.request_id, response.reason) == (7, Answer.OK)
    student.say(update_metadata=rtc.UpdateParticipantMetadata(attributes={"hand": ""}))
    assert dict(teacher.socket.last("update").participants[0].attributes) == {}


@pytest.mark.parametrize(
    ("video", "change", "reason"),
    [
        ({}, {"name": "Sue"}, Answer.NOT_ALLOWED),
        ({"canUpdateOwnMetadata": True}, {"name": "x" * 300}, Answer.LIMIT_EXCEEDED),
        ({"canUpdateOwnMetadata": True}, {"metadata": "x" * 20_000}, Answer.LIMIT_EXCEEDED),
        ({"canUpdateOwnMetadata": True}, {"attributes": {"x": "y" * 20_000}}, Answer.LIMIT_EXCEEDED),
    ],
)
def test_a_change_that_may_not_be_is_refused(
    school: School, teacher: Person, video: dict[str, bool], change: dict[str, object], reason: int
) -> None:
    student = school.join("student", video=video, name="Old")
    student.say(update_metadata=rtc.UpdateParticipantMetadata(**change))
    assert student.socket.last("request_response").reason == reason
    assert student.participant.name == "Old"


def test_pings_are_answered(teacher: Person) -> None:
    teacher.say(ping=1234)
    teacher.say(ping_req=rtc.Ping(timestamp=99, rtt=5))
    assert teacher.socket.last("pong") == 1234
    assert teacher.socket.last("pong_resp").last_ping_timestamp == 99


def test_tokens_are_refreshed_from_time_to_time(school: School, teacher: Person) -> None:
    for _ in range(31):
        school.clock.pass_(10)
        teacher.say(ping=1)
    first, second = teacher.socket.all("refresh_token")
    assert first != second


def test_speakers_are_told_when_they_change(school: School, teacher: Person, student: Person) -> None:
    teacher.publish("CAMERA-AUDIO", models.TrackType.AUDIO)
    up = teacher.transport.received[0]
    up.speaking, up.level = True, 0.52
    school.clock.pass_(0.5)
    (speaker,) = student.socket.last("speakers_changed").speakers
    assert (speaker.sid, speaker.level, speaker.active) == (teacher.sid, 0.5, True)
    school.clock.pass_(0.5)
    assert len(student.socket.all("speakers_changed")) == 1
    assert school.join("admin").socket.last("speakers_changed").speakers[0].active
    up.speaking = False
    school.clock.pass_(0.5)
    assert not student.socket.last("speakers_changed").speakers[0].active


def test_whoever_leaves_is_gone_at_once(teacher: Person, student: Person) -> None:
    student.say(leave=rtc.LeaveRequest())
    (gone,) = teacher.socket.last("update").participants
    assert (gone.sid, gone.state) == (student.sid, State.DISCONNECTED)
    assert gone.disconnect_reason == Reason.CLIENT_INITIATED
    assert student.transport.closed
    assert student.socket.closed is not None


def test_a_second_join_of_the_same_person_replaces_the_first(
    school: School, teacher: Person, student: Person
) -> None:
    again = school.join("student")
    leave = student.socket.last("leave")
    assert (leave.reason, leave.action) == (Reason.DUPLICATE_IDENTITY, Action.DISCONNECT)
    assert again.sid != student.sid
    states = [(u.participants[0].sid, u.participants[0].state) for u in teacher.socket.all("update")[-2:]]
    assert states == [(student.sid, State.DISCONNECTED), (again.sid, State.ACTIVE)]


def test_whoever_never_connects_loses_the_place(school: School, teacher: Person) -> None:
    student = school.join("student", connected=False)
    school.clock.pass_(14)
    student.say(ping=1)
    teacher.say(ping=1)
    school.clock.pass_(14)
    student.say(ping=1)
    school.clock.pass_(3)
    assert student.socket.last("leave").action == Action.RECONNECT
    assert student.participant.gone


def test_when_media_ends_the_client_joins_anew(teacher: Person, student: Person) -> None:
    student.participant.closed("consent expired")
    leave = student.socket.last("leave")
    assert (leave.reason, leave.action, leave.can_reconnect) == (Reason.MEDIA_FAILURE, Action.RECONNECT, True)
    assert teacher.socket.last("update").participants[0].state == State.DISCONNECTED


def test_a_full_engine_takes_nobody_more() -> None:
    school = make_school(limits=Limits(rooms=1, participants=2))
    for name in ("teacher", "student"):
        school.join(name)
    with pytest.raises(Busy, match="no place for another room"):
        school.join("outsider", room="other.history")


def test_an_empty_room_is_forgotten_after_a_while(school: School, teacher: Person) -> None:
    teacher.say(leave=rtc.LeaveRequest())
    school.clock.pass_(19)
    assert len(school.rooms) == 1
    school.clock.pass_(2)
    assert len(school.rooms) == 0


def test_memory_is_given_back_when_the_last_room_is_gone(
    school: School, teacher: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    monkeypatch.setattr("signaling.sfu.thrift.give_back", lambda: given.append(len(school.rooms)))
    there = school.join("outsider", room="other.history")
    for person in (teacher, there):
        person.say(leave=rtc.LeaveRequest())
        assert not given
        school.clock.pass_(25)
    assert given == [0]


def test_memory_is_given_back_once_when_many_classes_end_together(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    monkeypatch.setattr("signaling.sfu.thrift.give_back", lambda: given.append(len(school.rooms)))
    names = [f"demo.class{number}" for number in range(20)]
    for name in names:
        school.join("teacher", room=name)
    for name in names:
        school.rooms.delete(name)
        school.clock.pass_(0.1)
    assert not given
    school.clock.pass_(5)
    assert given == [0]


def test_an_empty_room_is_kept_for_whoever_comes_back(school: School, teacher: Person) -> None:
    teacher.say(leave=rtc.LeaveRequest())
    school.clock.pass_(19)
    again = school.join("teacher")
    school.clock.pass_(5)
    assert again.participant.room is school.rooms.get("demo.biology")


def test_stopping_tells_everybody_to_connect_again(school: School, teacher: Person, student: Person) -> None:
    school.rooms.stop()
    for person in (teacher, student):
        leave = person.socket.last("leave")
        assert (leave.reason, leave.action) == (Reason.SERVER_SHUTDOWN, Action.RECONNECT)
        assert person.transport.closed


def test_every_reason_that_is_counted_is_explained() -> None:
    engine = Path(signal.__file__).parent
    files = [engine / f"{name}.py" for name in ("data", "room", "signal")]
    text = "".join(path.read_text() for path in [*files, engine.parent / "media_consumer.py"])
    counted = set(re.findall(r'(?:count|mismatch)\((?:\w+, |self\.participant, )?"(\w+)"\)', text))
    assert counted == ROOM_REASONS.keys()


def test_a_client_can_have_itself_sent_to_join_anew(teacher: Person, student: Person) -> None:
    """livekit-client's `simulateScenario`, for applications that test how they come back."""
    teacher.say(simulate=rtc.SimulateScenario(leave_request_full_reconnect=True))
    assert teacher.socket.last("leave").action == rtc.LeaveRequest.Action.RECONNECT
    assert teacher.participant.gone
    student.socket.clear()
    student.say(simulate=rtc.SimulateScenario(node_failure=True))
    assert (student.participant.gone, student.socket.kinds) == (True, [])
