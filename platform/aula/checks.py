"""System checks: a wrong setting stops the start and names the mend."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

SHORTEST_SECRET = 32  # characters; HS256 wants at least 256 bits (RFC 7518 3.2)


@register(Tags.security)
def production_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """What development defaults may not stand in for."""
    if settings.DEBUG:
        return []
    found: list[CheckMessage] = []
    if not settings.SECRET_KEY:
        found.append(
            Error(
                "SECRET_KEY is not set.",
                hint="Set SECRET_KEY to 50 random characters, or DEBUG=1 for development.",
                id="aula.E001",
            )
        )
    if not settings.MEDIA_SERVER_URL:
        found.append(
            Error(
                "MEDIA_URL is not set, so browsers cannot find the media server.",
                hint="Set MEDIA_URL to the address browsers use, for example wss://media.example.org.",
                id="aula.E002",
            )
        )
    if len(settings.MEDIA_API_SECRET) < SHORTEST_SECRET:
        found.append(
            Error(
                f"MEDIA_API_SECRET is shorter than {SHORTEST_SECRET} characters.",
                hint="Set the same random MEDIA_API_SECRET for the web and the media process.",
                id="aula.E003",
            )
        )
    return found
