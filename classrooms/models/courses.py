"""What people learn together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from classrooms.models.ids import opaque_id
from tenants.scope import TenantManager, TenantModel


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
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    members: models.ManyToManyField[Membership, Enrolment] = models.ManyToManyField(
        Membership, through="Enrolment", related_name="courses"
    )
    records = models.BooleanField(
        _("recorded"), default=False, help_text=_("Its classes are recorded from their start.")
    )
    guests_wait = models.BooleanField(
        _("waiting room for guests"),
        null=True,
        blank=True,
        help_text=_("Guests wait until they are let in; empty: as the school has it."),
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    objects: ClassVar = TenantManager.from_queryset(CourseQuerySet)()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
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

    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("course")
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.STUDENT)
    added_at = models.DateTimeField(
        _("since"),
        null=True,
        blank=True,
        help_text=_("Classes before it were not missed; empty: here from the start."),
    )

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ("membership__user__name",)
        constraints = (models.UniqueConstraint(fields=["course", "membership"], name="enrolled_once"),)

    def __str__(self) -> str:
        return f"{self.membership.name} in {self.course}"
