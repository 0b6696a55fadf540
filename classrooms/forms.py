"""Shapes of what teachers type; rules of time and permission are in actions."""

from __future__ import annotations

import datetime as dt
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from classrooms.guests.forms import wait_choices
from classrooms.models import ClassSession, Course, Enrolment
from classrooms.times import NoSuchTime, moments
from tenants.models import Tenant

LENGTHS = (15, 20, 30, 40, 45, 60, 75, 90, 120, 150, 180, 240)  # minutes
USUAL_LENGTH = 45
FARTHEST = timedelta(days=730)


class CourseForm(forms.ModelForm[Course]):
    class Meta:
        model = Course
        fields = ("title", "description", "records", "guests_wait")
        labels = {
            "title": gettext_lazy("Title"),
            "description": gettext_lazy("What it is about"),
            "records": gettext_lazy("Record every class"),
            "guests_wait": gettext_lazy("Waiting room for guests"),
        }
        help_texts = {
            "title": gettext_lazy("As people in your school call it, such as Biology 9b."),
            "records": gettext_lazy(
                "Recording begins with the class; its teacher can pause and stop it. Everyone reads it before"
                " they enter."
            ),
            "guests_wait": gettext_lazy("A class may have it otherwise."),
        }
        error_messages = {"title": {"required": gettext_lazy("Enter a title.")}}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "guests_wait": forms.NullBooleanSelect(),
        }

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        """`tenant`: as whose guests wait or not if nothing is chosen; it may take none."""
        super().__init__(*args, **kwargs)
        if not tenant.guests:
            del self.fields["guests_wait"]
            return
        usual, yes, no = wait_choices(tenant.guests_wait, _("As the school has it"))
        choices = [("unknown", usual[1]), ("true", yes[1]), ("false", no[1])]
        self.fields["guests_wait"].widget.choices = choices


RECORDS = {"": None, "yes": True, "no": False}


def record_choices(course: Course) -> list[tuple[str, str]]:
    """The first of them: as it is if nothing is chosen."""
    usual = _("As the course: recorded") if course.records else _("As the course: not recorded")
    return [
        ("", usual),
        ("yes", _("Recorded from its start")),
        ("no", _("Recorded when you press Record")),
    ]


def is_key(text: str) -> bool:
    """Whether `text` can be the primary key of a row: digits that fit a database's 64 bits."""
    return text.isdecimal() and len(text) <= 18


class PeopleField(forms.ModelMultipleChoiceField[Membership]):
    """People by key. Django asks the database for any number, and databases raise for one too long."""

    def clean(self, value: Any) -> Any:
        if not all(is_key(str(each)) for each in value or ()):
            raise forms.ValidationError(_("Choose people from the list."), code="invalid_choice")
        return super().clean(value)


