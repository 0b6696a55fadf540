"""Schools on their way out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SchoolDeletion(models.Model):
    """The deletion of one school: how far it is. It outlives the school, which it names in words only."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        WAITING = "waiting", _("Waiting to try again")
        DONE = "done", _("Done")

    school = models.BigIntegerField(unique=True, help_text=_("Its key, while it was there."))
    slug = models.CharField(_("slug"), max_length=40)
    name = models.CharField(_("school"), max_length=120)
    by = models.CharField(_("asked by"), max_length=350)
    asked_at = models.DateTimeField(_("asked"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    listing = models.JSONField(default=list, help_text=_("What there was: [[kind, number], …]."))
    total = models.PositiveIntegerField(default=0, help_text=_("Steps, as they were counted at first."))
    done = models.PositiveIntegerField(default=0)
    error = models.CharField(_("what holds it up"), max_length=300, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        verbose_name = _("deletion of a school")
        verbose_name_plural = _("deletions of schools")

    def __str__(self) -> str:
        return self.name

    @property
    def percent(self) -> int:
        return 100 if self.state == self.State.DONE else min(99, self.done * 100 // max(1, self.total))
