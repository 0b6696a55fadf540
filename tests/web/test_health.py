"""What load balancers and people on duty ask the web process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.test import Client


class Busy(BaseHTTPRequestHandler):
    """Answers, though with an error: it is there."""

    def do_GET(self) -> None:
        self.send_error(503)

    def log_message(self, *words: Any) -> None:
        pass


@pytest.fixture
def media_server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_web_process_without_a_media_server_is_ready_and_says_so(db: None, settings: Any) -> None:
    settings.MEDIA_API_URL = "http://127.0.0.1:9"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "media": "unreachable", "relay": "none"},
    )


def test_a_media_server_that_answers_anything_is_there(db: None, settings: Any, media_server: str) -> None:
    settings.MEDIA_API_URL = media_server
    assert Client().get("/readyz").json()["media"] == "ok"


def test_being_alive_needs_nobody_else(settings: Any) -> None:
    settings.MEDIA_API_URL = "http://127.0.0.1:9"
    assert Client().get("/healthz").json() == {"status": "ok"}
