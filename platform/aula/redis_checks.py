"""REDIS_URL that is wrong, or a Redis that cannot be used: named at the start, with the mend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

TAG = "redis-server"
ANSWER_WITHIN = 5  # seconds
URL_HINT = (
    "Set REDIS_URL to redis://host:6379/0, to redis://:PASSWORD@host:6379/0 (in the password / is %2F, @ is "
    "%40), to rediss://… with TLS, to unix:///run/redis/redis.sock, or to nothing for a single web process."
)
AWAY_HINT = "Start Redis, or mend host and port in REDIS_URL. Without it classes cannot be told of anything."
REFUSED_HINT = "Mend user, password or the number of the database in REDIS_URL."


@register(Tags.security)
def redis_url(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.REDIS_URL:
        return []
    from redis.connection import parse_url

    try:
        parse_url(settings.REDIS_URL)  # type: ignore[no-untyped-call]
    except ValueError:  # whose words may hold the password
        return [Error("REDIS_URL: this is no address of a Redis.", hint=URL_HINT, id="aula.E015")]
    return []


@register(TAG, deploy=True)
def redis_answers(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Asks the server: with `check --deploy`, and once as `manage.py run` starts."""
    if not settings.REDIS_URL or redis_url(None):
        return []
    from redis import AuthenticationError, Redis, RedisError, ResponseError
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    once = Retry(NoBackoff(), 0)
    server = Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=ANSWER_WITHIN, socket_timeout=ANSWER_WITHIN, retry=once
    )
    try:
        server.ping()
    except (AuthenticationError, ResponseError) as error:
        return [Error(f"REDIS_URL: Redis refuses: {_words(error)}.", hint=REFUSED_HINT, id="aula.E017")]
    except (RedisError, OSError) as error:
        said = f"REDIS_URL: Redis does not answer: {_words(error)}."
        return [Error(said, hint=AWAY_HINT, id="aula.E016")]
    finally:
        server.close()
    return []


def _words(error: Exception) -> str:
    return str(error).strip().rstrip(".")
