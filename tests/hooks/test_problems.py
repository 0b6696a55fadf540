"""Why a webhook was not told, in words."""

from __future__ import annotations

import socket
import threading

import pytest
import requests

from classrooms.hooks.problems import problem_of
from tenants import outgoing


def words(url: str) -> str:
    with pytest.raises((requests.RequestException, ValueError)) as found:
        outgoing.session().post(url, data=b"")
    return problem_of(found.value, url)


@pytest.fixture(autouse=True)
def _any_address(settings, db):
    settings.OUTGOING_PRIVATE = True


def test_a_name_that_nobody_has_cannot_be_found():
    assert words("https://hooks.invalid/in") == "hooks.invalid cannot be found."
    assert words("https://a..b/in") == "a..b cannot be found."


def test_a_closed_port_refuses():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert words(f"http://127.0.0.1:{port}/") == "127.0.0.1 refused the connection."


def test_a_server_that_hangs_up_gave_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: server.accept()[0].close(), daemon=True).start()
        said = words(f"http://127.0.0.1:{server.getsockname()[1]}/")
    assert said == "127.0.0.1 ended the connection without an answer."


def test_what_speaks_no_tls_has_no_valid_certificate():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            line = server.accept()[0]
            line.recv(1)
            line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            line.close()

        threading.Thread(target=talk, daemon=True).start()
        said = words(f"https://127.0.0.1:{server.getsockname()[1]}/")
    assert said == "The certificate of 127.0.0.1 is not valid."


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (requests.ConnectTimeout(), "x.org did not answer within 5 s."),
        (requests.ReadTimeout(), "x.org did not answer within 10 s."),
        (outgoing.TooSlow(), "x.org did not answer within 20 s."),
        (outgoing.Forbidden(), "x.org is not on the public internet."),
        (outgoing.TooLarge(), "x.org answered with more than 1 MB."),
    ],
)
def test_each_has_a_sentence(error, said):
    assert problem_of(error, "https://x.org/hook") == said
