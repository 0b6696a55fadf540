"""The demo school: people, two courses, a class that is on now and some that follow. Safe to repeat."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import transaction

from accounts.models import Membership, Role, User
from classrooms.models import ClassSession, Course, Enrolment
from classrooms.times import moments
from tenants.models import Tenant
from tenants.scope import tenant_scope

SIGN_INS = (
    ("admin@demo.test", "Maya Adler", Role.ADMIN),
    ("teacher@demo.test", "Martin Ames", Role.TEACHER),
    ("student@demo.test", "Ash Summers", Role.STUDENT),
    ("birch@demo.test", "Birch Lindqvist", Role.STUDENT),
    ("cedar@demo.test", "Cedar Okafor", Role.STUDENT),
    ("elm@demo.test", "Elm Tanaka", Role.STUDENT),
    ("hazel@demo.test", "Hazel Moreau", Role.STUDENT),
    ("juniper@demo.test", "Juniper Haddad", Role.STUDENT),
)
COURSES = (
    ("Biology 9b", "Cells, tissues, and how living things grow."),
    ("Biology 10a", "Enzymes, genes and inheritance."),
)
ON_NOW = "Cell division, part 2"
COMING = (  # course, title, days from today, wall-clock time (None: hours from now), minutes
    ("Biology 10a", "Enzymes: lab review", 0, timedelta(hours=2), 45),
    ("Biology 9b", "Office hour", 0, timedelta(hours=4), 30),
    ("Biology 9b", "Cell division, part 3", 1, time(9, 0), 45),
    ("Biology 10a", "Enzymes and temperature", 1, time(13, 15), 45),
    ("Biology 9b", "Tissues under the microscope", 3, time(10, 0), 45),
    ("Biology 10a", "Genes and inheritance", 4, time(11, 30), 60),
)


@transaction.atomic
def fill(*, password: str, now: datetime) -> None:
    """Make what is missing of the demo data, give its people `password`, and see to it that a class is on."""
    demo = school("demo", "Northfield College")
    other = school("other", "Southgate School")
    with tenant_scope(other):
        person(other, "admin@other.test", "Olga Other", Role.ADMIN, password)
    operator = account("operator@aula.test", "Aula operator", password)
    User.objects.filter(pk=operator.pk).update(is_staff=True, is_superuser=True)
    with tenant_scope(demo):
        members = [person(demo, email, name, role, password) for email, name, role in SIGN_INS]
        courses = {title: course(demo, title, about, members) for title, about in COURSES}
        teacher = next(member for member in members if member.role == Role.TEACHER)
        class_on_now(courses["Biology 9b"], teacher, now)
        coming_classes(courses, teacher, now)


def school(slug: str, name: str) -> Tenant:
    values = {"name": name, "time_zone": "Europe/Berlin"}
    return Tenant.objects.get_or_create(slug=slug, defaults=values)[0]


def account(email: str, name: str, password: str) -> User:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def person(tenant: Tenant, email: str, name: str, role: str, password: str) -> Membership:
    user = account(email, name, password)
    found: Membership = Membership.objects.get_or_create(tenant=tenant, user=user, defaults={"role": role})[0]
    return found


def course(tenant: Tenant, title: str, about: str, members: list[Membership]) -> Course:
    made: Course
    made, new = Course.objects.get_or_create(tenant=tenant, title=title, defaults={"description": about})
    if new:
        for member in members:
            if not member.runs_school:
                role = Enrolment.Role.TEACHER if member.teaches else Enrolment.Role.STUDENT
                made.enrolments.create(tenant=tenant, membership=member, role=role)
    return made


def class_on_now(biology: Course, teacher: Membership, now: datetime) -> None:
    """Move the demo class to now, unless one is on. One that was held stays in the past."""
    if biology.sessions.not_over(now).filter(starts_at__lte=now).exists():
        return
    starts_at = now.replace(second=0, microsecond=0) - timedelta(minutes=5)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=45)}
    unheld = biology.sessions.filter(title=ON_NOW, state=ClassSession.State.SCHEDULED).first()
    if unheld is None:
        biology.sessions.create(tenant=biology.tenant, title=ON_NOW, teacher=teacher, **times)
    else:
        biology.sessions.filter(pk=unheld.pk).update(**times)


def coming_classes(courses: dict[str, Course], teacher: Membership, now: datetime) -> None:
    """Put each class of the plan on the calendar that is not on it in the future."""
    for course_title, title, days, when, minutes in COMING:
        found = courses[course_title]
        if found.sessions.filter(title=title, starts_at__gt=now).exists():
            continue
        starts_at = start_of(days, when, teacher, now)
        found.sessions.create(
            tenant=found.tenant,
            title=title,
            teacher=teacher,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes),
        )


def start_of(days: int, when: time | timedelta, teacher: Membership, now: datetime) -> datetime:
    """A full quarter of an hour some hours from now, or a wall-clock time some days ahead."""
    if isinstance(when, timedelta):
        later = now + when
        return later.replace(minute=later.minute // 15 * 15, second=0, microsecond=0)
    today = now.astimezone(teacher.zone).date()
    return moments(today + timedelta(days=days), when, teacher.zone)[0]
