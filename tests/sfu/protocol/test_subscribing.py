"""What one receives: subscriptions, sections, layers, and what publishers allow."""

from __future__ import annotations

import pytest
from livekit.protocol import models, rtc

from tests.sfu.protocol.doubles import MemorySocket, Person, School, join_request, offer_text

LAYERS = [
    models.VideoLayer(quality=q, width=w, height=h)
    for q, w, h in ((1, 640, 360), (0, 320, 180), (2, 1280, 720))
]


def test_somebody_who_may_not_subscribe_gets_nothing(school: School, teacher: Person) -> None:
    teacher.publish()
    student = school.join("student", video={"canSubscribe": False})
    assert student.receives() == []
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
    assert student.receives() == [sid]


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
    assert student.receives() == [sid]


def test_without_auto_subscribe_only_what_is_asked_for_arrives(school: School, teacher: Person) -> None:
    sid = teacher.publish()
    request = join_request()
    request.connection_settings.auto_subscribe = False
    socket = MemorySocket()
    participant = school.rooms.enter(school.ticket("student", request), socket)
    assert participant is not None
    student = Person(participant, socket)
    assert student.receives() == []
    student.say(subscription=rtc.UpdateSubscription(track_sids=[sid, "TR_none"], subscribe=True))
    assert socket.last("subscription_response").track_sid == "TR_none"
    student.offer(offer_text("chromium_join"), 2)
    assert student.receives() == [sid]


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
    assert admin.receives() == [sid]
    assert student.receives() == []
    change = student.socket.last("subscription_permission_update")
    assert (change.participant_sid, change.track_sid, change.allowed) == (teacher.sid, sid, False)
    assert admin.socket.all("subscription_permission_update") == []
    teacher.say(subscription_permission=rtc.SubscriptionPermission(all_participants=True))
    assert student.socket.last("subscription_permission_update").allowed
    student.offer(offer_text("chromium_join"), 3)
    assert student.receives() == [sid]
