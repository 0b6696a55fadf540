"""A wrong TURN setting stops the start and names the mend."""

from __future__ import annotations

import pytest

from turncreds.checks import turn_settings

GOOD = {
    "TURN_URLS": ["turn:t.example", "turn:t.example?transport=tcp", "turns:t.example:443"],
    "TURN_SECRETS": ["a1" * 32],
}


@pytest.fixture(autouse=True)
def good(settings):
    for name, value in GOOD.items():
        setattr(settings, name, value)


def ids() -> list[str]:
    found = turn_settings(None)
    assert all(message.hint for message in found)
    return [str(message.id) for message in found]


def test_good_settings_are_silent():
    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("TURN_URLS", [], ["turncreds.I001"]),
        ("TURN_URLS", ["turns:t.example?transport=udp"], ["turncreds.E001"]),
        ("TURN_URLS", ["turn:t.example"], ["turncreds.W001"]),
        ("TURN_URLS", [f"turns:t{n}.example" for n in range(6)], ["turncreds.W002"]),
        ("TURN_SECRETS", [], ["turncreds.E002"]),
        ("TURN_SECRETS", ["a1" * 32, ""], ["turncreds.E003"]),
        ("TURN_SECRETS", ["with a space" * 4], ["turncreds.E003"]),
        ("TURN_SECRETS", ["#comment" * 8], ["turncreds.E003"]),
        ("TURN_SECRETS", ["short"], ["turncreds.E004"]),
        ("TURN_TTL", 240, ["turncreds.E005"]),
        ("TURN_CLOCK_SKEW", -1, ["turncreds.E005"]),
        ("TURN_ISSUES_PER_MINUTE", 0, ["turncreds.E006"]),
        ("TURN_PROFILE", "open", ["turncreds.E007"]),
        ("TURN_ALLOWED_PEERS", ["10.0.0.0/99"], ["turncreds.E007"]),
        ("TURN_EXTERNAL_IPS", ["t.example"], ["turncreds.E007"]),
        ("TURN_EXTERNAL_IPS", ["203.0.113.9/10.0.0.9"], []),
        ("TURN_RELAY_PORTS", "1-2", ["turncreds.E007"]),
        ("TURN_USER_QUOTA", 0, ["turncreds.E008"]),
    ],
)
def test_each_mistake_has_its_message(settings, name, value, found):
    setattr(settings, name, value)
    assert ids() == found


def test_no_message_shows_a_secret(settings):
    settings.TURN_SECRETS = ["hunter2", "with space hunter2"]
    assert "hunter2" not in str(turn_settings(None))


def test_in_development_no_relay_is_fine(settings):
    settings.DEBUG, settings.TURN_URLS = True, []
    assert ids() == []
