"""A school's days off: kept by who runs it, named to whoever schedules a series into them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.audit import note
from accounts.branding import check_runs
from accounts.entries import Deed
from accounts.models import Membership
from classrooms.models import Holiday
from tenants.refusals import Refusal


class EndsBeforeItBegins(Refusal):
    code = "ends_before_it_begins"
    status = 409
    title = gettext_lazy("These days off end before they begin")
    text = gettext_lazy("The last day lies before the first one.")
    mend = gettext_lazy("Choose the first day or a later one.")


@transaction.atomic
def add_holiday(*, by: Membership, name: str, first_day: date, last_day: date) -> Holiday:
    """Classes that are on the calendar stay. Raises NotYourSchool, EndsBeforeItBegins."""
    check_runs(by)
    if last_day < first_day:
        raise EndsBeforeItBegins
    made: Holiday = Holiday.objects.create(
        tenant=by.tenant, name=name, first_day=first_day, last_day=last_day
    )
    days = {"first_day": [None, first_day.isoformat()], "last_day": [None, last_day.isoformat()]}
    note(deed=Deed.HOLIDAY_ADDED, by=by, tenant=by.tenant, on=made, changes=days)
    return made


@transaction.atomic
def remove_holiday(*, holiday: Holiday, by: Membership) -> None:
    """Raises NotYourSchool."""
    check_runs(by)
    note(deed=Deed.HOLIDAY_REMOVED, by=by, tenant=by.tenant, on=holiday)
    holiday.delete()


def in_holidays(days: Sequence[date]) -> list[tuple[Holiday, list[date]]]:
    """Those days off that some of `days` (rising, not none) lie in, with these. A day in two of them counts
    to the one that begins first."""
    found = Holiday.objects.filter(first_day__lte=days[-1], last_day__gte=days[0])
    left = list(days)
    told = []
    for holiday in found:
        inside = [day for day in left if day in holiday]
        if inside:
            told.append((holiday, inside))
            left = [day for day in left if day not in holiday]
    return told
