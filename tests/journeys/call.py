"""Chromium with the stock livekit-client in front of the engine alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.sfu.protocol.engine import ROOT, Engine

PAGE = Path(__file__).parent / "call.html"
LIVEKIT = ROOT / "tools/vendor/node_modules/livekit-client/dist"
FILES = {
    "/": (PAGE, "text/html"),
    "/livekit-client.js": (ROOT / "static/vendor/livekit-client.js", "text/javascript"),
    "/e2ee-worker.js": (LIVEKIT / "livekit-client.e2ee.worker.mjs", "text/javascript"),
}
PATIENCE = 30.0  # seconds


class Caller:
    """One page in the room."""

    def __init__(self, page: Page, site: str, engine: Engine, identity: str, **options: object) -> None:
        self.page = page
        page.goto(site)
        page.wait_for_function("window.ready")
        page.evaluate(
            "([url, token, options]) => enter(url, token, options)",
            [engine.url, engine.token(identity), options],
        )

    def publish_camera(self, *, width: int = 1280, height: int = 720, **options: object) -> None:
        self.page.evaluate("([o, w, h]) => publishCamera(o, w, h)", [options, width, height])

    def publish_microphone(self, **options: object) -> None:
        self.page.evaluate("options => publishMicrophone(options)", options)

    def set_quality(self, quality: int) -> None:
        self.page.evaluate("quality => setQuality(quality)", quality)

    def set_fps(self, fps: int) -> None:
        self.page.evaluate("fps => setFps(fps)", fps)

    def receives(self, kind: str) -> list[dict[str, Any]]:
        return [stat for stat in self.page.evaluate("streams('inbound-rtp')") if stat["kind"] == kind]

    def sends(self, kind: str) -> list[dict[str, Any]]:
        return [stat for stat in self.page.evaluate("streams('outbound-rtp')") if stat["kind"] == kind]

    def wait_for(self, what: str, true: Callable[[], object]) -> None:
        until = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < until, f"never: {what}; {self.receives('video')} {self.sends('video')}"
            self.page.wait_for_timeout(200)

    def wait_for_sound(self) -> None:
        self.wait_for(
            "sound", lambda: any(s.get("totalAudioEnergy", 0) > 1e-4 for s in self.receives("audio"))
        )

    def wait_for_frames(self, more: int = 20, *, height: int = 0, mime: str = "") -> dict[str, Any]:
        """Wait until one stream of this height decoded `more` frames than now; answers its statistics."""
        before = {stat["id"]: stat.get("framesDecoded", 0) for stat in self.receives("video")}
        found: list[dict[str, Any]] = []

        def decodes() -> object:
            found[:] = [
                stat
                for stat in self.receives("video")
                if stat.get("framesDecoded", 0) >= before.get(stat["id"], 0) + more
                and (not height or stat.get("frameHeight") == height)
                and (not mime or stat.get("mimeType") == mime)
            ]
            return found

        self.wait_for(f"{more} frames {height} lines high in {mime}", decodes)
        return found[0]


class _Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        file, kind = FILES.get(self.path, (None, ""))
        self.send_response(200 if file else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        if file:
            self.wfile.write(file.read_bytes())

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """The page's address. On this machine it is a secure context, and on the engine's own host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
