"""The cast of every test: the people of one school and its guest, and the outsider of another school."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.test import Client
from hypothesis import HealthCheck, settings

from accounts.models import Membership, Role, User
from accounts.sessions import HOST
from classrooms.guests import actions as guest_links
from classrooms.guests.addresses import path_of
from classrooms.models import ClassSession, Course, Enrolment
from tenants.models import Tenant
from tenants.scope import every_tenant, tenant_scope
from tests import complaints, postgres
from tests.socket.web import School, migrate

FIREFOX = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.peerconnection.ice.obfuscate_host_addresses": False,  # no names that need multicast
}
BARE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
]
# A slow machine is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday; 13:00 in Berlin


@receiver(user_logged_in)
def at_home(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """`Client.force_login` comes from no host: they are of the person's school, or the base domain."""
    if "HTTP_HOST" not in request.META:
        with every_tenant():
            member = Membership.objects.filter(user=user).select_related("tenant").first()
        request.session[HOST] = f"{member.tenant.slug}.localhost" if member else "localhost"


@dataclass
class Person:
    """Somebody with a browser: `get` and `post` are what they do on their own school's host."""

    member: Membership
    browser: Client
    now: datetime

    @property
    def host(self) -> str:
        return f"{self.member.tenant.slug}.localhost"

    def get(self, path: str, **more: Any) -> HttpResponse:
        return self.browser.get(path, **self.environment(more))

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> HttpResponse:
        return self.browser.post(path, form or {}, **self.environment(more))

    def environment(self, more: dict[str, Any]) -> dict[str, Any]:
        return {"HTTP_HOST": self.host, "aula.now": self.now} | more

    def at(self, now: datetime) -> Person:
        """The same person at another time."""
        return Person(self.member, self.browser, now)


@dataclass
class Guest(Person):
    """Somebody with a browser and no account, on a school's host."""

    slug: str = "demo"

    @property
    def host(self) -> str:
        return f"{self.slug}.localhost"

    def at(self, now: datetime) -> Guest:
        return Guest(self.member, self.browser, now, self.slug)

    def come(self, path: str, name: str = "Gwen Guest", **more: str) -> HttpResponse:
        """Open a link's door and give a name there."""
        return self.post(path, {"name": name, **more})


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Any]:
    """The one Playwright of the process: a second one cannot start beside it. Its loop stands still in this
    thread while a test runs, which may read the database then."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def bare_browser(playwright_: Any) -> Iterator[Any]:
    """Chromium for pages' own tests: no devices, no server."""
    browser = playwright_.chromium.launch(executable_path="/usr/bin/chromium", args=BARE)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(playwright_: Any) -> Iterator[Any]:
    """Firefox with a made-up camera and microphone that it may use unasked."""
    browser = playwright_.firefox.launch(
        channel="moz-firefox", executable_path="/usr/bin/firefox-esr", firefox_user_prefs=FIREFOX
    )
    yield browser
    browser.close()


listen = pytest.fixture(complaints.listening)

NewSchool = Callable[..., School]


@pytest.fixture(scope="session")
def new_school() -> Iterator[NewSchool]:
    """Make a school for processes of its own, on the kind of database that the suite runs on:
    `new_school(folder, students=3, REDIS_URL=…)`."""
    url = os.environ.get("DATABASE_URL", "")
    with ExitStack() as databases:

        @functools.cache
        def migrated() -> str:
            made = databases.enter_context(postgres.beside(url))
            migrate(made)
            return made.rpartition("/")[2]

        def make(folder: Path, students: int = 0, **environment: str) -> School:
            if not url.startswith("postgres"):
                return School(folder, students, **environment)
            own = databases.enter_context(postgres.beside(url, like=migrated()))
            return School(folder, students, migrated=True, DATABASE_URL=own, **environment)

        yield make


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture
def now() -> datetime:
    """The clock of the test. Everything that needs the time is given it."""
    return NOON


@pytest.fixture
def tenant(db: None) -> Tenant:
    return Tenant.objects.create(slug="demo", name="Northfield College", time_zone="Europe/Berlin")


