"""Webhooks: where a school wants to be told what happens, what happened, and how the telling went."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from classrooms.models.ids import opaque_id
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantManager, TenantModel


class Webhook(TenantModel):
    """An address that is told. While it is paused all that happens waits; while it is turned off only what
    waited before."""

    class State(models.TextChoices):
        ON = "on", _("on")
        PAUSED = "paused", _("paused")
        REFUSED = "refused", _("turned off: the receiver wants no more (410)")
        FAILED = "failed", _("turned off: it failed for five days")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    name = models.CharField(_("name"), max_length=80, help_text=_("What it tells, such as “Timetable”."))
    url = models.URLField(_("address"), max_length=500, help_text=_("https://, on the public internet."))
    wanted = models.JSONField(_("events"), default=list, blank=True, help_text=_("None: all of them."))
    sealed_secret = models.CharField(max_length=300, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ON)
    created_at = models.DateTimeField(editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True, editable=False)

    objects: ClassVar = TenantManager()

    class Meta:
        verbose_name_plural = _("webhooks")
        ordering = ("name", "pk")
        verbose_name = _("webhook")

    def __str__(self) -> str:
        return self.name


class WebhookEvent(TenantModel):
    """Something that happened, in the octets that every address gets. Of one `lane` it is told in order."""

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    type = models.CharField(_("event"), max_length=40)
    lane = models.CharField(max_length=32, blank=True, help_text=_("Public id of the class."))
    session = models.ForeignKey(ClassSession, on_delete=models.SET_NULL, null=True, related_name="+")
    body = models.TextField()
    at = models.DateTimeField(_("when"))

    objects: ClassVar = TenantManager()

    class Meta:
        verbose_name = _("event for webhooks")
        verbose_name_plural = _("events for webhooks")
        ordering = ("pk",)
        indexes = (models.Index(fields=["tenant", "at"]),)

    def __str__(self) -> str:
        return f"{self.type} {self.public_id}"


class WebhookDelivery(TenantModel):
    """One event to one address. `taken_until`: a process is at it, or was until it was killed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        GIVEN_UP = "given_up", _("given up")

    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.ForeignKey(
        WebhookEvent, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("event")
    )
    lane = models.CharField(max_length=32, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    first_at = models.DateTimeField(null=True, help_text=_("When it was first tried."))
    due_at = models.DateTimeField(_("next attempt"))
    taken_until = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(
        _("answer"), null=True, help_text=_("HTTP status of the last one.")
    )
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar = TenantManager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = (
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["webhook", "lane", "state"]),
        )

    def __str__(self) -> str:
        return f"{self.event} → {self.webhook}"
