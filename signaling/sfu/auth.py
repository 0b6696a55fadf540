"""Access tokens: JWT, HS256, with LiveKit's grants (facts: livekit-protocol 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from livekit.protocol import models

from signaling.sfu.config import EngineConfig
from signaling.sfu.refusals import BadToken, NotGranted

LONGEST_TOKEN = 16 * 1024  # characters
SOURCES = {
    "camera": models.TrackSource.CAMERA,
    "microphone": models.TrackSource.MICROPHONE,
    "screen_share": models.TrackSource.SCREEN_SHARE,
    "screen_share_audio": models.TrackSource.SCREEN_SHARE_AUDIO,
}


@dataclass(frozen=True)
class Grants:
    """What a token allows; `video` in the claims. Absent publish, subscribe and data grants mean yes."""

    room: str = ""
    room_join: bool = False
    room_admin: bool = False
    room_create: bool = False
    room_list: bool = False
    room_record: bool = False
    can_publish: bool = True
    can_subscribe: bool = True
    can_publish_data: bool = True
    can_publish_sources: tuple[str, ...] = ()
    can_update_own_metadata: bool = False
    hidden: bool = False

    @classmethod
    def from_claim(cls, video: Mapping[str, Any]) -> Grants:
        """Read the camelCase claim; raises BadToken when a value has the wrong type."""
        values: dict[str, Any] = {}
        for name, default in cls().__dict__.items():
            given = video.get(_camel(name))
            if given is None:
                continue
            if isinstance(default, tuple):
                values[name] = _sources(given)
            elif type(given) is type(default):
                values[name] = given
            else:
                raise BadToken(f"The access token's grant {_camel(name)} has the wrong type.")
        return cls(**values)

    def to_claim(self) -> dict[str, Any]:
        claim = {_camel(name): value for name, value in self.__dict__.items() if value != ()}
        if self.can_publish_sources:
            claim["canPublishSources"] = list(self.can_publish_sources)
        return claim

    def permission(self) -> models.ParticipantPermission:
        """The same as the client protocol says it."""
        return models.ParticipantPermission(
            can_subscribe=self.can_subscribe,
            can_publish=self.can_publish,
            can_publish_data=self.can_publish_data,
            can_publish_sources=[SOURCES[name] for name in self.can_publish_sources],
            can_update_metadata=self.can_update_own_metadata,
            hidden=self.hidden,
        )


@dataclass(frozen=True)
class Claims:
    """A verified token. Times are seconds since 1970; `issued` falls back to the start of its validity."""

    key: str
    identity: str
    grants: Grants
    expires: float
    issued: float = 0.0
    name: str = ""
    metadata: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def verify(token: str, config: EngineConfig, wall: float) -> Claims:
    """The claims of `token` if one of our keys signed it and `wall` lies in its time; else BadToken.

    The reason in the refusal is shown to people, so it never repeats any part of the token.
    """
    claims = _signed_claims(token, config)
    leeway = config.timing.leeway
    expires, not_before, issued = (_time(claims, name) for name in ("exp", "nbf", "iat"))
    if expires is None:
        raise BadToken("The access token has no expiry time (exp).")
    if wall > expires + leeway:
        raise BadToken("The access token has expired; ask for a new one.")
    if not_before is not None and wall < not_before - leeway:
        raise BadToken("The access token is not valid yet; check the clocks of both machines.")
    video = claims.get("video") or {}
    attributes = claims.get("attributes") or {}
    if not (isinstance(video, dict) and _is_texts(attributes)):
        raise BadToken("The access token's grants or attributes are not what LiveKit tokens carry.")
    return Claims(
        key=str(claims["iss"]),
        identity=_text(claims, "sub"),
        grants=Grants.from_claim(video),
        expires=expires,
        issued=issued or not_before or 0.0,
        name=_text(claims, "name"),
        metadata=_text(claims, "metadata"),
        attributes=attributes,
    )


def require_join(claims: Claims, config: EngineConfig) -> None:
    """Refuse a genuine token that is not a ticket into a room."""
    if not claims.grants.room_join:
        raise BadToken("The access token does not allow joining a room (roomJoin).")
    if not (claims.grants.room and claims.identity):
        raise BadToken("The access token names no room or no identity.")
    limits = config.limits
    if max(len(claims.identity), len(claims.grants.room)) > limits.identity_characters:
        raise BadToken("The access token's room or identity is too long.")
    if len(claims.name) > limits.name_characters or len(claims.metadata.encode()) > limits.metadata:
        raise BadToken("The access token's name or metadata is too long.")


def require(allowed: bool, grant: str) -> None:
    if not allowed:
        raise NotGranted(f"The access token lacks the grant {grant}.")


def refreshed(claims: Claims, config: EngineConfig, wall: float) -> str:
    """A token with the same rights, valid from now for `token_lifetime`."""
    fresh = {
        "iss": claims.key,
        "sub": claims.identity,
        "iat": round(wall, 3),  # withdrawals are finer than a second
        "nbf": int(wall),
        "exp": int(wall + config.timing.token_lifetime),
        "name": claims.name,
        "metadata": claims.metadata,
        "attributes": dict(claims.attributes),
        "video": claims.grants.to_claim(),
    }
    return jwt.encode(fresh, config.api_keys[claims.key], algorithm="HS256")


def _signed_claims(token: str, config: EngineConfig) -> dict[str, Any]:
    if not token:
        raise BadToken("There is no access token in the request.")
    if len(token) > LONGEST_TOKEN:
        raise BadToken("The access token is too long.")
    try:
        # Only to find the key: nothing of this is believed before the signature is checked below.
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
        secret = config.api_keys.get(issuer) if isinstance(issuer, str) else None
        if not secret:
            raise BadToken("The access token's API key is not known here.")
        # Times are checked by the caller, against the clock it was given.
        return jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False},
        )
    except jwt.InvalidSignatureError:
        raise BadToken("The access token's signature is wrong.") from None
    except (jwt.InvalidTokenError, ValueError, TypeError):
        raise BadToken("The access token cannot be read.") from None


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadToken(f"The access token's {name} is not text.")
    return value


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadToken(f"The access token's {name} is not a time.")
    return float(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for pair in value.items() for item in pair)


def _sources(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(name, str) and name in SOURCES for name in given):
        raise BadToken("The access token's canPublishSources names something that cannot be published.")
    return tuple(given)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
