"""Shapes of what teachers type about a link, and guests at its door."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Membership
from classrooms.guests.doors import usual_end
from classrooms.models import ClassSession

FARTHEST = timedelta(days=366)
JOINERS = "\u200c\u200d"  # part of names in several scripts
LOCAL = "%Y-%m-%dT%H:%M"  # what a browser's field of date and time holds


class LinkForm(forms.Form):
    """A link for guests of `session`. `cleaned_data["expires_at"]` is a moment, chosen or the usual one."""

    name = forms.CharField(
        label=gettext_lazy("Whom it is for"),
        max_length=80,
        help_text=gettext_lazy("For yourself, such as Parents or Dr Okafor. Guests do not see it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter whom the link is for.")},
    )
    into = forms.ChoiceField(
        label=gettext_lazy("It leads to"),
        choices=[
            ("class", gettext_lazy("This class")),
            ("course", gettext_lazy("Every class of the course")),
        ],
        initial="class",
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Ends"),
        required=False,
        input_formats=[LOCAL, f"{LOCAL}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        error_messages={"invalid": gettext_lazy("Choose a day and a time.")},
    )
    passcode = forms.CharField(
        label=gettext_lazy("Passcode"),
        required=False,
        min_length=4,
        max_length=64,
        help_text=gettext_lazy("Tell it to them another way than the link. It is not shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        error_messages={"min_length": gettext_lazy("Enter at least four letters or digits.")},
    )

    def __init__(
        self, *args: object, session: ClassSession, by: Membership, now: datetime, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.session, self.now = session, now
        if not session.course.led_by(by):
            del self.fields["into"]
        end = timezone.localtime(usual_end(session.course, session, now))
        usual = _("Left empty: %(day)s, %(time)s, an hour after the class.")
        if "into" in self.fields:
            usual = _("Left empty: %(day)s, %(time)s, an hour after the class; for a course after its last.")
        when = {"day": date_format(end, _("j F")), "time": date_format(end, "H:i")}
        self.fields["expires_at"].help_text = usual % when

    @property
    def target(self) -> ClassSession | None:
        return None if self.cleaned_data.get("into") == "course" else self.session

    def clean_expires_at(self) -> datetime:
        chosen: datetime | None = self.cleaned_data["expires_at"]
        if chosen is None:
            return usual_end(self.session.course, self.target, self.now)
        if chosen <= self.now:
            raise ValidationError(_("That time has passed. Choose a later one."))
        if chosen > self.now + FARTHEST:
            raise ValidationError(_("A link may be open for a year at most."))
        return chosen


def wait_choices(usual: bool, whose: str) -> list[tuple[str, str]]:
    """`usual`: as it is if nothing is chosen."""
    now = _("guests wait") if usual else _("guests come straight in")
    return [
        ("", f"{whose}: {now}"),
        ("yes", _("Guests wait to be let in")),
        ("no", _("Guests come straight in")),
    ]


CHOSEN = {"": None, "yes": True, "no": False}


class WaitingRoomForm(forms.Form):
    """Whether guests of `session` wait: `cleaned_data["wait"]`; None: as the course has it."""

    wait = forms.ChoiceField(label=gettext_lazy("Waiting room"), required=False)

    def __init__(self, *args: object, session: ClassSession, **kwargs: object) -> None:
        now = next(key for key, value in CHOSEN.items() if value is session.guests_wait)
        kwargs["initial"] = {"wait": now}
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        course = session.course.guests_wait
        usual = session.tenant.guests_wait if course is None else course
        self.fields["wait"].choices = wait_choices(usual, _("As the course has it"))  # type: ignore[attr-defined]

    def clean_wait(self) -> bool | None:
        return CHOSEN[self.cleaned_data["wait"]]


class GuestForm(forms.Form):
    """What a guest is asked at the door."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=60,
        help_text=gettext_lazy("Everyone in the class sees it, marked as a guest."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter the name others see in class.")},
    )
    passcode = forms.CharField(
        label=gettext_lazy("Passcode"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("Whoever sent you the link knows it."),
        error_messages={"required": gettext_lazy("Enter the passcode.")},
    )

    def __init__(self, *args: object, asks_passcode: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not asks_passcode:
            del self.fields["passcode"]

    def clean_name(self) -> str:
        """On one line, of signs that can be seen, and those that join letters."""
        signs = self.cleaned_data["name"]
        name = " ".join(
            "".join(each if each in JOINERS or each.isprintable() else " " for each in signs).split()
        )
        if not name.strip(JOINERS):
            raise ValidationError(_("Enter the name others see in class."))
        return name
