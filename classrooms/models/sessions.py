"""Classes: one at one time each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from classrooms.models.courses import Course, Enrolment
from classrooms.models.ids import opaque_id
from classrooms.models.series import Series
from tenants.scope import TenantManager, TenantModel


class ClassSessionQuerySet(models.QuerySet["ClassSession"]):
    def visible_to(self, member: Membership) -> ClassSessionQuerySet:
        """Sessions of the member's courses, those they teach, and those open to the whole school."""
        if member.runs_school:
            return self
        enrolled = Enrolment.objects.filter(membership=member).values("course")
        return self.filter(
            models.Q(course__in=enrolled)
            | models.Q(teacher=member)
            | models.Q(entry=ClassSession.Entry.SCHOOL)
        )

    def not_over(self, at: datetime) -> ClassSessionQuerySet:
        """Live sessions, and scheduled ones whose time has not passed."""
        return self.filter(
            models.Q(state=ClassSession.State.LIVE)
            | models.Q(state=ClassSession.State.SCHEDULED, ends_at__gt=at)
        )

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> ClassSessionQuerySet:
        return self.exclude(state=ClassSession.State.ENDED).filter(
            starts_at__lt=ends_at, ends_at__gt=starts_at
        )

    def clashing(
        self, *, course: Course, teacher: Membership, starts_at: datetime, ends_at: datetime
    ) -> ClassSessionQuerySet:
        """Other classes of the same course or the same teacher in that time."""
        same = models.Q(course=course) | models.Q(teacher=teacher)
        return self.overlapping(starts_at, ends_at).filter(same)


class ClassSession(TenantModel):
    """One class at one time. On screen it is called a class."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        LIVE = "live", _("On now")
        ENDED = "ended", _("Over")

    class Entry(models.TextChoices):
        ENROLLED = "enrolled", _("People of the course")
        SCHOOL = "school", _("Anyone in the school")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("course")
    )
    title = models.CharField(_("title"), max_length=120)
    teacher = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="teaching", verbose_name=_("teacher")
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(
        _("end"), help_text=_("Planned end; a class runs on until somebody ends it.")
    )
    entry = models.CharField(_("who may enter"), max_length=10, choices=Entry, default=Entry.ENROLLED)
    opens_early = models.DurationField(
        _("opens early"), default=timedelta(minutes=10), help_text=_("Students may enter this long before.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SCHEDULED)
    students_mic = models.BooleanField(default=True, help_text=_("Students may use the microphone."))
    students_camera = models.BooleanField(default=True, help_text=_("Students may use the camera."))
    students_screen = models.BooleanField(default=True, help_text=_("Students may share a screen."))
    students_chat = models.BooleanField(default=True, help_text=_("Students may write to everyone."))
    students_private_chat = models.BooleanField(
        default=True, help_text=_("Students may write to each other.")
    )
    locked = models.BooleanField(default=False, help_text=_("Nobody new gets in."))
    guests_wait = models.BooleanField(
        null=True, blank=True, help_text=_("Guests wait until they are let in; empty: as the course has it.")
    )
    records = models.BooleanField(
        null=True, blank=True, help_text=_("Recorded from its start; empty: as the course has it.")
    )
    captions = models.BooleanField(default=True, help_text=_("What is said may be captioned."))
    lead = models.ForeignKey(
        "classrooms.Participant",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who leads it just now."),
    )
    presenter = models.ForeignKey(
        "classrooms.Participant",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The student or guest who has the screen; teachers need not have it to share."),
    )
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    last_seq = models.PositiveIntegerField(_("number of events"), default=0, editable=False)
    series = models.ForeignKey(
        Series, on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    slot = models.DateField(
        null=True, blank=True, help_text=_("The day on which its series' head has it: its name in calendars.")
    )
    set_apart = models.BooleanField(
        default=False, help_text=_("Changed by hand: changes to the series pass it by.")
    )
    sequence = models.PositiveIntegerField(
        default=0, help_text=_("RFC 5545 3.8.7.4, for one that belongs to no series.")
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    TEACHER_OPENS_EARLY = timedelta(minutes=15)

    objects: ClassVar = TenantManager.from_queryset(ClassSessionQuerySet)()

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        ordering = ("starts_at",)
        indexes = (
            models.Index(fields=["tenant", "starts_at"]),
            models.Index(fields=["tenant"], condition=models.Q(state="live"), name="classes_that_are_on"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="ends_after_start"
            ),
            models.UniqueConstraint(fields=["series", "slot"], name="one_class_per_slot"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("class", args=[self.public_id])

    @property
    def duration(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def length_held(self) -> timedelta | None:
        """How long it really took; None for a class that was never held, or is not over."""
        return self.ended_at - self.started_at if self.started_at and self.ended_at else None

    @property
    def room_name(self) -> str:
        """The media room: tenant and session in one name (design.md)."""
        return f"{self.tenant.slug}.{self.public_id}"

    @property
    def guests_must_wait(self) -> bool:
        """Whether it has a waiting room: as was chosen for it, else for its course, else for the school."""
        chosen = [self.guests_wait, self.course.guests_wait, self.tenant.guests_wait]
        return next(each for each in chosen if each is not None)

    @property
    def records_itself(self) -> bool:
        """Whether recording begins with it: as was chosen for it, else for its course."""
        return self.course.records if self.records is None else self.records

    def led_by(self, member: Membership, *, teaches_course: bool | None = None) -> bool:
        """Whether `member` may start, moderate and end this class. `teaches_course`: is a teacher of its
        course, where that is known."""
        if not member.teaches:
            return False
        if member.runs_school or member.pk == self.teacher_id:
            return True
        return self.course.led_by(member) if teaches_course is None else teaches_course

    def opens_at(self, member: Membership) -> datetime:
        """When `member` may enter."""
        return self.opens_for(leads=self.led_by(member))

    def opens_for(self, *, leads: bool) -> datetime:
        """When people may enter: those who lead the class (`leads`) a little before the others."""
        early = max(self.opens_early, self.TEACHER_OPENS_EARLY) if leads else self.opens_early
        return self.starts_at - early
