"""A text column that is encrypted at rest, with a key derived from SECRET_KEY."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


def keys() -> MultiFernet:
    """Seals with SECRET_KEY, opens with SECRET_KEY_FALLBACKS too, so that the key can be rotated."""
    return MultiFernet(
        [
            Fernet(urlsafe_b64encode(sha256(b"turncreds.sealed:" + key.encode()).digest()))
            for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        ]
    )


class SealedTextField(models.TextField[str, str]):
    """Plain text in Python, a Fernet token in the database; empty stays empty. It cannot be filtered by."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return keys().encrypt(text.encode()).decode() if text else text

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """Raises ValueError when no key opens it, which is when SECRET_KEY was replaced."""
        if not value:
            return value
        try:
            return keys().decrypt(value.encode()).decode()
        except InvalidToken:
            raise ValueError(
                "A sealed value cannot be opened. Put the former SECRET_KEY into SECRET_KEY_FALLBACKS, "
                "or enter the value again."
            ) from None
