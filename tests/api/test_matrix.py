"""Every operation of the API, for everybody: one table says what is answered.

The table is held against the addresses themselves and against the OpenAPI document: an operation that is not
declared here fails, as does one too many.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from classrooms.api.document import document
from classrooms.api.nowhere import Nowhere
from classrooms.api.urls import urlpatterns
from tests.api.conftest import MakeKey, School, System, system, undone

ROLES = (
    "operator", "clerk", "owner", "admin", "teacher", "student", "guest", "stranger", "outsider", "key",
    "bare_key",
)  # fmt: skip
UNKNOWN = "0" * 32
Answers = dict[str, int]
Make = Callable[[School], Any]


def answers(done: int, **other: int) -> Answers:
    """`done` for whoever is not named; hosts and scopes come first, and are the same everywhere."""
    same = {"operator": 404, "clerk": 404, "guest": 401, "stranger": 401, "outsider": 404, "bare_key": 403}
    return dict.fromkeys(ROLES, done) | same | other


def seen(done: int = 200, **other: int) -> Answers:
    """Everybody of the class."""
    return answers(done, **other)


def listed(done: int = 200, **other: int) -> Answers:
    """Everybody of any school, each on their own host: the other school sees its own."""
    return answers(done, **{"outsider": done} | other)


def led(done: int = 204, **other: int) -> Answers:
    """Who teaches the class, and who runs the school."""
    return answers(done, **{"student": 403} | other)


def ruled(done: int = 200, **other: int) -> Answers:
    """Who runs the school."""
    return answers(done, **{"student": 403, "teacher": 403} | other)


def operators(done: int = 200) -> Answers:
    """On a school's host there is nothing of this, whoever asks; nor for staff without permissions."""
    return dict.fromkeys(ROLES, 404) | {"operator": done, "clerk": 403}


def nothing(school: School) -> dict[str, str]:
    return {}


def course(school: School) -> dict[str, str]:
    return {"public_id": school.course.public_id}


def enrolled(school: School) -> dict[str, str]:
    return course(school) | {"user": school.pupil.member.public_id}


def scheduled(school: School) -> dict[str, str]:
    return {"public_id": school.session.public_id}


def running(school: School) -> dict[str, str]:
    return {"public_id": school.live.public_id}


def target(school: School) -> dict[str, str]:
    return running(school) | {"participant": school.student.public_id}


def banished(school: School) -> dict[str, str]:
    return running(school) | {"participant": school.banished.public_id}


def person(school: School) -> dict[str, str]:
    return {"public_id": school.pupil.member.public_id}


def material(school: School) -> dict[str, str]:
    return running(school) | {"material": school.material.public_id}


def recording(school: School) -> dict[str, str]:
    kept = school.recording
    return {"public_id": kept.session.public_id, "recording": kept.public_id}


def binned(school: School) -> dict[str, str]:
    return recording(school) | {"recording": school.binned.public_id}


def on(school: School) -> dict[str, str]:
    return running(school) | {"recording": school.running.public_id}


def video(school: School) -> dict[str, str]:
    return recording(school) | {"kind": "video"}


def webhook(school: School) -> dict[str, str]:
    return {"public_id": school.webhook.public_id}


def told(school: School) -> dict[str, str]:
    return webhook(school) | {"event": school.told.public_id}


def just(**body: Any) -> Make:
    return lambda school: body


def a_class(school: School) -> dict[str, Any]:
    return {
        "course": school.course.public_id,
        "teacher": school.session.teacher.public_id,
        "title": "Tissues",
        "starts_at": "2026-11-26T12:00:00Z",
        "ends_at": "2026-11-26T12:45:00Z",
    }


def a_file(school: School) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("a.txt", b"hello")}


def another(school: School) -> dict[str, Any]:
    return {"user": school.classmate.member.public_id}


