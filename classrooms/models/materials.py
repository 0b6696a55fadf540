"""Files for a class."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from classrooms.models.chat import ChatMessage
from classrooms.models.ids import opaque_id
from classrooms.models.sessions import ClassSession
from tenants.scope import TenantModel


def material_path(material: Material, _name: str) -> str:
    """Where its file is kept: of its school, under a name that tells nothing and cannot be guessed."""
    return f"{material.tenant.slug}/materials/{uuid4().hex}"


class Material(TenantModel):
    """A file for everybody of one class."""

    public_id = models.CharField(max_length=32, unique=True, default=opaque_id, editable=False)
    session = models.ForeignKey(ClassSession, on_delete=models.CASCADE, related_name="materials")
    by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=255, help_text="As it was called where it came from.")
    kind = models.CharField(max_length=127, blank=True, help_text="Media type, as the sender named it.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    picture = models.CharField(
        max_length=20, blank=True, help_text="Media type by its first bytes; empty: not a picture to show."
    )
    width = models.PositiveIntegerField(default=0, help_text="Of a picture, as it is shown; else 0.")
    height = models.PositiveIntegerField(default=0)
    message = models.ForeignKey(
        ChatMessage, on_delete=models.SET_NULL, null=True, blank=True, related_name="materials"
    )
    file = models.FileField(max_length=200, upload_to=material_path)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ("added_at", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("material", args=[self.session.public_id, self.public_id])
