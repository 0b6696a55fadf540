"""Time-limited TURN credentials, in the form coturn checks by itself (draft-uberti-behave-turn-rest-00).

    username = "<unix expiry>:<participant>"      password = base64(HMAC-SHA1(secret, username))

Pure functions: the clock and the secrets are passed in. SHA-1 is the protocol's choice, not ours: coturn
compares with MESSAGE-INTEGRITY, which knows no other (RFC 8489 14.5), and answers 401 to SHA-256.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

# What coturn logs and counts quotas by; it also must not look like anything that has to be quoted.
PARTICIPANT = re.compile(r"[A-Za-z0-9._-]{1,128}")
EXPIRY = re.compile(r"[0-9]{1,15}")


class Credential(NamedTuple):
    """What a browser shows to the relay."""

    username: str
    password: str


class Verdict(StrEnum):
    GENUINE = "genuine"
    EXPIRED = "expired"
    FORGED = "forged"
    MALFORMED = "malformed"


def issue(participant: str, *, secret: str, now: float, ttl: int) -> Credential:
    """A credential that `participant` may allocate with until `now` + `ttl` (seconds) on the relay's clock.

    Raises ValueError for an id that is not 1-128 letters, digits, dots, hyphens and underscores.
    """
    if not PARTICIPANT.fullmatch(participant):
        raise ValueError("A participant's id for the relay is 1-128 letters, digits, dots, hyphens.")
    # The expiry comes first: coturn would read a numeric id in front of it as the time.
    username = f"{int(now) + ttl}:{participant}"
    return Credential(username, password(username, secret))


def password(username: str, secret: str) -> str:
    """Standard base64 with padding, as coturn computes it from the same secret."""
    return b64encode(hmac.digest(secret.encode(), username.encode(), "sha1")).decode()


def check(credential: Credential, *, secrets: Sequence[str], now: float, skew: int = 0) -> Verdict:
    """What a relay that knows `secrets` and whose clock is up to `skew` seconds ahead of ours would say.

    All secrets are tried, as coturn does, so that old and new work during a rotation.
    """
    expiry, colon, participant = credential.username.partition(":")
    if not (EXPIRY.fullmatch(expiry) and colon and PARTICIPANT.fullmatch(participant)):
        return Verdict.MALFORMED
    given = credential.password.encode()
    matches = [hmac.compare_digest(password(credential.username, each).encode(), given) for each in secrets]
    if not any(matches):
        return Verdict.FORGED
    return Verdict.GENUINE if int(expiry) >= int(now) + skew else Verdict.EXPIRED


def expiry(credential: Credential) -> int:
    """The last second (unix time) in which it opens an allocation."""
    return int(credential.username.partition(":")[0])


def refresh_after(ttl: int) -> float:
    """Seconds after which to hand out the next credential.

    At half-life: a relay whose clock is ahead by less than the other half has accepted every one so far.
    """
    return ttl / 2