EMPTY = just()
IN_CLASS = {"owner": 403, "admin": 403, "key": 403, "guest": 200}
TABLE: dict[tuple[str, str], tuple[Make, Make | None, Answers]] = {
    ("me", "GET"): (nothing, None, listed(bare_key=200)),
    ("tenants", "GET"): (nothing, None, operators()),
    ("tenants", "POST"): (nothing, just(slug="new", name="New School"), operators(201)),
    ("tenant", "GET"): (just(slug="demo"), None, operators()),
    ("tenant", "PATCH"): (just(slug="demo"), just(is_active=False), operators()),
    ("users", "GET"): (nothing, None, listed()),
    ("users", "POST"): (nothing, just(name="Nia New", email="nia@demo.test"), ruled(201, outsider=201)),
    ("user", "GET"): (person, None, seen(student=404)),
    ("user", "PATCH"): (person, just(external_id="7"), ruled(student=404)),
    ("memberships", "GET"): (nothing, None, listed()),
    ("membership", "GET"): (person, None, seen(student=404)),
    ("membership", "PATCH"): (person, just(role="teacher"), ruled(student=404)),
    ("courses", "GET"): (nothing, None, listed()),
    ("courses", "POST"): (nothing, just(title="Physics"), led(201, outsider=201)),
    ("course", "GET"): (course, None, seen()),
    ("course", "PATCH"): (course, just(title="Biology"), led(200)),
    ("enrolments", "GET"): (course, None, seen()),
    ("enrolments", "POST"): (course, another, led(201, student=400)),
    ("enrolment", "GET"): (enrolled, None, seen()),
    ("enrolment", "DELETE"): (enrolled, None, led()),
    ("sessions", "GET"): (nothing, None, listed()),
    ("sessions", "POST"): (nothing, a_class, led(201, student=400, outsider=400)),
    ("session", "GET"): (scheduled, None, seen()),
    ("session", "PATCH"): (scheduled, just(title="Meiosis"), led(200)),
    ("session", "DELETE"): (scheduled, None, led()),
    ("join-links", "POST"): (running, just(external_id="4711", name="Nia New"), led(201, teacher=403)),
    ("ice-servers", "GET"): (running, None, seen(**IN_CLASS)),
    ("attendance", "GET"): (running, None, led(200)),
    ("chat", "GET"): (running, None, seen()),
    ("rules", "GET"): (running, None, seen()),
    ("rules", "PATCH"): (running, just(mic=False), led(200)),
    ("stop", "POST"): (running, just(what="mic"), led()),
    ("lower-hands", "POST"): (running, EMPTY, led()),
    ("record", "POST"): (running, just(wanted="paused"), led()),
    ("end", "POST"): (running, EMPTY, led()),
    ("participants", "GET"): (running, None, led(200)),
    ("participant", "GET"): (target, None, led(200)),
    ("participant-stop", "POST"): (target, just(what="camera"), led()),
    ("participant-ask-to-unmute", "POST"): (target, EMPTY, led()),
    ("participant-let-speak", "POST"): (target, EMPTY, led()),
    ("participant-lower-hand", "POST"): (target, EMPTY, led()),
    ("participant-remove", "POST"): (target, just(reason="enough", bar=True), led()),
    ("participant-admit", "POST"): (banished, EMPTY, led()),
    ("participant-appoint", "POST"): (target, just(co_teacher=True), led()),
    ("participant-hand-lead", "POST"): (target, EMPTY, led()),
    ("materials", "GET"): (running, None, seen(guest=200)),
    ("materials", "POST"): (running, a_file, seen(201, guest=201)),
    ("material", "GET"): (material, None, seen(guest=200)),
    ("material", "DELETE"): (material, None, led(guest=403)),
    ("material-file", "GET"): (material, None, seen()),
    ("recordings", "GET"): (nothing, None, listed()),
    ("recording", "GET"): (recording, None, seen()),
    ("recording", "DELETE"): (recording, None, led()),
    ("recording-restore", "POST"): (binned, EMPTY, led(200, student=404)),
    ("so-far", "POST"): (on, EMPTY, seen(202)),
    ("downloads", "GET"): (recording, None, led(200)),
    ("download", "POST"): (video, EMPTY, led(202)),
    ("download", "DELETE"): (video, None, led(200)),
    ("download-file", "GET"): (video, None, led(200)),
    ("webhooks", "GET"): (nothing, None, ruled(outsider=200)),
    ("webhooks", "POST"): (nothing, just(name="Portal", url="https://x.test/"), ruled(201, outsider=201)),
    ("webhook", "GET"): (webhook, None, ruled()),
    ("webhook", "PATCH"): (webhook, just(events=["session.ended"]), ruled()),
    ("webhook", "DELETE"): (webhook, None, ruled(204)),
    ("webhook-secret", "POST"): (webhook, EMPTY, ruled()),
    ("webhook-test", "POST"): (webhook, EMPTY, ruled(202)),
    ("deliveries", "GET"): (webhook, None, ruled()),
    ("delivery-replay", "POST"): (told, EMPTY, ruled(202)),
}
OPEN = {"schema", "docs"}
OPERATIONS = list(TABLE)
NAMED = {each.name.removeprefix("api-") for each in urlpatterns[:-1] if each.pattern.converters}
OF_ONE = [(name, verb) for name, verb in OPERATIONS if name in NAMED]  # with an id in the address


def addresses() -> list[tuple[str, Any]]:
    """Names and views of all addresses but the last, which is of what there is not."""
    *there, nowhere = urlpatterns
    assert nowhere.callback.cls is Nowhere
    return [(each.name.removeprefix("api-"), each.callback) for each in there]


