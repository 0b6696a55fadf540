"""A lost socket: the place is kept, and everything missed is told again."""

from __future__ import annotations

import pytest
from livekit.protocol import models, rtc

from signaling.sfu import auth, rights
from tests.sfu.protocol.doubles import WALL, MemorySocket, Person, School, join_request, offer_text

Action = rtc.LeaveRequest.Action
Reason = models.DisconnectReason
State = models.ParticipantInfo.State


def come_back(school: School, person: Person, sid: str = "", **token: object) -> MemorySocket:
    request = rtc.JoinRequest(reconnect=True, participant_sid=sid or person.sid)
    socket = MemorySocket()
    school.rooms.enter(school.ticket(person.participant.identity, request, **token), socket)
    return socket


def lose(person: Person) -> None:
    person.participant.detach(person.socket)


def test_a_lost_socket_is_not_noticed_by_the_others(school: School, teacher: Person, student: Person) -> None:
    sid = student.publish()
    teacher.socket.clear()
    lose(student)
    school.clock.pass_(5)
    socket = come_back(school, student)
    assert socket.kinds[0] == "reconnect"
    assert "refresh_token" in socket.kinds
    assert [u.participants[0].state for u in teacher.socket.all("update")] == [State.ACTIVE]
    assert not student.transport.closed
    assert [item.sid for item in student.participant.publishing] == [sid]


def test_what_was_missed_is_told_after_the_resume(
    school: School, teacher: Person, student: Person, admin: Person
) -> None:
    lose(student)
    admin.say(leave=rtc.LeaveRequest())
    sid = teacher.publish()
    socket = come_back(school, student)
    told = {info.identity: info for update in socket.all("update") for info in update.participants}
    assert told["admin"].state == State.DISCONNECTED
    assert [track.sid for track in told["teacher"].tracks] == [sid]
    assert told["student"].sid == student.sid
    school.settle()
    assert socket.all("media_sections_requirement")


def test_nobody_is_told_of_an_earlier_self_or_of_who_left_before(
    school: School, teacher: Person, student: Person, admin: Person
) -> None:
    student.say(leave=rtc.LeaveRequest())
    school.clock.pass_(1)
    again = school.join("student")
    admin.say(leave=rtc.LeaveRequest())
    lose(again)
    told = [i for update in come_back(school, again).all("update") for i in update.participants]
    assert student.sid not in [info.sid for info in told]
    lose(teacher)
    told = [i for update in come_back(school, teacher).all("update") for i in update.participants]
    assert [info.sid for info in told if info.identity == "student"] == [student.sid, again.sid]
    school.clock.pass_(1)
    late = school.join("late")
    lose(late)
    told = [i for update in come_back(school, late).all("update") for i in update.participants]
    assert {info.identity for info in told} == {"late", "teacher", "student"}


def test_a_track_announced_on_the_lost_socket_is_confirmed_again(
    school: School, teacher: Person, student: Person
) -> None:
    student.say(add_track=rtc.AddTrackRequest(cid="mic", type=models.TrackType.AUDIO))
    lose(student)
    assert come_back(school, student).last("track_published").cid == "mic"


def test_the_last_sequence_of_reliable_packets_is_told(school: School, teacher: Person) -> None:
    teacher.open("_reliable").say(models.DataPacket(sequence=41).SerializeToString())
    lose(teacher)
    assert come_back(school, teacher).last("reconnect").last_message_seq == 41


def test_ice_restarts_over_the_new_socket(school: School, teacher: Person) -> None:
    lose(teacher)
    again = Person(teacher.participant, come_back(school, teacher))
    text = offer_text("chromium_join")
    ufrag = next(line for line in text.splitlines() if line.startswith("a=ice-ufrag:"))
    answer = again.offer(text.replace(ufrag, "a=ice-ufrag:moved"), 2)
    assert "a=ice-ufrag:ufrag1\r\n" in answer.sdp


