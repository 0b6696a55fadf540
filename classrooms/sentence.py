"""A rule read back: “Every Monday and Wednesday, 09:00–09:45, until 18 December: 9 classes”."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from classrooms.recurrence import Rule


def sentence(rule: Rule, *, minutes: int, last: date, n: int, today: date) -> str:
    """`last`: the day of the last class, `n`: how many there are. Another year than `today`'s is named."""
    begin = datetime.combine(rule.starts_on, rule.clock)
    words = {
        "days": listed(str(WEEKDAYS[day]) for day in sorted(rule.weekdays)),
        "from": date_format(begin, "H:i"),
        "to": date_format(begin + timedelta(minutes=minutes), "H:i"),
        "last": short_day(last, today),
        "weeks": rule.every,
        "classes": ngettext("%(n)d class", "%(n)d classes", n) % {"n": n},
    }
    if rule.every == 1:
        return _("Every %(days)s, %(from)s–%(to)s, until %(last)s: %(classes)s") % words
    if rule.every == 2:
        return _("Every second week on %(days)s, %(from)s–%(to)s, until %(last)s: %(classes)s") % words
    return _("Every %(weeks)d weeks on %(days)s, %(from)s–%(to)s, until %(last)s: %(classes)s") % words


def listed(words: Iterable[str]) -> str:
    """“Monday”, “Monday and Friday”, “Monday, Wednesday and Friday”."""
    *before, last = words
    if not before:
        return last
    return _("%(before)s and %(last)s") % {"before": ", ".join(before), "last": last}


def short_day(day: date, today: date) -> str:
    """“18 December”, with its year where that is not this one."""
    return date_format(day, _("j F") if day.year == today.year else _("j F Y"))
