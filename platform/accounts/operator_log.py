"""What operators do in Django admin on rows of schools stands in the audit log too.

Django admin has no actions for those rows; it keeps a log of its own, which this follows. It knows names of
fields and no values, so there is no secret in it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.audit import note
from accounts.entries import Deed
from tenants.scope import TenantModel

NOTED = {(kind, deed) for kind in ("tenant", "apikey") for deed in (ADDITION, CHANGE, DELETION)}
NOTED |= {("membership", CHANGE)}  # of these actions have written it down
DEEDS = {ADDITION: Deed.ROW_ADDED, CHANGE: Deed.ROW_CHANGED, DELETION: Deed.ROW_DELETED}


@receiver(post_save, sender=LogEntry, dispatch_uid="operators-log")
def follow(instance: LogEntry, created: bool, **_: Any) -> None:
    kind = instance.content_type
    if kind is None or (kind.model, instance.action_flag) in NOTED:
        return
    row = kind.get_all_objects_for_this_type(pk=instance.object_id).first()  # a deletion is logged before it
    tenant = row.tenant if isinstance(row, TenantModel) else None
    note(
        deed=DEEDS[instance.action_flag],
        by=instance.user,
        tenant=tenant,
        on=row or instance.object_repr,
        kind=kind.model,
        changes={"fields": [None, instance.get_change_message()[:200]]},
    )
