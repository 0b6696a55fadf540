"""What other systems of a school use: keys, answers kept for repeated requests, links into a class."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from classrooms.models.ids import opaque_id
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantManager, TenantModel


class ApiKey(TenantModel):
    """Lets another system act for one member, in what its scopes allow. The key itself is not stored."""

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    name = models.CharField(_("name"), max_length=80, help_text=_("What uses it, such as “Timetable”."))
    member = models.ForeignKey(
        Membership,
        on_delete=models.CASCADE,
        related_name="api_keys",
        help_text=_("For whom it acts: it may never do more than this person."),
        verbose_name=_("acts for"),
    )
    scopes = models.JSONField(_("scopes"), default=list, help_text=_("courses:read, courses:write, …"))
    prefix = models.CharField(max_length=8, unique=True, editable=False, help_text=_("Its beginning."))
    digest = models.CharField(max_length=64, editable=False, help_text=_("SHA-256 of the whole key."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made"), editable=False)
    expires_at = models.DateTimeField(
        _("good until"), null=True, blank=True, help_text=_("Empty: good until it is revoked.")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects: ClassVar = TenantManager()

    class Meta:
        verbose_name_plural = _("API keys")
        ordering = ("name", "pk")
        verbose_name = _("API key")

    def __str__(self) -> str:
        return f"{self.name} (aula_{self.prefix}…)"

    def is_good(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


class KeptAnswer(TenantModel):
    """What was answered to a POST with an Idempotency-Key: sent again it gets the same, and does nothing."""

    asker = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text=_("SHA-256 of what was asked."))
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Any]] = TenantManager()

    class Meta:
        verbose_name = _("answer kept for a repeated request")
        verbose_name_plural = _("answers kept for repeated requests")
        ordering = ("pk",)
        indexes = (models.Index(fields=["tenant", "at"]),)
        constraints = (
            models.UniqueConstraint(fields=["tenant", "asker", "key"], name="one_answer_per_idempotency_key"),
        )

    def __str__(self) -> str:
        return f"{self.status} to {self.asker}"


class JoinLink(TenantModel):
    """Lets one person into one class, once, without a sign-in. The link itself is not stored."""

    digest = models.CharField(
        max_length=64, unique=True, help_text=_("SHA-256 of the secret in the address.")
    )
    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="join_links")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="join_links")
    by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TenantManager()

    class Meta:
        verbose_name = _("link for one person")
        verbose_name_plural = _("links for one person each")
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.member.name} into {self.session}"
