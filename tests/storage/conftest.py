from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.files.storage import default_storage

from aula.storage import read
from tests.storage import swift as swifts
from tests.storage.swift import Swift
from tests.storage.wire import Wire, line_to


@pytest.fixture(scope="session")
def swift(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swift]:
    """The one S3 server of the process; whoever stops it starts it again."""
    with swifts.running(tmp_path_factory.mktemp("swift")) as running:
        yield running


@pytest.fixture
def wire(swift: Swift) -> Iterator[Wire]:
    """All that goes between Aula and the server in this test."""
    with line_to(swift.port) as found:
        yield found


@pytest.fixture
def url(swift: Swift, wire: Wire, request: pytest.FixtureRequest) -> str:
    """STORAGE_URL of a bucket of the test's own."""
    return swift.url_with(port=wire.port, bucket=swift.new_bucket())


@pytest.fixture
def bucket(url: str, settings: Any) -> Iterator[Any]:
    """Django's storage is that bucket."""
    settings.STORAGES = settings.STORAGES | {"default": read(url)}
    yield default_storage
    default_storage.connection.meta.client.close()  # type: ignore[attr-defined]


@pytest.fixture
def written(settings: Any, tmp_path: Path) -> Path:
    """Where the media server leaves what it recorded."""
    settings.RECORDINGS_DIR = tmp_path / "written"
    (settings.RECORDINGS_DIR / "demo/recordings").mkdir(parents=True)
    return settings.RECORDINGS_DIR


@pytest.fixture
def at_once() -> Iterator[None]:
    """What waits for the commit, within a test's own transaction."""
    with mock.patch("django.db.transaction.on_commit", side_effect=lambda effect, **_: effect()):
        yield
