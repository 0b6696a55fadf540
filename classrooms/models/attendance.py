"""When people were in a class: written as they come and go, never changed afterwards. Who signed for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from classrooms.models.live import Participant
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantManager, TenantModel


class AttendanceSegmentQuerySet(models.QuerySet["AttendanceSegment"]):
    def open(self) -> AttendanceSegmentQuerySet:
        """Of those who are in a class, and of those whose web process died since."""
        return self.filter(ended_at=None)


class AttendanceSegment(TenantModel):
    """One stretch of one connection; while it is open its participant's last sign of life says how far it
    goes. What becomes of segments on a page is in `attended/stays.py`."""

    class Why(models.TextChoices):
        LEFT = "left", _("Left")
        MOVED = "moved", _("Went on over another connection")
        LOST = "lost", _("Gave no sign of life")
        REMOVED = "removed", _("Was put out")
        OVER = "over", _("The class was over")

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="segments")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=10, choices=Why, blank=True, help_text="It ended.")

    objects: ClassVar = TenantManager.from_queryset(AttendanceSegmentQuerySet)()

    class Meta:
        verbose_name = _("stay in a class")
        verbose_name_plural = _("stays in classes")
        ordering = ("began_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["participant"], condition=models.Q(ended_at=None), name="one_open_segment"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
                name="segment_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, why="") | (~models.Q(ended_at=None) & ~models.Q(why="")),
                name="segment_says_why_it_ended",
            ),
        )

    def __str__(self) -> str:
        return f"{self.participant} from {self.began_at:%Y-%m-%d %H:%M:%S}"


class AttendanceSignOff(TenantModel):
    """A teacher's word that the attendance of a class is right. Taking it back deletes it; the audit log
    keeps both."""

    session = models.OneToOneField(ClassSession, on_delete=models.CASCADE, related_name="sign_off")
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=80, help_text="Of who signed, as it was.")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of what was signed (attended/signing.py).")

    class Meta:
        verbose_name = _("sign-off of attendance")
        verbose_name_plural = _("sign-offs of attendance")

    def __str__(self) -> str:
        return f"{self.session}, by {self.name}"
