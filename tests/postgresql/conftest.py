from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import postgres
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A cluster of these tests' own, whatever database the suite runs on."""
    with postgres.running() as running:
        yield running
