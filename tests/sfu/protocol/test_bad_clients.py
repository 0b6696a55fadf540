"""Frames that cannot be read, floods, requests from the future: one client ends, or nobody."""

from __future__ import annotations

import pytest
from livekit.protocol import rtc

from signaling.sfu import signal
from tests.sfu.protocol.doubles import Person, offer_text

Action = rtc.LeaveRequest.Action


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
