"""Tracks recorded by the real engine, asked for as Django asks, published by a stock client."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest
from livekit import api
from livekit.protocol import egress
from livekit.protocol.webhook import WebhookEvent

from signaling.sfu.egress.infos import SLOW
from tests.sfu.egress.films import longest_gap, loudness, probe
from tests.sfu.protocol.doubles import KEY, SECRET
from tests.sfu.protocol.engine import Client, Engine, joined, running_engine, until
from tests.sfu.protocol.test_webhooks import Receiver

ROOM = "demo.biology"
KILLS = int(os.environ.get("KILLS", "2"))  # twenty in `make soak`
ALARM_WITHIN = 5.0  # seconds
Status = egress.EgressStatus


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture
async def server(engine: Engine) -> AsyncIterator[api.LiveKitAPI]:
    async with server_of(engine) as server:
        yield server


def server_of(engine: Engine) -> api.LiveKitAPI:
    return api.LiveKitAPI(f"http://127.0.0.1:{engine.port}", KEY, SECRET)


def folder(engine: Engine) -> Path:
    return engine.log_file.parent / "recordings"


async def record(server: api.LiveKitAPI, sid: str, path: str = "") -> egress.EgressInfo:
    """As soon as the track's section is agreed."""
    request = egress.TrackEgressRequest(room_name=ROOM, track_id=sid)
    request.file.filepath = path
    for _ in range(50):
        try:
            return await server.egress.start_track_egress(request)
        except api.TwirpError as error:
            if error.code != "not_found":
                raise
        await asyncio.sleep(0.1)
    raise AssertionError(sid)


async def info(server: api.LiveKitAPI, egress_id: str) -> egress.EgressInfo:
    listed = await server.egress.list_egress(egress.ListEgressRequest(egress_id=egress_id))
    return listed.items[0] if listed.items else egress.EgressInfo()


async def over(server: api.LiveKitAPI, egress_id: str) -> egress.EgressInfo:
    """Wait until its file is made."""
    for _ in range(300):
        found = await info(server, egress_id)
        if found.status >= Status.EGRESS_COMPLETE:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(found)


async def test_a_camera_and_a_microphone_become_files_that_others_play_in_step(engine, server):
    async with joined(engine, "teacher") as teacher:
        camera, microphone = await teacher.publish_camera(), await teacher.publish_microphone()
        begun = [await record(server, camera, "demo/a/film.mp4"), await record(server, microphone)]
        assert [each.status for each in begun] == [Status.EGRESS_ACTIVE] * 2
        await asyncio.sleep(6)
        safe = await info(server, begun[0].egress_id)
        assert safe.file.size > 10_000
        assert safe.file.duration > 4e9  # nanoseconds on the disk, while it records
        for each in begun:
            assert (
                await server.egress.stop_egress(egress.StopEgressRequest(egress_id=each.egress_id))
            ).status
        film, sound = [await over(server, each.egress_id) for each in begun]
    assert [film.status, sound.status] == [Status.EGRESS_COMPLETE] * 2
    assert film.file.filename == "demo/a/film.webm"  # what it is, is the codec's business
    seen, heard = (probe(folder(engine) / each.file.filename) for each in (film, sound))
    assert seen["codec_name"] == "vp8"
    assert heard["codec_name"] == "opus"
    for each, found in ((film, seen), (sound, heard)):
        assert found["times"][-1] == pytest.approx(each.file.duration / 1e9, abs=0.2)
        assert 4.5 < found["times"][-1] < 7.5
        assert longest_gap(found["times"]) < 1.0
    assert loudness(folder(engine) / sound.file.filename) > -40
    facts = json.loads(film.details)
    assert (facts["identity"], facts["source"], facts["mime"]) == ("teacher", "camera", "video/VP8")
    assert not list(folder(engine).rglob("*.packets"))


async def test_nobody_has_to_watch_for_a_camera_to_be_recorded_at_its_best(engine, server):
    async with joined(engine, "teacher") as teacher:
        camera = await teacher.publish_camera()
        await asyncio.sleep(8)  # nobody subscribes: the publisher may stop sending
        begun = await record(server, camera)
        await asyncio.sleep(4)
        await server.egress.stop_egress(egress.StopEgressRequest(egress_id=begun.egress_id))
        made = await over(server, begun.egress_id)
    assert json.loads(made.details)["width"] >= 160
    assert len(probe(folder(engine) / made.file.filename)["times"]) > 20


async def so_far(server: api.LiveKitAPI, egress_id: str) -> egress.EgressInfo:
    """Ours, not LiveKit's."""
    return await server.egress._client.request(
        "Egress",
        "SoFar",
        egress.StopEgressRequest(egress_id=egress_id),
        server.egress._auth_header(api.VideoGrants(room_record=True)),
        egress.EgressInfo,
    )


