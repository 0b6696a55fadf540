from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from tenants.scope import TenantManager, TenantModel


def opaque_id() -> str:
    """A public id that cannot be guessed: 128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


SUPPORT_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another one


def support_code() -> str:
    """What a person reads to a supporter: eight letters and digits, told apart by ear and eye."""
    return "".join(secrets.choice(SUPPORT_LETTERS) for _ in range(8))


class CourseQuerySet(models.QuerySet["Course"]):
    def visible_to(self, member: Membership) -> CourseQuerySet:
        """Courses that `member` takes part in; owners and admins see all of their school."""
        return self if member.runs_school else self.filter(enrolments__membership=member)

    def taught_by(self, member: Membership) -> CourseQuerySet:
        """Courses in which `member` may schedule."""
        if member.runs_school:
            return self
        if not member.teaches:  # any more: who was a course's teacher may have become a student
            return self.none()
        return self.filter(enrolments__membership=member, enrolments__role=Enrolment.Role.TEACHER)


class Course(TenantModel):
    """What people learn together: holds its people and its class sessions."""

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)
    members: models.ManyToManyField[Membership, Enrolment] = models.ManyToManyField(
        Membership, through="Enrolment", related_name="courses"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = TenantManager.from_queryset(CourseQuerySet)()

    class Meta:
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("course", args=[self.public_id])

    def led_by(self, member: Membership) -> bool:
        """Whether `member` may schedule here and say who takes part."""
        return member.runs_school or (
            member.teaches and self.enrolments.filter(membership=member, role=Enrolment.Role.TEACHER).exists()
        )


class Enrolment(TenantModel):
    """A member's place in a course."""

    class Role(models.TextChoices):
        TEACHER = "teacher", _("Teacher")
        STUDENT = "student", _("Student")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="enrolments")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="enrolments")
    role = models.CharField(max_length=10, choices=Role, default=Role.STUDENT)

    class Meta:
        ordering = ("membership__user__name",)
        constraints = (models.UniqueConstraint(fields=["course", "membership"], name="enrolled_once"),)

    def __str__(self) -> str:
        return f"{self.membership.name} in {self.course}"


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
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="sessions")
    title = models.CharField(max_length=120)
    teacher = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="teaching")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="Planned end; a class runs on until somebody ends it.")
    entry = models.CharField(max_length=10, choices=Entry, default=Entry.ENROLLED)
    opens_early = models.DurationField(
        default=timedelta(minutes=10), help_text="Students may enter this long before."
    )
    state = models.CharField(max_length=10, choices=State, default=State.SCHEDULED)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    last_seq = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    TEACHER_OPENS_EARLY = timedelta(minutes=15)

    objects: ClassVar = TenantManager.from_queryset(ClassSessionQuerySet)()

    class Meta:
        ordering = ("starts_at",)
        indexes = (models.Index(fields=["tenant", "starts_at"]),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="ends_after_start"
            ),
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

    def led_by(self, member: Membership) -> bool:
        """Whether `member` may start, moderate and end this class."""
        return member.teaches and (
            member.runs_school
            or member.pk == self.teacher_id
            or self.course.enrolments.filter(membership=member, role=Enrolment.Role.TEACHER).exists()
        )

    def opens_at(self, member: Membership) -> datetime:
        """When `member` may enter."""
        return self.opens_for(leads=self.led_by(member))

    def opens_for(self, *, leads: bool) -> datetime:
        """When people may enter: those who lead the class (`leads`) a little before the others."""
        early = max(self.opens_early, self.TEACHER_OPENS_EARLY) if leads else self.opens_early
        return self.starts_at - early


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def here(self, at: datetime) -> ParticipantQuerySet:
        """Those whose socket is open and gave a sign of life lately."""
        return self.exclude(connection="").filter(seen_at__gt=at - Participant.STALE_AFTER)

    def stale(self, at: datetime) -> ParticipantQuerySet:
        """Those whose web process died before it could say that they left."""
        return self.exclude(connection="").filter(seen_at__lte=at - Participant.STALE_AFTER)


class Participant(TenantModel):
    """A person in one class session: the same row, identity and name across reconnects."""

    class Role(models.TextChoices):
        TEACHER = "teacher", _("Teacher")
        STUDENT = "student", _("Student")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="participants")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="participations")
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=10, choices=Role, default=Role.STUDENT)
    connection = models.CharField(
        max_length=120, blank=True, help_text="Channel of the one open socket; empty: not here."
    )
    seen_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life of that socket.")
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    hand_raised_at = models.DateTimeField(null=True, blank=True)
    consent = models.BooleanField(null=True, blank=True, help_text="To being recorded; empty: not asked yet.")

    STALE_AFTER = timedelta(seconds=60)

    objects: ClassVar = TenantManager.from_queryset(ParticipantQuerySet)()

    class Meta:
        ordering = ("joined_at",)
        constraints = (
            models.UniqueConstraint(fields=["session", "membership"], name="one_participant_per_member"),
        )

    def __str__(self) -> str:
        return self.name

    def is_here(self, at: datetime) -> bool:
        """Whether this person's socket is open and gave a sign of life lately."""
        return bool(self.connection and self.seen_at and self.seen_at > at - self.STALE_AFTER)


