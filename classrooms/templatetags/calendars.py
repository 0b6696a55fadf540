"""The part of the account page that is about calendars: accounts know nothing of classes."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from classrooms.feed import calendar_of

register = template.Library()


@register.inclusion_tag("classrooms/parts/account_calendar.html", takes_context=True)
def account_calendar(context: dict[str, Any]) -> dict[str, Any]:
    """A member's choices, with the whole address of the feed where there is one."""
    request = context["request"]
    calendar = calendar_of(request.membership)
    path = reverse("feed", args=[calendar.secret]) if calendar.secret else ""
    whole = request.build_absolute_uri(path) if path else ""
    return {
        "calendar": calendar,
        "address": whole,
        "subscribe": f"webcal://{whole.partition('://')[2]}" if whole else "",
        "csrf_token": context["csrf_token"],
    }
