"""What every answer says to the browser about itself: nothing from elsewhere, nothing inline, nothing framed,
nothing kept that is private, cookies for us alone. As in production, over TLS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from aula import school_urls
from aula.middleware import POLICY
from tests.access.schools import Asker, School, operator
from tests.access.test_queries import operations, path_in_api
from tests.access.walk import BASE, SCHOOL, addresses, asked, content_of

pytestmark = pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")

SAID = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "Permissions-Policy": POLICY,
}
CLOSED = {"default-src": "'self'", "object-src": "'none'", "base-uri": "'none'", "form-action": "'self'",
          "frame-ancestors": "'none'", "style-src": "'self'"}  # fmt: skip
COMPILES = (
    "c/<public_id>/room/",
    "c/<public_id>/guest/",
)  # WebAssembly, for backgrounds
ALONE = {"default-src": "'none'", "sandbox": ""}  # a picture that somebody sent, opened by itself
OPEN = ("words/<language>.js", "api/v1/schema/")  # may be kept by anybody: the same for everybody
SCRIPT = re.compile(r"<script\b([^>]*)>")
INLINE = re.compile(r"<[a-z][^>]*\s(on[a-z]+|style)=", re.IGNORECASE)


def said(address: str, answer: HttpResponse) -> Iterator[str]:
    """What is wrong with an answer."""
    for name, value in SAID.items():
        if answer.headers.get(name) != value:
            yield f"{name}: {answer.headers.get(name)}"
    yield from policy(address, answer)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        yield from inline(answer)
    for cookie in answer.cookies.values():
        if cookie["max-age"] == 0:  # it is taken away
            continue
        if not (cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax"):
            yield f"cookie {cookie.OutputString()}"
        if cookie["domain"]:
            yield f"cookie for other hosts: {cookie.OutputString()}"


def policy(address: str, answer: HttpResponse) -> Iterator[str]:
    parts = answer.headers.get("Content-Security-Policy", "").split(";")
    told = {part.split()[0]: " ".join(part.split()[1:]) for part in parts if part.strip()}
    if answer.status_code == 200 and address.endswith("/picture/"):
        yield from (f"CSP {told}" for _ in range(told != ALONE))
        return
    for name, value in CLOSED.items():
        if told.get(name) != value:
            yield f"CSP {name}: {told.get(name)}"
    scripts = re.sub(r" 'nonce-[\w+/=-]+'", "", told.get("script-src", ""))
    if scripts not in ("'self'", "'self' 'wasm-unsafe-eval'" if address in COMPILES else "'self'"):
        yield f"CSP script-src: {scripts}"


def inline(answer: HttpResponse) -> Iterator[str]:
    page: Any = answer
    html = page.told.decode()
    for attributes in SCRIPT.findall(html):
        if not re.search(r'\bsrc="|\bnonce="|type="application/json"', attributes):
            yield f"a script in the page: {attributes}"
    yield from (f"in the page: {found[0]}" for found in INLINE.finditer(html))


def kept(address: str, answer: HttpResponse) -> Iterator[str]:
    """What is for one person is kept by nobody's cache; what may be kept in theirs is asked for anew."""
    told = answer.headers.get("Cache-Control", "")
    asked_anew = "private" in told and ("no-cache" in told or address.endswith("/picture/"))
    if address not in OPEN and "no-store" not in told and not asked_anew:
        yield f"Cache-Control: {told or 'nothing'}"


DOCUMENTS = ["api/v1/schema/", "api/v1/docs/"]


