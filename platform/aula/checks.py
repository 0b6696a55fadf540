"""System checks: a wrong setting stops the start and names the mend."""

import ipaddress
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages

from aula import storage
from aula.catalogues import compile_stale
from aula.processes import Address
from classrooms.refusals import StorageAway, StorageRefused
from signaling.sfu.addresses import read_announcement

CONSOLE_MAIL = "django.core.mail.backends.console.EmailBackend"
ANNOUNCE_HINT = (
    "Set MEDIA_ANNOUNCE to the public IP addresses of the media machine, comma-separated, for example "
    "203.0.113.10,2001:db8::10 (203.0.113.10:40000 where a router maps the port)."
)
STORAGE_HINT = (
    "Set STORAGE_URL to s3://KEY:SECRET@host:port/bucket?region=…&scheme=https (in key and secret / is %2F, "
    "+ is %2B, @ is %40), to file:///path, or to nothing for VAR_DIR/files."
)
REFUSED_HINT = (
    "Make the bucket, or mend key, secret, bucket or region in STORAGE_URL; the key must list, read, write "
    "and delete in the bucket."
)
AWAY_HINT = (
    "Mend host, port or scheme in STORAGE_URL, or start the storage. Until it answers recordings wait on "
    "this machine and files cannot be fetched."
)
SHORTEST_SECRET = 32  # characters; HS256 wants at least 256 bits (RFC 7518 3.2)


@register(Tags.security)
def production_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """What development defaults may not stand in for."""
    if settings.DEBUG:
        return []
    found: list[CheckMessage] = []
    if not has_secret_key():
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
    if settings.EMAIL_BACKEND == CONSOLE_MAIL:
        found.append(
            Error(
                "EMAIL_URL is not set, so mail, links to choose a new password among it, lands in the log.",
                hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org:587, "
                "or dummymail:// to send none.",
                id="aula.E005",
            )
        )
    return found


@register(Tags.security)
def open_metrics(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """MEDIA_BIND is every address unless somebody sets it, and /metrics is on it."""
    if settings.DEBUG or settings.MEDIA_METRICS_TOKEN:
        return []
    return [
        Warning(
            "MEDIA_METRICS_TOKEN is not set: whoever reaches MEDIA_BIND reads /metrics.",
            hint="Set MEDIA_METRICS_TOKEN to random characters, and Prometheus's bearer token to the same.",
            id="aula.W001",
        )
    ]


def has_secret_key() -> bool:
    """Django raises when an empty one is read."""
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return False


@register(Tags.security)
def addresses(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Where the processes listen."""
    found: list[CheckMessage] = []
    for name in ("WEB_BIND", "MEDIA_BIND"):
        try:
            Address.parse(getattr(settings, name))
        except ValueError as error:
            found.append(Error(f"{name}: {error}.", hint=f"Set {name} to host:port.", id="aula.E004"))
    try:
        ipaddress.ip_address(settings.MEDIA_RTC_HOST)
    except ValueError:
        said = f"MEDIA_RTC_HOST: “{settings.MEDIA_RTC_HOST}” is not an IP address."
        found.append(
            Error(said, hint="Set it to one of this machine, or to 0.0.0.0 for all.", id="aula.E007")
        )
    for text in settings.MEDIA_ANNOUNCE:
        try:
            read_announcement(text, ())
        except ValueError as error:
            found.append(Error(f"MEDIA_ANNOUNCE: {error}.", hint=ANNOUNCE_HINT, id="aula.E006"))
    return found


@register(Tags.translation)
def catalogues_compiled(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """They are compiled at each start; here only if that failed."""
    try:
        compile_stale()
    except OSError as error:
        hint = "Start Aula once as the owner of locale/, or mend the file that is named."
        return [Error(f"The catalogues cannot be compiled: {error}.", hint=hint, id="aula.E010")]
    return []


@register(Tags.security)
def storage_url(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Where files are kept."""
    try:
        if settings.STORAGE_URL:
            storage.read(settings.STORAGE_URL)
    except ValueError as error:
        return [Error(f"STORAGE_URL: {error}.", hint=STORAGE_HINT, id="aula.E008")]
    return []


@register("storage", deploy=True)
def storage_answers(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Asks the network: with `check --deploy`, and once as `manage.py run` starts."""
    bucket: Any = storages["default"]
    if not hasattr(bucket, "ask"):
        return []
    try:
        bucket.ask()
    except StorageRefused as error:
        return [Error(f"STORAGE_URL: {error}", hint=REFUSED_HINT, id="aula.E009")]
    except StorageAway as error:
        return [Warning(f"STORAGE_URL: {error}", hint=AWAY_HINT, id="aula.W002")]
    return []
