"""What people do in a class, with the stock livekit-client in Chromium and in Firefox. `WAYS=all`: each
with one and with two connections."""

from __future__ import annotations

import os

import pytest
from livekit import api

from tests.contract.conftest import MakePerson
from tests.contract.media import Media

pytestmark = [pytest.mark.journey, pytest.mark.alone]
LOW, MEDIUM, HIGH = 0, 1, 2
BRIEFLY = [("chromium", 2), ("firefox", 1)]  # the other one is in Chromium, with one
ALL = [("chromium", 1), *BRIEFLY, ("firefox", 2)]
WAYS = pytest.mark.parametrize(
    ("browser", "connections"), ALL if os.environ.get("WAYS") == "all" else BRIEFLY, ids=str
)


@WAYS
def test_two_people_see_and_hear_each_other_and_exchange_data(
    person: MakePerson, browser: str, connections: int
) -> None:
    """The other one is in Chromium, with one connection."""
    guest = person("guest", browser).enter(connections=connections)
    teacher = person("teacher").enter()
    assert guest.peerConnections() == connections
    for each in (guest, teacher):
        each.publishCamera()
        each.publishMicrophone()
    for each, other in ((guest, "teacher"), (teacher, "guest")):
        each.until_seen(other)
        each.until_heard(other)
    guest.say("for all", {"reliable": True, "topic": "chat"})
    teacher.say("quickly", {"reliable": False})
    teacher.until(
        "reliable data", lambda: {"from": "guest", "text": "for all", "topic": "chat"} in teacher.data()
    )
    guest.until("lossy data", lambda: {"from": "teacher", "text": "quickly", "topic": ""} in guest.data())


@WAYS
def test_a_camera_in_three_layers_is_switched_and_stopped_by_who_watches(
    person: MakePerson, browser: str, connections: int
) -> None:
    guest = person("guest", browser).enter(connections=connections)
    teacher = person("teacher").enter()
    teacher.publishCamera()
    guest.publishCamera()
    for watcher, other in ((guest, "teacher"), (teacher, "guest")):
        watcher.until_seen(other, width=1280)
        watcher.quality(other, LOW)
        watcher.until_seen(other, width=320)
        watcher.quality(other, HIGH)
        watcher.until_seen(other, width=1280)
        watcher.enable(other, False)
        watcher.until_still(other)
        watcher.enable(other, True)
        watcher.until_seen(other)
    assert teacher.layers()[-1] == 1280
    assert len(teacher.layers()) == 3


@WAYS
def test_mute_unpublish_unsubscribe_and_their_reverse(
    person: MakePerson, browser: str, connections: int
) -> None:
    guest = person("guest", browser).enter(connections=connections)
    teacher = person("teacher").enter()
    for publisher, watcher in ((guest, teacher), (teacher, guest)):
        name = publisher.identity
        publisher.publishCamera()
        watcher.until_seen(name)
        publisher.mute("camera")
        watcher.until_event(f"TrackMuted camera {name}")
        publisher.unmute("camera")
        watcher.until_event(f"TrackUnmuted camera {name}")
        watcher.until_seen(name)
        watcher.subscribe(name, "camera", False)
        watcher.until("the picture gone", lambda: watcher.picture(name)["frames"] == 0)  # noqa: B023
        watcher.subscribe(name, "camera", True)
        watcher.until_seen(name)
        publisher.unpublish("camera")
        watcher.until_event(f"TrackUnpublished camera {name}")
        publisher.publishCamera()
        watcher.until_seen(name)