@pytest.fixture
def other_tenant(db: None) -> Tenant:
    return Tenant.objects.create(slug="other", name="Southgate School", time_zone="America/New_York")


@pytest.fixture
def in_tenant(tenant: Tenant) -> Iterator[Tenant]:
    """Run the test itself inside the first school's scope (pages enter it by themselves)."""
    with tenant_scope(tenant):
        yield tenant


MakePerson = Callable[..., Person]


@pytest.fixture
def person(db: None, now: datetime) -> MakePerson:
    """Make somebody: `person(tenant, "student", "Ada Park")` is signed in on their school's host."""

    def make(tenant: Tenant, role: str, name: str, *, signed_in: bool = True) -> Person:
        email = f"{name.split()[0].lower()}@{tenant.slug}.test"
        user = User.objects.create_user(email, "correct horse", name=name)
        with tenant_scope(tenant):
            member = Membership.objects.create(tenant=tenant, user=user, role=role)
        browser = Client()
        if signed_in:
            browser.force_login(user)
        return Person(member, browser, now)

    return make


@pytest.fixture
def admin(person: MakePerson, tenant: Tenant) -> Person:
    return person(tenant, Role.ADMIN, "Ann Admin")


@pytest.fixture
def teacher(person: MakePerson, tenant: Tenant) -> Person:
    return person(tenant, Role.TEACHER, "Tom Teacher")


@pytest.fixture
def student(person: MakePerson, tenant: Tenant) -> Person:
    return person(tenant, Role.STUDENT, "Sue Student")


@pytest.fixture
def classmate(person: MakePerson, tenant: Tenant) -> Person:
    """A student of the same school who is in no course."""
    return person(tenant, Role.STUDENT, "Cal Classmate")


@pytest.fixture
def guest(tenant: Tenant, now: datetime) -> Guest:
    """Gwen, who has no account; she comes by a link."""
    return Guest(None, Client(), now)  # type: ignore[arg-type]


@pytest.fixture
def outsider(person: MakePerson, other_tenant: Tenant) -> Person:
    """The other school's teacher, who must see nothing of the first."""
    return person(other_tenant, Role.TEACHER, "Otto Outsider")


@pytest.fixture
def course(tenant: Tenant, teacher: Person, student: Person) -> Course:
    """Biology 9b: taught by the teacher, with the one student."""
    with tenant_scope(tenant):
        course = Course.objects.create(tenant=tenant, title="Biology 9b")
        for person, role in ((teacher, Enrolment.Role.TEACHER), (student, Enrolment.Role.STUDENT)):
            Enrolment.objects.create(tenant=tenant, course=course, membership=person.member, role=role)
    return course


MakeSession = Callable[..., ClassSession]


@pytest.fixture
def make_session(tenant: Tenant, course: Course, teacher: Person, now: datetime) -> MakeSession:
    """A class of the course: `make_session(starts=timedelta(hours=2))` from the test's now on."""

    def make(
        title: str = "Cell division", starts: timedelta = timedelta(hours=1), **more: Any
    ) -> ClassSession:
        begin = now + starts
        values = {
            "ends_at": begin + timedelta(minutes=45),
            "teacher": teacher.member,
            "course": course,
        } | more
        with tenant_scope(tenant):
            return ClassSession.objects.create(tenant=tenant, title=title, starts_at=begin, **values)

    return make


MakeLink = Callable[..., str]


@pytest.fixture
def make_link(teacher: Person, now: datetime) -> MakeLink:
    """A guest link into a class, made by its teacher: `make_link(session, passcode="tulip")` is its path."""

    def make(into: ClassSession, **more: Any) -> str:
        values = {
            "course": into.course,
            "session": into,
            "by": teacher.member,
            "name": "Parents",
            "expires_at": into.ends_at + timedelta(hours=1),
            "at": now,
        } | more
        with tenant_scope(into.tenant):
            path = path_of(guest_links.make_link(**values))
        assert path is not None
        return path

    return make


@pytest.fixture
def session(make_session: MakeSession) -> ClassSession:
    """A class in an hour."""
    return make_session()
