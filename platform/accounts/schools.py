"""Schools as operators open them, and their rules as operators or the school itself decide them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.audit import By, differences, note
from accounts.entries import Deed
from accounts.mails import send_invitation
from accounts.models import Membership, Role, User
from tenants import actions
from tenants.models import Tenant
from tenants.scope import tenant_scope


@transaction.atomic
def open_school(*, by: User | None, slug: str, name: str, time_zone: str) -> Tenant:
    """A school with nobody in it yet. Raises AddressTaken, ValidationError."""
    tenant = actions.open_school(slug=slug, name=name, time_zone=time_zone)
    note(deed=Deed.SCHOOL_OPENED, by=by, tenant=tenant, on=tenant)
    return tenant


@transaction.atomic
def appoint_first_owner(*, tenant: Tenant, by: User | None, name: str, email: str) -> Membership:
    """Who runs the school from now on, and is told so by mail. An account with this email stays as it is."""
    user = User.objects.filter(email__iexact=email).first()
    user = user or User.objects.create_user(email, None, name=name)
    with tenant_scope(tenant):
        member = Membership(tenant=tenant, user=user, role=Role.OWNER)
        member.save()
    note(deed=Deed.PERSON_ADDED, by=by, tenant=tenant, on=member, changes={"role": [None, Role.OWNER.value]})
    note(deed=Deed.PERSON_INVITED, by=by, tenant=tenant, on=member)
    send_invitation.enqueue(tenant_id=tenant.pk, membership_id=member.pk)
    return member


@transaction.atomic
def change_school(*, tenant: Tenant, by: By, changes: dict[str, Any]) -> None:
    """`changes` has names of tenants.actions.BY_OPERATORS. Raises ValidationError."""
    before = {name: getattr(tenant, name) for name in changes}
    actions.change_school(tenant=tenant, changes=changes)
    changed = differences(before, changes)
    place = changed.pop("is_active", None)
    if place:
        deed = Deed.SCHOOL_RESUMED if tenant.is_active else Deed.SCHOOL_SUSPENDED
        note(deed=deed, by=by, tenant=tenant, on=tenant)
    if changed:
        note(deed=Deed.SCHOOL_CHANGED, by=by, tenant=tenant, on=tenant, changes=changed)
