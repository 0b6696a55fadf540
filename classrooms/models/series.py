"""Classes that repeat: the rule they came from. Each of them is an ordinary class session."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from classrooms.models.courses import Course
from classrooms.models.ids import opaque_id
from classrooms.recurrence import Rule
from tenants.scope import TenantManager, TenantModel


class Series(TenantModel):
    """A weekly rule on the school's wall clock, and how people's calendars know it.

    “This and later” moved to another time is a series of its own with the same `head`: calendars keep one
    event, whose rule is the head's, and hear of the moved ones as exceptions to it.
    """

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="series")
    head = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="tails")
    zone_name = models.CharField(max_length=64, help_text="The school's time zone when it was scheduled.")
    every = models.PositiveSmallIntegerField(default=1, help_text="Weeks from one to the next.")
    weekdays = models.JSONField(help_text="Numbers, 0 for Monday.")
    starts_on = models.DateField()
    clock = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    until = models.DateField(null=True, blank=True)
    count = models.PositiveSmallIntegerField(null=True, blank=True)
    shift = models.SmallIntegerField(default=0, help_text="Days by which it was moved from its head's rule.")
    sequence = models.PositiveIntegerField(default=0, help_text="RFC 5545 3.8.7.4; the head's counts.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = TenantManager()

    class Meta:
        verbose_name = _("series of classes")
        verbose_name_plural = _("series of classes")
        ordering = ("starts_on", "pk")

    def __str__(self) -> str:
        return f"{self.course}, from {self.starts_on}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def rule(self) -> Rule:
        return Rule(
            every=self.every,
            weekdays=tuple(self.weekdays),
            starts_on=self.starts_on,
            clock=self.clock,
            until=self.until,
            count=self.count,
        )

    @property
    def root(self) -> Series:
        """The one that calendars know."""
        return self.head or self

    def day_of(self, slot: date) -> date:
        """The day on which it has the class that its head's rule has on `slot`."""
        return slot + timedelta(days=self.shift)