@WAYS
def test_a_lost_socket_is_resumed_and_a_lost_place_taken_anew(
    person: MakePerson, browser: str, connections: int
) -> None:
    guest = person("guest", browser).enter(connections=connections)
    teacher = person("teacher").enter()
    guest.publishCamera()
    teacher.publishCamera()
    guest.until_seen("teacher")
    teacher.until_seen("guest")
    sid = guest.sid()
    guest.simulate("signal-reconnect")
    guest.until_event("Reconnected")
    assert guest.sid() == sid
    assert teacher.events().count("ParticipantDisconnected guest") == 0
    guest.until_seen("teacher")
    teacher.until_seen("guest")
    for times, scenario in ((2, "full-reconnect"), (3, "node-failure")):
        guest.simulate(scenario)
        guest.until_event("Reconnected", times)
        assert guest.sid() != sid
        sid = guest.sid()
        guest.until_seen("teacher")
        teacher.until_seen("guest")

    def heard() -> bool:
        """Said anew until it is heard: what is said while the client still restarts is not sent by it."""
        guest.say("still here", {"reliable": True})
        return any(each["text"] == "still here" for each in teacher.data())

    teacher.until("data afterwards", heard)


@pytest.mark.parametrize("browser", ["chromium", "firefox"])
def test_encrypted_pictures_and_words_pass_and_only_the_key_opens_them(
    person: MakePerson, browser: str
) -> None:
    guest = person("guest", browser).enter(key="our key")
    teacher = person("teacher").enter(key="our key")
    stranger = person("stranger").enter()
    teacher.publishCamera()
    guest.publishCamera()
    guest.until_seen("teacher")
    teacher.until_seen("guest")
    guest.say("secret", {"reliable": True})
    teacher.until("the words", lambda: any(each["text"] == "secret" for each in teacher.data()))
    assert stranger.picture("teacher")["frames"] == 0
    assert all(each["text"] != "secret" for each in stranger.data())


def test_rights_that_are_taken_away_and_given_back_hold_at_once(person: MakePerson, media: Media) -> None:
    teacher = person("teacher").enter()
    student = person("student").enter(can_update_own_metadata=True)
    student.publishCamera()
    teacher.until_seen("student")

    def permit(publish: bool) -> None:
        permission = api.ParticipantPermission(can_publish=publish, can_subscribe=True, can_publish_data=True)
        request = api.UpdateParticipantRequest(room=student.room, identity="student", permission=permission)
        media.ask(lambda livekit: livekit.room.update_participant(request))

    permit(False)
    student.until_event("LocalTrackUnpublished camera student")
    teacher.until_event("TrackUnpublished camera student")
    assert "insufficient permissions" in student.refusal("publishCamera")
    permit(True)
    student.until_event("ParticipantPermissionsChanged  student", 2)
    student.publishCamera()
    teacher.until_seen("student")


def test_attributes_are_seen_by_others_where_the_token_allows_them(person: MakePerson) -> None:
    teacher = person("teacher").enter()
    student = person("student").enter(can_update_own_metadata=True)
    mute = person("mute").enter()
    student.setAttributes({"hand": "up"})
    teacher.until("the hand", lambda: teacher.attributes("student") == {"hand": "up"})
    refusal = mute.page.evaluate("stock.setAttributes({hand: 'up'}).then(() => '', error => String(error))")
    assert "metadata" in refusal


def test_a_token_is_refreshed_so_that_a_long_class_survives_its_end(person: MakePerson, media: Media) -> None:
    teacher = person("teacher").enter()
    student = person("student")
    given = media.token("student", student.room, ttl=3)
    student.enter(token=given)
    teacher.publishCamera()
    student.until_seen("teacher")
    student.until("another token", lambda: student.token() != given)
    student.simulate("full-reconnect")
    student.until_event("Reconnected")
    student.until_seen("teacher")


def test_who_only_listens_is_told_so_and_a_removed_one_goes(person: MakePerson, media: Media) -> None:
    teacher = person("teacher").enter()
    student = person("student").enter(can_publish=False)
    teacher.publishCamera()
    student.until_seen("teacher")
    assert "insufficient permissions" in student.refusal("publishCamera")
    who = api.RoomParticipantIdentity(room=student.room, identity="student")
    media.ask(lambda livekit: livekit.room.remove_participant(who))
    student.until_event("Disconnected 4")
    teacher.until("the student gone", lambda: teacher.people() == [])
