"""REDIS_URL that is wrong, or a Redis that cannot be used; and what goes on while it is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from aula.redis_checks import redis_answers, redis_url
from tests import redis
from tests.journeys.aula import free_port
from tests.manage import manage
from tests.redis import Redis

PASSWORD = "top-secret"


@pytest.fixture
def server(settings: Any) -> Iterator[Redis]:
    """The Redis of this test's settings."""
    with redis.running() as running:
        settings.REDIS_URL = running.url
        backend = "django.core.cache.backends.redis.RedisCache"
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": running.url}}
        yield running
        if running.process is None:
            running.start()  # for what empties the cache after each test


def test_nothing_is_asked_where_there_is_none(settings: Any) -> None:
    settings.REDIS_URL = ""
    assert redis_url(None) == redis_answers(None) == []


@pytest.mark.parametrize(
    "url", ["localhost:6379", "http://localhost", f"redis://:{PASSWORD}/x@localhost:6379"]
)
def test_a_wrong_address_is_named_with_the_mend_and_without_the_password(url: str, settings: Any) -> None:
    settings.REDIS_URL = url
    [found] = redis_url(None)
    assert found.id == "aula.E015"
    assert "redis://:PASSWORD@host" in found.hint
    assert PASSWORD not in found.msg + found.hint
    assert redis_answers(None) == []


def test_a_redis_that_refuses_is_another_fault_than_one_that_is_away(server: Redis, settings: Any) -> None:
    assert redis_answers(None) == []
    server.stop()
    [found] = redis_answers(None)
    assert (found.id, "does not answer" in found.msg) == ("aula.E016", True)
    server.start()
    settings.REDIS_URL = server.url.replace("/0", "/4711")
    assert [each.id for each in redis_answers(None)] == ["aula.E017"]


@pytest.mark.parametrize("word", ["", "wrong-" + PASSWORD])
def test_a_password_that_is_missing_or_wrong_is_named_and_not_told(settings: Any, word: str) -> None:
    with redis.running("--requirepass", PASSWORD) as guarded:
        settings.REDIS_URL = guarded.url.replace("://", f"://:{word}@") if word else guarded.url
        [found] = redis_answers(None)
        assert found.id == "aula.E017"
        assert PASSWORD not in found.msg
        settings.REDIS_URL = guarded.url.replace("://", f"://:{PASSWORD}@")
        assert redis_answers(None) == []


def test_manage_py_run_ends_where_redis_is_away(tmp_path: Path) -> None:
    done = manage(tmp_path, "run", REDIS_URL=f"redis://:{PASSWORD}@127.0.0.1:{free_port()}/0")
    assert done.returncode == 1
    for words in ("aula.E016", "Start Redis"):
        assert words in done.stderr
    for words in (PASSWORD, "Traceback"):
        assert words not in done.stderr


def test_a_web_process_is_ready_only_with_the_redis_it_is_to_use(db: None, server: Redis) -> None:
    cache.set("kept", "in Redis")
    assert cache.get("kept") == "in Redis"
    assert Client().get("/readyz").status_code == 200
    server.stop()
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "part": "redis"})
    assert Client().get("/healthz").status_code == 200
    server.start()
    assert Client().get("/readyz").status_code == 200
