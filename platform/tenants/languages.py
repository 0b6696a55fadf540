"""Which language somebody reads: their own choice, else their school's, else what their browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from tenants.refusals import Words


def languages() -> list[tuple[str, Words]]:
    """Choices of a field: every language there is a catalogue for, each in its own words."""
    return list(settings.LANGUAGES)


def languages_or_browsers() -> list[tuple[str, Words]]:
    return [("", _("What each browser asks for")), *languages()]


def is_known(code: str) -> bool:
    return any(code == each for each, _name in settings.LANGUAGES)


def spoken(*chosen: str | None, accept: str = "") -> str:
    """The first of `chosen` there is a catalogue for, else the best of an Accept-Language header."""
    for code in chosen:
        if code and is_known(code):
            return code
    for wanted, _quality in parse_accept_lang_header(accept.lower()):
        try:
            return get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


def in_every(say: Callable[[], str]) -> dict[str, str]:
    """What `say` returns, in each language: for what is written once and read by many."""
    said: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = say()
    return said


def speak(chosen: str) -> None:
    """For the rest of this request, in the language somebody chose for themselves; empty: as it is."""
    if is_known(chosen):
        translation.activate(chosen)
