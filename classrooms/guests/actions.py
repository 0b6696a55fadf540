"""Making and revoking guest links, and a guest's way to the door of the class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts.audit import note
from accounts.entries import Deed
from accounts.models import Membership
from classrooms.guests.addresses import hash_of, token_for
from classrooms.guests.doors import check_link, class_of
from classrooms.guests.passes import new_key
from classrooms.guests.refusals import GuestsForbidden, NotYourLinks, TooManyGuests, WrongPasscode
from classrooms.guests.tries import check_tries, count_wrong
from classrooms.live.guests import put_out_guests
from classrooms.models import ClassSession, Course, GuestLink, Participant, opaque_id
from classrooms.refusals import AlreadyStarted

MOST_GUESTS = 500  # that gave a name at one link's door of one class


def may_invite(member: Membership, course: Course, session: ClassSession | None) -> bool:
    """Whether `member` may make links into this class, or into every class of the course: who leads it, and
    into one class its co-teachers too."""
    if session is None:
        return course.led_by(member)
    return session.led_by(member) or session.participants.filter(membership=member, co_teacher=True).exists()


@transaction.atomic
def make_link(
    *,
    course: Course,
    session: ClassSession | None,
    by: Membership,
    name: str,
    expires_at: datetime,
    passcode: str = "",
    at: datetime,
) -> GuestLink:
    """A link into `session`, or into every class of `course`. Raises GuestsForbidden, NotYourLinks."""
    if not course.tenant.guests:
        raise GuestsForbidden
    if not may_invite(by, course, session):
        raise NotYourLinks
    public_id = opaque_id()
    link: GuestLink = GuestLink.objects.create(
        tenant=course.tenant,
        public_id=public_id,
        course=course,
        session=session,
        name=name,
        token_hash=hash_of(token_for(public_id, settings.SECRET_KEY)),
        passcode_hash=make_password(passcode) if passcode else "",
        expires_at=expires_at,
        by=by,
        made_at=at,
    )
    note(deed=Deed.GUEST_LINK_MADE, by=by, tenant=by.tenant, on=link, changes={"into": [None, into(link)]})
    return link


@transaction.atomic
def revoke_link(*, link: GuestLink, by: Membership, at: datetime) -> None:
    """Nobody comes in by it any more, and who did is put out. Revoked already: nothing happens.

    Raises NotYourLinks.
    """
    if not may_invite(by, link.course, link.session):
        raise NotYourLinks
    if GuestLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at):
        put_out_guests(link, at)
        changes = {"into": [into(link), None]}
        note(deed=Deed.GUEST_LINK_WITHDRAWN, by=by, tenant=by.tenant, on=link, changes=changes)


def into(link: GuestLink) -> str:
    """The class that it leads to, or the course."""
    return link.session.title if link.session else link.course.title


@transaction.atomic
def choose_waiting_room(*, session: ClassSession, by: Membership, wanted: bool | None) -> None:
    """Whether guests of this class wait to be let in; None: as its course has it. Raises NotYourLinks,
    AlreadyStarted: from then on it is chosen inside."""
    fresh = ClassSession.objects.select_for_update().get(pk=session.pk)
    if not may_invite(by, fresh.course, fresh):
        raise NotYourLinks
    if fresh.state != ClassSession.State.SCHEDULED:
        raise AlreadyStarted
    fresh.guests_wait = wanted
    fresh.save(update_fields=["guests_wait"])


@dataclass(frozen=True)
class Arrival:
    """A guest at the door of `session`, and the key for their browser, which is kept nowhere."""

    session: ClassSession
    guest: Participant
    key: str


def come_in(*, link: GuestLink, name: str, passcode: str, address: str, at: datetime) -> Arrival:
    """As far as the door of the class, under the name given there. `address`: where the request comes from.

    Raises GuestsForbidden, LinkRevoked, LinkEnded, ClassIsOver, NoClassNow, TooManyTries, WrongPasscode,
    TooManyGuests.
    """
    check_link(link, at)
    session = class_of(link, at)
    if link.has_passcode:
        check_tries(link, address)
        if not check_password(passcode, link.passcode_hash):
            count_wrong(link, address)
            raise WrongPasscode
    if Participant.objects.filter(session=session, guest_link=link).count() >= MOST_GUESTS:
        raise TooManyGuests
    key = new_key()
    guest = Participant.objects.create(
        tenant=link.tenant,
        session=session,
        guest_link=link,
        guest_key=hash_of(key),
        name=name,
        role=Participant.Role.GUEST,
    )
    return Arrival(session, guest, key)
