"""Ids that people and pages see."""

import secrets


def opaque_id() -> str:
    """A public id that cannot be guessed: 128 random bits as 32 hex digits."""
    return secrets.token_hex(16)
