"""Signatures by the Standard Webhooks specification: HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from hashlib import sha256

MARK = "whsec_"
LENGTH = 32  # octets; the specification asks for 24 to 64


def new_secret() -> str:
    return MARK + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def headers(secret: str, message: str, at: datetime, body: bytes) -> dict[str, str]:
    """Of a request; `message` is the same for every attempt, `at` is when this one is made."""
    seconds = str(int(at.timestamp()))
    signed = b".".join((message.encode(), seconds.encode(), body))
    digest = hmac.digest(base64.b64decode(secret.removeprefix(MARK)), signed, sha256)
    return {
        "webhook-id": message,
        "webhook-timestamp": seconds,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
