"""Ids that people and pages see."""

import secrets


def opaque_id() -> str:
    """A public id that cannot be guessed: 128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


SUPPORT_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another one


def support_code() -> str:
    """What a person reads to a supporter: eight letters and digits, told apart by ear and eye."""
    return "".join(secrets.choice(SUPPORT_LETTERS) for _ in range(8))
