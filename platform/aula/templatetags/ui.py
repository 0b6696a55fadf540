"""The small pieces every page is made of: icons, avatars, spans of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField, PasswordInput, Select
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from aula.catalogues import address
from aula.references import reference_of

register = template.Library()


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A Lucide icon of the sprite (tools/icons.txt), always beside a word: hidden from screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def catalogue() -> SafeString:
    """The words of scripts in the page's language: before any of them."""
    return format_html('<script defer src="{}"></script>', address(get_language() or settings.LANGUAGE_CODE))


@register.simple_tag(takes_context=True)
def reference(context: Context) -> str:
    """What leads from this page to its line in the log."""
    code = context.get("reference") or reference_of(context["request"])
    return gettext("Reference: %(code)s") % {"code": code}


@register.simple_tag
def avatar(member: Any, extra: str = "") -> SafeString:
    """Two initials on the person's own hue; decoration, for the name stands beside it."""
    return format_html(
        '<span class="avatar hue-{} {}" aria-hidden="true">{}</span>', member.hue, extra, member.initials
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's input, described by its error or, without one, by its hint."""
    attrs: dict[str, str | bool] = {"class": "input"}
    if field.errors:
        attrs["aria-describedby"] = f"{field.auto_id}_error"
    elif field.help_text:
        attrs["aria-describedby"] = f"{field.auto_id}_helptext"
    widget = field.as_widget(attrs=attrs)
    if isinstance(field.field.widget, Select):
        return format_html('<span class="select">{}{}</span>', widget, icon("chevron-down"))
    if isinstance(field.field.widget, PasswordInput):
        return format_html('<span class="password">{}{}</span>', widget, eye())
    return widget


def eye() -> SafeString:
    """What shows a typed password: by js/pages/eye.js, and hidden without it."""
    words = {"show": gettext("Show password"), "hide": gettext("Hide password")}
    return format_html(
        '<button class="button button--quiet icon-button password__eye" type="button" aria-label="{show}"'
        ' data-show="{show}" data-hide="{hide}" hidden>{closed}{open}</button>',
        **words,
        closed=icon("eye"),
        open=icon("eye-off"),
    )


@register.filter
def span(session: Any) -> str:
    """Start and end in the viewer's zone: “10:00–10:45”."""
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{date_format(starts_at, 'H:i')}–{date_format(ends_at, 'H:i')}"


@register.filter
def minutes(length: timedelta) -> str:
    """A length in words: “45 min”, “1 h 30 min”, “<1 min”."""
    if length < timedelta(minutes=1):
        return gettext("<1 min")
    total = round(length.total_seconds() / 60)
    hours, rest = divmod(total, 60)
    if not hours:
        return gettext("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": rest}


@register.filter
def checked(at: datetime, now: datetime) -> str:
    """How many days ago somebody's device was checked, in their zone: “Checked yesterday”."""
    days = (timezone.localtime(now).date() - timezone.localtime(at).date()).days
    if days < 1:
        return gettext("Checked today")
    if days == 1:
        return gettext("Checked yesterday")
    return ngettext("Checked %(n)d day ago", "Checked %(n)d days ago", days) % {"n": days}


@register.filter
def wait(at: datetime, now: datetime) -> str:
    """How long until `at`, in one unit: “in 12 minutes”, “in 3 hours”, “in 2 days”."""
    left = round((at - now).total_seconds() / 60)
    if left < 1:
        return gettext("now")
    if left < 90:
        return ngettext("in %(n)d minute", "in %(n)d minutes", left) % {"n": left}
    hours = round(left / 60)
    if hours < 36:
        return ngettext("in %(n)d hour", "in %(n)d hours", hours) % {"n": hours}
    days = (timezone.localtime(at).date() - timezone.localtime(now).date()).days
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}
