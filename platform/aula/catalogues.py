"""Catalogues of words: compiled here, in Python alone, and served to scripts (docs/i18n.md).

`locale/<language>/LC_MESSAGES/*.po` is what people write and what is kept; the `.mo` beside it, which gettext
reads, is made anew whenever it is older.
"""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

import polib
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition
from django.views.i18n import JavaScriptCatalog

from tenants.languages import is_known
from tenants.nowhere import page_not_found

A_YEAR = 31_536_000  # seconds


def sources() -> list[Path]:
    return sorted(
        path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/LC_MESSAGES/*.po")
    )


def stale() -> list[Path]:
    return [source for source in sources() if not is_fresh(source.with_suffix(".mo"), source)]


def is_fresh(compiled: Path, source: Path) -> bool:
    return compiled.exists() and compiled.stat().st_mtime > source.stat().st_mtime


def compile_stale() -> None:
    """Raises OSError for a folder that cannot be written to, and for a source that cannot be read."""
    for source in stale():
        compile_one(source, source.with_suffix(".mo"))


def compile_one(source: Path, compiled: Path) -> None:
    """Whole or not at all: several processes start at once."""
    unfinished = compiled.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(polib.pofile(str(source)).to_binary())
    unfinished.replace(compiled)


class Words(JavaScriptCatalog):
    """Django's catalogue for scripts, with our words alone."""

    domain = "djangojs"

    def get_paths(self, packages: list[str]) -> list[str]:
        return [str(folder) for folder in settings.LOCALE_PATHS]


@cache
def script(language: str) -> tuple[bytes, str]:
    """The catalogue as a script that sets `django.catalog`, and what tells it from others."""
    with translation.override(language):
        body: bytes = Words(packages=["aula"]).get(HttpRequest()).content
    return body, hashlib.sha256(body).hexdigest()[:16]


def address(language: str) -> str:
    return f"{reverse('catalogue', args=[language])}?{script(language)[1]}"


def etag(request: HttpRequest, language: str) -> str | None:
    return f'"{script(language)[1]}"' if is_known(language) else None


@condition(etag_func=etag)
def catalogue(request: HttpRequest, language: str) -> HttpResponse:
    """Kept for a year under the address that names its content; under another one it is asked for anew."""
    if not is_known(language):
        return page_not_found(request)
    body, version = script(language)
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    if request.META["QUERY_STRING"] == version:
        patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    else:
        patch_cache_control(response, no_cache=True)
    return response
