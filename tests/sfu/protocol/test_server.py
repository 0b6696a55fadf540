"""The pages: why a socket was refused, and whether the engine is well."""

from __future__ import annotations

import pytest

from signaling.sfu.server import Request, Response, respond
from tests.sfu.protocol.doubles import School, make_token
from tests.sfu.protocol.test_joining import PLAIN, wrapped


def get(school: School, path: str, query: str = "", method: str = "GET", **headers: str) -> Response:
    return respond(school.rooms, Request(method, path, query.encode(), headers))


@pytest.mark.parametrize(
    "path", ["/rtc/validate", "/rtc/v1/validate", "//rtc/v1/validate", "/rtc/v1/validate/"]
)
def test_a_genuine_knock_is_a_success(school: School, path: str) -> None:
    join_request = wrapped(PLAIN.SerializeToString())
    response = get(school, path, f"access_token={make_token()}&join_request={join_request}")
    assert (response.status, response.body) == (200, b"success")
    assert ("Access-Control-Allow-Origin", "*") in response.headers
    assert (
        get(school, path, f"join_request={join_request}", authorization=f"Bearer {make_token()}").status
        == 200
    )
    assert len(school.rooms) == 0


@pytest.mark.parametrize("path", ["/rtc/validate", "/rtc/v1/validate"])
@pytest.mark.parametrize(
    ("query", "status", "reason"),
    [
        ("", 401, b"no access token"),
        (f"access_token={make_token(exp=1)}", 401, b"expired"),
        (f"access_token={make_token(secret='another-secret-of-thirty-two-characters')}", 401, b"signature"),
        (f"access_token={make_token(video={'roomJoin': False})}", 401, b"roomJoin"),
        (f"access_token={make_token()}&attributes=*", 400, b"attributes"),
        (f"access_token={make_token()}&join_request=*", 400, b"join request"),
    ],
)
def test_a_refused_knock_says_why(school: School, path: str, query: str, status: int, reason: bytes) -> None:
    response = get(school, path, query)
    assert response.status == status
    assert reason in response.body
    assert ("Access-Control-Allow-Origin", "*") in response.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/healthz", 200),
        ("GET", "/readyz", 200),
        ("GET", "/rtc", 426),
        ("GET", "/rtc/v1", 426),
        ("POST", "/rtc/v1/validate", 405),
        ("GET", "/twirp/livekit.RoomService/ListRooms", 405),
        ("GET", "/admin", 404),
    ],
)
def test_every_known_path_has_an_answer(school: School, method: str, path: str, status: int) -> None:
    assert get(school, path, method=method).status == status


def test_a_stopping_engine_is_alive_but_not_ready(school: School) -> None:
    school.rooms.stop()
    assert get(school, "/healthz").status == 200
    assert get(school, "/readyz").status == 503
    assert get(school, "/rtc/v1/validate").status == 503
