"""Chromium with stock livekit-client on networks that are not kind: no UDP, an address that moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.stock_page import ONLY_TCP, open_stock_page, served, wait_for_frames
from tests.sfu.link import running_link, through
from tests.sfu.protocol.engine import Engine, running_engine

pytestmark = [pytest.mark.journey, pytest.mark.alone]
SLOW = (Path(__file__).parents[2] / "static/js/media/slow.js").read_text().replace("export ", "")
BY_SLOW_WAYS = f"""(() => {{
  {SLOW}
  globalThis.RTCPeerConnection = class extends globalThis.RTCPeerConnection {{
    constructor(ways) {{
      super({{ ...ways, ...slowWays([]) }});
    }}
  }};
}})();"""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def enter(engine: Engine, address: str, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody's page in the room, sending and receiving; `script` bends its network."""

    def enter(name: str, script: str = "") -> Page:
        page = open_page()
        page.add_init_script(script)
        return open_stock_page(page, address, engine.url, engine.token(name), publish=True)

    return enter


def test_without_udp_a_browser_sends_and_receives_by_tcp(engine: Engine, enter: Callable[..., Page]) -> None:
    teacher, student = enter("teacher"), enter("student", ONLY_TCP)
    wait_for_frames(teacher, 40)
    wait_for_frames(student, 40)
    assert teacher.evaluate("window.pair()")["protocol"] == "udp"
    assert student.evaluate("window.pair()") == {
        "protocol": "tcp",
        "address": "127.0.0.1",
        "port": engine.tcp_port,
    }


def test_pictures_go_on_after_every_change_of_address_without_a_reconnect(
    engine: Engine, enter: Callable[..., Page]
) -> None:
    with running_link(("127.0.0.1", engine.udp_port)) as link:
        enter("teacher")
        student = enter("student", through(link))
        wait_for_frames(student, 40)
        for _ in range(5):
            link.move()
            wait_for_frames(student, 20)  # how soon they come: `python -m bench impaired`
        assert student.evaluate("window.states") == ["connecting", "connected"]


def test_the_slow_ways_of_the_room_lead_to_the_server_where_all_udp_is_lost(
    engine: Engine, enter: Callable[..., Page]
) -> None:
    with running_link(("127.0.0.1", engine.udp_port)) as link:
        link.darken()
        student = enter("student", through(link) + BY_SLOW_WAYS)
        assert student.evaluate("window.pair()")["protocol"] == "tcp"
