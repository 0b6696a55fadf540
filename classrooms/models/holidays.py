"""Days on which a school has no classes."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.scope import TenantModel


class Holiday(TenantModel):
    """From a first day to a last one (included), on the school's calendar: days, no moments."""

    name = models.CharField(_("name"), max_length=60, help_text=_("Such as Christmas holidays."))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ("first_day", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="holiday_ends_after_it_began"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day