class EnrolForm(forms.Form):
    """Who to add to a course, chosen from what was found."""

    members = PeopleField(
        queryset=Membership.objects.none(),
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Add as"), choices=Enrolment.Role, initial=Enrolment.Role.STUDENT
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = Membership.objects.active()  # type: ignore[attr-defined]


class ScheduleForm(forms.Form):
    """What and when, on the wall clock of the person who types.

    `starts_at` holds the moment after validation. `twice` is set when the time comes two times that night.
    """

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        error_messages={"required": gettext_lazy("Enter a title, such as Cell division.")},
    )
    date = forms.DateField(
        label=gettext_lazy("Date"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose a day."),
            "invalid": gettext_lazy("Enter a day that exists, such as 2026-11-25."),
        },
    )
    time = forms.TimeField(
        label=gettext_lazy("Starts at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": gettext_lazy("Enter a time."),
            "invalid": gettext_lazy("Enter a time such as 10:00."),
        },
    )
    length = forms.TypedChoiceField(label=gettext_lazy("Length"), coerce=int, initial=USUAL_LENGTH)
    which = forms.TypedChoiceField(
        label=gettext_lazy("Which of the two times"), coerce=int, required=False, empty_value=None
    )
    teacher: forms.ModelChoiceField[Membership] = forms.ModelChoiceField(
        label=gettext_lazy("Teacher"), queryset=Membership.objects.none()
    )
    entry = forms.ChoiceField(
        label=gettext_lazy("Who may enter"), choices=ClassSession.Entry, initial=ClassSession.Entry.ENROLLED
    )

    records = forms.TypedChoiceField(
        label=gettext_lazy("Recording"), coerce=RECORDS.get, required=False, empty_value=None
    )

    def __init__(
        self,
        *args: Any,
        course: Course,
        by: Membership,
        now: datetime,
        session: ClassSession | None = None,
        **kwargs: Any,
    ) -> None:
        self.zone: ZoneInfo = by.zone
        self.today = now.astimezone(self.zone).date()
        self.twice = False
        kwargs["initial"] = self.current(session, by, now)
        super().__init__(*args, **kwargs)
        lengths = sorted({*LENGTHS, self.initial["length"]})
        self.recorded = record_choices(course)
        self.choose_from("length", [(n, _("%(n)d min") % {"n": n}) for n in lengths])
        self.choose_from("which", [("", ""), (0, ""), (1, "")])
        self.choose_from("records", self.recorded)
        self.offer_teachers(course, by, session)

    def choose_from(self, name: str, choices: list[tuple[Any, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def current(self, session: ClassSession | None, by: Membership, now: datetime) -> dict[str, Any]:
        """The class as it is, or the next full hour for a new one."""
        if session is None:
            local = (now + timedelta(hours=1)).astimezone(self.zone).replace(minute=0)
            return {"date": local.date(), "time": local.time(), "length": USUAL_LENGTH}
        local = session.starts_at.astimezone(self.zone)
        return {
            "title": session.title,
            "date": local.date(),
            "time": local.time(),
            "length": int(session.duration.total_seconds() // 60),
            "which": local.fold,
            "teacher": session.teacher_id,
            "entry": session.entry,
            "records": next(key for key, value in RECORDS.items() if value is session.records),
        }

    def offer_teachers(self, course: Course, by: Membership, session: ClassSession | None) -> None:
        """The course's teachers, and whoever teaches this class now, while they teach; else who schedules."""
        enrolled = course.enrolments.filter(role=Enrolment.Role.TEACHER).values_list("membership", flat=True)
        wanted = {*enrolled, *([session.teacher_id] if session else [])}
        ids = set(Membership.objects.teaching().filter(pk__in=wanted).values_list("pk", flat=True)) or {by.pk}
        self.teachers = Membership.objects.teaching().select_related("user").filter(pk__in=ids)
        field = self.fields["teacher"]
        field.queryset = self.teachers  # type: ignore[attr-defined]
        field.label_from_instance = lambda member: member.name  # type: ignore[attr-defined]
        self.initial.setdefault("teacher", by.pk if by.pk in ids else min(ids))
        if len(ids) == 1:
            field.required = False
            field.widget = forms.HiddenInput()

    def clean_teacher(self) -> Membership:
        chosen: Membership | None = self.cleaned_data["teacher"]
        return chosen or self.teachers.get()

    def clean_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["date"]
        if abs(day - self.today) > FARTHEST:
            raise forms.ValidationError(_("Choose a day within the next two years."))
        return day

    def clean_time(self) -> dt.time:
        value: dt.time = self.cleaned_data["time"]
        return value.replace(second=0, microsecond=0)

    def clean(self) -> dict[str, Any]:
        day, clock = self.cleaned_data.get("date"), self.cleaned_data.get("time")
        if day is None or clock is None:
            return self.cleaned_data
        try:
            found = moments(day, clock, self.zone)
        except NoSuchTime as gap:
            self.add_error("time", self.gap_words(gap))
            return self.cleaned_data
        self.cleaned_data["starts_at"] = found[0] if len(found) == 1 else self.one_of(found)
        return self.cleaned_data

    def one_of(self, found: list[datetime]) -> datetime:
        """The chosen one of two moments; asks for the choice when it was not made."""
        first, second = (at.astimezone(self.zone) for at in found)
        which = self.fields["which"]
        which.required = self.twice = True
        which.choices = [  # type: ignore[attr-defined]
            ("", _("Choose one")),
            (0, _("The first (%(name)s)") % {"name": first.tzname()}),
            (1, _("The second (%(name)s)") % {"name": second.tzname()}),
        ]
        chosen = self.cleaned_data.get("which")
        if chosen is None:
            words = _("Clocks go back that night, so %(time)s comes twice. Choose one of the two.")
            self.add_error("which", words % {"time": date_format(first, "H:i")})
        return found[chosen or 0]

    def gap_words(self, gap: NoSuchTime) -> str:
        return _("Clocks go forward on %(day)s: %(asked)s does not exist. The next time is %(next)s.") % {
            "day": date_format(gap.asked, _("j F Y")),
            "asked": date_format(gap.asked, "H:i"),
            "next": date_format(gap.next_time, "H:i"),
        }

    @property
    def entry_now(self) -> str:
        """The present choice in words, for the folded summary."""
        value = self["entry"].value()
        return str(dict(ClassSession.Entry.choices).get(value, ""))

    @property
    def records_now(self) -> str:
        return dict(self.recorded).get(self["records"].value() or "", "")

    @property
    def zone_words(self) -> str:
        """Which clock the times are on: Europe/Berlin."""
        return _("Times are in your time zone, %(zone)s.") % {"zone": self.zone.key.replace("_", " ")}
