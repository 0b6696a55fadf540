"""More rows of every kind in a school that has one of each: what a page asks must not grow with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.entries import AuditEntry, Deed, OperatorEntry
from accounts.models import Membership, Role, SignIn, User
from classrooms.hooks.events import tell
from classrooms.keys import SCOPES, make_key
from classrooms.models import (
    AttendanceSegment,
    ChatMessage,
    ChatReaction,
    ClassSession,
    ConnectionReport,
    Course,
    GuestLink,
    Material,
    Participant,
    PersonalCalendar,
    Poll,
    PollVote,
    RecordingView,
    SchoolDeletion,
    Series,
    Webhook,
)
from tenants.models import Domain, Tenant
from tenants.scope import tenant_scope
from tests.access.schools import MINUTE, School
from tests.conftest import NOON
from tests.web.kept import kept
from turncreds.models import RelayCount

DAY = timedelta(days=1)


def add_many(school: School, numbers: range) -> None:
    """One more of everything for each of `numbers`, hung on what the pages of the school's own rows show."""
    with tenant_scope(school.tenant):
        Tenant.objects.filter(pk=school.tenant.pk).update(storage_most_bytes=1)  # so that pages tell of it
        ClassSession.objects.filter(pk=school.live.pk).update(series=school.series)
        for n in numbers:
            member = _person(school, n)
            _taught(school, member, n)
            _in_class(school, member, n)
            _recorded(school, member, n)
            _told(school, member, n)
    for n in numbers:
        _school(school, n)


def _person(school: School, n: int) -> Membership:
    user = User.objects.create(email=f"more{n}.{school.mark}@x.test", name=f"More {n} {school.mark}")
    member: Membership = Membership.objects.create(user=user, role=Role.STUDENT)
    school.course.enrolments.create(membership=member, role="student", added_at=NOON - DAY)
    for owner in (user, school.member("owner").user, school.member("student").user):
        key = f"{owner.pk}-{n}-{school.mark}"
        SignIn.objects.create(user=owner, session_key=key, host=school.host, at=NOON, seen_at=NOON)
    PersonalCalendar.objects.create(membership=member)
    report: dict[str, Any] = {"membership": member, "verdict": "bad", "at": NOON}
    ConnectionReport.objects.create(kind="check", **report)
    ConnectionReport.objects.create(kind="trouble", session=school.live, **report)
    return member


def _taught(school: School, member: Membership, n: int) -> None:
    teacher, course = school.member("teacher"), school.course
    other = Course.objects.create(title=f"Course {n}")
    for who, role in ((teacher, "teacher"), (member, "student"), (school.member("student"), "student")):
        other.enrolments.create(membership=who, role=role)
    day = (NOON + (3 + 7 * n) * DAY).date()
    Series.objects.create(
        course=course, zone_name="Europe/Berlin", weekdays=[day.weekday()], starts_on=day,
        clock=NOON.time(), minutes=45, count=1,
    )  # fmt: skip
    times = {  # of one course and of others: today, later, in the series, over
        "today": NOON + (180 + n) * MINUTE,
        "of_series": NOON + 4 * DAY + n * MINUTE,
        "over": NOON - 2 * DAY - n * MINUTE,
        "live": NOON - 2 * MINUTE,
    }
    for name, begin in times.items():
        more: dict[str, Any] = {"series": school.series} if name == "of_series" else {}
        if name == "live":
            more = {"state": "live", "started_at": begin}
        if name == "over":
            more = {"state": "ended", "started_at": begin, "ended_at": begin + 40 * MINUTE}
        session = ClassSession.objects.create(
            title=f"{name} {n}", course=other if name == "live" else course, teacher=teacher,
            starts_at=begin, ends_at=begin + 45 * MINUTE, slot=day + DAY if "series" in more else None,
            **more,
        )  # fmt: skip
        if name in ("over", "live"):
            _seat(session, member)


def _seat(session: ClassSession, member: Membership | None = None, **more: Any) -> Participant:
    here = {"connection": f"x{session.pk}", "seen_at": NOON, "joined_at": NOON - MINUTE}
    name = member.name if member else "Guest"
    seat = Participant.objects.create(session=session, membership=member, name=name, **here | more)
    AttendanceSegment.objects.create(participant=seat, began_at=NOON - MINUTE)
    return seat


