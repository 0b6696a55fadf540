"""Native clients work as they are: the one from PyPI takes a student's place in a class."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import ClientConnection, connect

from tests.journeys.aula import Aula
from tests.journeys.media import wait_for_pictures
from tests.journeys.steps import enter, open_class
from tests.journeys.stock_client import StockClient

pytestmark = [pytest.mark.journey, pytest.mark.alone]
PATIENCE = 20.0  # seconds


@contextmanager
def classroom_socket(aula: Aula, page: Page, path: str) -> Iterator[ClientConnection]:
    """The classroom socket with the sign-in of `page`."""
    address = aula.url(path.replace("/c/", "/ws/sessions/")).replace("http", "ws", 1)
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in page.context.cookies())
    line = socket.create_connection(("127.0.0.1", aula.web_port))  # *.localhost resolves in browsers only
    origin = aula.url("/").rstrip("/")
    with connect(address, sock=line, origin=origin, additional_headers={"Cookie": cookies}) as connection:
        yield connection


def join(connection: ClientConnection) -> dict[str, str]:
    """Enter the class; returns where and with what token to reach the media server."""
    connection.send(json.dumps({"type": "join"}))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        message = json.loads(connection.recv(timeout=PATIENCE))
        if message["type"] == "joined":
            return message["media"]
    raise AssertionError("not let in")


def test_the_stock_client_sees_the_teacher_and_is_seen(aula: Aula, signed_in: Callable[..., Page]) -> None:
    teacher, student = signed_in("teacher@demo.test"), signed_in("student@demo.test")
    path = open_class(aula, teacher)
    enter(teacher, "Start class")

    with classroom_socket(aula, student, path) as connection:
        media = join(connection)
        with StockClient(media["url"], media["token"]) as client:
            wait_for_pictures(teacher, 1, fps=8, width=320)
            expect(teacher.locator("[data-participant] video")).to_have_count(2)
            until = time.monotonic() + PATIENCE
            while client.frames < 30 or client.heard < 30:
                assert time.monotonic() < until, f"{client.frames} pictures and {client.heard} sounds decoded"
                teacher.wait_for_timeout(200)
