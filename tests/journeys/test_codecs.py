"""Every codec through the engine, from stock Chromium to stock Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.journeys.call import Caller, serving
from tests.sfu.protocol.engine import Engine, running_engine

pytestmark = pytest.mark.journey


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


@pytest.mark.parametrize("codec", ["vp8", "h264", "vp9", "av1"])
def test_a_camera_is_seen_in_the_codec_its_owner_chose(call: Callable[..., Caller], codec: str) -> None:
    teacher, student = call("teacher"), call("student")
    teacher.publish_camera(videoCodec=codec, backupCodec=False)
    seen = student.wait_for_frames(40, mime=f"video/{codec.upper()}")
    assert seen.get("framesDecoded", 0) > 0.8 * (seen.get("framesReceived", 0) - 20)


def test_a_microphone_is_heard_with_redundancy(call: Callable[..., Caller]) -> None:
    teacher, student = call("teacher"), call("student")
    teacher.publish_microphone()
    student.wait_for_sound(mime="audio/red")
