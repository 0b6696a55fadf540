"""FFmpeg publishes into a room by its own WHIP muxer; the stock client of PyPI decodes what comes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from livekit import api

from tests.sfu.protocol.doubles import KEY, SECRET
from tests.sfu.protocol.engine import ROOT, Engine, joined, running_engine, until

ROOM = "demo.studio"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@contextmanager
def ffmpeg(engine: Engine, folder: Path, query: str = "") -> Iterator[subprocess.Popen[bytes]]:
    endpoint = f"http://127.0.0.1:{engine.port}/whip{query}"
    encoder = Path(__file__).with_name("encoder.py")
    log = (folder / "encoder.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, encoder, endpoint, engine.token("studio", room=ROOM), folder],
        cwd=ROOT,
        stdout=log,
        stderr=log,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()


async def test_ffmpeg_publishes_and_everybody_sees_and_hears_it(engine: Engine, tmp_path: Path) -> None:
    async with joined(engine, "student", room=ROOM) as student:
        gone: list[str] = []
        student.room.on("participant_disconnected", lambda person: gone.append(person.identity))
        with ffmpeg(engine, tmp_path) as encoder:
            await until(lambda: student.see("studio/camera") > 20, "FFmpeg's picture", 30)
            await until(lambda: student.loudest.get("studio/microphone", 0) > 3000, "FFmpeg's tone")
            assert student.widths["studio/camera"] == 320
            async with joined(engine, "late", room=ROOM) as late:
                await until(lambda: late.see("studio/camera") > 5, "the picture for who came late")
            encoder.terminate()
            assert await asyncio.to_thread(encoder.wait, 10) == 0
        await until(lambda: "studio" in gone, "the end of FFmpeg's session")


async def test_the_server_api_sees_a_publisher_and_may_send_it_away(engine: Engine, tmp_path: Path) -> None:
    where = f"http://127.0.0.1:{engine.port}", KEY, SECRET
    async with api.LiveKitAPI(*where) as server, joined(engine, "student", room=ROOM) as student:
        with ffmpeg(engine, tmp_path, "?source=screen"):
            await until(lambda: student.see("studio/screen_share") > 3, "FFmpeg's picture", 30)
            who = api.RoomParticipantIdentity(room=ROOM, identity="studio")
            found = await server.room.get_participant(who)
            assert {track.mime_type for track in found.tracks} == {"video/H264", "audio/opus"}
            await server.room.remove_participant(who)
        listed = await server.room.list_participants(api.ListParticipantsRequest(room=ROOM))
        assert [person.identity for person in listed.participants] == ["student"]
