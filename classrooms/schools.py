"""What operators, and the school itself, decide about a school, where classes have to hear of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import schools
from accounts.audit import By
from classrooms.live.actions import end_class_for_school
from classrooms.models import ClassSession, SchoolDeletion
from tenants.models import Tenant
from tenants.refusals import Refusal
from tenants.scope import tenant_scope


class BeingDeleted(Refusal):
    code = "being_deleted"
    status = 409
    title = _("This school is being deleted")
    text = _("A part of it is gone already: it cannot go on.")


@transaction.atomic
def change_school(*, tenant: Tenant, by: By, changes: dict[str, Any], at: datetime) -> None:
    """`changes` has names of tenants.actions.BY_OPERATORS. A school that is suspended has no class on.

    Raises ValidationError, BeingDeleted.
    """
    if changes.get("is_active") and SchoolDeletion.objects.filter(school=tenant.pk).exists():
        raise BeingDeleted
    schools.change_school(tenant=tenant, by=by, changes=changes)
    if not tenant.is_active:
        end_classes(tenant, at)


def end_classes(tenant: Tenant, at: datetime) -> None:
    """All that are on: everybody in them is told that the class is over."""
    with tenant_scope(tenant):
        live = ClassSession.objects.filter(state=ClassSession.State.LIVE).order_by("pk")
        for pk in list(live.values_list("pk", flat=True)):
            end_class_for_school(session_id=pk, at=at)
