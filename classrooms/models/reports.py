"""What pages found out about the way to a class."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from classrooms.models.ids import support_code
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantManager, TenantModel


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
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, related_name="connection_reports", verbose_name=_("person")
    )
    session = models.ForeignKey(
        ClassSession, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("class")
    )
    at = models.DateTimeField(_("when"))
    browser = models.CharField(_("browser"), max_length=300, blank=True, help_text=_("As it names itself."))
    verdict = models.CharField(
        _("verdict"), max_length=4, choices=Verdict, help_text=_("The worst of its findings.")
    )
    findings = models.JSONField(default=list, help_text=_("Devices and ways, each with a verdict and why."))
    timeline = models.JSONField(default=list, help_text=_("What its connections did, in milliseconds."))

    KEPT = timedelta(days=90)
    MOST_AN_HOUR = 20  # of one person

    objects: ClassVar = TenantManager.from_queryset(ConnectionReportQuerySet)()

    class Meta:
        verbose_name = _("connection report")
        verbose_name_plural = _("connection reports")
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
