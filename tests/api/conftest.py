"""The cast of the API: everybody of the web tests, and other systems with keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import Role, User
from accounts.sealed import seal
from accounts.sessions import HOST
from classrooms.hooks.events import tell
from classrooms.joining import VISIT, Named, Visit, make_join_link
from classrooms.keys import SCOPES, make_key
from classrooms.models import (
    ClassSession,
    Course,
    Material,
    Participant,
    Recording,
    RecordingDownload,
    Webhook,
    WebhookEvent,
)
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import NOON, MakePerson, MakeSession, Person
from tests.web.kept import kept, use_folder

MINUTE = timedelta(minutes=1)
V1 = "/api/v1/"


@dataclass
class System:
    """Another system: calls the API of one host, with a key or as whoever its browser is signed in as."""

    host: str
    browser: Client = field(default_factory=Client)
    key: str = ""
    now: datetime = NOON

    def ask(self, method: str, address: str, body: Any = None, **headers: str) -> HttpResponse:
        """`address` begins behind /api/v1/, or was answered; `body`: JSON, or a form with a file."""
        path = address if address.startswith(("/", "http")) else V1 + address
        more: dict[str, Any] = {"HTTP_HOST": self.host, "aula.now": self.now}
        if self.key:
            more["HTTP_AUTHORIZATION"] = f"Bearer {self.key}"
        more |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        if body is None:
            return self.browser.generic(method.upper(), path, **more)
        if any(hasattr(value, "read") for value in body.values()):
            return getattr(self.browser, method.lower())(path, body, **more)
        return getattr(self.browser, method.lower())(path, body, "application/json", **more)

    def get(self, address: str, **headers: str) -> HttpResponse:
        return self.ask("get", address, **headers)

    def post(self, address: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.ask("post", address, {} if body is None else body, **headers)

    def patch(self, address: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("patch", address, body, **headers)

    def delete(self, address: str, **headers: str) -> HttpResponse:
        return self.ask("delete", address, **headers)


def system(person: Person) -> System:
    """What somebody's browser may ask."""
    return System(person.host, person.browser)


MakeKey = Callable[..., System]


@pytest.fixture
def keyed() -> MakeKey:
    """A system with a key: `keyed(admin, "courses:read")`; without scopes it has all of them."""

    def make(person: Person, *scopes: str, none: bool = False, expires_at: datetime | None = None) -> System:
        with tenant_scope(person.member.tenant):
            _, key = make_key(
                member=person.member,
                name="Timetable",
                scopes=() if none else scopes or SCOPES,
                expires_at=expires_at,
                by=None,
                at=NOON,
            )
        return System(person.host, key=key)

    return make


@pytest.fixture
def portal(keyed: MakeKey, admin: Person) -> System:
    """The school's own system: acts for its admin, in everything."""
    return keyed(admin)


@pytest.fixture
def owner(person: MakePerson, tenant: Tenant) -> Person:
    return person(tenant, Role.OWNER, "Olaf Owner")


@pytest.fixture
def other_owner(person: MakePerson, other_tenant: Tenant) -> Person:
    return person(other_tenant, Role.OWNER, "Oda Otherowner")


@pytest.fixture
def operator(db: None) -> System:
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator@aula.test", "correct horse", name="Op"))
    return System("localhost", browser)


@pytest.fixture
def clerk(db: None) -> System:
    """Staff who have no permission."""
    browser = Client()
    browser.force_login(User.objects.create_user("clerk@aula.test", "correct horse", is_staff=True))
    return System("localhost", browser)


@pytest.fixture
def live(make_session: MakeSession) -> ClassSession:
    """A class that began five minutes ago."""
    return make_session(title="Mitosis", starts=-5 * MINUTE, state="live", started_at=NOON - 4 * MINUTE)


def seat(session: ClassSession, person: Person, **more: Any) -> Participant:
    """In the class since its start."""
    values = {"connection": f"c{person.member.pk}", "seen_at": NOON, "joined_at": NOON - MINUTE} | more
    with tenant_scope(session.tenant):
        return Participant.objects.create(
            session=session, membership=person.member, name=person.member.name, **values
        )


@pytest.fixture
def guest(live: ClassSession, person: MakePerson, tenant: Tenant, admin: Person) -> System:
    """Vic Visitor, whom another system sent into the live class by a join link."""
    visitor = person(tenant, Role.STUDENT, "Vic Visitor", signed_in=False)
    with tenant_scope(tenant):
        make_join_link(
            session=live, by=admin.member, person=Named(member=visitor.member), lasts=5 * MINUTE, at=NOON
        )
    seat(live, visitor)
    until = (NOON + 60 * MINUTE).timestamp()
    kept_there = visitor.browser.session
    kept_there[HOST] = visitor.host
    kept_there[VISIT] = vars(Visit(tenant.pk, visitor.member.pk, live.public_id, until))
    kept_there.save()
    visitor.browser.cookies["sessionid"] = kept_there.session_key
    return system(visitor)


@dataclass
class School:
    """All that operations are about."""

    course: Course
    session: ClassSession
    live: ClassSession
    teacher: Participant
    student: Participant
    banished: Participant
    material: Material
    recording: Recording
    binned: Recording
    running: Recording
    classmate: Person
    pupil: Person
    webhook: Webhook
    told: WebhookEvent


@pytest.fixture
def school(
    course: Course,
    session: ClassSession,
    live: ClassSession,
    make_session: MakeSession,
    teacher: Person,
    student: Person,
    classmate: Person,
    person: MakePerson,
    tenant: Tenant,
    tmp_path: Any,
    settings: Any,
) -> School:
    settings.TURN_URLS, settings.TURN_SECRETS = ["turn:turn.example.org"], ["s" * 32]
    use_folder(settings, tmp_path)
    banished = person(tenant, Role.STUDENT, "Bea Barred")
    over = make_session(title="Cells", starts=-90 * MINUTE, state="ended", started_at=NOON - 90 * MINUTE)
    recording = kept(over, teacher.member, NOON - 50 * MINUTE)
    binned = kept(over, teacher.member, NOON - 45 * MINUTE, deleted_at=NOON)
    leading, pupil = seat(live, teacher, role="teacher"), seat(live, student)
    with tenant_scope(tenant):
        course.enrolments.create(membership=banished.member)
        live.lead = leading
        live.save()
        material = Material(
            tenant=tenant,
            session=live,
            by=teacher.member,
            name="cells.pdf",
            kind="application/pdf",
            size=4,
            added_at=NOON,
        )
        material.file.save("", ContentFile(b"film"), save=False)
        material.save()
        running = Recording.objects.create(
            session=live, by=teacher.member, started_at=NOON - MINUTE, changed_at=NOON
        )
        running.tracks.create(
            name="Tom", source="camera", egress_id="EG_running", so_far="x", started_at=NOON - MINUTE
        )
        RecordingDownload.objects.filter(recording=recording).update(beat_at=NOON)
        webhook = Webhook.objects.create(
            name="Timetable", url="https://school.example.org/", sealed_secret=seal("whsec_"), created_at=NOON
        )
        told = tell([webhook], "session.started", NOON, {}, live)
    barred = seat(live, banished, connection="", barred=True, removed_at=NOON, left_at=NOON)
    return School(
        course, session, live, leading, pupil, barred, material, recording, binned,
        running, classmate, banished, webhook, told,
    )  # fmt: skip


class undone:
    """What is asked inside has never happened."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *why: Any) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


@pytest.fixture
def scoped(tenant: Tenant) -> Iterator[Tenant]:
    with tenant_scope(tenant):
        yield tenant
