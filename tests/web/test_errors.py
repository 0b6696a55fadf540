"""How faults and refusals look: a page in plain words, and nothing of the inside."""

import re
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from aula.logs import Line, Reference
from classrooms.models import ClassSession
from tenants.models import Tenant
from tenants.refusals import Refusal
from tests.conftest import Person


class Full(Refusal):
    code = "class_full"
    status = 409
    title = "This class is full"
    text = "All 300 places are taken."
    mend = "Wait until someone leaves."


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret of the inside")


def full(request: HttpRequest) -> HttpResponse:
    raise Full


class urls:  # stands in for a module of URLs
    from aula.urls import handler404, handler500
    from aula.urls import urlpatterns as real

    urlpatterns = [path("broken/", broken), path("full/", full), *real]


pytestmark = pytest.mark.urls.with_args(urls)


@pytest.fixture(autouse=True)
def at_schools_too(settings: Any) -> None:
    settings.SCHOOL_URLCONF = urls


def test_a_fault_shows_a_page_without_its_inside(tenant: Tenant) -> None:
    browser = Client(raise_request_exception=False)
    answer = browser.get("/broken/", HTTP_HOST="demo.localhost")
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content
    assert b"secret" not in answer.content


def test_a_refusal_says_why_how_to_mend_it_and_its_code(student: Person) -> None:
    answer = student.get("/full/")
    assert answer.status_code == 409
    for words in (
        "This class is full",
        "All 300 places are taken.",
        "Wait until someone leaves.",
        "class_full",
    ):
        assert words.encode() in answer.content


REFERENCE = re.compile(r"Reference: (\w{4}-\w{4})<")


@pytest.mark.parametrize("path", ["/full/", "/broken/"])
def test_a_page_that_says_no_ends_with_what_leads_to_its_line_in_the_log(
    tenant: Tenant, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    browser = Client(raise_request_exception=False)
    answers = [browser.get(path, HTTP_HOST="demo.localhost").content.decode() for _ in range(2)]
    (first,), (second,) = (REFERENCE.findall(each) for each in answers)
    assert first != second
    assert all(Reference().filter(each) for each in caplog.records)
    lines = [Line().format(each).splitlines()[0] for each in caplog.records]
    assert [each for each in lines if path in each and each.endswith(f"reference={first}")]


def test_what_is_not_there_has_no_reference_for_all_its_pages_are_the_same(student: Person) -> None:
    assert not REFERENCE.search(student.get("/c/nothing/").content.decode())


def test_pages_forbid_inline_scripts_and_foreign_frames(student: Person) -> None:
    answer = student.get("/")
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert b"<style" not in answer.content
    assert b" style=" not in answer.content
    assert b"onclick" not in answer.content


def test_the_room_alone_may_compile_webassembly_and_no_page_evaluates_words(
    student: Person, session: ClassSession
) -> None:
    page, room = (student.get(f"/c/{session.public_id}/{each}") for each in ("", "room/"))
    assert "'wasm-unsafe-eval'" not in page["Content-Security-Policy"]
    policy = room["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" in policy
    assert "'unsafe-eval'" not in policy
    assert "'unsafe-inline'" not in policy
    assert "'nonce-" in policy
