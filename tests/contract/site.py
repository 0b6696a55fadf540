"""A tiny web server for the bare page: the client under test, its worker, stock.js."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "tools" / "vendor" / "node_modules"
CLIENT = ROOT / "static" / "vendor" / "livekit-client.js"
WORKER = VENDOR / "livekit-client" / "dist" / "livekit-client.e2ee.worker.mjs"
PAGE = b'<!doctype html><meta charset="utf-8"><script type="module" src="/stock.js"></script>'


def read(path: str) -> bytes | None:
    """STOCK_CLIENT names another build (an ES module), to try an older client by hand."""
    match path:
        case "/":
            return PAGE
        case "/stock.js":
            return (Path(__file__).parent / "stock.js").read_bytes()
        case "/livekit-client.js":
            return Path(os.environ.get("STOCK_CLIENT", CLIENT)).read_bytes()
        case "/e2ee-worker.js":
            return WORKER.read_bytes()
    return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        body = read(self.path)
        self.send_response(404 if body is None else 200)
        kind = "text/html" if self.path == "/" else "text/javascript"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """The page's address, on a host that browsers trust with camera and microphone."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
