"""Bodies that nothing here wants are refused by the real web process before they are taken in."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from tests.conftest import NewSchool
from tests.journeys.aula import free_port
from tests.socket.web import Web

MOST = 2_000_000  # with what may be around a file


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, new_school: NewSchool) -> Iterator[Web]:
    school = new_school(tmp_path_factory.mktemp("web"), MATERIAL_MOST_BYTES="1000000")
    web = Web(school, free_port())
    web.wait_until_ready()
    yield web
    web.stop()


def answer(web: Web, head: str, body: bytes = b"") -> bytes:
    """The first line of what comes back; the connection may be closed while we still send."""
    with socket.create_connection(("127.0.0.1", web.port), timeout=20) as line:
        line.sendall(f"POST /sign-in/ HTTP/1.1\r\nHost: demo.localhost\r\n{head}\r\n\r\n".encode())
        try:
            for at in range(0, len(body), 65_536):
                line.sendall(body[at : at + 65_536])
        except OSError:
            pass
        return line.recv(4096).split(b"\r\n")[0]


def test_a_body_that_says_it_is_too_large_is_not_waited_for(web: Web) -> None:
    assert b" 413 " in answer(web, "Content-Length: 20000000000")


def test_a_body_that_does_not_say_is_counted_as_it_comes(web: Web) -> None:
    chunk = b"10000\r\n" + bytes(65_536) + b"\r\n"
    assert b" 413 " in answer(web, "Transfer-Encoding: chunked", chunk * 60)


def test_what_may_be_taken_is_taken(web: Web) -> None:
    assert b" 403 " in answer(web, f"Content-Length: {MOST}", bytes(MOST))  # no CSRF token: it was read
