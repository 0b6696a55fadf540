"""Links that let a named person straight into one class: another system sends its user, who need not sign in.

A link is good once and for some minutes. Whoever follows it becomes a visitor (`Visit`): their session holds
no sign-in, so that all but the pages and the socket of that one class takes them for a stranger.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions import add_person, check_appoints, check_runs
from accounts.audit import note
from accounts.entries import Deed
from accounts.models import Membership, Role
from classrooms.actions import enrol
from classrooms.models import ClassSession, Enrolment, JoinLink, PersonalCalendar
from classrooms.refusals import NotTheTeacher
from tenants.models import Tenant
from tenants.refusals import Refusal

logger = logging.getLogger(__name__)

SHORTEST, USUAL, LONGEST = timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1)
VISIT_LASTS = timedelta(hours=12)
VISIT = "visit"  # in a browser's session


class UnknownPerson(Refusal):
    code = "unknown_person"
    status = 404
    title = _("Nobody is known by that")
    text = _("Nobody at the school has this id, external id or email.")
    mend = _("Send a name too: then they are made.")


class ClassIsOver(Refusal):
    code = "ended"
    status = 410
    title = _("Class is over")
    text = _("There is no way into a class that is over.")


@dataclass(frozen=True)
class Named:
    """Whom a link is for: somebody of the school, or how another system knows them; `name`: to make them."""

    member: Membership | None = None
    external_id: str = ""
    email: str = ""
    name: str = ""


@transaction.atomic
def make_join_link(
    *, session: ClassSession, by: Membership, person: Named, lasts: timedelta, at: datetime
) -> tuple[JoinLink, str]:
    """The row, and the secret for the address, which is nowhere afterwards. Who is not in the course yet is
    enrolled as a student; who is not at the school is made a student of it.

    Whoever follows it is that person in the class, so only those who run the school make links for others,
    and only owners for owners. Raises NotTheTeacher, ClassIsOver, NotYourPeople, OnlyOwners, UnknownPerson,
    and what making somebody raises (accounts.actions).
    """
    if not session.led_by(by):
        raise NotTheTeacher
    if session.state == ClassSession.State.ENDED:
        raise ClassIsOver
    found = _find(person)
    if found != by:
        check_runs(by)
    member = found or _make(person, by)
    check_appoints(by, member.role)
    if not ClassSession.objects.visible_to(member).filter(pk=session.pk).exists():
        enrol(course=session.course, by=by, members=[member], role=Enrolment.Role.STUDENT, at=at)
    secret = secrets.token_urlsafe(32)
    link = JoinLink(
        tenant=session.tenant,
        digest=sha256(secret.encode()).hexdigest(),
        session=session,
        member=member,
        by=by,
        made_at=at,
        expires_at=at + lasts,
    )
    link.save()
    note(
        deed=Deed.JOIN_LINK_MADE,
        by=by,
        tenant=session.tenant,
        on=member,
        changes={"session": [None, session.title]},
    )
    facts = {"tenant": session.tenant.slug, "session": session.public_id, "member": member.pk, "by": by.pk}
    logger.info("A join link was made", extra={"facts": facts})
    return link, secret


def _find(person: Named) -> Membership | None:
    if person.member is not None:
        return person.member
    members = Membership.objects.active().select_related("user")
    found: Membership | None = None
    if person.external_id:
        found = members.filter(external_id=person.external_id).first()
    if found is None and person.email:
        found = members.filter(user__email__iexact=person.email).first()
    return found


def _make(person: Named, by: Membership) -> Membership:
    """Without an email they are told nothing by mail."""
    if not person.name:
        raise UnknownPerson
    member = add_person(
        by=by, name=person.name, role=Role.STUDENT, email=person.email, external_id=person.external_id
    )
    if not person.email:
        PersonalCalendar.objects.create(tenant=member.tenant, membership=member, mails=False)
    return member


@dataclass(frozen=True)
class Visit:
    """What a visitor's session holds; keys of rows, and the class's public id."""

    tenant: int
    member: int
    session: str
    until: float

    @classmethod
    def read(cls, kept: Any) -> Visit | None:
        try:
            return cls(**kept)
        except TypeError:
            return None

    def opens(self, tenant: Tenant | None, session_public_id: str | None, at: datetime) -> bool:
        """Whether it is for this class of this school, and not too old."""
        return (
            tenant is not None
            and self.tenant == tenant.pk
            and self.session == session_public_id
            and at.timestamp() < self.until
        )


def use_join_link(*, secret: str, at: datetime) -> JoinLink | None:
    """The link, used up by this; None alike for one that is unknown, used, old, or whose person is gone."""
    digest = sha256(secret.encode()).hexdigest()
    good = JoinLink.objects.filter(
        digest=digest,
        used_at=None,
        expires_at__gt=at,
        member__is_active=True,
        member__user__is_active=True,
    )
    if not good.update(used_at=at):
        return None
    found: JoinLink | None = (
        JoinLink.objects.select_related("member__user", "session").filter(digest=digest).first()
    )
    return found


def visitor(
    kept: Any, *, tenant: Tenant | None, session_public_id: str | None, at: datetime
) -> Membership | None:
    """Whoever may be in this class by a link, from what their session holds; nobody for everything else."""
    visit = Visit.read(kept) if kept else None
    if visit is None or not visit.opens(tenant, session_public_id, at):
        return None
    members = Membership.objects.active().select_related("user", "tenant")
    found: Membership | None = members.filter(pk=visit.member).first()
    return found
