"""Two schools with everything in them, and who may come."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.access.schools import School, founded
from tests.web.kept import use_folder


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals are asked for here: nobody reads of them in the log."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def storage(settings: Any, tmp_path: Path) -> None:
    settings.TURN_URLS, settings.TURN_SECRETS = ["turn:turn.example.org"], ["s" * 32]
    settings.MEDIA_API_URL = "http://127.0.0.1:9"  # there is no media server
    settings.API_REQUESTS_PER_MINUTE = settings.API_STRANGERS_PER_MINUTE = 10**9
    use_folder(settings, tmp_path)


@pytest.fixture
def ours(db: None, storage: None) -> School:
    return founded("demo", "qz7demo")


@pytest.fixture
def theirs(db: None, storage: None) -> School:
    """The other school's."""
    return founded("other", "qz9other")
