from __future__ import annotations

import base64
import gzip
from urllib.parse import urlencode

import pytest
from livekit.protocol import models, rtc

from signaling.sfu.config import Limits, Timing
from signaling.sfu.joining import read_join_request, read_parameters, read_query, read_token
from signaling.sfu.link import OneConnection, TwoConnections
from signaling.sfu.refusals import BadRequest, BadToken, Busy, Refusal, TooLarge
from signaling.sfu.rooms import Ticket
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


def knock(school: School, request: rtc.JoinRequest = PLAIN, token: str = "") -> Ticket:
    values = {"access_token": token or make_token(), "join_request": wrapped(request.SerializeToString())}
    return school.rooms.knock(urlencode(values).encode(), {})


@pytest.mark.parametrize(
    ("request_", "refusal", "reason"),
    [
        (rtc.JoinRequest(metadata="x" * 20_000), TooLarge, "metadata"),
        (rtc.JoinRequest(participant_attributes={"x": "y" * 20_000}), TooLarge, "attributes"),
        (rtc.JoinRequest(add_track_requests=[rtc.AddTrackRequest()] * 9), TooLarge, "too many tracks"),
    ],
)
def test_a_knock_that_asks_too_much_is_refused(
    school: School, request_: rtc.JoinRequest, refusal: type[Refusal], reason: str
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


PARAMETERS = {
    "sdk": "js",
    "version": "1.15.13",
    "protocol": "9",
    "auto_subscribe": "0",
    "adaptive_stream": "1",
    "reconnect": "1",
    "sid": "PA_old",
    "attributes": base64.urlsafe_b64encode(b'{"hand": "up"}').decode(),
}


def test_a_client_without_a_join_request_says_the_same_in_parameters() -> None:
    request = read_parameters(PARAMETERS)
    assert (request.client_info.sdk, request.client_info.protocol) == (models.ClientInfo.SDK.JS, 9)
    settings = request.connection_settings
    assert (settings.auto_subscribe, settings.adaptive_stream) == (False, True)
    assert (request.reconnect, request.participant_sid) == (True, "PA_old")
    assert dict(request.participant_attributes) == {"hand": "up"}


def test_what_old_clients_leave_out_has_a_default() -> None:
    request = read_parameters({"sdk": "newest", "protocol": "many"})
    assert request.connection_settings.auto_subscribe
    assert not request.reconnect
    assert request.client_info.sdk == models.ClientInfo.SDK.UNKNOWN


@pytest.mark.parametrize("text", ["*", "bm90IEpTT04", "W10", "eyJoYW5kIjoxfQ"])
def test_attributes_in_an_address_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(BadRequest, match="attributes"):
        read_parameters({"attributes": text})


def test_the_number_of_peer_connections_is_told_by_the_join_request_not_by_the_path(school: School) -> None:
    assert knock(school).link is OneConnection
    assert school.rooms.knock(f"access_token={make_token()}".encode(), {}).link is TwoConnections


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


def test_people_whose_media_cannot_reach_us_close_no_door() -> None:
    school = make_school(limits=Limits(joins_at_once=1))
    behind_a_wall = school.join("student", connected=False)
    school.clock.pass_(Timing.first_check)
    knock(school)
    behind_a_wall.transport.shaking_hands = True
    with pytest.raises(Busy, match="at this moment"):
        knock(school)


def test_a_crowd_before_one_room_closes_no_other() -> None:
    school = make_school(limits=Limits(joins_at_once=3, joins_in_a_room=2))
    for number in range(5):
        school.join(f"student{number}", connected=False)
    with pytest.raises(Busy, match="at this moment"):
        knock(school)
    knock(school, token=make_token("outsider", room="other.history"))
