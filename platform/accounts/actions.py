"""Changes to a school's people. Every door (admin, API, command) comes through here.

An account is one person's for all schools; a school decides about its membership, and about an account's name
only while nobody else does.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.audit import Changes, differences, note
from accounts.entries import Deed
from accounts.mails import send_invitation
from accounts.models import Membership, Role, User
from accounts.refusals import (
    ExternalIdTaken,
    HereAlready,
    LastOwner,
    NotYourPeople,
    NotYoursAlone,
    OnlyOwners,
)
from tenants.ids import opaque_id
from tenants.models import Tenant
from tenants.scope import every_tenant

NOWHERE = (
    "people.invalid"  # RFC 2606 2: never a real host; who is known by another system's id alone is there
)


def nowhere_email() -> str:
    """For an account without an email: nothing is ever sent there."""
    return f"{opaque_id()}@{NOWHERE}"


def has_email(user: User) -> bool:
    return not user.email.endswith(f"@{NOWHERE}")


@transaction.atomic
def add_person(*, by: Membership, name: str, role: str, email: str = "", external_id: str = "") -> Membership:
    """Make somebody a member. An account with this email stays as it is, with its own name and password; a
    new one has no password: its owner chooses one by “Forgot password?”.

    Raises NotYourPeople, OnlyOwners, HereAlready, ExternalIdTaken.
    """
    check_runs(by)
    check_appoints(by, role)
    user = User.objects.filter(email__iexact=email).first() if email else None
    if user and Membership.objects.filter(user=user).exists():
        raise HereAlready
    user = user or User.objects.create_user(email or nowhere_email(), None, name=name)
    member = Membership(tenant=by.tenant, user=user, role=role)
    _know_as(member, external_id)
    note(deed=Deed.PERSON_ADDED, by=by, tenant=by.tenant, on=member, changes={"role": [None, role]})
    return member


@transaction.atomic
def invite(*, member: Membership, by: Membership) -> None:
    """Mail somebody the way in. Who has no email is told nothing, and who is not active either.

    Raises NotYourPeople.
    """
    check_runs(by)
    if has_email(member.user) and member.is_active:
        send_invitation.enqueue(tenant_id=member.tenant_id, membership_id=member.pk)
        note(deed=Deed.PERSON_INVITED, by=by, tenant=by.tenant, on=member)


@transaction.atomic
def change_person(*, member: Membership, by: Membership, name: str | None, external_id: str | None) -> None:
    """None: as it is. Raises NotYourPeople, NotYoursAlone, ExternalIdTaken."""
    check_runs(by)
    before = {"name": member.user.name, "external_id": member.external_id}
    if name is not None and name != member.user.name:
        if not is_schools_alone(member):
            raise NotYoursAlone
        member.user.name = name
        member.user.save(update_fields=["name"])
    if external_id is not None and external_id != member.external_id:
        _know_as(member, external_id)
    changes = differences(before, {"name": member.user.name, "external_id": member.external_id})
    if changes:
        note(deed=Deed.PERSON_CHANGED, by=by, tenant=by.tenant, on=member, changes=changes)


@transaction.atomic
def change_membership(*, member: Membership, by: Membership | User, role: str, is_active: bool) -> None:
    """`by`: who runs the school, or an operator. Raises NotYourPeople, OnlyOwners, LastOwner."""
    check_runs(by)
    if (role, is_active) == (member.role, member.is_active):
        return
    check_appoints(by, role)
    check_appoints(by, member.role)
    Tenant.objects.select_for_update().get(
        pk=member.tenant_id
    )  # two owners do not dismiss each other at once
    stays = role == Role.OWNER and is_active
    if not stays and is_last_owner(member):
        raise LastOwner
    before = {"role": member.role, "is_active": member.is_active}
    member.role, member.is_active = role, is_active
    if before["is_active"] and not is_active:
        member.signed_out_at = timezone.now()
    member.save(update_fields=["role", "is_active", "signed_out_at"])
    _note_place(member, by, differences(before, {"role": role, "is_active": is_active}))


def is_last_owner(member: Membership) -> bool:
    """Whether nobody else could appoint owners of the school."""
    others = Membership.objects.active().filter(tenant=member.tenant_id, role=Role.OWNER)
    return member.role == Role.OWNER and not others.exclude(pk=member.pk).exists()


def _note_place(member: Membership, by: Membership | User, changes: Changes) -> None:
    if "role" in changes:
        role = {"role": changes["role"]}
        note(deed=Deed.ROLE_CHANGED, by=by, tenant=member.tenant, on=member, changes=role)
    if "is_active" in changes:
        deed = Deed.PERSON_REACTIVATED if member.is_active else Deed.PERSON_DEACTIVATED
        note(deed=deed, by=by, tenant=member.tenant, on=member)


def check_runs(by: Membership | User) -> None:
    """Raises NotYourPeople."""
    if not (by.is_staff if isinstance(by, User) else by.runs_school):
        raise NotYourPeople


def check_appoints(by: Membership | User, role: str) -> None:
    """Raises OnlyOwners."""
    if role == Role.OWNER and isinstance(by, Membership) and by.role != Role.OWNER:
        raise OnlyOwners


def is_schools_alone(member: Membership) -> bool:
    """Whether the account is at no other school, is no operator's, and has never been signed in with."""
    with every_tenant():
        elsewhere = Membership.objects.filter(user=member.user).exclude(pk=member.pk).exists()
    return not (elsewhere or member.user.is_staff or member.user.last_login)


def _know_as(member: Membership, external_id: str) -> None:
    member.external_id = external_id
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError:
        raise ExternalIdTaken from None
