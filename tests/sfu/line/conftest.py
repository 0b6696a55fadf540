"""The real engine, real Chromium with the stock client, and a line between them that gets bad."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.sfu.link import Link, running_link, through
from tests.sfu.protocol.engine import Engine, running_engine

HERE = Path(__file__).parent
VENDOR = Path(__file__).parents[3] / "static/vendor"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
]


class Pages(SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        if path.startswith("/vendor/"):
            return str(VENDOR / path.removeprefix("/vendor/"))
        return str(HERE / "page.html")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@dataclass
class Client:
    """One page with the stock client in it; `link` when it sits behind a bad line."""

    page: Page
    link: Link | None

    def call(self, words: str) -> Any:
        return self.page.evaluate(words)

    def inbound(self, kind: str) -> dict[str, Any]:
        """The statistics of the stream that is received, {} before it comes."""
        found = [stat for stat in self.call("test.inbound()") if stat["kind"] == kind]
        return max(found, key=lambda stat: stat.get("packetsReceived", 0), default={})

    def width(self) -> int:
        return int(self.inbound("video").get("frameWidth", 0))

    def until(self, true: Callable[[], Any], what: str, within: float = 20.0) -> float:
        """Seconds it took until the condition held."""
        began = time.monotonic()
        while not true():
            passed = time.monotonic() - began
            assert passed < within, f"not within {within} s: {what}; {self.call('test.states')}"
            self.page.wait_for_timeout(100)
        return time.monotonic() - began


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running_engine(tmp_path_factory.mktemp("engine")) as engine:
        yield engine


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Pages, directory=str(HERE)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture(scope="module")
def chromium(playwright_: Playwright) -> Iterator[Browser]:
    browser = playwright_.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
    yield browser
    browser.close()


Join = Callable[..., Client]


@pytest.fixture
def join(engine: Engine, pages: str, chromium: Browser) -> Iterator[Join]:
    """`join("student", bad=True, adaptiveStream=True)`: in the room, behind a link of its own if `bad`."""
    with ExitStack() as stack:

        def join_(identity: str, *, bad: bool = False, room: str = "demo.line", **options: object) -> Client:
            context = stack.enter_context(chromium.new_context())
            link = stack.enter_context(running_link(("127.0.0.1", engine.udp_port))) if bad else None
            if link:
                context.add_init_script(through(link))
            page = context.new_page()
            page.goto(pages)
            page.wait_for_function("window.test?.ready")
            words = {"url": engine.url, "token": engine.token(identity, room=room), "options": options}
            page.evaluate("({ url, token, options }) => test.join(url, token, options)", words)
            return Client(page, link)

        yield join_
