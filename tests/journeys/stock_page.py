"""A bare page with stock livekit-client, in front of an engine alone: what passes is the engine's doing."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page

CLIENT = Path(__file__).parents[2] / "static/vendor/livekit-client.js"
PAGE = """<!doctype html><title>stock client</title><script type="module">
  import { Room, RoomEvent, Track } from "/livekit-client.js";
  window.join = async (url, token) => {
    const room = window.room = new Room();
    window.states = [];
    room.on(RoomEvent.ConnectionStateChanged, (state) => window.states.push(state));
    room.on(RoomEvent.TrackSubscribed, (track) => document.body.append(track.attach()));
    await room.connect(url, token);
  };
  window.publish = () => window.room.localParticipant.enableCameraAndMicrophone();
  window.decoded = async () => {
    const streams = (await window.testInbound()).filter((stream) => stream.kind === "video");
    return streams.reduce((sum, stream) => sum + (stream.framesDecoded ?? 0), 0);
  };
  window.pair = async () => {
    for (const connection of window.testConnections) {
      const stats = await connection.getStats();
      for (const transport of stats.values()) {
        if (transport.type !== "transport" || !transport.selectedCandidatePairId) continue;
        const pair = stats.get(transport.selectedCandidatePairId);
        const [local, remote] = [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)];
        return { protocol: local.protocol, address: remote.address, port: remote.port };
      }
    }
    return null;
  };
  window.ready = true;
</script><body></body>"""
# Answers without their UDP candidates: a network that lets no UDP through.
ONLY_TCP = """
(() => {
  const native = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    const rest = sdp.split("\\r\\n").filter((line) => !/^a=candidate:\\S+ \\d udp /.test(line));
    return native.call(this, { type, sdp: rest.join("\\r\\n") });
  };
})();
"""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        script = self.path == "/livekit-client.js"
        body = CLIENT.read_bytes() if script else PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def served() -> Iterator[str]:
    """The page's address. A real one: Chromium lets no made-up page talk to servers of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def open_stock_page(page: Page, address: str, url: str, token: str, *, publish: bool = False) -> Page:
    """Join, and publish the fake camera and microphone. `address` is of `served`."""
    page.goto(address)
    page.wait_for_function("window.ready")
    page.evaluate("([url, token]) => window.join(url, token)", [url, token])
    if publish:
        page.evaluate("window.publish()")
    return page


def wait_for_frames(page: Page, more: int, within: float = 20.0) -> int:
    """Frames decoded, once there are `more` than now."""
    until = time.monotonic() + within
    goal = int(page.evaluate("window.decoded()")) + more
    while (seen := int(page.evaluate("window.decoded()"))) < goal:
        assert time.monotonic() < until, f"{seen} of {goal} frames decoded within {within} s"
        page.wait_for_timeout(50)
    return seen
