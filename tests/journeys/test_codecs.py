"""Every codec through the engine, from stock Chromium to stock Chromium: decoded, in the size asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.call import Caller, serving
from tests.sfu.protocol.engine import Engine, running_engine

pytestmark = [pytest.mark.journey, pytest.mark.alone]
LOW, MEDIUM, HIGH = 0, 1, 2
HEIGHTS = {LOW: 180, MEDIUM: 360, HIGH: 720}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def call(engine: Engine, site: str, open_page: Callable[..., Page]) -> Callable[..., Caller]:
    return lambda identity, **options: Caller(open_page(), site, engine, identity, **options)


def nothing_was_lost_on(stat: dict[str, Any]) -> bool:
    """Every frame that came was decoded but for those still on their way, and the decoder never cried."""
    waiting = stat["framesReceived"] - stat["framesDecoded"] - stat.get("framesDropped", 0)
    return waiting <= 3 and stat["packetsLost"] <= 0 and stat["nackCount"] == 0


@pytest.mark.parametrize("codec", ["vp8", "h264", "vp9", "av1"])
def test_a_camera_is_seen_in_its_owner_s_codec_and_the_size_that_is_asked_for(
    call: Callable[..., Caller], codec: str
) -> None:
    """VP8 and H.264 as simulcast, VP9 and AV1 as spatial layers of one stream."""
    teacher, student = call("teacher"), call("student")
    teacher.publish_camera(videoCodec=codec, backupCodec=False)
    mime = f"video/{codec.upper()}"
    student.wait_for_frames(height=HEIGHTS[HIGH], mime=mime)
    pleas = student.receives("video")[0].get("pliCount", 0)
    for quality in (LOW, MEDIUM, LOW, HIGH, MEDIUM, HIGH):
        student.set_quality(quality)
        student.wait_for_frames(height=HEIGHTS[quality], mime=mime)
    seen = student.receives("video")[0]
    assert nothing_was_lost_on(seen), seen
    assert seen.get("pliCount", 0) == pleas
    modes = {stat.get("scalabilityMode") for stat in teacher.sends("video")}
    assert ("L3T3_KEY" in modes) == (codec in ("vp9", "av1"))


@pytest.mark.parametrize("codec", ["vp8", "vp9", "av1"])
def test_temporal_layers_are_left_out_and_taken_in_again(call: Callable[..., Caller], codec: str) -> None:
    teacher, student = call("teacher"), call("student")
    teacher.publish_camera(videoCodec=codec, backupCodec=False)
    seen = student.wait_for_frames(height=HEIGHTS[HIGH])
    pleas = seen.get("pliCount", 0)
    for fps, least, most in ((7, 3, 8), (30, 14, 40), (7, 3, 8), (30, 14, 40)):
        student.set_fps(fps)

        def comes(least: int = least, most: int = most) -> bool:
            return least <= student.receives("video")[0].get("framesPerSecond", 0) <= most

        student.wait_for(f"{least} to {most} frames a second", comes)
    seen = student.receives("video")[0]
    assert nothing_was_lost_on(seen), seen
    assert seen["pliCount"] == pleas


def test_a_microphone_is_heard_with_redundancy_and_rests_in_silence(call: Callable[..., Caller]) -> None:
    teacher, student = call("teacher"), call("student")
    teacher.publish_microphone()
    student.wait_for_sound()
    # Every block comes twice: the decoder throws away the second.
    student.wait_for("redundant blocks", lambda: student.receives("audio")[0]["packetsDiscarded"] > 30)
    before = teacher.sends("audio")[0]
    teacher.wait_for("more", lambda: teacher.sends("audio")[0]["packetsSent"] > before["packetsSent"] + 120)
    after = teacher.sends("audio")[0]
    rate = (after["packetsSent"] - before["packetsSent"]) * 1000 / (after["timestamp"] - before["timestamp"])
    assert rate < 45  # the fake microphone beeps once a second: in between DTX sends next to nothing


def test_a_microphone_without_redundancy_is_heard_too(call: Callable[..., Caller]) -> None:
    teacher, student = call("teacher"), call("student")
    teacher.publish_microphone(red=False)
    student.wait_for_sound()
    assert student.receives("audio")[0]["packetsDiscarded"] < 5


def test_who_cannot_decode_the_codec_gets_the_backup_and_others_the_first(
    call: Callable[..., Caller],
) -> None:
    teacher, student = call("teacher", dynacast=True), call("student")
    teacher.publish_camera(videoCodec="vp9")
    student.wait_for_frames(mime="video/VP9")
    guest = call("guest", receives="video/VP8")
    guest.wait_for_frames(mime="video/VP8")
    student.wait_for_frames(mime="video/VP9")
    assert {stat.get("mimeType") for stat in teacher.sends("video")} == {"video/VP9", "video/VP8"}


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_what_is_encrypted_end_to_end_passes_through(call: Callable[..., Caller], codec: str) -> None:
    teacher, student = call("teacher", encrypted=True), call("student", encrypted=True)
    teacher.publish_camera(videoCodec=codec)
    teacher.publish_microphone()
    student.wait_for_frames(height=HEIGHTS[HIGH], mime=f"video/{codec.upper()}")
    student.set_quality(LOW)
    student.wait_for_frames(height=HEIGHTS[LOW])
    student.wait_for_sound()


def test_who_has_not_the_key_sees_nothing(call: Callable[..., Caller]) -> None:
    teacher, stranger = call("teacher", encrypted=True), call("stranger")
    teacher.publish_camera(videoCodec="vp8")
    stranger.wait_for(
        "frames", lambda: any(stat.get("framesReceived", 0) > 30 for stat in stranger.receives("video"))
    )
    assert not any(stat.get("framesDecoded") for stat in stranger.receives("video"))
