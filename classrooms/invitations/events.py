"""Classes as calendars know them: one event for each, or one for a whole series."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from classrooms.invitations.ics import Happening, Repeats
from classrooms.models import ClassSession, Series
from classrooms.recurrence import moment


def uid(row: ClassSession | Series) -> str:
    """Its name in every calendar, for good."""
    return f"{row.public_id}@{settings.BASE_DOMAIN}"


def single(session: ClassSession, *, site: str, cancelled: bool = False) -> Happening:
    """A class by itself. `site`: the school's address ("https://demo.example.org")."""
    zone = session.tenant.zone
    return Happening(
        uid=uid(session),
        sequence=session.sequence,
        title=session.title,
        starts_at=session.starts_at.astimezone(zone),
        ends_at=session.ends_at.astimezone(zone),
        about=about(session),
        address=site + session.get_absolute_url(),
        cancelled=cancelled,
    )


def about(session: ClassSession) -> str:
    words = {"course": session.course.title, "teacher": session.teacher.name}
    return _("%(course)s, taught by %(teacher)s") % words


def place(root: Series, slot: date) -> datetime:
    """Where the series' rule has the class of `slot`, on the wall clock even where clocks skip that time:
    RECURRENCE-ID, and what the rule begins with."""
    return datetime.combine(slot, root.clock, root.zone)


def one_of(
    root: Series, session: ClassSession, slot: date, *, site: str, cancelled: bool = False
) -> Happening:
    """One class of a series, beside the series' own event."""
    return Happening(
        uid=uid(root),
        sequence=root.sequence,
        title=session.title,
        starts_at=session.starts_at.astimezone(root.zone),
        ends_at=session.ends_at.astimezone(root.zone),
        about=about(session),
        address=site + session.get_absolute_url(),
        place_in_series=place(root, slot),
        cancelled=cancelled,
    )


def whole(root: Series, rows: list[ClassSession], *, site: str, cancelled: bool = False) -> list[Happening]:
    """A series as it is: its rule without what is gone, then what is not as the rule says.

    `rows`: all its classes, not none. The rule begins with the first class there is and ends with the last.
    """
    by_slot = {row.slot: row for row in rows if row.slot}
    days = list(root.rule.days())
    here = [n for n, day in enumerate(days) if day in by_slot]
    days = days[here[0] : here[-1] + 1]
    usual = next((row for row in rows if not row.set_apart), rows[0])
    first = place(root, days[0])
    master = Happening(
        uid=uid(root),
        sequence=root.sequence,
        title=usual.title,
        starts_at=first,
        ends_at=moment(days[0], root.clock, root.zone) + timedelta(minutes=root.minutes),
        about=about(usual),
        address=site + reverse("series", args=[root.public_id]),
        repeats=Repeats(
            every=root.every,
            weekdays=tuple(root.weekdays),
            count=len(days),
            left_out=tuple(place(root, day) for day in days if day not in by_slot),
        ),
        cancelled=cancelled,
    )
    if cancelled:
        return [master]
    moved = [slot for slot in sorted(by_slot) if _moved(by_slot[slot], slot, root, master)]
    return [master, *(one_of(root, by_slot[slot], slot, site=site) for slot in moved)]


def _moved(row: ClassSession, slot: date, root: Series, master: Happening) -> bool:
    as_ruled = (
        moment(slot, root.clock, root.zone),
        timedelta(minutes=root.minutes),
        master.title,
        master.about,
    )
    return (row.starts_at, row.duration, row.title, about(row)) != as_ruled
