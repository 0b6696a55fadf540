"""A series in words, as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from classrooms.models import ClassSession, Series
from classrooms.sentence import sentence


def words_of(series: Series, rows: Sequence[ClassSession], now: datetime) -> str:
    """`rows`: its classes, not none."""
    last = max(row.slot for row in rows if row.slot)
    today = now.astimezone(series.zone).date()
    return sentence(series.rule, minutes=series.minutes, last=series.day_of(last), n=len(rows), today=today)
