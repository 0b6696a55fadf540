"""The rows of the audit log: written once by `accounts.audit`, never changed, gone only with their school.

Everything in a row is kept as it was at that moment: people and things may be renamed, or go.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.scope import TenantManager, TenantModel


class Deed(models.TextChoices):
    """What is written down."""

    PERSON_ADDED = "person_added", _("Person added")
    PERSON_CHANGED = "person_changed", _("Person changed")
    ROLE_CHANGED = "role_changed", _("Role changed")
    PERSON_DEACTIVATED = "person_deactivated", _("Person deactivated")
    PERSON_REACTIVATED = "person_reactivated", _("Person reactivated")
    PERSON_INVITED = "person_invited", _("Invitation sent")
    PEOPLE_IMPORTED = "people_imported", _("People imported")
    COURSE_ADDED = "course_added", _("Course added")
    COURSE_CHANGED = "course_changed", _("Course changed")
    ENROLLED = "enrolled", _("Enrolled")
    ENROLMENT_REMOVED = "enrolment_removed", _("Enrolment removed")
    CLASS_SCHEDULED = "class_scheduled", _("Class scheduled")
    CLASS_CHANGED = "class_changed", _("Class changed")
    CLASS_CANCELLED = "class_cancelled", _("Class cancelled")
    ATTENDANCE_SIGNED = "attendance_signed", _("Attendance signed off")
    ATTENDANCE_REOPENED = "attendance_reopened", _("Sign-off of attendance taken back")
    GUEST_LINK_MADE = "guest_link_made", _("Guest link made")
    GUEST_LINK_WITHDRAWN = "guest_link_withdrawn", _("Guest link withdrawn")
    RECORDING_DELETED = "recording_deleted", _("Recording deleted")
    RECORDING_RESTORED = "recording_restored", _("Recording restored")
    KEY_MADE = "key_made", _("API key made")
    KEY_REVOKED = "key_revoked", _("API key revoked")
    JOIN_LINK_MADE = "join_link_made", _("Link into a class made")
    WEBHOOK_MADE = "webhook_made", _("Webhook made")
    WEBHOOK_CHANGED = "webhook_changed", _("Webhook changed")
    WEBHOOK_DELETED = "webhook_deleted", _("Webhook deleted")
    WEBHOOK_TESTED = "webhook_tested", _("Webhook tested")
    WEBHOOK_REPLAYED = "webhook_replayed", _("Event told to a webhook once more")
    SIGN_IN_SET = "sign_in_set", _("The school’s own sign-in set")
    SIGN_IN_REMOVED = "sign_in_removed", _("The school’s own sign-in removed")
    IDENTITY_LINKED = "identity_linked", _("Linked to the school’s own sign-in")
    IDENTITY_UNLINKED = "identity_unlinked", _("Link to the school’s own sign-in removed")
    HOLIDAY_ADDED = "holiday_added", _("Days off added")
    HOLIDAY_REMOVED = "holiday_removed", _("Days off removed")
    LOOK_CHANGED = "look_changed", _("Look changed")
    SCHOOL_OPENED = "school_opened", _("School opened")
    SCHOOL_CHANGED = "school_changed", _("Rules of the school changed")
    SCHOOL_SUSPENDED = "school_suspended", _("School suspended")
    SCHOOL_RESUMED = "school_resumed", _("School goes on")
    SCHOOL_DELETED = "school_deleted", _("School deleted")
    ROW_ADDED = "row_added", _("Added by an operator")
    ROW_CHANGED = "row_changed", _("Changed by an operator")
    ROW_DELETED = "row_deleted", _("Deleted by an operator")
    SIGNED_IN = "operator_signed_in", _("Operator signed in")


def deeds() -> list[tuple[str, Any]]:
    """A function, so that a new deed is no change of the tables."""
    return [(each.value, each.label) for each in Deed]


class WrittenOnce(Exception):
    """Somebody tried to change the audit log: a bug."""


class EntryQuerySet(models.QuerySet[Any]):
    """Rows go with their school only: a cascade asks no query set."""

    def update(self, **fields: Any) -> NoReturn:
        raise WrittenOnce

    def delete(self) -> NoReturn:
        raise WrittenOnce

    def bulk_update(self, *rows: Any, **more: Any) -> NoReturn:
        raise WrittenOnce


class Entry(models.Model):
    """Who did what, from where, to what, and what it changed."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    who = models.CharField(_("who"), max_length=350, help_text=_("Name and email, as they were."))
    who_id = models.CharField(
        max_length=32, blank=True, help_text=_("Public id of a member; empty: operators.")
    )
    by_operator = models.BooleanField(_("by an operator"), default=False)
    address = models.GenericIPAddressField(_("from"), null=True, blank=True)
    door = models.CharField(_("through"), max_length=10, help_text=_("page, admin, api; inside: a command."))
    key = models.CharField(max_length=8, blank=True, help_text=_("The beginning of the API key."))
    deed = models.CharField(_("what"), max_length=30, choices=deeds)
    kind = models.CharField(max_length=40, blank=True, help_text=_("Of the object: person, course, …"))
    object_id = models.CharField(max_length=40, blank=True)
    object_name = models.CharField(_("on"), max_length=300, blank=True)
    changes = models.JSONField(_("changed"), default=dict, help_text=_("{name: [before, after]}"))

    class Meta:
        abstract = True
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_deed_display()}: {self.object_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise WrittenOnce
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise WrittenOnce


class AuditEntry(Entry, TenantModel):
    """Of one school, for those who run it."""

    objects: ClassVar = TenantManager.from_queryset(EntryQuerySet)()

    class Meta(Entry.Meta):
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("entries of the audit log")
        indexes = (models.Index(fields=["tenant", "-at"], name="audit_by_time"),)


class OperatorEntry(Entry):
    """What operators did: it outlives the schools it is about, which it names in words only."""

    objects: ClassVar = models.Manager.from_queryset(EntryQuerySet)()

    class Meta(Entry.Meta):
        verbose_name = _("entry of the operators' log")
        verbose_name_plural = _("entries of the operators' log")
        indexes = (models.Index(fields=["-at"], name="operators_by_time"),)
