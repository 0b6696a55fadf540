"""livekit-api as Django uses it, unmodified, against the running engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from livekit import api, rtc

from tests.sfu.protocol.doubles import KEY, SECRET
from tests.sfu.protocol.engine import Engine, joined, running_engine, until

ROOM = "demo.biology"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


def server_api(engine: Engine) -> api.LiveKitAPI:
    return api.LiveKitAPI(f"http://127.0.0.1:{engine.port}", KEY, SECRET)


async def test_a_room_is_made_described_and_deleted(engine: Engine) -> None:
    async with server_api(engine) as server:
        made = await server.room.create_room(
            api.CreateRoomRequest(name="demo.new", empty_timeout=50, departure_timeout=9, max_participants=3)
        )
        assert (made.empty_timeout, made.departure_timeout, made.max_participants) == (50, 9, 3)
        request = api.UpdateRoomMetadataRequest(room="demo.new", metadata="chemistry")
        assert (await server.room.update_room_metadata(request)).metadata == "chemistry"
        listed = await server.room.list_rooms(api.ListRoomsRequest(names=["demo.new"]))
        assert [room.metadata for room in listed.rooms] == ["chemistry"]
        await server.room.delete_room(api.DeleteRoomRequest(room="demo.new"))
        assert not (await server.room.list_rooms(api.ListRoomsRequest(names=["demo.new"]))).rooms


async def test_data_metadata_and_subscriptions_reach_the_client(engine: Engine) -> None:
    async with (
        server_api(engine) as server,
        joined(engine, "teacher", room="demo.reach") as teacher,
        joined(engine, "student", room="demo.reach") as student,
    ):
        await teacher.publish_camera()
        await until(lambda: student.see("teacher/camera") > 3, "the teacher's picture")
        for kind in (api.DataPacket.Kind.RELIABLE, api.DataPacket.Kind.LOSSY):
            await server.room.send_data(
                api.SendDataRequest(
                    room="demo.reach",
                    data=b"bell",
                    kind=kind,
                    topic="break",
                    destination_identities=["student"],
                )
            )
        await until(lambda: student.data == [("", b"bell", "break")] * 2, "the data of the server")
        assert teacher.data == []
        told: list[str] = []
        student.room.on("room_metadata_changed", lambda old, new: told.append(new))
        await server.room.update_room_metadata(
            api.UpdateRoomMetadataRequest(room="demo.reach", metadata="chemistry")
        )
        await until(lambda: told == ["chemistry"], "the new metadata")
        (sid,) = teacher.room.local_participant.track_publications
        await teacher.publish_camera("second")
        await until(lambda: student.see("teacher/second") > 3, "the other picture")
        request = api.UpdateSubscriptionsRequest(room="demo.reach", identity="student", track_sids=[sid])
        await server.room.update_subscriptions(request)
        for _ in range(2):  # what was on its way first
            before, other = student.see("teacher/camera"), student.see("teacher/second")
            await until(lambda: student.see("teacher/second") > other + 5, "the other picture")  # noqa: B023
        assert student.see("teacher/camera") == before
        request.subscribe = True
        await server.room.update_subscriptions(request)
        await until(lambda: student.see("teacher/camera") > before + 3, "the picture again")


async def test_moving_and_forwarding_are_refused_in_words(engine: Engine) -> None:
    async with server_api(engine) as server:
        for call in (
            server.room.move_participant(
                api.MoveParticipantRequest(room=ROOM, identity="student", destination_room="demo.other")
            ),
            server.room.forward_participant(
                api.ForwardParticipantRequest(room=ROOM, identity="student", destination_room="demo.other")
            ),
        ):
            with pytest.raises(api.ServerError) as refused:
                await call
            assert refused.value.code == "unimplemented"


async def test_whoever_was_removed_stays_out_when_the_engine_comes_back(tmp_path: Path) -> None:
    with running_engine(tmp_path) as first:
        token = first.token("student")
        async with joined(first, "teacher"), server_api(first) as server:
            with pytest.raises(api.ServerError):  # away just now
                await server.room.remove_participant(
                    api.RoomParticipantIdentity(room=ROOM, identity="student")
                )
        port = first.port
        first.process.kill()
        await asyncio.to_thread(first.process.wait, 5)
    with running_engine(tmp_path, port) as second:
        status, why = await asyncio.to_thread(
            second.get, f"/rtc/v1/validate?access_token={token}&join_request=CAA"
        )
        assert (status, "removed" in why) == (401, True)
        with pytest.raises(rtc.ConnectError, match=r"401|removed|nauthorized"):
            await asyncio.wait_for(rtc.Room().connect(second.url, token), 20)
        async with joined(second, "teacher"):
            pass
