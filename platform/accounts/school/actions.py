"""Changes to a school's own sign-in, and to who is known by it."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.audit import differences, note
from accounts.entries import Deed
from accounts.models import Identity, IdentityProvider, Membership, Role, User
from accounts.school.refusals import KnownAsAnother, NotYourSignIn
from accounts.sealed import seal
from tenants.ids import opaque_id

logger = logging.getLogger(__name__)

SHOWN = ("name", "issuer", "client_id", "welcomes")  # of its settings, in the audit log


def check_runs(by: Membership) -> None:
    """Raises NotYourSignIn."""
    if not by.runs_school:
        raise NotYourSignIn


@transaction.atomic
def configure(
    *, by: Membership, name: str, issuer: str, client_id: str, secret: str, welcomes: bool
) -> IdentityProvider:
    """`secret` "": as it is. Another issuer has other people under the same subjects: who was known by the
    former one is not known any more.

    Raises NotYourSignIn, ValueError where there is no secret yet.
    """
    check_runs(by)
    row: IdentityProvider | None = IdentityProvider.objects.select_for_update().first()
    row = row or IdentityProvider(tenant=by.tenant)
    before = {each: getattr(row, each) for each in SHOWN}
    if not secret and not row.secret:
        raise ValueError("no secret")
    if row.pk and row.issuer != issuer:
        row.identities.all().delete()
        row.public_id = opaque_id()
    row.name, row.issuer, row.client_id, row.welcomes = name, issuer, client_id, welcomes
    if secret:
        row.secret = seal(secret)
    row.save()
    changes = differences(before, {each: getattr(row, each) for each in SHOWN})
    changes |= {"secret": ["", ""]} if secret else {}
    note(deed=Deed.SIGN_IN_SET, by=by, tenant=by.tenant, on=row, changes=changes)
    facts = {"tenant": by.tenant.slug, "by": by.pk, "issuer": issuer, "welcomes": welcomes}
    logger.info("The school's own sign-in was set", extra={"facts": facts})
    return row


@transaction.atomic
def remove(*, by: Membership) -> None:
    """With who was known by it; their accounts stay. Raises NotYourSignIn."""
    check_runs(by)
    for row in IdentityProvider.objects.all():
        note(deed=Deed.SIGN_IN_REMOVED, by=by, tenant=by.tenant, on=row)
        row.delete()
    facts = {"tenant": by.tenant.slug, "by": by.pk}
    logger.info("The school's own sign-in was removed", extra={"facts": facts})


def link(*, provider: IdentityProvider, subject: str, member: Membership, at: datetime) -> Identity:
    """Somebody who has proved to be this member is known by this subject from now on. A former one of theirs
    goes. Raises KnownAsAnother."""
    try:
        with transaction.atomic():
            provider.identities.filter(membership=member).delete()
            row: Identity = Identity.objects.create(
                tenant=provider.tenant, provider=provider, subject=subject, membership=member, linked_at=at
            )
            note(deed=Deed.IDENTITY_LINKED, by=member, tenant=member.tenant, on=member)
    except IntegrityError:
        raise KnownAsAnother from None
    facts = {"tenant": provider.tenant.slug, "member": member.pk}
    logger.info("A school's own sign-in was linked", extra={"facts": facts})
    return row


@transaction.atomic
def unlink(*, member: Membership) -> None:
    number, _ = Identity.objects.filter(membership=member).delete()
    if number:
        note(deed=Deed.IDENTITY_UNLINKED, by=member, tenant=member.tenant, on=member)


@transaction.atomic
def welcome(*, provider: IdentityProvider, subject: str, email: str, name: str, at: datetime) -> Membership:
    """Make a student, with a new account, of somebody whom nobody has an account for."""
    user = User.objects.create_user(email, None, name=name[:80])
    member = _enter(provider, user)
    link(provider=provider, subject=subject, member=member, at=at)
    return member


@transaction.atomic
def admit(*, provider: IdentityProvider, user: User) -> Membership | None:
    """Make a student of somebody who has an account elsewhere, and has proved that it is theirs. None for who
    is at the school already: whom it has shut out stays out."""
    if not provider.welcomes or Membership.objects.filter(user=user).exists():
        return None
    return _enter(provider, user)


def _enter(provider: IdentityProvider, user: User) -> Membership:
    member: Membership = Membership.objects.create(tenant=provider.tenant, user=user, role=Role.STUDENT)
    changes = {"role": [None, Role.STUDENT.value]}
    note(deed=Deed.PERSON_ADDED, by=None, tenant=provider.tenant, on=member, changes=changes)
    return member
