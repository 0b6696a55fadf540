"""What operators, and the school itself, decide about a school, where classes have to hear of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import schools
from accounts.audit import By
from classrooms.live.actions import end_class_for_school
from classrooms.models import ClassSession
from tenants.models import Tenant
from tenants.scope import tenant_scope


@transaction.atomic
def change_school(*, tenant: Tenant, by: By, changes: dict[str, Any], at: datetime) -> None:
    """`changes` has names of tenants.actions.DECIDED. A school that is suspended has no class that is on.

    Raises ValidationError.
    """
    schools.change_school(tenant=tenant, by=by, changes=changes)
    if not tenant.is_active:
        end_classes(tenant, at)


def end_classes(tenant: Tenant, at: datetime) -> None:
    """All that are on: everybody in them is told that the class is over."""
    with tenant_scope(tenant):
        live = ClassSession.objects.filter(state=ClassSession.State.LIVE).order_by("pk")
        for pk in list(live.values_list("pk", flat=True)):
            end_class_for_school(session_id=pk, at=at)
