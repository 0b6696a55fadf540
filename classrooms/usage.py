"""How much a school uses, day by day in its own time: people and classes, recordings, storage."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q

from classrooms.models import AttendanceSegment, ClassSession, Material, Recording, RecordingTrack
from tenants.models import Tenant
from tenants.scope import tenant_scope

DAYS = 30


@dataclass
class Day:
    """`minutes`: of all people together. `stored`: bytes that came until its end and are still there."""

    date: date
    minutes: int = 0
    classes: int = 0
    recordings: int = 0
    stored: int = 0


def usage(tenant: Tenant, at: datetime, days: int = DAYS) -> list[Day]:
    """The last `days` up to today, oldest first; four queries."""
    last = at.astimezone(tenant.zone).date()
    dates = [last - timedelta(days=back) for back in reversed(range(days))]
    begin = midnight(tenant, dates[0])
    with tenant_scope(tenant):
        seconds = seconds_by_day(tenant, begin, at)
        classes = by_day(tenant, ClassSession.objects.filter(started_at__gte=begin), "started_at")
        recordings = by_day(tenant, Recording.objects.filter(started_at__gte=begin), "started_at")
        came = bytes_by_day(tenant)
    total = sum(size for day, size in came.items() if day < dates[0])
    found = []
    for day in dates:
        total += came[day]
        found.append(Day(day, round(seconds[day] / 60), classes[day], recordings[day], total))
    return found


def midnight(tenant: Tenant, day: date) -> datetime:
    return datetime.combine(day, time(), tenant.zone)


def seconds_by_day(tenant: Tenant, begin: datetime, at: datetime) -> Counter[date]:
    """Of every stretch of attendance what lies in each day; an open one goes to its last sign of life."""
    inside = Q(ended_at__gt=begin) | Q(ended_at=None, participant__seen_at__gt=begin)
    rows = AttendanceSegment.objects.filter(inside, began_at__lt=at).order_by()
    found: Counter[date] = Counter()
    for began, ended, seen in rows.values_list("began_at", "ended_at", "participant__seen_at").iterator():
        spread(found, tenant, max(began, begin), min(ended or seen or began, at))
    return found


def spread(found: Counter[date], tenant: Tenant, begin: datetime, end: datetime) -> None:
    while begin < end:
        day = begin.astimezone(tenant.zone).date()
        until = min(end, midnight(tenant, day + timedelta(days=1)))
        found[day] += round((until - begin).total_seconds())
        begin = until


def by_day(tenant: Tenant, rows: Any, field: str) -> Counter[date]:
    moments = rows.order_by().values_list(field, flat=True)
    return Counter(each.astimezone(tenant.zone).date() for each in moments.iterator())


def bytes_by_day(tenant: Tenant) -> Counter[date]:
    found: Counter[date] = Counter()
    tracks = RecordingTrack.objects.filter(size__gt=0).order_by()
    files = Material.objects.order_by().values_list("added_at", "size")
    for rows in (tracks.values_list(F("recording__started_at"), "size"), files):
        for moment, size in rows.iterator():
            found[moment.astimezone(tenant.zone).date()] += size
    return found


@dataclass(frozen=True)
class Bar:
    """In the units of the chart's view box."""

    x: float
    y: float
    width: float
    height: float


WIDE, HIGH = 300, 80
GAP = 0.2  # of a day's width


@dataclass(frozen=True)
class Chart:
    """What a template draws. `most` is the value of the highest bar."""

    title: str
    summary: str
    bars: list[Bar]
    first: date
    last: date


def chart(title: str, summary: str, days: list[Day], values: list[int]) -> Chart:
    most, step = max([*values, 1]), WIDE / len(values)
    bars = [
        Bar(
            round(place * step + step * GAP / 2, 2),
            round(HIGH - value / most * HIGH, 2),
            round(step * (1 - GAP), 2),
            round(value / most * HIGH, 2),
        )
        for place, value in enumerate(values)
    ]
    return Chart(title, summary, bars, days[0].date, days[-1].date)
