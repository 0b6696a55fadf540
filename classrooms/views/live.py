"""One class: its page before, during and after, and its room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse

from accounts.models import Membership
from accounts.requests import MemberRequest, member_required
from classrooms.attended.sheet import came_to, drawn, enrolled
from classrooms.attended.signing import signing_told
from classrooms.chat import chat_of
from classrooms.effects import effects_told, runs_wasm
from classrooms.guests.actions import may_invite
from classrooms.guests.shown import Shown, shown_links
from classrooms.hands import hands_of
from classrooms.live.recording import is_recorded
from classrooms.materials import Adding
from classrooms.models import ClassSession, Course, Enrolment, Participant
from classrooms.polls import own_answers, results_of
from classrooms.programs import REFUSED_KINDS
from classrooms.recorded.shelf import shelf
from classrooms.reminders import was_reminded
from classrooms.repeating.words import words_of
from classrooms.reports import readiness
from classrooms.storage import stored
from tenants.look import look_of
from tenants.models import Tenant

MOST_SHOWN = 300  # messages of the chat on the class's page; all of them are in what is saved


def visible_session(request: MemberRequest, public_id: str, **also: Any) -> ClassSession:
    """The class, or 404 for an unknown one, another school's, and one this person may not see. `also`: what
    is read with it."""
    found = (
        ClassSession.objects.visible_to(request.membership)
        .distinct()
        .select_related("course", "teacher__user", "series")
        .annotate(**also)
    )
    return get_object_or_404(found, public_id=public_id)


def own_place(member: Membership) -> dict[str, Any]:
    """What a person is to a class: in its course, a teacher of it, removed with no way back."""
    place = Enrolment.objects.filter(course=OuterRef("course"), membership=member)
    removed = Participant.objects.filter(session=OuterRef("pk"), membership=member, barred=True)
    return {
        "is_enrolled": Exists(place),
        "is_taught": Exists(place.filter(role=Enrolment.Role.TEACHER)),
        "is_shut": Exists(removed),
    }


def in_course(request: MemberRequest, session: ClassSession) -> bool:
    """Whether this person may open the course: visitors of a class open to the school may not."""
    return Course.objects.visible_to(request.membership).filter(pk=session.course_id).exists()


def is_barred(session: ClassSession, member: Membership) -> bool:
    """Whether a teacher removed this person with no way back."""
    return session.participants.filter(membership=member, barred=True).exists()


@member_required
def class_page(request: MemberRequest, public_id: str) -> HttpResponse:
    member = request.membership
    session: Any = visible_session(request, public_id, **own_place(member))
    leads = session.led_by(member, teaches_course=session.is_taught)
    people = None if session.state == ClassSession.State.SCHEDULED else came_to([session])
    kept = shelf(session, leads=leads, now=request.now)
    school, mine = request.tenant.zone, member.zone
    differs = (
        session.starts_at.astimezone(school).utcoffset() != session.starts_at.astimezone(mine).utcoffset()
    )
    words = {
        "session": session,
        "leads": leads,
        "opens_at": session.opens_for(leads=leads),
        "now": request.now,
        "school_zone": request.tenant.time_zone if differs else "",
        "here": [each for each in people or () if each.is_here(request.now)],
        "address": request.build_absolute_uri(session.get_absolute_url()),
        "repeats": repeats(session, request.now),
        "may_open_course": member.runs_school or session.is_enrolled,
        "readiness": readiness(session) if leads and session.state != ClassSession.State.ENDED else None,
        "was_reminded": leads and was_reminded(session),
        "recorded": is_recorded(session, is_on=kept.is_on),
        "barred": session.is_shut,
        "storage": stored(request.tenant) if leads and request.tenant.storage_most_bytes else None,
        "shelf": kept,
        "chat": chat_of(session, member, MOST_SHOWN),
        "most_shown": MOST_SHOWN,
        "polls": results_of(session) if leads else [],
        "own_answers": [] if leads else own_answers(session, member),
        "member": member,
        "materials": list(session.materials.select_related("by__user", "session")),
        "adding": None if session.is_shut else Adding(session),
        **invited(request, session, people, leads=leads),
        "section": "courses",
    }
    if people is not None:
        attendance = drawn(session, enrolled(session.course_id), people, request.now)
        words |= {"sheet": attendance, "own": attendance.of(member)}
        if leads and session.state == ClassSession.State.ENDED:
            words |= {"hands": hands_of(session, people), **signing_told(attendance)}
    return render(request, "classrooms/class.html", words)


def invited(
    request: MemberRequest, session: ClassSession, people: list[Participant] | None, *, leads: bool
) -> dict[str, Any]:
    """The guest links of a class, for who may make them while the school takes guests."""
    ahead = session.state != ClassSession.State.ENDED and request.tenant.guests
    invites = ahead and (leads or may_invite(request.membership, session.course, session))
    links: list[Shown] = shown_links(request, session, people) if invites else []
    return {"invites": invites, "guest_links": links}


def repeats(session: ClassSession, now: datetime) -> str:
    """The part of a series that the class is in, read back; nothing for a class by itself."""
    if session.series is None:
        return ""
    return words_of(session.series, list(session.series.sessions.all()), now)


@runs_wasm
@member_required
def room(request: MemberRequest, public_id: str) -> HttpResponse:
    """The room, pre-join included. A class that is over has none any more."""
    session = visible_session(request, public_id)
    if session.state == ClassSession.State.ENDED:
        return redirect(session)
    return render(
        request, "classrooms/room.html", {"session": session, "room_data": room_data(request, session)}
    )


def school_told(tenant: Tenant) -> dict[str, Any]:
    return {
        "name": tenant.name,
        "initial": tenant.initial,
        "logo": look_of(tenant).logo_told,
        "contact": tenant.contact,
    }


def next_told(request: MemberRequest, session: ClassSession) -> dict[str, Any] | None:
    """The class of the same course that this person has after this one."""
    visible = session.course.sessions.visible_to(request.membership)
    after = visible.filter(state=ClassSession.State.SCHEDULED, starts_at__gt=session.starts_at)
    found: ClassSession | None = after.order_by("starts_at").first()
    if found is None:
        return None
    return {"title": found.title, "startsAt": found.starts_at.isoformat(), "url": found.get_absolute_url()}


def room_data(request: MemberRequest, session: ClassSession) -> dict[str, Any]:
    """What the room's scripts are told once (json_script `room-data`)."""
    member = request.membership
    return {
        "session": {
            "id": session.public_id,
            "title": session.title,
            "course": session.course.title,
            "startsAt": session.starts_at.isoformat(),
            "endsAt": session.ends_at.isoformat(),
            "state": session.state,
        },
        "you": {
            "name": member.name,
            "role": "teacher" if session.led_by(member) else "student",
            "hue": member.hue,
            "barred": is_barred(session, member),
        },
        "school": school_told(request.tenant),
        "recorded": is_recorded(session),
        "next": next_told(request, session),
        "timeZone": str(member.zone),
        "csrf": get_token(request),
        "effects": effects_told(),
        "files": {"most": settings.MATERIAL_MOST_BYTES, "refused": REFUSED_KINDS},
        "socket": f"/ws/sessions/{session.public_id}/",
        "urls": {
            "class": session.get_absolute_url(),
            "course": session.course.get_absolute_url()
            if in_course(request, session)
            else reverse("dashboard"),
            "dashboard": reverse("dashboard"),
            "recording": reverse("recording-now", args=[session.public_id]),
            "recordings": f"{reverse('api-recordings')}?session={session.public_id}",
            "probe": reverse("check-begin"),
            "check": reverse("check"),
            "trouble": reverse("trouble", args=[session.public_id]),
            "materials": reverse("api-materials", args=[session.public_id]),
            "guests": reverse("guests", args=[session.public_id]) if request.tenant.guests else None,
            "fileWorker": static("js/files/worker.js"),
        },
    }
