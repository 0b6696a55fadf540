"""Which class a guest link leads to, and whether it does so now."""

from __future__ import annotations

from datetime import datetime, timedelta

from classrooms.guests.refusals import ClassIsOver, GuestsForbidden, LinkEnded, LinkRevoked, NoClassNow
from classrooms.models import ClassSession, Course, GuestLink

STAYS_OPEN = timedelta(
    hours=1
)  # after the planned end of its (last) class, unless the teacher says otherwise
WITHOUT_CLASSES = timedelta(days=30)  # for a course with no class ahead


def check_link(link: GuestLink, at: datetime) -> None:
    """Raises GuestsForbidden, LinkRevoked, LinkEnded."""
    if not link.tenant.guests:
        raise GuestsForbidden
    if link.revoked_at is not None:
        raise LinkRevoked
    if link.has_expired(at):
        raise LinkEnded(link.expires_at)


def class_of(link: GuestLink, at: datetime) -> ClassSession:
    """Its class; of a whole course the one that is on, or else the next. Raises NoClassNow, ClassIsOver."""
    if link.session is not None:
        if link.session.state == ClassSession.State.ENDED:
            raise ClassIsOver
        return link.session
    ahead = link.course.sessions.not_over(at).select_related("course", "teacher__user", "tenant")
    on = [each for each in ahead.order_by("starts_at") if each.state == ClassSession.State.LIVE]
    session = on[0] if on else ahead.order_by("starts_at").first()
    if session is None:
        raise NoClassNow
    return session


def usual_end(course: Course, session: ClassSession | None, at: datetime) -> datetime:
    """When a new link ends, if the teacher does not choose: an hour after the class, or the course's last."""
    if session is not None:
        return max(session.ends_at, at) + STAYS_OPEN
    last = course.sessions.not_over(at).order_by("-ends_at").first()
    return max(last.ends_at, at) + STAYS_OPEN if last else at + WITHOUT_CLASSES
