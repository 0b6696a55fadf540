"""What the media server says of a room, held against what Django knows: who should not be there is put out.

An earlier request to put somebody out may have been lost with the process that was to make it; the media
server's own word is the last occasion to notice. Rooms and people that are not ours are left alone.
"""

from __future__ import annotations

from datetime import datetime

from classrooms.live.egress import drive, running
from classrooms.live.holding import SOURCES, give, order_for, sources_of
from classrooms.live.media import STAYS, close_media_room, put_out_of_media
from classrooms.live.seats import people_of
from classrooms.models import ClassSession, Participant
from tenants.models import Tenant
from tenants.scope import tenant_scope

KNOWN = frozenset(name for names in SOURCES.values() for name in names)


def media_room_started(*, room: str, at: datetime) -> None:
    """A media room was opened: close it again if its class is over."""
    tenant, public_id = _place(room)
    if tenant is None:
        return
    with tenant_scope(tenant):
        session = _session(public_id)
        if session and session.state == ClassSession.State.ENDED:
            close_media_room(session)


def joined_media(*, room: str, identity: str, may_send: frozenset[str], at: datetime) -> None:
    """Somebody's sound and video are connected: put them out again if they are not in the class; and if they
    came with a token from before their rights changed, see to that. `may_send`: in LiveKit's names."""
    tenant, public_id = _place(room)
    if tenant is None:
        return
    with tenant_scope(tenant):
        session = _session(public_id)
        if session is None:
            return
        if session.state == ClassSession.State.ENDED:
            close_media_room(session)
            return
        person = people_of(session).filter(public_id=identity).first()
        if person and _is_gone(person, at):
            put_out_of_media(session, person)
        elif person and may_send != sources_of(session, person):
            give(order_for(session, [person]))


def media_track_published(*, room: str, identity: str, source: str) -> None:
    """There is another track: it ends if its sender may not send it, and is recorded if its class is."""
    tenant, public_id = _place(room)
    if tenant is None:
        return
    with tenant_scope(tenant):
        session = _session(public_id)
        person = people_of(session).filter(public_id=identity).first() if session else None
        if session and person and source in KNOWN and source not in sources_of(session, person):
            give(order_for(session, [person]))
        if session and running(session):
            drive.enqueue(tenant.pk, session.pk)


def _place(room: str) -> tuple[Tenant | None, str]:
    """The school and the session's public id of a room's name (design.md)."""
    slug, _, public_id = room.partition(".")
    return Tenant.objects.filter(slug=slug).first(), public_id


def _session(public_id: str) -> ClassSession | None:
    session: ClassSession | None = (
        ClassSession.objects.select_related("tenant").filter(public_id=public_id).first()
    )
    return session


def _is_gone(person: Participant, at: datetime) -> bool:
    """Was removed, or left the class longer ago than a reload takes."""
    return bool(person.removed_at) or bool(
        not person.connection and person.left_at and person.left_at + STAYS < at
    )
