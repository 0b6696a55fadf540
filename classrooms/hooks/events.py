"""What a school's other systems can be told, and how it comes to be told: a row in the transaction of what
happened, so that nothing is told that did not happen, and nothing is lost that did."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from classrooms.models import ClassSession, Participant, Recording, Webhook, WebhookDelivery, WebhookEvent

EVENTS = {
    "session.scheduled": _("A class was put on the calendar"),
    "session.changed": _("A class has another time, title or teacher"),
    "session.cancelled": _("A class was cancelled"),
    "session.started": _("A class has begun"),
    "session.ended": _("A class is over"),
    "participant.joined": _("Somebody came into a class"),
    "participant.left": _("Somebody left a class"),
    "recording.ready": _("A recording can be watched"),
    "webhook.test": _("The test button was pressed"),
}
NAMES = [(name, name) for name in EVENTS]
OF_CLASS = {
    "class_started": "session.started",
    "class_ended": "session.ended",
    "participant_joined": "participant.joined",
    "participant_left": "participant.left",
}
"""By the class's own log (`live.log`)."""


def iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def of_class(session: ClassSession, kind: str, payload: dict[str, Any], at: datetime) -> None:
    """An event of the class's log. What nobody is told costs nothing."""
    name = OF_CLASS.get(kind)
    if name is None:
        return
    if name.startswith("session."):
        happened(name, at, partial(told_calendar, session), session)
    else:
        person = payload["participant"]
        public_id = person["id"] if isinstance(person, dict) else person
        happened(name, at, lambda: told_participant(session, public_id, payload), session)


def of_calendar(kind: str, sessions: Iterable[ClassSession], at: datetime) -> None:
    """Classes were scheduled, changed or cancelled (then before their rows go)."""
    for session in sessions:
        happened(f"session.{kind}", at, partial(told_calendar, session), session)


@transaction.atomic
def settle(recording: Recording) -> None:
    """Once nothing of it is being written any more it is ready, and that is told."""
    if recording.settle():
        session = recording.session
        told = lambda: {"session": told_session(session), "recording": told_recording(recording)}  # noqa: E731
        happened("recording.ready", timezone.now(), told, session)


def happened(
    name: str, at: datetime, data: Callable[[], dict[str, Any]], session: ClassSession | None = None
) -> WebhookEvent | None:
    """Written down for every address of the school that wants it, now or once it is turned on again. Within
    the school's scope."""
    told = Webhook.objects.filter(state__in=(Webhook.State.ON, Webhook.State.PAUSED))
    wanted = [each for each in told if wants(each, name)]
    return tell(wanted, name, at, data(), session) if wanted else None


def wants(webhook: Webhook, name: str) -> bool:
    return not webhook.wanted or name in webhook.wanted


@transaction.atomic
def tell(
    webhooks: list[Webhook], name: str, at: datetime, data: dict[str, Any], session: ClassSession | None
) -> WebhookEvent:
    told = {"type": name, "timestamp": iso(at), "data": data}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    lane = session.public_id if session else ""
    event = WebhookEvent.objects.create(type=name, at=at, body=body, session=session, lane=lane)
    for webhook in webhooks:
        WebhookDelivery.objects.create(webhook=webhook, event=event, lane=lane, due_at=at)
    return event


def told_session(session: ClassSession) -> dict[str, Any]:
    return {
        "id": session.public_id,
        "course": session.course.public_id,
        "title": session.title,
        "state": session.state,
        **{name: iso(getattr(session, name)) for name in ("starts_at", "ends_at", "started_at", "ended_at")},
    }


def told_calendar(session: ClassSession) -> dict[str, Any]:
    return {"session": told_session(session)}


def told_participant(session: ClassSession, public_id: str, payload: dict[str, Any]) -> dict[str, Any]:
    person = Participant.objects.select_related("membership").get(session=session, public_id=public_id)
    member = person.membership
    told = {
        "id": person.public_id,
        "name": person.name,
        "role": person.role,
        "user": member.public_id if member else None,
        "external_id": member.external_id if member else "",
    }
    reason = {"reason": payload["why"]} if "why" in payload else {}
    return {"session": told_session(session), "participant": told, **reason}


def told_recording(recording: Recording) -> dict[str, Any]:
    times = {name: iso(getattr(recording, name)) for name in ("started_at", "ended_at")}
    return {"id": recording.public_id, **times}
