"""Secrets of others, kept so that a copy of the database alone opens nothing (Fernet, under SECRET_KEY)."""

from __future__ import annotations

import base64
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

PURPOSE = b"accounts.sealed "  # the key is for this alone


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises ValueError where it was sealed under a key that is neither SECRET_KEY nor a fallback."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("sealed under another SECRET_KEY") from None


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(each)) for each in keys])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(sha256(PURPOSE + secret.encode()).digest())
