"""Whoever is no longer at a school is put out of what they have open there, at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actions import change_membership
from accounts.models import Membership, User
from classrooms.live.actions import expel
from classrooms.live.announce import have_look
from classrooms.live.commit import after_commit
from classrooms.live.seats import Seat
from classrooms.models import Participant


@transaction.atomic
def change_place(
    *, member: Membership, by: Membership | User, role: str, is_active: bool, at: datetime
) -> None:
    """What somebody is at the school. Who is deactivated leaves the classes they are in.

    Raises NotYourPeople, OnlyOwners, LastOwner.
    """
    was_active = member.is_active
    change_membership(member=member, by=by, role=role, is_active=is_active)
    if was_active and not is_active:
        put_out_of_classes(member, at)


def put_out_of_classes(member: Membership, at: datetime) -> None:
    for person in Participant.objects.filter(membership=member).exclude(connection=""):
        expel(seat=Seat(person.session_id, member.pk, person.connection), at=at)
        after_commit(have_look, person.connection)
