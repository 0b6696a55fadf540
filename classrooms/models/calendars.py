"""A person's calendar outside Aula: the address it is read at, and whether changes come by mail."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from tenants.scope import TenantManager, TenantModel


def feed_secret() -> str:
    """What stands in the address instead of a sign-in: 256 random bits, safe in a URL."""
    return secrets.token_urlsafe(32)


class PersonalCalendar(TenantModel):
    """One member's choices. Without a row: mails, and no address."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="calendar")
    secret = models.CharField(max_length=43, null=True, blank=True, unique=True, help_text="Empty: no feed.")
    mails = models.BooleanField(default=True, help_text="Invitations and changes come by mail.")
    read_tag = models.CharField(max_length=64, blank=True, help_text="What the feed held when last read.")
    read_changed_at = models.DateTimeField(null=True, blank=True, help_text="Since when it holds that.")

    objects: ClassVar = TenantManager()

    class Meta:
        verbose_name = _("calendar of a person")
        verbose_name_plural = _("calendars of people")

    def __str__(self) -> str:
        return f"Calendar of {self.membership}"
