"""The unmodified PyPI `livekit` client, and livekit-api, against the real engine. Nothing is simulated."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from livekit import api, rtc

from tests.sfu.protocol.doubles import KEY, SECRET
from tests.sfu.protocol.engine import Client, Engine, Relay, joined, running_engine, until

DUPLICATE, SHUTDOWN, REMOVED, DELETED = 2, 3, 4, 5  # DisconnectReason


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


def server_api(engine: Engine) -> api.LiveKitAPI:
    return api.LiveKitAPI(f"http://127.0.0.1:{engine.port}", KEY, SECRET)


async def test_two_clients_exchange_video_sound_and_data(engine: Engine) -> None:
    async with joined(engine, "teacher") as teacher, joined(engine, "student") as student:
        for client in (teacher, student):
            await client.publish_camera()
            await client.publish_microphone()
        for client, other in ((teacher, "student"), (student, "teacher")):
            await until(lambda: client.see(f"{other}/camera") > 20, f"the picture of the {other}")  # noqa: B023
            await until(lambda: client.loudest.get(f"{other}/microphone", 0) > 3000, f"the {other}'s tone")  # noqa: B023
            assert client.widths[f"{other}/camera"] >= 160
        await teacher.room.local_participant.publish_data(b"for all", topic="chat")
        await student.room.local_participant.publish_data(b"fast", reliable=False)
        await until(lambda: ("teacher", b"for all", "chat") in student.data, "reliable data")
        await until(lambda: [item[:2] for item in teacher.data] == [("student", b"fast")], "lossy data")
        await until(lambda: "teacher" in student.speakers, "the teacher shown as speaking")


async def test_a_third_who_comes_late_sees_both_and_a_fourth_of_another_room_nothing(engine: Engine) -> None:
    async with (
        joined(engine, "teacher") as teacher,
        joined(engine, "student") as student,
        joined(engine, "outsider", room="other.history") as outsider,
    ):
        await teacher.publish_camera()
        await student.publish_camera()
        async with joined(engine, "late") as late:
            for name in ("teacher/camera", "student/camera"):
                await until(lambda: late.see(name) > 5, name)  # noqa: B023
        assert outsider.frames == {}
        assert len(outsider.room.remote_participants) == 0


async def test_muting_and_unpublishing_are_seen_by_the_other(engine: Engine) -> None:
    async with joined(engine, "teacher") as teacher, joined(engine, "student") as student:
        seen: list[str] = []
        teacher.room.on("track_muted", lambda participant, publication: seen.append("muted"))
        student.room.on("track_unmuted", lambda participant, publication: seen.append("unmuted"))
        student.room.on("track_unpublished", lambda publication, participant: seen.append("unpublished"))
        sid = await teacher.publish_camera()
        await until(lambda: student.see("teacher/camera") > 3, "the teacher's picture")
        track = teacher.room.local_participant.track_publications[sid].track
        assert isinstance(track, rtc.LocalVideoTrack)
        track.mute()
        await until(lambda: seen == ["muted"], "the mute")
        track.unmute()
        await until(lambda: seen == ["muted", "unmuted"], "the unmute")
        before = student.see("teacher/camera")
        await until(lambda: student.see("teacher/camera") > before + 5, "the picture again")
        await teacher.room.local_participant.unpublish_track(sid)
        await until(lambda: seen[-1] == "unpublished", "the end of the track")
        await teacher.publish_camera("second")
        await until(lambda: student.see("teacher/second") > 3, "a new track in the freed section")


async def test_a_lost_socket_is_resumed_without_a_gap_in_the_picture(engine: Engine) -> None:
    async with (
        Relay(engine) as relay,
        joined(engine, "teacher") as teacher,
        joined(engine, "student", url=relay.url) as student,
    ):
        await teacher.publish_camera()
        await student.publish_camera()
        await until(lambda: student.see("teacher/camera") > 5, "the teacher's picture")
        sid = student.room.local_participant.sid
        relay.break_all()
        await until(lambda: "reconnected" in student.states, "the resume")
        before = (student.see("teacher/camera"), teacher.see("student/camera"))
        await until(lambda: student.see("teacher/camera") > before[0] + 10, "the picture going on")
        await until(lambda: teacher.see("student/camera") > before[1] + 10, "the picture going out")
        assert student.room.local_participant.sid == sid
        assert student.states == ["reconnecting", "reconnected"]
        await teacher.room.local_participant.publish_data(b"still there?")
        await until(lambda: ("teacher", b"still there?", "") in student.data, "data after the resume")


async def test_clients_with_two_peer_connections_exchange_everything_and_resume(engine: Engine) -> None:
    async with (
        Relay(engine) as relay,
        joined(engine, "teacher") as teacher,
        joined(engine, "student", url=relay.url, connections=2) as student,
    ):
        await teacher.publish_camera()
        await teacher.publish_microphone()
        await student.publish_camera()
        await until(lambda: student.see("teacher/camera") > 5, "the teacher's picture")
        await until(lambda: student.loudest.get("teacher/microphone", 0) > 3000, "the teacher's tone")
        await until(lambda: teacher.see("student/camera") > 5, "the student's picture")
        relay.break_all()
        await until(lambda: "reconnected" in student.states, "the resume")
        assert student.states == ["reconnecting", "reconnected"]
        before = (student.see("teacher/camera"), teacher.see("student/camera"))
        await until(lambda: student.see("teacher/camera") > before[0] + 10, "the picture going on")
        await until(lambda: teacher.see("student/camera") > before[1] + 10, "the picture going out")
        await teacher.room.local_participant.publish_data(b"down")
        await until(lambda: ("teacher", b"down", "") in student.data, "data on the channel of ours")
        await student.room.local_participant.publish_data(b"up", reliable=False)
        await until(lambda: ("student", b"up", "") in teacher.data, "data on the channel of theirs")


async def test_a_second_client_of_the_same_identity_replaces_the_first(engine: Engine) -> None:
    async with joined(engine, "student") as first, joined(engine, "student"):
        await until(lambda: first.states == [f"disconnected {DUPLICATE}"], "the first being sent away")


async def test_django_can_list_mute_remove_and_close(engine: Engine) -> None:
    async with (
        joined(engine, "teacher", room="demo.api") as teacher,
        joined(engine, "student", room="demo.api") as student,
        server_api(engine) as livekit,
    ):
        sid = await student.publish_microphone()
        await until(lambda: teacher.loudest.get("student/microphone", 0) > 3000, "the student's tone")
        rooms = await livekit.room.list_rooms(api.ListRoomsRequest(names=["demo.api"]))
        assert rooms.rooms[0].num_participants == 2
        people = await livekit.room.list_participants(api.ListParticipantsRequest(room="demo.api"))
        assert sorted(person.identity for person in people.participants) == ["student", "teacher"]
        muted: list[str] = []
        student.room.on("track_muted", lambda participant, publication: muted.append(publication.sid))
        await livekit.room.mute_published_track(
            api.MuteRoomTrackRequest(room="demo.api", identity="student", track_sid=sid, muted=True)
        )
        await until(lambda: sid in muted, "the student shown as muted")
        await livekit.room.remove_participant(
            api.RoomParticipantIdentity(room="demo.api", identity="student")
        )
        await until(lambda: student.states == [f"disconnected {REMOVED}"], "the student being sent away")
        await livekit.room.delete_room(api.DeleteRoomRequest(room="demo.api"))
        await until(lambda: teacher.states == [f"disconnected {DELETED}"], "the teacher being sent away")
        with pytest.raises(api.TwirpError, match="no such room"):
            await livekit.room.delete_room(api.DeleteRoomRequest(room="demo.api"))


@pytest.mark.parametrize(
    ("secret", "grants", "reason"),
    [("another-secret-of-thirty-two-characters", {}, "401"), (SECRET, {"room_join": False}, "401")],
)
async def test_a_client_with_a_wrong_token_learns_so(
    engine: Engine, secret: str, grants: dict[str, bool], reason: str
) -> None:
    token = engine.token("outsider", secret=secret)
    if grants:
        claim = api.VideoGrants(room="demo.biology")
        token = api.AccessToken(KEY, SECRET).with_identity("outsider").with_grants(claim).to_jwt()
    with pytest.raises(rtc.ConnectError, match=reason):
        await asyncio.wait_for(rtc.Room().connect(engine.url, token), 20)


async def test_somebody_who_may_only_listen_listens(engine: Engine) -> None:
    async with joined(engine, "teacher") as teacher, joined(engine, "student", can_publish=False) as student:
        await teacher.publish_camera()
        await until(lambda: student.see("teacher/camera") > 3, "the teacher's picture")
        assert len(teacher.room.remote_participants) == 1


async def test_clients_come_back_by_themselves_after_the_engine_was_restarted(tmp_path: Path) -> None:
    with running_engine(tmp_path) as first:
        async with joined(first, "teacher") as teacher, joined(first, "student") as student:
            await teacher.publish_camera()
            await until(lambda: student.see("teacher/camera") > 3, "the teacher's picture")
            first.ask_to_stop()
            assert await asyncio.to_thread(first.process.wait, 5) == 0
            await back_again(tmp_path, first.port, teacher, student)


async def back_again(folder: Path, port: int, teacher: Client, student: Client) -> None:
    starting = running_engine(folder, port)
    engine = await asyncio.to_thread(starting.__enter__)
    try:
        for client in (teacher, student):
            await until(lambda: "reconnected" in client.states, "the full reconnect", 40)  # noqa: B023
        before = student.see("teacher/camera")
        await until(lambda: student.see("teacher/camera") > before + 5, "the picture again", 20)
    finally:
        await teacher.close()
        await student.close()
        await asyncio.to_thread(starting.__exit__, None, None, None)
    assert engine.process.returncode == 0
