"""Whose address counts, with a proxy in front and without one."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings

from aula import middleware

PROXY = "10.0.0.1"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that all that comes after this middleware is told."""
    addresses: list[str] = []

    def health(answer):
        def note(request: HttpRequest):
            addresses.append(request.META["REMOTE_ADDR"])
            return answer(request)

        return note

    monkeypatch.setattr("aula.health.health", health)
    return addresses


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first one was sent by whoever asks
        ("2001:db8::7", "2001:db8::7"),
        ("nonsense", PROXY),
        ("203.0.113.7, ", PROXY),
        (None, PROXY),
    ],
)
@pytest.mark.django_db
def test_behind_a_proxy_it_is_the_last_one_that_the_proxy_names(seen, forwarded, address):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    with override_settings(BEHIND_PROXY=True):
        Client().get("/nowhere/", headers=headers, REMOTE_ADDR=PROXY)
    assert seen == [address]


@pytest.mark.django_db
def test_without_a_proxy_nobody_names_an_address_of_their_own(seen, settings):
    Client().get("/nowhere/", headers={"X-Forwarded-For": "203.0.113.7"}, REMOTE_ADDR="198.51.100.9")
    assert seen == ["198.51.100.9"]


def test_who_asks_is_known_before_anything_else_looks(settings):
    assert settings.MIDDLEWARE[0] == f"{middleware.__name__}.asker_address"