async def test_what_was_recorded_so_far_can_be_watched_while_it_goes_on(engine, server):
    async with joined(engine, "teacher") as teacher:
        begun = await record(server, await teacher.publish_camera())
        await asyncio.sleep(3)
        await so_far(server, begun.egress_id)
        for _ in range(100):
            facts = json.loads((await info(server, begun.egress_id)).details)
            if "so_far" in facts:
                break
            await asyncio.sleep(0.1)
        early = probe(folder(engine) / facts["so_far"]["path"])["times"]
        assert 1.5 < early[-1] < 6
        assert facts["so_far"]["ended"] - facts["so_far"]["started"] == pytest.approx(early[-1], abs=0.2)
        await asyncio.sleep(2)
        await server.egress.stop_egress(egress.StopEgressRequest(egress_id=begun.egress_id))
        made = await over(server, begun.egress_id)
    whole = probe(folder(engine) / made.file.filename)["times"]
    assert whole[-1] > early[-1] + 1.5
    assert longest_gap(whole) < 3.0  # the publisher's encoder shares the cores with who makes the file
    with pytest.raises(api.TwirpError, match="ended"):
        await so_far(server, begun.egress_id)


async def test_a_track_that_ends_ends_its_recording(engine, server):
    async with joined(engine, "teacher") as teacher:
        camera = await teacher.publish_camera()
        begun = await record(server, camera)
        await asyncio.sleep(2)
        await teacher.room.local_participant.unpublish_track(camera)
        made = await over(server, begun.egress_id)
    assert (made.status, made.error) == (Status.EGRESS_COMPLETE, "")
    assert probe(folder(engine) / made.file.filename)["times"]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (egress.TrackEgressRequest(room_name=ROOM, track_id="TR_no"), "not_found"),
        (egress.TrackEgressRequest(room_name="demo.nothing", track_id="TR_no"), "not_found"),
        (
            egress.TrackEgressRequest(room_name=ROOM, track_id="TR_no", websocket_url="ws://x"),
            "unimplemented",
        ),
    ],
)
async def test_what_cannot_be_recorded_says_why(engine, server, request_, code):
    if request_.WhichOneof("output") is None:
        request_.file.filepath = "a"
    async with joined(engine, "teacher"):
        with pytest.raises(api.TwirpError) as refused:
            await server.egress.start_track_egress(request_)
    assert refused.value.code == code


@pytest.mark.parametrize("path", ["../a", "/etc/a", "a/../b", "a//b", "a b", "a" * 300, "a/.b"])
async def test_no_path_leads_out_of_the_recordings(engine, server, path):
    async with joined(engine, "teacher") as teacher:
        camera = await teacher.publish_camera()
        with pytest.raises(api.TwirpError, match="path"):
            await record(server, camera, path)


async def test_recording_needs_the_grant_for_it(engine):
    token = engine.token("teacher", room_admin=True)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    address = f"http://127.0.0.1:{engine.port}/twirp/livekit.Egress/ListEgress"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data="{}", headers=headers) as answer,
    ):
        assert (await answer.json())["code"] == "permission_denied"


async def test_a_killed_engine_loses_a_second_at_most_and_the_next_one_makes_the_files(tmp_path):
    for number in range(KILLS):
        with running_engine(tmp_path) as engine:
            async with server_of(engine) as server, joined(engine, "teacher") as teacher:
                camera, microphone = await teacher.publish_camera(), await teacher.publish_microphone()
                names = [f"k{number}/{kind}" for kind in ("film", "sound")]
                begun = time.time()
                for sid, name in zip((camera, microphone), names, strict=True):
                    await record(server, sid, name)
                await asyncio.sleep(random.uniform(2.5, 4.5))
                engine.process.kill()
                lasted = time.time() - begun
            await forgotten(teacher)
        assert len(list(folder(engine).rglob("*.packets"))) == 2
        with running_engine(tmp_path) as engine:
            await until(lambda: not list(folder(engine).rglob("*.packets")), "the files", 30)
            for name in names:
                times = probe(folder(engine) / f"{name}.webm")["times"]
                assert times[-1] > lasted - 1.5  # a second, and what it takes to begin
                assert longest_gap(times) < 1.0


async def forgotten(client: Client) -> None:
    """Its engine is gone; give it the moment it needs to notice."""
    await asyncio.sleep(0.1)


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[Path]:
    path.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", path], check=True)
    try:
        yield path
    finally:
        subprocess.run(["umount", "-l", path], check=True)


