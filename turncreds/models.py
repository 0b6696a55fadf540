from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.scope import TenantManager, TenantModel
from turncreds.checks import PLAIN_SECRET
from turncreds.credentials import PARTICIPANT
from turncreds.relays import Relay
from turncreds.sealed import SealedTextField


class RelayPolicy(TenantModel):
    """Which relay servers a tenant's people use, how many at once. No row: the platform's, no limit."""

    urls = models.TextField(
        _("relay servers"),
        blank=True,
        help_text=_(
            "The school's own, one in a line, such as turns:turn.example.org:443?transport=tcp. "
            "Empty: the platform's."
        ),
    )
    secrets = SealedTextField(
        blank=True, help_text=_("Of these servers, one in a line; the first one signs. Stored encrypted.")
    )
    max_participants = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=_(
            "People who may hold a credential at the same time; everybody in a class holds one. "
            "Empty: no limit."
        ),
    )

    class Meta:
        verbose_name = _("relay policy")
        verbose_name_plural = _("relay policies")
        constraints = (
            models.UniqueConstraint(fields=["tenant"], name="one_relay_policy_per_tenant"),
            models.CheckConstraint(
                condition=models.Q(urls="", secrets="") | (~models.Q(urls="") & ~models.Q(secrets="")),
                name="own_relay_has_urls_and_secrets",
            ),
        )

    def __str__(self) -> str:
        return "own relay servers" if self.urls else "the platform's relay servers"

    def clean(self) -> None:
        super().clean()
        self.urls, self.secrets = "\n".join(self.urls.split()), "\n".join(self.secrets.split())
        if bool(self.urls) != bool(self.secrets):
            raise ValidationError(
                _("Give both the addresses of the relay servers and their secrets, or neither.")
            )
        if not all(PLAIN_SECRET.fullmatch(secret) for secret in self.secrets.split()):
            raise ValidationError(
                {"secrets": "Use letters and digits; coturn may read other characters otherwise."}
            )
        try:
            self.own_relay  # noqa: B018
        except ValueError as error:
            raise ValidationError({"urls": str(error)}) from None

    @property
    def own_relay(self) -> Relay | None:
        """None where the tenant uses the platform's."""
        return Relay.of(self.urls.split(), self.secrets.split()) if self.urls else None


class RelayGrantQuerySet(models.QuerySet["RelayGrant"]):
    def living(self, at: datetime) -> RelayGrantQuerySet:
        """Credentials that still open an allocation."""
        return self.filter(expires_at__gt=at)


class RelayGrant(TenantModel):
    """The newest credential of one participant (not the credential itself): what limits count by."""

    BURST = timedelta(minutes=1)
    KEPT = timedelta(days=1)

    participant = models.CharField(max_length=128, help_text=_("The opaque id that the relay logs."))
    expires_at = models.DateTimeField()
    burst_started_at = models.DateTimeField()
    burst = models.PositiveIntegerField(default=0, help_text=_("Credentials since burst_started_at."))

    objects: ClassVar = TenantManager.from_queryset(RelayGrantQuerySet)()

    class Meta:
        verbose_name = _("access to a relay server")
        verbose_name_plural = _("accesses to relay servers")
        constraints = (
            models.UniqueConstraint(fields=["tenant", "participant"], name="one_relay_grant_per_participant"),
        )
        indexes = (models.Index(fields=["tenant", "expires_at"]),)

    def __str__(self) -> str:
        return self.participant

    def clean(self) -> None:
        super().clean()
        if not PARTICIPANT.fullmatch(self.participant):
            raise ValidationError({"participant": "1-128 letters, digits, dots, hyphens and underscores."})

    def retry_at(self, now: datetime, limit: int) -> datetime | None:
        """When this participant may have another; None: now. At most `limit` in a minute."""
        over = self.burst_started_at + self.BURST
        return over if self.burst >= limit and now < over else None

    def renew(self, now: datetime, ttl: int) -> None:
        """Count one more credential, good for `ttl` seconds."""
        if now >= self.burst_started_at + self.BURST:
            self.burst_started_at, self.burst = now, 0
        self.burst += 1
        self.expires_at = now + timedelta(seconds=ttl)


class RelayCount(TenantModel):
    """What one tenant asked of the relay on one day (UTC)."""

    day = models.DateField(_("day"))
    participants = models.PositiveIntegerField(
        _("people"), default=0, help_text=_("Who got a credential, each person once.")
    )
    issued = models.PositiveIntegerField(_("accesses given"), default=0)
    not_in_class = models.PositiveIntegerField(
        _("refused: not in a class"), default=0, help_text=_("Refused: in no class.")
    )
    too_fast = models.PositiveIntegerField(
        _("refused: too often"), default=0, help_text=_("Refused: asked too often.")
    )
    relay_full = models.PositiveIntegerField(
        _("refused: limit reached"), default=0, help_text=_("Refused: the school's limit.")
    )

    class Meta:
        verbose_name = _("use of relay servers on a day")
        verbose_name_plural = _("use of relay servers by day")
        ordering = ("-day",)
        constraints = (models.UniqueConstraint(fields=["tenant", "day"], name="one_relay_count_per_day"),)

    def __str__(self) -> str:
        return f"{self.day}: {self.issued}"
