"""One Aula on a database of its own, told what to do by lines of JSON: `bench scale` has two of them.

{"fill": [tenants, users, sessions]} → {"rows": …, "seconds": …}, with zeros where it is full already;
{"pages": "a part of their names"} → {name: questions}, of the school in the middle;
{"visit": name} → {"seconds": …, "cpu": …}.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

import django

django.setup()

from django.contrib import admin  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import Membership, User  # noqa: E402
from accounts.school_site import school as school_site  # noqa: E402
from accounts.sessions import HOST  # noqa: E402
from bench.fill import CLASSES, MINUTE, NOON, fill  # noqa: E402
from classrooms.guests.actions import make_link  # noqa: E402
from classrooms.guests.addresses import path_of  # noqa: E402
from classrooms.keys import SCOPES, make_key  # noqa: E402
from classrooms.models import Course, PersonalCalendar, feed_secret  # noqa: E402
from tenants.models import Tenant  # noqa: E402
from tenants.scope import every_tenant, tenant_scope  # noqa: E402

API = "/api/v1/"
Pages = dict[str, tuple["Visitor", str]]  # by name: who opens it, and where
NO_QUESTION = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")


class Visitor:
    """Somebody's browser at one host, or another system with a key."""

    def __init__(self, host: str, user: User | None = None, key: str = "") -> None:
        self.host = host
        self.browser, self.environment = Client(), {"HTTP_HOST": host, "aula.now": NOON}
        if key:
            self.environment["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        if user is not None:
            self.browser.force_login(user)
            session = self.browser.session
            session[HOST] = host
            session.save()

    def visit(self, path: str) -> None:
        answer = self.browser.get(path, **self.environment)
        content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code == 200, (path, answer.status_code, content[:300])


def lists(site: admin.AdminSite, urls: str) -> dict[str, str]:
    """Every list of an admin: the second page of one that has some, too."""
    names = [(model._meta.app_label, model._meta.model_name) for model in site._registry]
    return {
        f"{app}.{model}": reverse(f"admin:{app}_{model}_changelist", urls)
        for app, model in names
        if (app, model) != ("tenants", "tenant") or site is admin.site  # a school's own opens its rules
    }


def before_signing_in(stranger: Visitor) -> Pages:
    paths = ("sign-in/", "sign-in/code/", "password/", "password/sent/", "words/de.js")
    return {f"stranger: {path}": (stranger, f"/{path}") for path in paths}


def of_account(member: Visitor) -> Pages:
    paths = ("", "sessions/", "security/", "security/password/", "security/prove/", "security/prove/mail/")
    return {f"account: {path}": (member, f"/account/{path}") for path in paths}


def of_course(teacher: Visitor, course: str) -> Pages:
    paths = ("new/", *(f"{course}/{path}" for path in ("edit/", "attendance.csv", "materials/", "members/")))
    return {f"course: {path.replace(course, '…')}": (teacher, f"/courses/{path}") for path in paths}


def of_class(teacher: Visitor, over: str, ahead: str, recording: str) -> Pages:
    of_recording = (f"recordings/{recording}/{path}" for path in ("", "data/", "watched/", "watched.csv"))
    files = ("attendance/", "attendance.csv", "chat.csv", "polls.csv", *of_recording)
    found = {f"class over: {path.replace(recording, '…')}": (teacher, f"/c/{over}/{path}") for path in files}
    for path in ("edit/", "guests/", "calendar.ics"):
        found[f"class to come: {path}"] = (teacher, f"/c/{ahead}/{path}")
    return found


def of_guest(guest: Visitor, door: str, now: str) -> Pages:
    """Who has given a name at a link."""
    guest.browser.post(door, {"name": "Gwen Guest"}, **guest.environment)
    return {"guest: door": (Visitor(guest.host), door), "guest: class": (guest, f"/c/{now}/guest/")}


def pages() -> Pages:
    """Of the school in the middle."""
    school = Tenant.objects.order_by("pk")[Tenant.objects.count() // 2]
    host = f"{school.slug}.localhost"
    with tenant_scope(school):
        first = Course.objects.order_by("pk")[0]
        over, _before, live = first.sessions.order_by("pk")[:3]
        later = first.sessions.order_by("pk")[CLASSES - 1]
        owner = Membership.objects.get(role="owner")
        teacher = first.enrolments.get(role="teacher").membership
        student = first.enrolments.filter(role="student").order_by("pk")[0].membership
        feed, _ = PersonalCalendar.objects.get_or_create(
            membership=student, defaults={"secret": feed_secret()}
        )
        link = {"course": first, "session": live, "by": teacher, "name": "Bench", "at": NOON}
        door = path_of(make_link(**link, expires_at=NOON + 60 * MINUTE)) or ""
        recording = over.recordings.get().public_id
        student.user.set_password("correct horse")  # some pages are for those who have one
        student.user.save()
        _, key = make_key(member=owner, name="Bench", scopes=SCOPES, expires_at=None, by=owner, at=NOON)
    operator = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser(
        "operator@aula.test", "correct horse", name="Op"
    )
    runs, teaches, learns = (Visitor(host, each.user) for each in (owner, teacher, student))
    system, operates = Visitor(host, key=key), Visitor("localhost", operator)
    ten = ",".join(each.slug for each in Tenant.objects.order_by("pk")[:10])
    course, now, past, ahead = (each.public_id for each in (first, live, over, later))
    found = {
        "dashboard (student)": (learns, "/"),
        "dashboard (teacher)": (teaches, "/"),
        "dashboard (owner)": (runs, "/"),
        "courses": (learns, "/courses/"),
        "course": (teaches, f"/courses/{course}/"),
        "recordings": (learns, "/recordings/"),
        "recordings (owner)": (runs, "/recordings/?q=a"),
        "course people": (teaches, f"/courses/{course}/people/"),
        "course recordings": (learns, f"/courses/{course}/recordings/"),
        "course attendance": (teaches, f"/courses/{course}/attendance/"),
        "schedule form": (teaches, f"/courses/{course}/schedule/"),
        "class on now (teacher)": (teaches, f"/c/{now}/"),
        "class on now (student)": (learns, f"/c/{now}/"),
        "class over": (teaches, f"/c/{past}/"),
        "class to come": (learns, f"/c/{ahead}/"),
        "room": (learns, f"/c/{now}/room/"),
        "calendar": (learns, f"/calendar/{feed.secret}.ics"),
        "check": (learns, "/check/"),
        "keyboard": (learns, "/keyboard/"),
        "school: look": (runs, "/settings/look/"),
        "school: sign-in": (runs, "/settings/sign-in/"),
    }
    found |= before_signing_in(Visitor(host)) | of_account(learns) | of_course(teaches, course)
    found |= of_class(teaches, past, ahead, recording) | of_guest(Visitor(host), door, now)
    for name, path in lists(school_site, "aula.school_urls").items():
        found[f"school: {name}"] = (runs, path)
    found |= {
        "school: accounts.membership, searched": (runs, "/admin/accounts/membership/?q=Person"),
        "school: accounts.membership, one": (runs, f"/admin/accounts/membership/{student.pk}/change/"),
        "school: classrooms.classsession, one": (runs, f"/admin/classrooms/classsession/{later.pk}/change/"),
    }
    for name, path in lists(admin.site, "aula.urls").items():
        found[f"operators: {name}"] = (operates, path)
    found |= {
        "operators: accounts.user, one": (operates, f"/admin/accounts/user/{student.user_id}/change/"),
        "operators: accounts.membership, deleted": (
            operates,
            f"/admin/accounts/membership/{student.pk}/delete/",
        ),
        "operators: classrooms.course, one": (operates, f"/admin/classrooms/course/{first.pk}/change/"),
        "operators: classrooms.course, deleted": (operates, f"/admin/classrooms/course/{first.pk}/delete/"),
        "operators: classrooms.classsession, of a school": (
            operates,
            f"/admin/classrooms/classsession/?school={school.slug}",
        ),
        "operators: tenants.tenant, usage": (operates, f"/admin/tenants/tenant/{school.pk}/usage/"),
        "operators: tenants.tenant, deleted": (operates, f"/admin/tenants/tenant/{school.pk}/delete/"),
        "operators: tenants.tenant, ten": (operates, f"/admin/tenants/tenant/?slug__in={ten}"),
        "API: tenants, ten": (operates, f"{API}tenants/?page_size=10"),
    }
    for path in (
        "me", "users", f"users/{student.public_id}", "memberships", "courses", f"courses/{course}",
        f"courses/{course}/enrolments", "sessions", f"sessions/{now}", f"sessions/{now}/participants",
        f"sessions/{past}/attendance", f"sessions/{past}/chat", "recordings", "webhooks",
        "users/?ordering=created_at", "users/?q=person", "sessions/?state=ended",
    ):  # fmt: skip
        name = path.replace(student.public_id, "…").replace(course, "…").replace(now, "…").replace(past, "…")
        found[f"API: {name}"] = (system, API + path + ("" if "?" in path else "/"))
    return found


def questions(visitor: Visitor, path: str) -> int:
    """How often the page asks the database. Once before, for what a process keeps."""
    visitor.visit(path)
    with CaptureQueriesContext(connection) as captured:
        visitor.visit(path)
    return sum(not each["sql"].startswith(NO_QUESTION) for each in captured)


def main() -> None:
    found: Pages = {}
    for line in sys.stdin:
        answer: Any
        match json.loads(line):
            case {"fill": [tenants, users, sessions]}:
                call_command("migrate", verbosity=0)
                answer = (
                    {"rows": 0, "seconds": 0.0} if Tenant.objects.exists() else fill(tenants, users, sessions)
                )
            case {"pages": part}:
                with every_tenant():
                    found = {name: page for name, page in pages().items() if part in name}
                answer = {name: questions(*page) for name, page in found.items()}
            case {"visit": name}:
                visitor, path = found[name]
                began, spent = time.perf_counter(), time.process_time()
                visitor.visit(path)
                answer = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - spent}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main()
