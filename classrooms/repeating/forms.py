"""Shapes of what teachers type about series; the rules are in actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from classrooms.forms import FARTHEST, ScheduleForm
from classrooms.holidays import in_holidays
from classrooms.models import ClassSession, Course, Holiday
from classrooms.recurrence import MOST_CLASSES, Rule, is_skipped, moment
from classrooms.refusals import AllSkipped, NoSuchDays, SeriesTooLong
from classrooms.repeating.actions import days_of, kept, later_of
from classrooms.sentence import sentence, short_day
from tenants.models import Tenant
from tenants.refusals import Refusal

LONGEST_OFFERED = 6  # weeks from one to the next; a series that is there may have more
ON, AFTER = "on", "after"
ONLY, LATER = "only", "later"
SKIP = "skip"


def pauses() -> list[tuple[int, str]]:
    more = [(n, _("Every %(n)d weeks") % {"n": n}) for n in range(2, LONGEST_OFFERED + 1)]
    return [(0, _("Does not repeat")), (1, _("Every week")), *more]


@dataclass(frozen=True)
class DaysOff:
    """Some of a series' `days` are in a holiday; whether the classes of these are left out."""

    holiday: Holiday
    days: list[date]
    skips: bool

    @property
    def field(self) -> str:
        return f"holiday_{self.holiday.pk}"


class SeriesForm(ScheduleForm):
    """A class, or with `repeat` a series of them, whose times are on the school's clock.

    `rule` holds it after validation, None for a class by itself; `days` those of its classes, `off` what of
    them is on days off and `skipped_days` what is left out for that.
    """

    repeat = forms.TypedChoiceField(
        label=gettext_lazy("Repeats"), choices=pauses, coerce=int, required=False, empty_value="0", initial=0
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("On"),
        choices=[(n, WEEKDAYS_ABBR[n]) for n in range(7)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ends = forms.ChoiceField(
        label=gettext_lazy("Ends"),
        choices=[(ON, gettext_lazy("On a day")), (AFTER, gettext_lazy("After a number of classes"))],
        required=False,
        initial=ON,
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Enter a day that exists, such as 2026-12-18.")},
    )
    times = forms.IntegerField(
        label=gettext_lazy("How many classes"),
        required=False,
        min_value=1,
        max_value=9999,
        error_messages={"invalid": gettext_lazy("Enter a number, such as 10.")},
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "max": MOST_CLASSES}),
    )

    def __init__(self, *args: Any, course: Course, now: datetime, **kwargs: Any) -> None:
        self.school: Tenant = course.tenant
        self.rule: Rule | None = None
        self.off: list[DaysOff] = []
        super().__init__(*args, course=course, now=now, **kwargs)

    @property
    def repeats(self) -> bool:
        return self.cleaned_data.get("repeat") not in (None, 0, "0")

    def clean(self) -> dict[str, Any]:
        if not self.repeats:
            return super().clean()
        day, clock = self.cleaned_data.get("date"), self.cleaned_data.get("time")
        ending = self.ending()
        if day is None or clock is None or ending is None or "weekdays" in self.errors:
            return self.cleaned_data
        weekdays = tuple(sorted(self.cleaned_data["weekdays"])) or (day.weekday(),)
        rule = Rule(self.cleaned_data["repeat"], weekdays, day, clock, **ending)
        try:
            days = days_of(rule)
        except (NoSuchDays, SeriesTooLong) as refusal:
            self.refuse(refusal)
            return self.cleaned_data
        if days[-1] - self.today > FARTHEST:
            self.add_error(self.end_field, _("The last class must be within the next two years."))
            return self.cleaned_data
        self.rule, self.off = rule, self.asked_of(days)
        self.skipped_days = {day for choice in self.off if choice.skips for day in choice.days}
        try:
            self.days = kept(days, self.skipped_days)
        except AllSkipped as refusal:
            self.days = days
            self.refuse(refusal)
        self.cleaned_data["starts_at"] = moment(self.days[0], clock, self.school.zone)
        return self.cleaned_data

    def asked_of(self, days: list[date]) -> list[DaysOff]:
        """The days off that the series has classes on, with what is chosen for each: kept unless told."""
        return [
            DaysOff(holiday, inside, self.data.get(f"holiday_{holiday.pk}") == SKIP)
            for holiday, inside in in_holidays(days)
        ]

    @property
    def end_field(self) -> str:
        return "times" if self.cleaned_data.get("ends") == AFTER else "until"

    def ending(self) -> dict[str, Any] | None:
        """What the rule ends by; None when that is not told, which is said beside the field."""
        name = self.end_field
        value = self.cleaned_data.get(name)
        if value is None:
            if name not in self.errors:
                words = {"until": _("Choose the last day."), "times": _("Enter how many classes.")}
                self.add_error(name, words[name])
            return None
        return {"until": value} if name == "until" else {"count": value}

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(self.end_field, f"{refusal.text} {refusal.mend}")

    @property
    def sentence(self) -> str:
        """The rule read back."""
        if self.rule is None or "length" not in self.cleaned_data:
            return ""
        return sentence(
            self.rule,
            minutes=self.cleaned_data["length"],
            last=self.days[-1],
            n=len(self.days),
            today=self.today,
        )

    @property
    def skipped(self) -> str:
        """On which day clocks skip the time, and when that class begins then."""
        if self.rule is None:
            return ""
        zone = self.school.zone
        for day in self.days:
            if is_skipped(day, self.rule.clock, zone):
                there = moment(day, self.rule.clock, zone).astimezone(zone)
                words = _("Clocks go forward on %(day)s: that class begins at %(time)s.")
                return words % {"day": short_day(day, self.today), "time": date_format(there, "H:i")}
        return ""

    @property
    def school_clock(self) -> str:
        """Whose clock a series keeps, where it is not that of the person who types."""
        if self.zone.key == self.school.time_zone:
            return ""
        zone = self.school.time_zone.replace("_", " ")
        return _("A series keeps to the school's clock, %(zone)s: the time above is read on it.") % {
            "zone": zone
        }

    @property
    def is_open(self) -> bool:
        return str(self["repeat"].value() or 0) != "0"


class OccurrenceForm(ScheduleForm):
    """One class of a series; `scope` asks what a change is meant for, where others follow it."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Change"), required=False, initial=ONLY, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, now: datetime, session: ClassSession, **kwargs: Any) -> None:
        super().__init__(*args, now=now, session=session, **kwargs)
        self.later, self.kept = later_of(session, now)
        field = self.fields["scope"]
        field.choices = [  # type: ignore[attr-defined]
            (ONLY, _("Only this class")),
            (LATER, after_it(len(self.later))),
        ]
        if self.kept:
            words = ngettext(
                "%(n)d later class was changed by hand and stays as it is.",
                "%(n)d later classes were changed by hand and stay as they are.",
                len(self.kept),
            )
            field.help_text = words % {"n": len(self.kept)}
        if not self.later:
            del self.fields["scope"]

    @property
    def for_later(self) -> bool:
        return bool(self.cleaned_data.get("scope") == LATER)


def after_it(n: int) -> str:
    return ngettext("This and the one after it", "This and the %(n)d after it", n) % {"n": n}
