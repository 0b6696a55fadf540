"""What other systems are told of a room, and when."""

from __future__ import annotations

import pytest
from livekit.protocol import models, rtc
from livekit.protocol.webhook import WebhookEvent

from signaling.sfu.messages import Action, Reason
from tests.sfu.protocol.doubles import ROOM, School, make_school, offer_text

Heard = list[WebhookEvent]


@pytest.fixture
def heard() -> Heard:
    return []


@pytest.fixture
def school(heard: Heard) -> School:
    return make_school(heard.append)


def told(heard: Heard) -> list[tuple[str, str]]:
    """(event, identity), and forget them."""
    found = [(event.event, event.participant.identity) for event in heard]
    heard.clear()
    return found


def test_a_class_is_told_from_its_start_to_its_end(school: School, heard: Heard) -> None:
    teacher = school.join("teacher", connected=False)
    assert told(heard) == [("room_started", "")]
    teacher.participant.connected()
    assert told(heard) == [("participant_joined", "teacher")]
    sid = teacher.publish()
    (published,) = heard
    assert (published.event, published.track.sid, published.track.type) == (
        "track_published",
        sid,
        models.TrackType.VIDEO,
    )
    told(heard)
    teacher.offer(offer_text("chromium_publish").replace("a=sendonly", "a=inactive"), 3)
    assert told(heard) == [("track_unpublished", "teacher")]
    teacher.say(leave=rtc.LeaveRequest())
    assert told(heard) == [("participant_left", "teacher")]
    school.clock.pass_(60)
    assert told(heard) == [("room_finished", "")]


def test_an_event_says_when_where_who_and_which_one_it_is(school: School, heard: Heard) -> None:
    teacher = school.join("teacher", name="Tom Teacher")
    started, joined = heard
    assert started.room.name == joined.room.name == ROOM
    assert joined.created_at == int(school.clock.wall())
    assert (joined.participant.sid, joined.participant.name) == (teacher.sid, "Tom Teacher")
    assert joined.participant.state == models.ParticipantInfo.State.ACTIVE
    assert started.id != joined.id


def test_what_somebody_published_ends_before_they_leave(school: School, heard: Heard) -> None:
    teacher = school.join("teacher")
    teacher.publish()
    told(heard)
    teacher.say(leave=rtc.LeaveRequest())
    assert told(heard) == [("track_unpublished", "teacher"), ("participant_left", "teacher")]


def test_whoever_never_got_their_media_did_not_join(school: School, heard: Heard) -> None:
    teacher = school.join("teacher", connected=False)
    teacher.publish()
    told(heard)
    teacher.say(leave=rtc.LeaveRequest())
    assert told(heard) == [("participant_connection_aborted", "teacher")]


def test_a_room_that_is_closed_tells_everything_that_ends_once(school: School, heard: Heard) -> None:
    school.join("teacher").publish()
    room = school.rooms.get(ROOM)
    told(heard)
    for _ in range(2):
        room.close(Reason.ROOM_DELETED, Action.DISCONNECT)
    assert told(heard) == [
        ("track_unpublished", "teacher"),
        ("participant_left", "teacher"),
        ("room_finished", ""),
    ]
