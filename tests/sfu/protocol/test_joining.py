from __future__ import annotations

import base64
import gzip
from urllib.parse import urlencode

import pytest
from livekit.protocol import rtc

from signaling.sfu.config import Limits
from signaling.sfu.joining import read_join_request, read_query, read_token
from signaling.sfu.refusals import BadRequest, BadToken, Busy, Refusal, TooLarge
from tests.sfu.protocol.doubles import School, make_school, make_token

NONE, GZIP = rtc.WrappedJoinRequest.NONE, rtc.WrappedJoinRequest.GZIP


def wrapped(packed: bytes, compression: rtc.WrappedJoinRequest.Compression = NONE) -> str:
    request = rtc.WrappedJoinRequest(compression=compression, join_request=packed)
    return base64.urlsafe_b64encode(request.SerializeToString()).decode()


REQUEST = rtc.JoinRequest(metadata="about me", participant_attributes={"hand": "up"})
PLAIN = rtc.JoinRequest(connection_settings=rtc.ConnectionSettings(auto_subscribe=True))
PACKED = REQUEST.SerializeToString()


@pytest.mark.parametrize(
    "text", [wrapped(PACKED), wrapped(PACKED).rstrip("="), wrapped(gzip.compress(PACKED, mtime=0), GZIP)]
)
def test_a_join_request_is_read_packed_or_plain_with_or_without_padding(text: str) -> None:
    assert read_join_request(text, 1000) == REQUEST


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("***", BadRequest),
        ("é", BadRequest),
        ("abcde", BadRequest),
        (wrapped(b"\xff\xff"), BadRequest),
        (wrapped(b"not gzip", GZIP), BadRequest),
        (wrapped(gzip.compress(PACKED, mtime=0)[:-9], GZIP), BadRequest),
        (wrapped(rtc.JoinRequest(metadata="x" * 2000).SerializeToString()), TooLarge),
        (
            wrapped(
                gzip.compress(rtc.JoinRequest(metadata="x" * 9_000_000).SerializeToString(), mtime=0), GZIP
            ),
            TooLarge,
        ),
    ],
)
def test_a_join_request_that_cannot_be_read_or_is_too_large_is_refused(
    text: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        read_join_request(text, 1000)


@pytest.mark.parametrize(
    ("query", "authorization", "token"),
    [
        ({"access_token": "a"}, "", "a"),
        ({}, "Bearer b", "b"),
        ({}, "bearer  b", "b"),
        ({"access_token": "a"}, "Bearer b", "a"),
        ({}, "Basic b", ""),
        ({}, "", ""),
    ],
)
def test_the_token_comes_in_the_address_or_as_a_bearer(
    query: dict[str, str], authorization: str, token: str
) -> None:
    assert read_token(query, authorization) == token


@pytest.mark.parametrize(
    "query", [b"a=" + b"x" * 70_000, b"\xff=1", b"&".join(b"a%d=1" % n for n in range(60))]
)
def test_an_address_beyond_reason_is_refused(query: bytes) -> None:
    with pytest.raises(Refusal):
        read_query(query)


def knock(school: School, request: rtc.JoinRequest | None = PLAIN, token: str = "") -> None:
    values = {"access_token": token or make_token()}
    if request:
        values["join_request"] = wrapped(request.SerializeToString())
    school.rooms.knock(urlencode(values).encode(), {})


@pytest.mark.parametrize(
    ("request_", "refusal", "reason"),
    [
        (None, BadRequest, "join_request"),
        (rtc.JoinRequest(metadata="x" * 20_000), TooLarge, "metadata"),
        (rtc.JoinRequest(participant_attributes={"x": "y" * 20_000}), TooLarge, "attributes"),
        (rtc.JoinRequest(add_track_requests=[rtc.AddTrackRequest()] * 9), TooLarge, "too many tracks"),
    ],
)
def test_a_knock_that_asks_too_much_is_refused(
    school: School, request_: rtc.JoinRequest | None, refusal: type[Refusal], reason: str
) -> None:
    with pytest.raises(refusal, match=reason):
        knock(school, request_)


@pytest.mark.parametrize(
    "request_", [rtc.JoinRequest(metadata="I teach"), rtc.JoinRequest(participant_attributes={"role": "t"})]
)
def test_metadata_is_brought_only_where_the_token_allows_it(
    school: School, request_: rtc.JoinRequest
) -> None:
    with pytest.raises(BadToken, match="canUpdateOwnMetadata"):
        knock(school, request_)
    knock(school, request_, make_token(video={"canUpdateOwnMetadata": True}))


def test_a_knock_with_a_token_of_somebody_else_is_refused(school: School) -> None:
    with pytest.raises(BadToken):
        knock(school, token=make_token(secret="somebody-elses-secret-of-enough-length"))


def test_a_stopping_engine_is_busy(school: School) -> None:
    school.rooms.stop()
    with pytest.raises(Busy, match="stopping"):
        knock(school)


def test_a_full_room_is_busy_but_not_for_whoever_comes_back() -> None:
    school = make_school(limits=Limits(participants=1))
    school.join("student")
    with pytest.raises(Busy, match="full"):
        knock(school, token=make_token("teacher"))
    knock(school, token=make_token("student"))


def test_too_many_joins_at_one_moment_are_asked_to_come_back() -> None:
    school = make_school(limits=Limits(joins_at_once=1))
    school.join("student", connected=False)
    with pytest.raises(Busy, match="at this moment"):
        knock(school)
