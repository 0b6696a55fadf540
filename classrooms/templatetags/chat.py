"""Messages of the chat on pages."""

from __future__ import annotations

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from classrooms.chat import reactions_of

register = template.Library()
register.filter("reactions", reactions_of)

TURNING = "\u2066-\u2069\u202a-\u202e"  # letters that turn the text around
ADDRESS = re.compile(rf"(https?://[^\s<>\"'{TURNING}]*[^\s<>\"'{TURNING}.,;:!?)\]])", re.I)
PLAIN = re.compile(r"https?://[a-z0-9.-]+(:\d+)?([/?#][^\\]*)?", re.I)


@register.filter
def linked(text: str) -> SafeString:
    """Web addresses as links, all else as text. An address that hides where it leads, behind a name before
    an @ or in other letters, stays text."""
    parts = ADDRESS.split(text)  # text, address, text, …
    shown = [_shown(part) if index % 2 else part for index, part in enumerate(parts)]
    return format_html_join("", "{}", zip(shown))


def _shown(address: str) -> str:
    return _link(address) if PLAIN.fullmatch(address) else address


def _link(address: str) -> SafeString:
    rel = "noopener noreferrer nofollow"
    return format_html('<bdi dir="ltr"><a href="{0}" target="_blank" rel="{1}">{0}</a></bdi>', address, rel)
