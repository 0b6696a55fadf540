"""What several files of tests need."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest

from tests.conftest import NOON
from tests.web.there import MINUTE, was_there


@pytest.fixture
def folders(settings, tmp_path):
    """Files in a folder of the test's own, and where the media server writes; what follows a commit follows
    at once."""
    options = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    settings.STORAGES = settings.STORAGES | {"default": options}
    settings.VAR = tmp_path
    settings.RECORDINGS_DIR = tmp_path / "written"
    (settings.RECORDINGS_DIR / "demo/recordings").mkdir(parents=True)
    with mock.patch("django.db.transaction.on_commit", side_effect=lambda effect, **_: effect()):
        yield tmp_path


@pytest.fixture
def over(make_session):
    """Held from 11:00 to 11:45 (12:00 in Berlin); nobody is in its sheet yet."""
    begun = NOON - timedelta(hours=1)
    return make_session(
        starts=timedelta(hours=-1), state="ended", started_at=begun, ended_at=begun + 45 * MINUTE
    )


@pytest.fixture
def held(over, teacher, student):
    was_there(over, teacher, (-10, 45))
    was_there(over, student, (5, 20), (20.5, 30), (35, 41))
    return over
