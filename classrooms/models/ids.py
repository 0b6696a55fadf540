"""Ids that people and pages see."""

import secrets

from tenants.ids import opaque_id

__all__ = ["SUPPORT_LETTERS", "opaque_id", "support_code"]

SUPPORT_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another one


def support_code() -> str:
    """What a person reads to a supporter: eight letters and digits, told apart by ear and eye."""
    return "".join(secrets.choice(SUPPORT_LETTERS) for _ in range(8))