async def test_a_full_disk_ends_the_recording_with_an_alarm_and_leaves_the_class_alone(tmp_path):
    with (
        small_disk(tmp_path / "small", "50m") as small,
        running_engine(tmp_path, RECORDINGS_DIR=str(small)) as engine,
    ):
        async with (
            server_of(engine) as server,
            joined(engine, "teacher") as teacher,
            joined(engine, "student") as student,
        ):
            camera = await teacher.publish_camera()
            begun = await record(server, camera)
            await asyncio.sleep(4)
            filled = time.time()
            (small / "filler").write_bytes(bytes(shutil.disk_usage(small).free - 2 * 1024 * 1024))
            made = await over(server, begun.egress_id)
            assert made.status == Status.EGRESS_LIMIT_REACHED
            assert made.ended_at / 1e9 - filled < 5
            assert made.error == "The disk is full."
            before = student.see("teacher/camera")
            await until(lambda: student.see("teacher/camera") > before + 20, "the picture goes on")
            (small / "more").write_bytes(bytes(shutil.disk_usage(small).free - 1024 * 1024))
            refused = await no_more(server, camera)
            assert (refused.code, refused.message) == ("unavailable", "The disk is full.")
        assert probe(small / made.file.filename)["times"][-1] > 1


async def no_more(server: api.LiveKitAPI, sid: str) -> api.TwirpError:
    """Why nothing can be recorded. What begins before the engine has looked fails, for the same reason."""
    for _ in range(20):
        try:
            begun = await record(server, sid)
        except api.TwirpError as refused:
            return refused
        failed = await over(server, begun.egress_id)
        assert (failed.status, failed.error) == (Status.EGRESS_FAILED, "The disk is full.")
    raise AssertionError(failed)


@contextmanager
def freezing_disk(path: Path) -> Iterator[Path]:
    """A file system of its own, which fsfreeze(8) lets hang: who writes waits until it is thawed."""
    image = path.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(128 * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    path.mkdir()
    subprocess.run(["mount", "-o", "loop", image, path], check=True)
    try:
        yield path
    finally:
        subprocess.run(["fsfreeze", "--unfreeze", path], check=False, stderr=subprocess.DEVNULL)
        subprocess.run(["umount", "-l", path], check=True)


def fsfreeze(how: str, path: Path) -> None:
    subprocess.run(["fsfreeze", how, path], check=True)


async def test_a_disk_that_hangs_raises_an_alarm_disturbs_nobody_and_loses_nothing_once_it_goes_on(tmp_path):
    """Another recording begins meanwhile, and is whole too."""
    async with Receiver() as receiver:
        with (
            freezing_disk(tmp_path / "frozen") as frozen,
            running_engine(tmp_path, RECORDINGS_DIR=str(frozen), MEDIA_WEBHOOK_URLS=receiver.url) as engine,
        ):
            async with (
                server_of(engine) as server,
                joined(engine, "teacher") as teacher,
                joined(engine, "student") as student,
            ):
                camera, microphone = await teacher.publish_camera(), await teacher.publish_microphone()
                film = await record(server, camera, "film")
                await asyncio.sleep(3)
                fsfreeze("--freeze", frozen)
                frozen_at = time.time()
                sound = await record(server, microphone, "new/folder/sound")
                for begun in (film, sound):
                    await said(server, begun.egress_id, SLOW)
                    await until(lambda begun=begun: alarms(receiver, begun.egress_id), "the webhook")
                before = {kind: student.see(f"teacher/{kind}") for kind in ("camera", "microphone")}
                for kind, seen in before.items():
                    await until(
                        lambda kind=kind, seen=seen: student.see(f"teacher/{kind}") > seen + 20, "it goes on"
                    )
                assert engine.get("/healthz")[0] == 200
                lasted = time.time() - frozen_at
                fsfreeze("--unfreeze", frozen)
                for begun in (film, sound):
                    await said(server, begun.egress_id, "")
                await asyncio.sleep(2)
                for begun in (film, sound):
                    await server.egress.stop_egress(egress.StopEgressRequest(egress_id=begun.egress_id))
                made = [await over(server, begun.egress_id) for begun in (film, sound)]
            for each in made:
                assert (each.status, each.error) == (Status.EGRESS_COMPLETE, "")
                times = probe(frozen / each.file.filename)["times"]
                assert times[-1] > (each.ended_at - each.started_at) / 1e9 - 1
                assert times[-1] > lasted
                assert longest_gap(times) < 1.0


async def said(server: api.LiveKitAPI, egress_id: str, error: str) -> None:
    """Wait until a recording that goes on says this of itself."""
    for _ in range(int(ALARM_WITHIN * 10)):
        found = await info(server, egress_id)
        if found.error == error:
            break
        await asyncio.sleep(0.1)
    assert (found.status, found.error) == (Status.EGRESS_ACTIVE, error)


def alarms(receiver: Receiver, egress_id: str) -> list[WebhookEvent]:
    """What the webhooks have said of it."""
    updates = [event for event in receiver.taken if event.event == "egress_updated"]
    return [event for event in updates if event.egress_info.egress_id == egress_id if event.egress_info.error]
