"""Links by which people without an account come into a class."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from classrooms.models.courses import Course
from classrooms.models.ids import opaque_id
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantManager, TenantModel


class GuestLinkQuerySet(models.QuerySet["GuestLink"]):
    def leading_to(self, session: ClassSession) -> GuestLinkQuerySet:
        """Those of this one class, and those of its whole course."""
        return self.filter(course=session.course_id).filter(
            models.Q(session=session) | models.Q(session=None)
        )

    def open(self, at: datetime) -> GuestLinkQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=at)


class GuestLink(TenantModel):
    """An invitation for guests, to one class or to every class of a course.

    What stands in its address is not kept, only its hash (guests/addresses.py).
    """

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="guest_links")
    session = models.ForeignKey(
        ClassSession,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="guest_links",
        help_text="The one class; empty: every class of the course.",
    )
    name = models.CharField(max_length=80, help_text="Whom it is for, as the teacher calls them.")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    passcode_hash = models.CharField(max_length=200, blank=True, editable=False, help_text="Empty: none.")
    expires_at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(GuestLinkQuerySet)()

    class Meta:
        verbose_name = _("guest link")
        verbose_name_plural = _("guest links")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def has_passcode(self) -> bool:
        return bool(self.passcode_hash)

    def has_expired(self, at: datetime) -> bool:
        return at >= self.expires_at

    def is_open(self, at: datetime) -> bool:
        """Whether it lets anybody in, and keeps in those who came by it."""
        return self.revoked_at is None and not self.has_expired(at)
