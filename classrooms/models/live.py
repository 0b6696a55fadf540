"""Who is in a class, and what happened there."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import HUES, Membership
from accounts.names import initials
from classrooms.models.guests import GuestLink
from classrooms.models.ids import opaque_id
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantManager, TenantModel


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def here(self, at: datetime) -> ParticipantQuerySet:
        """Those whose socket is open and gave a sign of life lately."""
        return self.exclude(connection="").filter(seen_at__gt=at - Participant.STALE_AFTER)

    def waiting(self, at: datetime) -> ParticipantQuerySet:
        """Those in the waiting room whose page gave a sign of life lately."""
        return self.filter(waits_since__isnull=False, waits_seen_at__gt=at - Participant.STALE_AFTER)

    def stale(self, at: datetime) -> ParticipantQuerySet:
        """Those whose web process died before it could say that they left."""
        return self.exclude(connection="").filter(seen_at__lte=at - Participant.STALE_AFTER)


class Participant(TenantModel):
    """A person in one class session: the same row, identity and name across reconnects. A member of the
    school, or a guest, who came by a link and gave a name."""

    class Role(models.TextChoices):
        TEACHER = "teacher", _("Teacher")
        STUDENT = "student", _("Student")
        GUEST = "guest", _("Guest")

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="participants")
    membership = models.ForeignKey(
        Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="participations"
    )
    guest_link = models.ForeignKey(
        GuestLink, on_delete=models.CASCADE, null=True, blank=True, related_name="guests"
    )
    guest_key = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Hash of what a guest's browser shows."
    )
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=10, choices=Role, default=Role.STUDENT)
    connection = models.CharField(
        max_length=120, blank=True, help_text="Channel of the one open socket; empty: not here."
    )
    seen_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life of that socket.")
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    hand_raised_at = models.DateTimeField(null=True, blank=True)
    co_teacher = models.BooleanField(default=False, help_text="Leads this class along with its teachers.")
    may_speak = models.BooleanField(default=False, help_text="Even while students' microphones are off.")
    may_share = models.BooleanField(default=False, help_text="Even while students' screens are off.")
    wants_captions = models.BooleanField(default=False, help_text="On the socket that is open now.")
    removed_at = models.DateTimeField(null=True, blank=True, help_text="Removed then, and not back since.")
    removal_reason = models.CharField(max_length=200, blank=True)
    barred = models.BooleanField(default=False, help_text="There is no way back into this class.")
    waits_since = models.DateTimeField(
        null=True, blank=True, help_text="In the waiting room since then; empty: not in it."
    )
    waits_seen_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life there.")
    let_in_at = models.DateTimeField(
        null=True, blank=True, help_text="From the waiting room; need not again."
    )
    sent_back = models.BooleanField(
        default=False, help_text="From inside to the waiting room, and not let in since."
    )
    turned_away_at = models.DateTimeField(null=True, blank=True, help_text="And has not asked again since.")
    turned_away_word = models.CharField(max_length=200, blank=True)
    consent = models.BooleanField(null=True, blank=True, help_text="To being recorded; empty: not asked yet.")

    STALE_AFTER = timedelta(seconds=60)

    objects: ClassVar = TenantManager.from_queryset(ParticipantQuerySet)()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ("joined_at",)
        constraints = (
            models.UniqueConstraint(fields=["session", "membership"], name="one_participant_per_member"),
            models.UniqueConstraint(
                fields=["guest_key"], condition=~models.Q(guest_key=""), name="one_guest_per_key"
            ),
            models.CheckConstraint(
                condition=models.Q(membership=None, guest_link__isnull=False)
                | models.Q(membership__isnull=False, guest_link=None),
                name="member_or_guest",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_guest(self) -> bool:
        return self.membership_id is None

    @property
    def hue(self) -> int:
        """As Membership.hue; a guest has one for this class."""
        if self.membership is not None:
            return self.membership.hue
        return zlib.crc32(self.public_id.encode()) % HUES

    @property
    def initials(self) -> str:
        return initials(self.name)

    def is_waiting(self, at: datetime) -> bool:
        """Whether this person is in the waiting room and their page gave a sign of life lately."""
        seen = self.waits_seen_at
        return bool(self.waits_since and seen and seen > at - self.STALE_AFTER)

    def is_here(self, at: datetime) -> bool:
        """Whether this person's socket is open and gave a sign of life lately."""
        return bool(self.connection and self.seen_at and self.seen_at > at - self.STALE_AFTER)


class SessionEvent(TenantModel):
    """What happened in a class, in order: the source of replay. Of the chat it holds numbers, no words."""

    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField(help_text="1, 2, 3 … without gaps in a session.")
    type = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(Participant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=36, blank=True, help_text="Chosen by the page: said twice, kept once.")
    only = models.JSONField(null=True, blank=True, help_text="Participants who may know of it; empty: all.")

    class Meta:
        verbose_name = _("event in a class")
        verbose_name_plural = _("events in classes")
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(fields=["session", "seq"], name="one_event_per_seq"),
            models.UniqueConstraint(
                fields=["session", "by", "key"], condition=~models.Q(key=""), name="one_event_per_key"
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"
