"""Stock WHIP and WHEP clients in Chromium, FFmpeg and the stock LiveKit client, all in one room."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.stock_client import StockClient
from tests.journeys.whip_page import open_client, served, wait_for_frames, wait_for_sound
from tests.sfu.protocol.engine import Engine, running_engine
from tests.sfu.protocol.test_whip_ffmpeg import ffmpeg

pytestmark = [
    pytest.mark.journey,
    pytest.mark.alone,
    pytest.mark.complains("status of 4", "status 428"),  # the stock pages' own words for what is refused
]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    # The stock clients join several candidates of a restart with commas, so there is one: no TCP.
    with running_engine(tmp_path_factory.mktemp("engine"), MEDIA_TCP_PORT="0") as engine:
        yield engine


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def publish(engine: Engine, address: str, open_page: Open) -> Open:
    def publish(name: str, room: str) -> Page:
        url = f"http://127.0.0.1:{engine.port}/whip"
        return open_client(open_page(), address, "publish", url, engine.token(name, room=room))

    return publish


@pytest.fixture
def watch(engine: Engine, address: str, open_page: Open) -> Open:
    def watch(room: str, query: str = "") -> Page:
        url = f"http://127.0.0.1:{engine.port}/whep{query}"
        return open_client(open_page(), address, "watch", url, engine.token("display", room=room))

    return watch


def test_a_display_shows_one_publisher_after_the_other(publish: Open, watch: Open) -> None:
    display = watch("demo.display")  # before anybody publishes
    for name in ("first", "second"):
        publisher = publish(name, "demo.display")
        wait_for_frames(display, 30)
        wait_for_sound(display)
        publisher.evaluate("window.client.stop()")


def test_a_publisher_that_restarts_ice_goes_on(publish: Open, watch: Open) -> None:
    publisher, display = publish("studio", "demo.restart"), watch("demo.restart")
    wait_for_frames(display, 20)
    publisher.evaluate("window.client.restart()")
    wait_for_frames(display, 60)
    assert publisher.evaluate("window.client.pc.connectionState") == "connected"
    assert publisher.complaints == []  # type: ignore[attr-defined]


def test_a_display_that_restarts_ice_goes_on(publish: Open, watch: Open) -> None:
    publish("studio", "demo.restarts")
    display = watch("demo.restarts")
    wait_for_frames(display, 20)
    display.evaluate("window.client.restart()")
    wait_for_frames(display, 60)


def test_a_display_shows_the_h264_of_ffmpeg(engine: Engine, watch: Open, tmp_path: Path) -> None:
    display = watch("demo.studio")  # before it is known what will be sent
    with ffmpeg(engine, tmp_path):
        wait_for_frames(display, 30)
        wait_for_sound(display)


def test_a_display_shows_who_takes_part_by_livekits_protocol(engine: Engine, watch: Open) -> None:
    display = watch("demo.class")
    with StockClient(engine.url, engine.token("teacher", room="demo.class")):
        wait_for_frames(display, 20)
