from __future__ import annotations

from typing import Any

import jwt
import pytest
from livekit import api

from signaling.sfu.auth import refreshed, require_join, verify
from signaling.sfu.config import EngineConfig
from signaling.sfu.refusals import BadToken
from tests.sfu.protocol.doubles import KEY, ROOM, SECRET, WALL, make_token

CONFIG = EngineConfig(api_keys={KEY: SECRET, "second": "another-secret-of-thirty-two-characters"})


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", "no access token"),
        ("not.a.token", "cannot be read"),
        ("x" * 20_000, "too long"),
        (make_token(secret="somebody-elses-secret-of-enough-length"), "signature is wrong"),
        (make_token(iss="unknown"), "key is not known"),
        (make_token(iss=None), "key is not known"),
        (make_token(iss="second"), "signature is wrong"),
        (make_token(exp=int(WALL) - 11), "expired"),
        (make_token(exp=None), "no expiry"),
        (make_token(nbf=int(WALL) + 11), "not valid yet"),
        (make_token(exp="soon"), "not a time"),
        (make_token(attributes={"hand": 1}), "not what LiveKit tokens carry"),
        (make_token(video={"roomJoin": "yes"}), "roomJoin has the wrong type"),
        (make_token(video={"canPublishSources": ["webcam"]}), "canPublishSources"),
        (jwt.encode({"iss": KEY, "exp": int(WALL) + 60}, "", algorithm="none"), "cannot be read"),
        (jwt.encode({"iss": KEY, "exp": int(WALL) + 60}, SECRET * 2, algorithm="HS512"), "cannot be read"),
    ],
)
def test_a_wrong_token_is_refused_with_its_reason(token: str, reason: str) -> None:
    with pytest.raises(BadToken, match=reason) as refused:
        verify(token, CONFIG, WALL)
    assert not token or token not in refused.value.text


@pytest.mark.parametrize("claims", [{"exp": int(WALL) - 9}, {"nbf": int(WALL) + 9}])
def test_clocks_may_be_a_few_seconds_apart(claims: dict[str, Any]) -> None:
    assert verify(make_token(**claims), CONFIG, WALL).identity == "teacher"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"video": {"roomJoin": False}}, "roomJoin"),
        ({"video": {"room": ""}}, "no room or no identity"),
        ({"sub": ""}, "no room or no identity"),
        ({"sub": "x" * 300}, "too long"),
        ({"name": "x" * 300}, "too long"),
    ],
)
def test_a_genuine_token_may_still_be_no_ticket(claims: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadToken, match=reason):
        require_join(verify(make_token(**claims), CONFIG, WALL), CONFIG)


def test_absent_grants_to_publish_and_subscribe_mean_yes() -> None:
    permission = verify(make_token(), CONFIG, WALL).grants.permission()
    assert permission.can_publish
    assert permission.can_subscribe
    assert permission.can_publish_data
    assert not permission.can_update_metadata
    assert not permission.hidden


def test_a_token_of_the_stock_server_library_is_understood() -> None:
    grants = api.VideoGrants(room_join=True, room=ROOM, can_publish=False, can_publish_sources=["camera"])
    token = api.AccessToken(KEY, SECRET).with_identity("sue").with_name("Sue").with_grants(grants).to_jwt()
    claims = verify(token, CONFIG, jwt.decode(token, options={"verify_signature": False})["nbf"])
    assert (claims.identity, claims.name, claims.grants.room) == ("sue", "Sue", ROOM)
    assert not claims.grants.can_publish
    assert claims.grants.can_publish_sources == ("camera",)


def test_a_refreshed_token_carries_the_same_rights_for_a_while() -> None:
    claims = verify(make_token(video={"canPublishSources": ["camera"], "hidden": True}), CONFIG, WALL)
    later = WALL + 500
    again = verify(refreshed(claims, CONFIG, later), CONFIG, later)
    assert again.grants == claims.grants
    assert again.expires == later + CONFIG.timing.token_lifetime


def test_the_configuration_does_not_show_its_secrets() -> None:
    assert SECRET not in repr(CONFIG)
