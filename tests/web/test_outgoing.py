"""Servers that a school names: the internet's alone, and no more from them than anybody wants."""

from __future__ import annotations

import http.server
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import requests
from django.db import connection, transaction

from tenants import outgoing
from tenants.outgoing import Forbidden, TooLarge, TooSlow, is_public

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1",
    "::ffff:10.1.2.3", "2002:0a01:0203::", "64:ff9b::10.1.2.3", "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1", "fec0::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "100::1", "4000::1", "5f00::1",
    "2001:0:4136:e378:8000:63bf:f5fe:fdfc", "2001:2::1", "2001:20::1", "2001:db8::1", "3fff::1",
    "192.0.0.8", "192.0.0.170", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "192.31.196.1",
        "2606:2800:21f::1",
        "2a00:1450:4001::1",
        "64:ff9b::5db8:d70e",
        "2002:5db8:d70e::1",
    ],
)
def test_the_internet_is(address: str) -> None:
    assert is_public(address)


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.headers["Host"])  # type: ignore[attr-defined]
        body = b"x" * (2_000_000 if self.path == "/large" else 20)
        self.send_response(302 if self.path == "/away" else 200)
        if self.path == "/away":
            self.send_header("Location", "/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # who asked has heard enough
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Any]:
    """Somebody inside who answers whoever asks; `asked` is what for."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def get(server: Any, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> requests.Response:
    with outgoing.session() as session:
        return session.get(f"{scheme}://{host}:{server.server_port}{path}")


def test_development_may_ask_its_own_machine(server: Any, settings: Any) -> None:
    settings.OUTGOING_PRIVATE = True
    assert get(server).content == b"x" * 20


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0"])
def test_however_it_is_written_nothing_inside_is_asked(server: Any, host: str) -> None:
    with pytest.raises(requests.RequestException):
        get(server, host=host, scheme="https")
    assert server.asked == []


def test_tls_is_wanted(server: Any) -> None:
    with pytest.raises(Forbidden, match="https"):
        get(server)
    assert server.asked == []


def test_a_name_with_one_address_inside_is_refused(server: Any) -> None:
    both = [("93.184.215.14", server.server_port), ("127.0.0.1", server.server_port)]
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", each) for each in both]
    with mock.patch("socket.getaddrinfo", return_value=found), pytest.raises(Forbidden, match="public"):
        get(server, host="school.example", scheme="https")


def test_a_name_is_resolved_once_and_the_checked_address_is_asked(server: Any, settings: Any) -> None:
    """A name that means something else a moment later reaches nothing else."""
    settings.OUTGOING_PRIVATE = True
    first = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.server_port))]
    with mock.patch("socket.getaddrinfo", side_effect=[first, AssertionError("asked again")]) as resolver:
        assert get(server, host="school.example").status_code == 200
    assert resolver.call_count == 1
    assert server.asked == [f"school.example:{server.server_port}"]


# As in production: TLS to a public address, which is this machine here

MACHINE = "127.0.0.1"


def signed_for(host: str, folder: Path) -> tuple[Path, Path]:
    """A certificate for `host`, which nobody but itself vouches for, and its key."""
    files = folder / f"{host}.pem", folder / f"{host}.key"
    request = ["openssl", "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    named = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}"]
    where = ["-out", str(files[0]), "-keyout", str(files[1])]
    subprocess.run([*request, *named, *where], check=True, capture_output=True)
    return files


@contextmanager
def over_tls(certificate: Path, key: Path) -> Iterator[Any]:
    """Somebody on the internet; `named` is which host was asked for before a certificate was shown."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with http.server.ThreadingHTTPServer((MACHINE, 0), Answers) as server:
        server.asked, server.named = [], []  # type: ignore[attr-defined]
        tls.sni_callback = lambda _line, host, _tls: server.named.append(host)  # type: ignore[attr-defined]
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def internet(settings: Any, tmp_path: Path, monkeypatch: Any) -> Iterator[Callable[..., Any]]:
    """`internet("hooks.example")` has a certificate for that name; every name leads to it, and requests trust
    it unless it is not `vouched` for."""
    settings.OUTGOING_PRIVATE = False
    trusted = tmp_path / "trusted.pem"
    signed_for("nobody.example", tmp_path)[0].rename(trusted)
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, port, **more: resolve(MACHINE, port, **more))
    monkeypatch.setattr(outgoing, "is_public", lambda address: address == MACHINE)
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(trusted))
    with ExitStack() as stack:

        def serve(host: str, *, vouched: bool = True) -> Any:
            certificate, key = signed_for(host, tmp_path)
            if vouched:
                trusted.write_text(trusted.read_text() + certificate.read_text())
            return stack.enter_context(over_tls(certificate, key))

        yield serve


