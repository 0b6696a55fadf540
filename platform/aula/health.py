"""Health of the web process for load balancers, which come by address and without TLS: so before all else."""

import urllib.error
import urllib.request
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from turncreds.watch import relay_watch

MEDIA_WITHIN = 1.0  # seconds


def health(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer /healthz (alive) and /readyz (able to serve) whatever the host is."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            return readiness()
        return answer(request)

    return middleware


def readiness() -> JsonResponse:
    """200 when the database answers, and Redis where there is one; else 503 with the part that does not.
    Whether the media server answers and the relay works is said and changes nothing: pages, chat and hands go
    on without them."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "part": "database"}, status=503)
    if not redis_answers():
        return JsonResponse({"status": "unavailable", "part": "redis"}, status=503)
    media = "ok" if media_answers() else "unreachable"
    return JsonResponse({"status": "ok", "media": media, "relay": relay_watch.state()})


def redis_answers() -> bool:
    """Or is not used. It counts who may not come in, and carries what happens in a class."""
    if not settings.REDIS_URL:
        return True
    from redis import RedisError

    try:
        cache.get("ready")
    except (RedisError, OSError):
        return False
    return True


def media_answers() -> bool:
    """Whatever it says: our engine and LiveKit's both answer at their root."""
    try:
        urllib.request.urlopen(settings.MEDIA_API_URL, timeout=MEDIA_WITHIN).close()  # noqa: S310 (a setting)
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False
    return True
