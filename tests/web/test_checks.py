"""Settings that are missing or wrong: named, with the mend, by a system check."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from aula.checks import addresses, open_metrics, production_settings

ROOT = Path(__file__).resolve().parent.parent.parent


def ids(found: list[Any]) -> list[str]:
    return [each.id for each in found]


def test_complete_settings_are_accepted() -> None:
    assert production_settings(None) == addresses(None) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "", "aula.E001"),
        ("MEDIA_SERVER_URL", "", "aula.E002"),
        ("MEDIA_API_SECRET", "short", "aula.E003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "aula.E005"),
    ],
)
def test_what_development_defaults_may_not_stand_in_for(
    settings: Any, name: str, value: str, code: str
) -> None:
    setattr(settings, name, value)
    assert ids(production_settings(None)) == [code]
    settings.DEBUG = True
    assert production_settings(None) == []


def test_metrics_that_are_open_in_production_are_warned_of(settings: Any) -> None:
    settings.MEDIA_METRICS_TOKEN = ""
    found = open_metrics(None)
    assert ids(found) == ["aula.W001"]
    assert not found[0].is_serious()
    settings.MEDIA_METRICS_TOKEN = "only-for-prometheus"
    assert open_metrics(None) == []
    settings.MEDIA_METRICS_TOKEN, settings.DEBUG = "", True
    assert open_metrics(None) == []


@pytest.mark.parametrize("name", ["WEB_BIND", "MEDIA_BIND"])
@pytest.mark.parametrize("value", ["8000", "localhost", "127.0.0.1:http", "127.0.0.1:80000", ":8000"])
def test_an_address_that_is_none_is_named(settings: Any, name: str, value: str) -> None:
    setattr(settings, name, value)
    found = addresses(None)
    assert ids(found) == ["aula.E004"]
    assert name in found[0].msg


@pytest.mark.parametrize("value", ["media.example.org", "0.0.0.0", "203.0.113.5:", "203.0.113.5/sctp"])
def test_an_announced_address_nobody_could_use_is_named(settings: Any, value: str) -> None:
    settings.MEDIA_ANNOUNCE = ["203.0.113.10", value]
    found = addresses(None)
    assert ids(found) == ["aula.E006"]
    assert value in found[0].msg
    assert "203.0.113.10" in found[0].hint


@pytest.mark.parametrize(("value", "ids_"), [("localhost", ["aula.E007"]), ("0.0.0.0", []), ("::", [])])
def test_the_media_ports_listen_on_an_address_not_on_a_name(
    settings: Any, value: str, ids_: list[str]
) -> None:
    settings.MEDIA_RTC_HOST = value
    assert ids(addresses(None)) == ids_


def test_without_a_secret_key_the_start_ends_with_the_mend(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "aula.settings",
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "",
        "DEBUG": "0",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "run"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "aula.E001" in done.stderr
    assert "Set SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr
