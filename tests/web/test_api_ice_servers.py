"""ICE servers over the REST API: for whoever is in the class now, and for nobody else."""

from datetime import timedelta

import pytest

from classrooms.models import Participant
from tests.conftest import NOON
from turncreds.credentials import Credential, Verdict, check
from turncreds.models import RelayCount

SECRET = "s" * 32


@pytest.fixture(autouse=True)
def platform(settings):
    settings.TURN_URLS, settings.TURN_SECRETS = ["turn:turn.example.org"], [SECRET]


@pytest.fixture
def live(make_session):
    return make_session(starts=timedelta(minutes=-5), state="live", started_at=NOON - timedelta(minutes=4))


@pytest.fixture
def inside(live, in_tenant):
    """Seat somebody: `inside(student)`; their participant."""

    def seat(person, seen=NOON):
        return Participant.objects.create(
            tenant=live.tenant,
            session=live,
            membership=person.member,
            connection="c",
            seen_at=seen,
            joined_at=seen,
        )

    return seat


def path(session):
    return f"/api/v1/sessions/{getattr(session, 'public_id', session)}/ice-servers/"


def test_whoever_is_in_the_class_gets_servers_with_a_credential_of_their_own(student, live, inside):
    person = inside(student)
    answer = student.get(path(live))
    given = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert given["ice_servers"][0]["urls"] == ["stun:turn.example.org:3478"]
    relay = given["ice_servers"][1]
    credential = Credential(relay["username"], relay["credential"])
    assert check(credential, secrets=[SECRET], now=NOON.timestamp()) is Verdict.GENUINE
    assert relay["username"] == f"{int(NOON.timestamp()) + 600}:{person.public_id}"
    assert (given["refresh_at"], given["expires_at"]) == ("2026-11-25T12:05:00Z", "2026-11-25T12:10:00Z")


@pytest.mark.parametrize("why", ["not inside", "gone without a word", "over"])
def test_whoever_is_not_inside_now_is_refused_and_counted(student, live, inside, why):
    if why == "gone without a word":
        inside(student, seen=NOON - timedelta(minutes=2))
    if why == "over":
        inside(student)
        live.state = "ended"
        live.save()
    answer = student.get(path(live))
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    said = {"title": "You are not in a class", "status": 403, "code": "not_in_class"}
    assert said.items() <= answer.json().items()
    assert answer.json()["mend"] == "Join the class first."
    assert RelayCount.objects.get().not_in_class == 1


def test_who_asks_too_often_is_told_when_to_come_back(student, live, inside, settings):
    settings.TURN_ISSUES_PER_MINUTE = 1
    inside(student)
    assert student.get(path(live)).status_code == 200
    answer = student.get(path(live))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert answer.json()["code"] == "too_fast"


def test_another_schools_class_equals_one_that_never_was(classmate, outsider, live, inside):
    answers = [someone.get(path(which)) for someone in (classmate, outsider) for which in (live, "0" * 32)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(404, answers[0].content)}
    assert answers[0].json()["code"] == "not_found"


def test_a_stranger_and_a_wrong_verb_get_problem_details_too(student, person, tenant, live):
    stranger = person(tenant, "student", "Nick Nobody", signed_in=False)
    asked = stranger.get(path(live))
    assert (asked.json()["status"], asked.headers["WWW-Authenticate"]) == (401, 'Bearer realm="Aula"')
    wrong = student.post(path(live))
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