@pytest.mark.parametrize("who", ["owner", "student", "visitor", "guest", "stranger", "operator"])
def test_every_answer_has_its_headers(who: str, ours: School) -> None:
    asker = operator() if who == "operator" else ours.people[who]
    wrong = []
    for address in (*addresses(BASE if who == "operator" else SCHOOL), *DOCUMENTS):
        answer = asked(asker, "GET", address, ours)
        wrong += [f"{address} ({answer.status_code}): {each}" for each in said(address, answer)]
        if answer.status_code == 200 and who != "stranger":
            wrong += [f"{address}: {each}" for each in kept(address, answer)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", ["/nothing/", "/look/nothing.css", "/admin/nothing/"])
@pytest.mark.parametrize("host", ["demo.localhost", "localhost", "nobody.localhost", "evil.example"])
def test_so_has_what_is_not_there_whatever_the_host(path: str, host: str, ours: School) -> None:
    answer: Any = Asker(host).ask("GET", path)
    answer.told = answer.content
    assert answer.status_code in (404, 302)
    assert not list(said(path, answer))


def test_a_school_that_is_suspended_says_so_with_the_same_headers(ours: School) -> None:
    type(ours.tenant).objects.update(is_active=False)
    answer: Any = ours.people["stranger"].ask("GET", "/", HTTP_ACCEPT="text/html")
    answer.told = answer.content
    assert answer.status_code == 403
    assert not list(said("", answer))


@pytest.mark.parametrize("who", ["owner", "student", "visitor", "guest", "stranger"])
def test_a_form_that_is_sent_is_answered_with_the_same_headers(who: str, ours: School) -> None:
    wrong, shown = [], 0
    for address in addresses(SCHOOL):
        answer = asked(ours.people[who], "POST", address, ours)
        wrong += [f"{address} ({answer.status_code}): {each}" for each in said(address, answer)]
        if answer.status_code == 200 and who != "stranger":
            shown += 1
            wrong += [f"{address}: {each}" for each in kept(address, answer)]
    assert not wrong, "\n".join(wrong)
    assert shown or who == "stranger"


@pytest.mark.parametrize("who", ["owner", "student", "stranger"])
def test_the_api_answers_with_the_same_headers(who: str, ours: School) -> None:
    asker, wrong = ours.people[who], []
    for address in operations():
        answer: Any = asker.ask("GET", path_in_api(address, ours, asker.member))
        answer.told = content_of(answer)
        wrong += [f"{address} ({answer.status_code}): {each}" for each in said(f"api/v1/{address}", answer)]
        if answer.status_code == 200 and who != "stranger":
            wrong += [f"{address}: {each}" for each in kept(f"api/v1/{address}", answer)]
    assert not wrong, "\n".join(wrong)


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


class urls:  # stands in for a module of URLs
    handler404, handler500 = school_urls.handler404, school_urls.handler500
    urlpatterns = [path("broken/", broken), *school_urls.urlpatterns]


def test_a_fault_a_forged_form_and_a_pause_say_the_same(ours: School, settings: Any) -> None:
    settings.SCHOOL_URLCONF = urls
    faulty = Asker(ours.host, Client(raise_request_exception=False))
    forger = Asker(ours.host, Client(enforce_csrf_checks=True))
    guesser = ours.people["stranger"]
    guess = {"username": ours.member("student").user.email, "password": "wrong horse"}
    for _ in range(10):
        guesser.ask("POST", "/sign-in/", guess)
    answers: list[Any] = [
        faulty.ask("GET", "/broken/"),
        forger.ask("POST", "/sign-in/", guess),
        guesser.ask("POST", "/sign-in/", guess),
    ]
    assert [answer.status_code for answer in answers] == [500, 403, 429]
    for answer in answers:
        answer.told = answer.content
        assert not list(said("", answer))
        assert "no-store" in answer.headers["Cache-Control"]


def test_only_our_own_pages_use_camera_microphone_and_screen() -> None:
    allowed = dict(part.strip().split("=") for part in POLICY.split(","))
    for device in ("camera", "microphone", "display-capture"):
        assert allowed[device] == "(self)"


def test_a_session_belongs_to_one_host_and_no_script_reads_it() -> None:
    assert settings.SESSION_COOKIE_DOMAIN is None
    assert settings.CSRF_COOKIE_DOMAIN is None
    assert settings.SESSION_COOKIE_SECURE
    assert settings.CSRF_COOKIE_SECURE
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.CSRF_COOKIE_HTTPONLY
