"""Secrets of others, kept."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.sealed import seal, unseal


def test_what_is_sealed_is_unreadable_and_comes_back() -> None:
    sealed = seal("a client secret")
    assert "secret" not in sealed
    assert sealed != seal("a client secret")
    assert unseal(sealed) == "a client secret"


def test_it_outlives_the_key_it_was_sealed_under(settings: Any) -> None:
    sealed = seal("a client secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key", [settings.SECRET_KEY]
    assert unseal(sealed) == "a client secret"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ValueError, match="another SECRET_KEY"):
        unseal(sealed)


@pytest.mark.parametrize("broken", ["", "rubbish", "gAAAA"])
def test_rubbish_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match="SECRET_KEY"):
        unseal(broken)