def _in_class(school: School, member: Membership, n: int) -> None:
    live, over, pupil = school.live, school.over, school.student_here
    by = school.member("teacher")
    link = GuestLink.objects.create(
        course=school.course, session=live, name=f"Link {n}", token_hash=f"{school.mark}{n}",
        expires_at=NOON + DAY, by=by, made_at=NOON,
    )  # fmt: skip
    _seat(live, guest_link=link, guest_key=f"{school.mark}{n}", role="guest")
    for session, first in ((live, 100), (over, 100)):
        seat = _seat(session, member)
        said: dict[str, Any] = {"session": session, "said_at": NOON}
        before = ChatMessage.objects.filter(session=session).last()
        message = ChatMessage.objects.create(
            number=first + n, by=seat, key=f"m{n}", text="Hello", reply_to=before, **said
        )
        ChatMessage.objects.create(number=500 + n, by=seat, to=seat, key=f"p{n}", text="Alone", **said)
        for who in (seat, pupil):
            ChatReaction.objects.create(message=message, by=who, emoji="👍")
        for owner in (by, member):
            Material.objects.create(
                session=session, by=owner, message=message, name=f"{n}.png", kind="image/png",
                picture="image/png", width=1, height=1, size=4, added_at=NOON, file=f"demo/{n}",
            )  # fmt: skip
        poll = Poll.objects.create(
            session=session, number=900 + n, by=seat, key=f"q{n}", question="Why?", choices=["a", "b"],
            asked_at=NOON, counted_at=NOON, ended_at=NOON, by_name=True, counts=[2, 0], voters=2,
        )  # fmt: skip
        for voter in (seat, pupil):
            PollVote.objects.create(poll=poll, by=voter, chosen=[0])


def _recorded(school: School, member: Membership, n: int) -> None:
    teacher = school.member("teacher")
    for recording in (school.recording, kept(school.over, teacher, NOON - (80 + n) * MINUTE)):
        recording.marks.create(kind="chapter", by=teacher, at=NOON - 76 * MINUTE, title=f"Chapter {n}")
        recording.marks.create(kind="lost", by=member, at=NOON - 76 * MINUTE)
        recording.captions.create(language=f"de-{n:04}", text="WEBVTT\n", added_at=NOON, by=teacher)
        RecordingView.objects.create(
            recording=recording, membership=member, first_at=NOON, last_at=NOON, seen=[[0, 5]]
        )
        recording.tracks.create(
            name=f"Track {n}", source="camera", egress_id=f"EG_{school.mark}{recording.pk}-{n}",
            state="ready", started_at=NOON - 76 * MINUTE, ended_at=NOON - 75 * MINUTE, kind="video/webm",
            size=4, file=f"demo/{n}", participant=recording.session.participants.first(),
        )  # fmt: skip
    kept(school.over, teacher, NOON - (200 + n) * MINUTE, deleted_at=NOON)


def _told(school: School, member: Membership, n: int) -> None:
    make_key(member=school.member("admin"), name=f"Key {n}", scopes=SCOPES, expires_at=None, by=None, at=NOON)
    webhook = Webhook.objects.create(name=f"Hook {n}", url="https://x.test/", created_at=NOON)
    tell([webhook, school.webhook], "session.started", NOON, {"n": n}, school.live)
    AuditEntry.objects.create(who=member.name, deed=Deed.PERSON_ADDED, door="page", object_name="somebody")
    RelayCount.objects.create(day=(NOON - (n + 1) * DAY).date())


def _school(school: School, n: int) -> None:
    tenant = Tenant.objects.create(slug=f"more{n}-{school.mark}", name=f"More {n}")
    for owner in (tenant, school.tenant):
        Domain.objects.create(tenant=owner, host=f"{owner.slug}-{n}.test")
    with tenant_scope(tenant):
        member = Membership.objects.create(user=school.member("student").user, role=Role.STUDENT)
        Course.objects.create(title=f"Theirs {n}").enrolments.create(membership=member)
        AuditEntry.objects.create(who="Op", deed=Deed.PERSON_ADDED, door="page")
    OperatorEntry.objects.create(who="Op", deed=Deed.SCHOOL_OPENED, door="admin")
    SchoolDeletion.objects.create(
        school=10**7 + tenant.pk, slug=tenant.slug, name=tenant.name, by="Op", asked_at=timezone.now()
    )
