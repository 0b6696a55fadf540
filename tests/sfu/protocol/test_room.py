"""Who is told what, when people come, publish, subscribe and go."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from livekit.protocol import models, rtc

from signaling.sfu import auth, rights, signal
from signaling.sfu.config import Limits, Timing
from signaling.sfu.drops import ROOM_REASONS
from signaling.sfu.quality import grade
from signaling.sfu.refusals import Busy
from signaling.sfu.transport import smoothed
from tests.sfu.protocol.doubles import MemorySocket, Person, School, join_request, make_school, offer_text

Action = rtc.LeaveRequest.Action
Reason = models.DisconnectReason
State = models.ParticipantInfo.State
Answer = rtc.RequestResponse.Reason
Source = models.TrackSource


def receives(person: Person) -> list[str]:
    """Sids of the tracks that are being forwarded to somebody."""
    return sorted(person.participant.subscriptions.by_mid().values())


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
    assert receives(student) == [sid]
    assert receives(teacher) == []
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
    assert len(receives(admin)) == 3
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
    assert receives(student) == []
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


def test_somebody_who_may_not_subscribe_gets_nothing(school: School, teacher: Person) -> None:
    teacher.publish()
    student = school.join("student", video={"canSubscribe": False})
    assert receives(student) == []
    school.settle()
    assert student.socket.all("media_sections_requirement") == []


def test_tracks_can_be_unsubscribed_and_subscribed_again(
    school: School, teacher: Person, student: Person
) -> None:
    sid = teacher.publish()
    school.settle()
    student.offer(offer_text("chromium_join"), 2)
    student.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=False))
    assert student.transport.sent[0].closed
    school.settle()
    assert "a=sendonly" not in student.offer(offer_text("chromium_join"), 3).sdp
    student.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=True))
    school.settle()
    student.offer(offer_text("chromium_join"), 4)
    assert receives(student) == [sid]


def test_a_section_rests_for_one_answer_between_two_tracks(
    school: School, teacher: Person, student: Person
) -> None:
    """Browsers tell their page of a new track only where none was sent before."""
    sid = teacher.publish()
    school.settle()
    (mid,) = student.offer(offer_text("chromium_join"), 2).mid_to_track_id
    for subscribe in (False, True):
        student.say(subscription=rtc.UpdateSubscription(track_sids=[sid], subscribe=subscribe))
    school.settle()
    first = student.offer(offer_text("chromium_join"), 3)
    assert mid not in first.mid_to_track_id
    school.settle()
    student.offer(offer_text("chromium_join"), 4)
    assert receives(student) == [sid]


def test_without_auto_subscribe_only_what_is_asked_for_arrives(school: School, teacher: Person) -> None:
    sid = teacher.publish()
    request = join_request()
    request.connection_settings.auto_subscribe = False
    socket = MemorySocket()
    participant = school.rooms.enter(school.ticket("student", request), socket)
    assert participant is not None
    student = Person(participant, socket)
    assert receives(student) == []
    student.say(subscription=rtc.UpdateSubscription(track_sids=[sid, "TR_none"], subscribe=True))
    assert socket.last("subscription_response").track_sid == "TR_none"
    student.offer(offer_text("chromium_join"), 2)
    assert receives(student) == [sid]


LAYERS = [
    models.VideoLayer(quality=q, width=w, height=h)
    for q, w, h in ((1, 640, 360), (0, 320, 180), (2, 1280, 720))
]


@pytest.mark.parametrize(
    ("asked", "paused", "layer"),
    [
        ({"quality": models.VideoQuality.LOW}, False, 0),
        ({"quality": models.VideoQuality.HIGH}, False, 2),
        ({"quality": models.VideoQuality.OFF}, True, 2),
        ({"disabled": True}, True, 2),
        ({"width": 200, "height": 100}, False, 0),
        ({"width": 400, "height": 300}, False, 1),
        ({"width": 4000, "height": 3000}, False, 2),
    ],
)
@pytest.mark.parametrize("early", [True, False])
def test_track_settings_choose_the_layer(
    school: School,
    teacher: Person,
    student: Person,
    asked: dict[str, int],
    paused: bool,
    layer: int,
    early: bool,
) -> None:
    sid = teacher.publish(layers=LAYERS)
    setting = rtc.UpdateTrackSettings(track_sids=[sid], **asked)
    if early:
        student.say(track_setting=setting)
    school.settle()
    student.offer(offer_text("chromium_join"), 2)
    student.say(track_setting=setting)
    down = student.transport.sent[0]
    assert (down.paused, down.max_layer) == (paused, layer)


def test_a_publisher_chooses_who_may_have_its_tracks(
    school: School, teacher: Person, student: Person, admin: Person
) -> None:
    sid = teacher.publish()
    for person in (student, admin):
        person.offer(offer_text("chromium_join"), 2)
    only_admin = rtc.SubscriptionPermission(
        track_permissions=[rtc.TrackPermission(participant_identity="admin", all_tracks=True)]
    )
    teacher.say(subscription_permission=only_admin)
    assert receives(admin) == [sid]
    assert receives(student) == []
    change = student.socket.last("subscription_permission_update")
    assert (change.participant_sid, change.track_sid, change.allowed) == (teacher.sid, sid, False)
    assert admin.socket.all("subscription_permission_update") == []
    teacher.say(subscription_permission=rtc.SubscriptionPermission(all_participants=True))
    assert student.socket.last("subscription_permission_update").allowed
    student.offer(offer_text("chromium_join"), 3)
    assert receives(student) == [sid]


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


def test_connection_quality_follows_the_loss(school: School, teacher: Person, student: Person) -> None:
    teacher.publish()
    teacher.transport.received[0].fraction_lost = 0.2
    school.clock.pass_(5.1)
    told = {u.participant_sid: u.quality for u in student.socket.last("connection_quality").updates}
    assert told[teacher.sid] == models.ConnectionQuality.POOR
    assert told[student.sid] == models.ConnectionQuality.EXCELLENT


@pytest.mark.parametrize(
    ("rests", "told"),
    [
        (None, models.ConnectionQuality.POOR),
        ("loss", models.ConnectionQuality.EXCELLENT),
        ("paused", models.ConnectionQuality.EXCELLENT),
        ("muted", models.ConnectionQuality.EXCELLENT),
    ],
)
def test_connection_quality_recovers_within_ten_seconds_of_the_loss(
    school: School, teacher: Person, student: Person, rests: str | None, told: int
) -> None:
    teacher.publish()
    school.settle()
    student.offer(offer_text("chromium_join"), 2)
    down = student.transport.sent[0]
    down.stats.fraction_lost = 0.5
    school.clock.pass_(5.1)
    assert quality_of(student) == models.ConnectionQuality.POOR
    if rests == "loss":
        down.stats.fraction_lost = 0.0
    elif rests == "paused":
        down.paused = True
    elif rests == "muted":
        down.source.muted = True
    school.clock.pass_(10.0)
    assert quality_of(student) == told


def quality_of(person: Person) -> int:
    told = {u.participant_sid: u.quality for u in person.socket.last("connection_quality").updates}
    return told[person.sid]


@pytest.mark.parametrize(
    ("loss", "rtt", "quality"),
    [
        (0.0, 0.0, models.ConnectionQuality.EXCELLENT),
        (0.02, 0.6, models.ConnectionQuality.EXCELLENT),
        (0.03, 0.1, models.ConnectionQuality.GOOD),
        (0.09, 0.1, models.ConnectionQuality.POOR),
        (0.0, 0.7, models.ConnectionQuality.POOR),
    ],
)
def test_quality_is_graded_by_loss_and_round_trip(loss: float, rtt: float, quality: int) -> None:
    assert grade(loss, rtt) == quality


@pytest.mark.parametrize(
    ("measured", "ends"),
    [
        ([0.05], 0.05),
        ([0.05, 0.1], 0.06),
        ([0.05, 7.0, 6.0, 5.0, 0.05], 0.05),  # reports that lay unread for seconds, then a fresh one
        ([0.3, 0.2], 0.2),
    ],
)
def test_a_round_trip_read_late_is_forgotten_with_the_next_one(measured: list[float], ends: float) -> None:
    rtt: float | None = None
    for each in measured:
        rtt = smoothed(rtt, each)
    assert rtt == pytest.approx(ends)


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


def test_an_empty_room_is_kept_for_whoever_comes_back(school: School, teacher: Person) -> None:
    teacher.say(leave=rtc.LeaveRequest())
    school.clock.pass_(19)
    again = school.join("teacher")
    school.clock.pass_(5)
    assert again.participant.room is school.rooms.get("demo.biology")


@pytest.mark.parametrize("frame", [b"\xff\xff\xff", b"x" * (1024 * 1024 + 1)])
def test_a_frame_that_cannot_be_read_ends_its_sender_alone(
    teacher: Person, student: Person, frame: bytes
) -> None:
    signal.receive(student.participant, frame)
    assert student.socket.last("leave").action == Action.RECONNECT
    assert student.participant.gone
    assert not teacher.participant.gone


def test_a_flood_of_requests_ends_its_sender_alone(teacher: Person, student: Person) -> None:
    for _ in range(300):
        student.say(ping=1)
    assert student.participant.gone
    assert not teacher.participant.gone


def test_long_requests_are_a_flood_sooner_than_short_ones(teacher: Person, student: Person) -> None:
    long = rtc.SignalRequest(add_track=rtc.AddTrackRequest(cid="x" * 900_000))
    for _ in range(5):
        signal.receive(student.participant, long.SerializeToString())
    assert student.participant.gone
    for _ in range(5):
        teacher.offer(offer_text("chromium_join"))
    assert not teacher.participant.gone


def test_a_request_of_more_tracks_than_anybody_has_ends_its_sender_alone(
    teacher: Person, student: Person
) -> None:
    many = rtc.UpdateSubscription(track_sids=[f"TR_{n}" for n in range(2001)], subscribe=True)
    student.say(subscription=many)
    assert student.participant.gone
    assert student.socket.all("subscription_response") == []
    assert not teacher.participant.gone


def test_a_request_newer_than_this_engine_is_passed_over(teacher: Person) -> None:
    teacher.socket.clear()
    teacher.say(simulate=rtc.SimulateScenario(speaker_update=3))
    assert teacher.socket.messages == []
    assert not teacher.participant.gone


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


def test_a_wish_to_publish_a_data_track_is_refused_in_words(teacher: Person) -> None:
    teacher.say(publish_data_track_request=rtc.PublishDataTrackRequest(pub_handle=7, name="cursor"))
    refusal = teacher.socket.last("request_response")
    assert (refusal.reason, refusal.publish_data_track.pub_handle) == (rtc.RequestResponse.NOT_ALLOWED, 7)
    assert "no data tracks" in refusal.message