def test_wishes_are_said_again_after_a_resume(school: School, teacher: Person, student: Person) -> None:
    kept, unwanted = teacher.publish(), teacher.publish("CAMERA-AUDIO", models.TrackType.AUDIO)
    student.offer(offer_text("chromium_join"), 2)
    lose(student)
    again = Person(student.participant, come_back(school, student))
    unsubscribed = rtc.UpdateSubscription(track_sids=[unwanted], subscribe=False)
    again.say(sync_state=rtc.SyncState(subscription=unsubscribed, track_sids_disabled=[kept]))
    assert list(student.participant.subscriptions.by_mid().values()) == [kept]
    assert all(down.paused for down in student.transport.sent if not down.closed)


def test_rights_of_a_newer_token_hold_after_the_resume(
    school: School, teacher: Person, student: Person
) -> None:
    sid = student.publish()
    lose(student)
    school.clock.pass_(5)
    issued = int(school.clock.wall())
    socket = come_back(school, student, iat=issued, video={"canPublish": False})
    assert socket.kinds[0] == "reconnect"
    assert socket.last("track_unpublished").track_sid == sid
    own = [i for update in socket.all("update") for i in update.participants if i.sid == student.sid]
    assert not own[-1].permission.can_publish
    assert list(student.participant.publishing) == []
    fresh = auth.verify(socket.last("refresh_token"), school.rooms.config, school.clock.wall())
    assert not fresh.grants.can_publish


def test_an_older_token_brings_no_rights_back(school: School, teacher: Person, student: Person) -> None:
    school.clock.pass_(5)
    rights.permit(student.participant, models.ParticipantPermission(can_subscribe=True))
    lose(student)
    come_back(school, student, iat=int(WALL))
    assert not student.participant.permission.can_publish


def test_a_second_socket_for_the_same_place_replaces_the_first(school: School, student: Person) -> None:
    socket = come_back(school, student)
    assert student.socket.closed is not None
    student.participant.detach(student.socket)
    school.clock.pass_(8)
    assert socket.closed is None
    assert not student.participant.gone


@pytest.mark.parametrize("sid", ["PA_unknown", "PA_"])
def test_an_unknown_place_sends_the_client_to_join_anew(school: School, teacher: Person, sid: str) -> None:
    socket = come_back(school, teacher, sid)
    assert socket.kinds == ["leave"]
    leave = socket.last("leave")
    assert (leave.reason, leave.action) == (Reason.STATE_MISMATCH, Action.RECONNECT)
    assert socket.closed is not None


def test_nobody_resumes_in_the_place_of_somebody_else(
    school: School, teacher: Person, student: Person
) -> None:
    request = rtc.JoinRequest(reconnect=True, participant_sid=teacher.sid)
    socket = MemorySocket()
    school.rooms.enter(school.ticket("student", request), socket)
    assert socket.kinds == ["leave"]
    assert teacher.socket.closed is None


def test_the_place_is_kept_for_the_grace_period_only(
    school: School, teacher: Person, student: Person
) -> None:
    lose(student)
    school.clock.pass_(14)
    teacher.say(ping=1)
    assert not student.participant.gone
    school.clock.pass_(2)
    assert student.participant.gone
    assert student.transport.closed
    gone = teacher.socket.last("update").participants[0]
    assert (gone.state, gone.disconnect_reason) == (State.DISCONNECTED, Reason.SIGNAL_CLOSE)
    assert come_back(school, student).kinds == ["leave"]


def test_a_socket_that_says_nothing_counts_as_lost(school: School, teacher: Person) -> None:
    school.clock.pass_(16)
    assert teacher.socket.closed == 1001
    assert not teacher.participant.gone
    assert come_back(school, teacher).kinds[0] == "reconnect"


def test_a_lost_place_is_shown_as_lost_quality(school: School, teacher: Person, student: Person) -> None:
    lose(student)
    school.clock.pass_(5.1)
    told = {u.participant_sid: u.quality for u in teacher.socket.last("connection_quality").updates}
    assert told[student.sid] == models.ConnectionQuality.LOST


def test_a_full_join_in_the_grace_period_takes_the_place(school: School, student: Person) -> None:
    lose(student)
    socket = MemorySocket()
    school.rooms.enter(school.ticket("student", join_request()), socket)
    assert socket.kinds[0] == "join"
    assert student.participant.gone