def test_every_operation_is_declared() -> None:
    found = set()
    for name, view in addresses():
        if name in OPEN:
            continue
        verbs = {verb.upper() for verb in view.cls.http_method_names if hasattr(view.cls, verb)} - {"OPTIONS"}
        found |= {(name, verb) for verb in verbs}
    assert found == set(TABLE)


def test_every_operation_is_documented_and_no_other() -> None:
    documented = [
        (path, verb) for path, item in json.loads(document())["paths"].items() for verb in item if verb != "x"
    ]
    assert len(documented) == len(TABLE)


def test_every_operation_says_what_its_keys_need() -> None:
    assert [name for name, view in addresses() if name not in OPEN and view.cls.scope is None] == [
        "tenants", "tenant"
    ]  # fmt: skip


@pytest.fixture
def cast(
    operator: System,
    clerk: System,
    owner: Any,
    admin: Any,
    teacher: Any,
    student: Any,
    guest: System,
    other_owner: Any,
    keyed: MakeKey,
) -> dict[str, System]:
    people = {"owner": owner, "admin": admin, "teacher": teacher, "student": student, "outsider": other_owner}
    return {
        **{name: system(each) for name, each in people.items()},
        "operator": operator,
        "clerk": clerk,
        "guest": guest,
        "stranger": System("demo.localhost"),
        "key": keyed(admin),
        "bare_key": keyed(admin, none=True),
    }


@pytest.mark.parametrize(("name", "verb"), OPERATIONS, ids=lambda each: each)
def test_what_everybody_is_answered(name: str, verb: str, cast: dict[str, System], school: School) -> None:
    where, what, expected = TABLE[name, verb]
    path, got = reverse(f"api-{name}", kwargs=where(school)), {}
    for role in ROLES:
        with undone():
            answer = cast[role].ask(verb, path, what(school) if what else None)
            got[role] = answer.status_code
            if answer.status_code >= 400:
                assert answer.headers["Content-Type"] == "application/problem+json", (role, answer.content)
    assert got == expected


@pytest.mark.parametrize(("name", "verb"), OF_ONE, ids=lambda each: each)
def test_what_is_another_schools_equals_what_never_was(
    name: str, verb: str, cast: dict[str, System], school: School
) -> None:
    where, what, _ = TABLE[name, verb]
    ids = where(school)
    unknown = {key: UNKNOWN if len(value) == 32 else value for key, value in ids.items()}
    outsider, told = cast["outsider"], []
    for which in (ids, unknown):
        with undone():
            body = what(school) if what else None
            answer = outsider.ask(verb, reverse(f"api-{name}", kwargs=which), body)
            told.append((answer.status_code, answer.content))
    assert told[0] == told[1]
    assert told[0][0] == 404


@pytest.mark.parametrize(("name", "verb"), OPERATIONS, ids=lambda each: each)
def test_nobody_comes_from_another_host(
    name: str, verb: str, cast: dict[str, System], school: School, keyed: MakeKey, other_owner: Any
) -> None:
    """A cookie or key of the other school, of the platform, or of a visit, sent to this school's host."""
    where, what, _ = TABLE[name, verb]
    path = reverse(f"api-{name}", kwargs=where(school))
    closed = (401, 403, 404) if name in ("tenant", "tenants") else (401, 404)
    here = [System("demo.localhost", cast[who].browser) for who in ("outsider", "operator", "clerk")]
    here.append(System("demo.localhost", key=keyed(other_owner).key))
    there = [System("other.localhost", cast[who].browser) for who in ("guest", "student", "owner")]
    there.append(System("localhost", cast["guest"].browser))
    for asker in (*here, *there):
        with undone():
            answer = asker.ask(verb, path, what(school) if what else None)
            assert answer.status_code in closed, (asker, answer.content)


def test_the_document_and_its_page_are_open_on_every_host(cast: dict[str, System], school: School) -> None:
    for role in ROLES:
        for name in OPEN:
            assert cast[role].get(f"{name}/").status_code == 200, (role, name)


def test_what_there_is_not_is_told_as_the_api_tells_things(cast: dict[str, System]) -> None:
    for address in ("sessions/x/", "nothing/", "sessions/" + UNKNOWN):
        for verb in ("get", "post", "delete"):
            answer = cast["admin"].ask(verb, address)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_session_of_a_browser_needs_a_token_against_forgery(admin: Any, tenant: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin.member.user)
    asker = System("demo.localhost", browser)
    assert asker.get("courses/").status_code == 200
    assert asker.post("courses/", {"title": "Forged"}).status_code == 403
