"""Pages that no address shows by itself: half-way in, refused, over, empty, broken."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client, RequestFactory

from aula.errors import server_fault
from classrooms.models import Course, Enrolment, GuestLink
from tenants.scope import tenant_scope
from tests.access.schools import MINUTE, Asker, School
from tests.access.walk import content_of, file
from tests.conftest import NOON

Shown = tuple[Asker, HttpResponse]
SECURITY, IMPORT = "/account/security/", "/admin/accounts/membership/import/"
PASSWORD = "correct horse"
PEOPLE = "name,email,role\nAda Park,ada@demo.test,student\n"
WITH_FAULTS = PEOPLE + "Nobody,not an address,student\nNia New,nia@demo.test,wizard\n"


def got(asker: Asker, path: str, form: Any = None, **more: Any) -> Shown:
    """What is answered at `path`; a `form` is sent there."""
    answer = asker.ask("GET" if form is None else "POST", path, form, **more)
    answer.told = content_of(answer)
    return asker, answer


def at(who: str, path: str) -> Callable[[School], Shown]:
    return lambda school: got(school.people[who], path)


def of(who: str, row: str) -> Callable[[School], Shown]:
    return lambda school: got(school.people[who], school.rows[row].get_absolute_url())


# ── on the way in ────────────────────────────────────────────────────────────


def proved(school: School) -> Asker:
    asker = school.people["teacher"]  # who has no app yet
    got(asker, f"{SECURITY}prove/", {"password": PASSWORD})
    return asker


def guarded(school: School) -> Asker:
    """With an app for codes."""
    asker = proved(school)
    secret = got(asker, f"{SECURITY}app/")[1].context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    got(asker, f"{SECURITY}app/", {"code": code})
    return asker


def half_in(school: School) -> Shown:
    member = guarded(school).member
    asker = Asker(school.host)
    got(asker, "/sign-in/", {"username": member.user.email, "password": PASSWORD})  # type: ignore[union-attr]
    return got(asker, "/sign-in/second/")


def code_by_mail(school: School) -> Shown:
    asker = Asker(school.host)
    got(asker, "/sign-in/code/", {"email": school.member("student").user.email})
    return got(asker, "/sign-in/code/enter/")


def own_passkey(school: School) -> Shown:
    asker = proved(school)
    data = {"name": "Laptop", "credential": {}}
    key = Authenticator.objects.create(user=school.member("student").user, type="webauthn", data=data)
    return got(asker, f"{SECURITY}passkeys/{key.pk}/remove/")


def too_often(school: School) -> Shown:
    for _ in range(50):
        shown = got(Asker(school.host), "/sign-in/code/", {"email": school.member("student").user.email})
        if shown[1].status_code == 429:
            break
    return shown


# ── refused ──────────────────────────────────────────────────────────────────


def guests_link(school: School, **change: Any) -> Shown:
    with tenant_scope(school.tenant):
        GuestLink.objects.filter(pk=school.link.pk).update(**change)
    return got(Asker(school.host), f"/join/{school.secrets['link']}/")


def closed(school: School) -> Shown:
    school.tenant.is_active = False
    school.tenant.save()
    return got(Asker(school.host), "/", HTTP_ACCEPT="text/html")


def forged(school: School) -> Shown:
    return got(Asker(school.host, Client(enforce_csrf_checks=True)), "/password/", {"email": "a@demo.test"})


def broken(school: School) -> Shown:
    answer = server_fault(RequestFactory().get("/"))
    answer.request, answer.told = {"PATH_INFO": "/", "REQUEST_METHOD": "GET"}, answer.content  # type: ignore[attr-defined]
    return Asker(school.host), answer


# ── empty ────────────────────────────────────────────────────────────────────


def empty_course(school: School) -> Shown:
    with tenant_scope(school.tenant):
        course = Course.objects.create(title="Latin")
        course.enrolments.create(membership=school.member("teacher"), role=Enrolment.Role.TEACHER)
    return got(school.people["teacher"], f"/courses/{course.public_id}/")


def imported(text: str) -> Callable[[School], Shown]:
    return lambda school: got(school.people["admin"], IMPORT, {"file": file("people.csv", text.encode())})


STATES: dict[str, Callable[[School], Shown]] = {
    "an app for codes": lambda school: got(proved(school), f"{SECURITY}app/"),
    "recovery codes": lambda school: got(guarded(school), f"{SECURITY}recovery/"),
    "new recovery codes": lambda school: got(guarded(school), f"{SECURITY}recovery/new/"),
    "without the app": lambda school: got(guarded(school), f"{SECURITY}app/remove/"),
    "guarded": lambda school: got(guarded(school), SECURITY),
    "a passkey": lambda school: got(proved(school), f"{SECURITY}passkeys/add/"),
    "without the passkey": own_passkey,
    "second step": half_in,
    "code by mail": code_by_mail,
    "too often": too_often,
    "link withdrawn": lambda school: guests_link(school, revoked_at=NOON),
    "link over": lambda school: guests_link(school, expires_at=NOON - MINUTE),
    "closed": closed,
    "forged": forged,
    "broken": broken,
    "refused": at("stranger", f"/enter/{'x' * 43}/"),
    "not there": at("student", "/nothing/"),
    "forbidden": at("student", "/courses/new/"),
    "landing": lambda school: got(Asker("localhost"), "/"),
    "class ahead, teacher": of("teacher", "scheduled"),
    "class ahead, student": of("student", "scheduled"),
    "class over, teacher": of("teacher", "over"),
    "class over, student": of("student", "over"),
    "class over, admin": of("admin", "over"),
    "course, empty": empty_course,
    "people import, good": imported(PEOPLE),
    "people import, faults": imported(WITH_FAULTS),
    "people import, no table": imported("\x00"),
    "people import, done": lambda school: got(school.people["admin"], f"{IMPORT}?new=2&changed=0&left_out=1"),
}