def test_the_checked_address_is_asked_over_tls_by_the_name_that_its_certificate_has(
    internet: Callable[..., Any],
) -> None:
    server = internet("hooks.example")
    assert get(server, host="hooks.example", scheme="https").content == b"x" * 20
    assert server.named == ["hooks.example"]
    assert server.asked == [f"hooks.example:{server.server_port}"]


@pytest.mark.parametrize(
    ("named", "vouched", "problem"),
    [("others.example", True, "ostname mismatch"), ("hooks.example", False, "self-signed|self signed")],
)
def test_a_certificate_of_another_name_or_of_nobody_known_is_refused_before_anything_is_said(
    internet: Callable[..., Any], named: str, vouched: bool, problem: str
) -> None:
    server = internet(named, vouched=vouched)
    with pytest.raises(requests.exceptions.SSLError, match=problem):
        get(server, host="hooks.example", scheme="https")
    assert server.asked == []


def test_too_much_is_cut_off(server: Any, settings: Any) -> None:
    settings.OUTGOING_PRIVATE = True
    with pytest.raises(TooLarge):
        get(server, "/large")


HELLO = b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xf0"  # the beginning of a long ServerHello (RFC 8446 4.1.3)
SLOW = {
    "status": ("http", b"HTTP/1.1 200 "),
    "headers": ("http", b"HTTP/1.1 200 OK\r\nx-slow: "),
    "body": ("http", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"),
    "body without a length": ("http", b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
    "handshake": ("https", HELLO),
}


@pytest.fixture
def dribbling(settings: Any, monkeypatch: Any) -> Iterator[Any]:
    """Somebody who sends what is set as `begins`, and then an octet every now and then, as long as anybody
    listens."""
    settings.OUTGOING_PRIVATE = True
    monkeypatch.setattr(outgoing, "WHOLE", 0.5)

    class Dribbles(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            with suppress(OSError):
                self.request.sendall(self.server.begins)  # type: ignore[attr-defined]
                while not over.wait(0.05):
                    self.request.sendall(b"0")

    over = threading.Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Dribbles) as server:
        server.server_port = server.server_address[1]  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever).start()
        yield server
        over.set()
        server.shutdown()


@pytest.mark.parametrize("part", SLOW)
def test_who_answers_too_slowly_is_cut_off_at_any_part_of_it(dribbling: Any, part: str) -> None:
    scheme, dribbling.begins = SLOW[part]
    with pytest.raises(TooSlow):
        get(dribbling, scheme=scheme)


@pytest.mark.django_db(transaction=True)
def test_no_connection_to_the_database_is_held_meanwhile(server: Any, settings: Any) -> None:
    settings.OUTGOING_PRIVATE = True
    with mock.patch.object(connection, "close") as closed:
        get(server)
        assert closed.called
    with transaction.atomic(), mock.patch.object(connection, "close") as closed:
        get(server)
        assert not closed.called


def test_nobody_is_sent_on(server: Any, settings: Any) -> None:
    settings.OUTGOING_PRIVATE = True
    with pytest.raises(requests.TooManyRedirects):
        get(server, "/away")
    assert len(server.asked) == 1


def test_who_does_not_answer_is_an_error_of_requests(settings: Any) -> None:
    settings.OUTGOING_PRIVATE = True
    with outgoing.session() as session:
        for address in ("http://127.0.0.1:9/", "http://nobody.invalid/"):
            with pytest.raises(requests.ConnectionError):
                session.get(address)


def test_a_proxy_of_the_machine_is_not_used(server: Any, settings: Any, monkeypatch: Any) -> None:
    settings.OUTGOING_PRIVATE = True
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert get(server).status_code == 200
