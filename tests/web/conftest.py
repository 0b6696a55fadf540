"""What several files of tests need."""

from __future__ import annotations

from unittest import mock

import pytest


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
