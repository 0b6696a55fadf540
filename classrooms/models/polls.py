"""What a class is asked, and what it answers. The words are here and nowhere else: the log of events only
points to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from classrooms.models.live import Participant
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantManager, TenantModel


class Poll(TenantModel):
    """One question with its choices. It runs until it has an end; what was answered is then in `counts`."""

    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="polls")
    number = models.PositiveIntegerField(help_text="The seq of the event that told of it.")
    by = models.ForeignKey(Participant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=36, help_text="Chosen by the page: asked twice, kept once.")
    question = models.CharField(max_length=300)
    choices = models.JSONField()
    several = models.BooleanField(default=False, help_text="Several answers may be chosen.")
    by_name = models.BooleanField(default=False, help_text="Who leads the class sees who chose what.")
    live = models.BooleanField(default=False, help_text="Students see the counts while it runs.")
    asked_at = models.DateTimeField()
    counted_at = models.DateTimeField(help_text="When votes were last told of.")
    ended_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=list, help_text="Votes for each choice, at the end.")
    voters = models.PositiveIntegerField(default=0, help_text="People who voted, at the end.")

    objects: ClassVar = TenantManager()

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["session", "number"], name="one_poll_per_number"),
            models.UniqueConstraint(fields=["session", "key"], name="one_poll_per_key"),
            models.UniqueConstraint(
                fields=["session"], condition=models.Q(ended_at=None), name="one_poll_runs_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return self.question


class PollVote(TenantModel):
    """What one person chose. Those of an anonymous poll are gone once it has ended."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="votes")
    by = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    chosen = models.JSONField(help_text="Positions in the poll's choices, rising.")
    told = models.BooleanField(default=False, help_text="The pages of those who lead know of it.")

    objects: ClassVar = TenantManager()

    class Meta:
        verbose_name = _("vote in a poll")
        verbose_name_plural = _("votes in polls")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["poll", "by"], name="one_vote_per_person"),)

    def __str__(self) -> str:
        return f"A vote on {self.poll_id}"