class SessionEvent(TenantModel):
    """What happened in a class, in order: the source of replay and of the chat's history."""

    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField(help_text="1, 2, 3 … without gaps in a session.")
    type = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(Participant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=36, blank=True, help_text="Chosen by the page: said twice, kept once.")

    class Meta:
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(fields=["session", "seq"], name="one_event_per_seq"),
            models.UniqueConstraint(
                fields=["session", "by", "key"], condition=~models.Q(key=""), name="one_event_per_key"
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"


def material_path(material: Material, _name: str) -> str:
    """Where its file is kept: of its school, under a name that tells nothing and cannot be guessed."""
    return f"{material.tenant.slug}/materials/{uuid4().hex}"


class Material(TenantModel):
    """A file for everybody of one class."""

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="materials")
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=255, help_text="As it was called where it came from.")
    kind = models.CharField(max_length=127, blank=True, help_text="Media type, as the sender named it.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    file = models.FileField(max_length=200, upload_to=material_path)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("added_at", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("material", args=[self.session.public_id, self.public_id])


class Recording(TenantModel):
    """What is kept of one class, from the teacher's Record to the end; its tracks hold sound and pictures."""

    class State(models.TextChoices):
        ON = "on", _("Recording")
        PAUSED = "paused", _("Paused")
        FINISHING = "finishing", _("Being finished")
        READY = "ready", _("Ready")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="recordings")
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ON)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="Since when it is on, paused or over.")
    ended_at = models.DateTimeField(null=True, blank=True)

    RUNNING = (State.ON, State.PAUSED)

    class Meta:
        ordering = ("started_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(ended_at=None), name="one_running_recording"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("recording", args=[self.session.public_id, self.public_id])

    def settle(self) -> None:
        """It is ready as soon as it is over and nothing of it is being written any more."""
        writing = self.tracks.filter(state=RecordingTrack.State.WRITING)
        if self.ended_at and not writing.exists():
            over = Recording.objects.filter(pk=self.pk, state=Recording.State.FINISHING)
            over.update(state=Recording.State.READY)


class RecordingTrack(TenantModel):
    """One person's sound, camera or screen, without a break. A pause, a new connection: another track."""

    class State(models.TextChoices):
        WRITING = "writing", _("Being written")
        READY = "ready", _("Ready")
        EMPTY = "empty", _("Nothing came")
        FAILED = "failed", _("Failed")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="tracks")
    participant = models.ForeignKey(
        Participant, on_delete=models.SET_NULL, null=True, related_name="recorded_tracks"
    )
    name = models.CharField(max_length=80, help_text="Whose it is, as they were called.")
    source = models.CharField(max_length=24, help_text="camera, microphone, screen_share, screen_share_audio")
    track_sid = models.CharField(max_length=64, help_text="The media server's name for it.")
    egress_id = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WRITING)
    error = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True, blank=True, help_text="When its first packet was captured.")
    ended_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=127, blank=True, help_text="Media type of the file.")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    written = models.CharField(max_length=300, blank=True, help_text="Where the media server left the file.")
    file = models.FileField(max_length=200, blank=True)

    class Meta:
        ordering = ("started_at", "pk")

    def __str__(self) -> str:
        return f"{self.source} of {self.name}"


class ConnectionReportQuerySet(models.QuerySet["ConnectionReport"]):
    def checks(self) -> ConnectionReportQuerySet:
        return self.filter(kind=ConnectionReport.Kind.CHECK)


class ConnectionReport(TenantModel):
    """What a page found out about a person's devices and their way to a class."""

    class Kind(models.TextChoices):
        CHECK = "check", _("Check before class")
        TROUBLE = "trouble", _("Trouble in class")

    class Verdict(models.TextChoices):
        GOOD = "good", _("Ready")
        WARN = "warn", _("May have trouble")
        BAD = "bad", _("Cannot take part")

    code = models.CharField(max_length=8, unique=True, default=support_code, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="connection_reports")
    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, null=True, blank=True)
    at = models.DateTimeField()
    browser = models.CharField(max_length=300, blank=True, help_text="As it names itself.")
    verdict = models.CharField(max_length=4, choices=Verdict, help_text="The worst of its findings.")
    findings = models.JSONField(default=list, help_text="Devices and ways, each with a verdict and why.")
    timeline = models.JSONField(default=list, help_text="What its connections did, in milliseconds.")

    KEPT = timedelta(days=90)
    MOST_AN_HOUR = 20  # of one person

    objects: ClassVar = TenantManager.from_queryset(ConnectionReportQuerySet)()

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=["tenant", "membership", "-at"]),)

    def __str__(self) -> str:
        return self.spoken_code

    @property
    def spoken_code(self) -> str:
        """In two halves: K7QF-3MZ9."""
        return f"{self.code[:4]}-{self.code[4:]}"

    @property
    def reasons(self) -> list[str]:
        """Why it is not all good, worst first."""
        order = {"bad": 0, "warn": 1}
        found = sorted(
            (each for each in self.findings if each["verdict"] in order),
            key=lambda each: order[each["verdict"]],
        )
        return [each["words"] for each in found]
