"""A permission that is taken away is gone for the next packet: real packets on a real port are counted.

The proof needs no clock: a packet is sent after the call was answered, then one of somebody else; when the
second one has arrived, the first one never will.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from livekit.protocol import models, rtc
from livekit.protocol import room as service

from signaling.sfu import signal
from signaling.sfu.server import Request, respond
from tests.sfu.protocol.wire import Wired, WiredRooms, make_wall_token, open_rooms

ROOM = "demo.biology"


@pytest_asyncio.fixture
async def wired() -> AsyncIterator[WiredRooms]:
    rooms = await open_rooms()
    yield rooms
    await rooms.close()


def call(wired: WiredRooms, method: str, request: Any) -> None:
    token = make_wall_token(wired.rooms, "django", ROOM, roomAdmin=True)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/protobuf"}
    body = request.SerializeToString()
    response = respond(
        wired.rooms, Request("POST", f"/twirp/livekit.RoomService/{method}", b"", headers, body)
    )
    assert response.status == 200, response.body


def permit(wired: WiredRooms, identity: str, **permission: bool) -> None:
    rights = models.ParticipantPermission(
        **{"can_publish": True, "can_subscribe": True, "can_publish_data": True, **permission}
    )
    call(
        wired,
        "UpdateParticipant",
        service.UpdateParticipantRequest(room=ROOM, identity=identity, permission=rights),
    )


async def hears(listener: Wired, speaker: Wired) -> None:
    """Raises TimeoutError unless something new of the speaker comes through."""
    numbers = set(speaker.speak(3))
    await listener.client.until(lambda: bool(numbers & listener.heard(speaker)))


async def three(wired: WiredRooms) -> tuple[Wired, Wired, Wired]:
    """Everybody hears everybody."""
    people = [await wired.join(name) for name in ("teacher", "student", "admin")]
    for person in people:
        wired.renegotiate(person)
    for listener in people:
        for speaker in people:
            if speaker is not listener:
                await hears(listener, speaker)
    return people[0], people[1], people[2]


async def test_no_packet_of_somebody_muted_by_permission_passes_any_more(wired: WiredRooms) -> None:
    teacher, student, admin = await three(wired)
    permit(wired, "student", can_publish=False)
    silenced = set(student.speak(20))
    for listener in (teacher, admin):
        await hears(listener, admin if listener is teacher else teacher)
        assert not silenced & listener.heard(student)


async def test_no_packet_reaches_somebody_who_may_no_longer_subscribe(wired: WiredRooms) -> None:
    teacher, student, admin = await three(wired)
    permit(wired, "student", can_subscribe=False)
    wired.renegotiate(student)
    before = len(student.client.packets)
    teacher.speak(20)
    await hears(admin, teacher)
    assert len(student.client.packets) == before
    permit(wired, "student", can_subscribe=True)
    wired.renegotiate(student)
    await hears(student, teacher)


async def test_no_packet_of_a_track_muted_from_afar_passes(wired: WiredRooms) -> None:
    teacher, student, admin = await three(wired)
    (publication,) = student.participant.publishing
    request = service.MuteRoomTrackRequest(
        room=ROOM, identity="student", track_sid=publication.sid, muted=True
    )
    call(wired, "MutePublishedTrack", request)
    silenced = set(student.speak(20))
    await hears(teacher, admin)
    assert not silenced & teacher.heard(student)
    own = rtc.SignalRequest(mute=rtc.MuteTrackRequest(sid=publication.sid, muted=False))
    signal.receive(student.participant, own.SerializeToString())
    await hears(teacher, student)


async def test_no_packet_of_somebody_who_was_removed_passes_and_none_reaches_them(wired: WiredRooms) -> None:
    teacher, student, admin = await three(wired)
    call(wired, "RemoveParticipant", service.RoomParticipantIdentity(room=ROOM, identity="student"))
    before = len(student.client.packets)
    silenced = set(student.speak(20))
    await hears(teacher, admin)
    assert not silenced & teacher.heard(student)
    assert len(student.client.packets) == before
