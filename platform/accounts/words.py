"""How people are told in the lists of both admins."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString


def with_email(name: str, email: str) -> SafeString:
    """A name, and below it the email, which breaks rather than make its table wider."""
    return format_html('<bdi>{}</bdi> <small class="under">{}</small>', name, email)
