"""A page with stock WHIP and WHEP clients (npm: whip-whep, by an author of RFC 9725), nothing of ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page

CLIENTS = Path(__file__).parents[2] / "tools/vendor/node_modules/whip-whep"
PAGE = """<!doctype html><title>stock encoder and player</title><script type="module">
  import { WHIPClient } from "/whip.js";
  import { WHEPClient } from "/whep.js";
  window.publish = async (url, token) => {
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    for (const track of media.getTracks()) {
      connection.addTransceiver(track, { direction: "sendonly", streams: [media] });
    }
    window.client = new WHIPClient();
    await window.client.publish(connection, url, token);
  };
  window.watch = async (url, token) => {
    const connection = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    for (const kind of ["audio", "video"]) connection.addTransceiver(kind, { direction: "recvonly" });
    const video = document.body.appendChild(document.createElement("video"));
    [video.autoplay, video.muted] = [true, true];
    connection.ontrack = ({ streams }) => { video.srcObject = streams[0]; };
    window.client = new WHEPClient();
    await window.client.view(connection, url, token);
  };
  window.received = async (kind) => {
    for (const stream of await window.testInbound()) {
      if (stream.kind === kind) {
        // The element is muted, as pages may not begin loud: what was decoded counts, not what is played.
        const samples = (stream.totalSamplesReceived ?? 0) - (stream.concealedSamples ?? 0);
        return { frames: stream.framesDecoded ?? 0, samples };
      }
    }
    return { frames: 0, samples: 0 };
  };
  window.ready = true;
</script><body></body>"""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        script = self.path in ("/whip.js", "/whep.js")
        body = (CLIENTS / self.path[1:]).read_bytes() if script else PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def served() -> Iterator[str]:
    """The page's address."""
    if not CLIENTS.is_dir():
        raise RuntimeError("The stock clients are missing: run make tools/vendor/node_modules/.installed")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def open_client(page: Page, address: str, what: str, url: str, token: str) -> Page:
    """`what` is "publish" or "watch"."""
    page.goto(address)
    page.wait_for_function("window.ready")
    page.evaluate(f"([url, token]) => window.{what}(url, token)", [url, token])
    return page


def wait_for_frames(page: Page, more: int) -> None:
    """Until `more` pictures are decoded than now."""
    _wait(page, "video", "frames", more)


def wait_for_sound(page: Page, seconds: float = 0.5) -> None:
    """Until so much more is decoded than now."""
    _wait(page, "audio", "samples", int(seconds * 48_000))


def _wait(page: Page, kind: str, what: str, more: int, within: float = 30.0) -> None:
    until = time.monotonic() + within
    goal = page.evaluate("kind => window.received(kind)", kind)[what] + more
    while (seen := page.evaluate("kind => window.received(kind)", kind)[what]) < goal:
        assert time.monotonic() < until, f"{seen} of {goal} {what} decoded within {within} s"
        page.wait_for_timeout(50)
