"""How many people, and how many classes, a school may have at once: held where people come in."""

from __future__ import annotations

from datetime import datetime, timedelta

from classrooms.live.refusals import ClassFull, TooManyClasses
from classrooms.models import ClassSession, Participant
from tenants.models import Tenant

TRY_AGAIN = timedelta(seconds=10)


def check_limits(session: ClassSession, known: Participant | None, starts: bool, at: datetime) -> None:
    """Before somebody takes a seat; `known`: their participant, if there is one; `starts`: the class begins
    with them. Whoever is inside already, on another tab or connection, keeps the place.

    Raises ClassFull, TooManyClasses.
    """
    if session.tenant.people_most is None and session.tenant.classes_most is None:
        return
    school = Tenant.objects.select_for_update().get(pk=session.tenant_id)  # the last place goes to one
    if starts and school.classes_most is not None:
        on = ClassSession.objects.filter(state=ClassSession.State.LIVE).count()
        if on >= school.classes_most:
            raise TooManyClasses(school.classes_most, at + TRY_AGAIN)
    if school.people_most is None or (known and known.is_here(at)):
        return
    if Participant.objects.here(at).count() >= school.people_most:
        raise ClassFull(school.people_most, at + TRY_AGAIN)
