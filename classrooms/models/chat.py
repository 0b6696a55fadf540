"""What is written in a class. The text is here and nowhere else: the log of events only points to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from classrooms.models.live import Participant
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantManager, TenantModel


class ChatMessageQuerySet(models.QuerySet["ChatMessage"]):
    def to_everyone(self) -> ChatMessageQuerySet:
        return self.filter(to=None)

    def seen_by(self, member: Membership) -> ChatMessageQuerySet:
        """To everyone, to this member, and their own."""
        return self.filter(
            models.Q(to=None) | models.Q(to__membership=member) | models.Q(by__membership=member)
        )


class ChatMessage(TenantModel):
    """One message of a class's chat as it is now: to everyone, or to one person."""

    class Deleted(models.TextChoices):
        OWN = "own", _("Deleted")
        TEACHER = "teacher", _("Deleted by the teacher")

    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField(help_text="The seq of the event that told of it.")
    by = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    to = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: all.",
    )
    key = models.CharField(max_length=36, help_text="Chosen by the page: said twice, kept once.")
    text = models.TextField(blank=True)
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    said_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted = models.CharField(max_length=10, choices=Deleted, blank=True, help_text="By whom; empty: not.")

    objects: ClassVar = TenantManager.from_queryset(ChatMessageQuerySet)()

    class Meta:
        verbose_name = _("chat message")
        verbose_name_plural = _("chat messages")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["session", "number"], name="one_message_per_number"),
            models.UniqueConstraint(fields=["session", "by", "key"], name="one_message_per_key"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.by}"


class ChatReaction(TenantModel):
    """One person's emoji on one message."""

    message = models.ForeignKey(ChatMessage, on_delete=models.CASCADE, related_name="reactions")
    by = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=16)

    class Meta:
        verbose_name = _("reaction in the chat")
        verbose_name_plural = _("reactions in the chat")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=["message", "by", "emoji"], name="one_reaction_per_emoji"),
        )

    def __str__(self) -> str:
        return self.emoji
