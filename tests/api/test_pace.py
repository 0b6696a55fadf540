"""How often one may ask, and which other sites' pages may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.api.conftest import System
from tests.conftest import NOON

PORTAL = "https://portal.school.org"


def test_every_answer_tells_the_pace(portal, course):
    for answer in (portal.get("courses/"), portal.get("sessions/x/"), portal.post("courses/", {})):
        if answer.status_code != 404:
            assert answer["RateLimit-Policy"] == '"minute";q=600;w=60'
            assert answer["RateLimit"].startswith('"minute";r=')


def test_who_asks_too_often_waits_for_the_next_minute(portal, settings):
    settings.API_REQUESTS_PER_MINUTE = 2
    portal.now = NOON + timedelta(seconds=10)
    left = [portal.get("me/")["RateLimit"] for _ in range(2)]
    assert left == ['"minute";r=1;t=50', '"minute";r=0;t=50']
    refused = portal.get("me/")
    assert (refused.status_code, refused["Retry-After"], refused.json()["code"]) == (429, "50", "too_fast")
    assert refused["RateLimit"] == '"minute";r=0;t=50'
    portal.now = NOON + timedelta(seconds=60)
    assert portal.get("me/").status_code == 200


def test_what_there_is_not_is_counted_too(tenant, settings):
    settings.API_STRANGERS_PER_MINUTE = 1
    first, second = (System("demo.localhost").get("nothing/") for _ in range(2))
    assert (first.status_code, first["RateLimit"]) == (404, '"minute";r=0;t=60')
    assert (second.status_code, second["Retry-After"]) == (429, "60")


def test_each_key_and_person_has_a_pace_of_its_own(portal, keyed, admin, student, settings):
    settings.API_REQUESTS_PER_MINUTE = 1
    askers = (portal, keyed(admin), System("demo.localhost", student.browser))
    assert [asker.get("me/").status_code for asker in askers] == [200, 200, 200]
    assert [asker.get("me/").status_code for asker in askers] == [429, 429, 429]


@pytest.mark.parametrize("key", ["", "aula_00000000_x"])
def test_strangers_and_wrong_keys_share_their_addresss_pace(tenant, settings, key):
    settings.API_STRANGERS_PER_MINUTE = 1
    stranger = System("demo.localhost", key=key)
    assert stranger.get("me/").status_code == 401
    assert stranger.get("me/").status_code == 429
    elsewhere = {"HTTP_HOST": "demo.localhost", "REMOTE_ADDR": "192.0.2.7", "aula.now": NOON}
    assert Client().get("/api/v1/me/", **elsewhere).status_code == 401


@pytest.fixture
def allowed(tenant):
    tenant.api_origins = f"{PORTAL}\nhttp://localhost:3000"
    tenant.save()


def preflight(host, origin, path="/api/v1/courses/"):
    asked = {"HTTP_ORIGIN": origin, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST"}
    asked["HTTP_ACCESS_CONTROL_REQUEST_HEADERS"] = "authorization,idempotency-key"
    return Client().options(path, HTTP_HOST=host, **asked)


def test_a_school_says_whose_pages_may_call(portal, allowed):
    before = preflight("demo.localhost", PORTAL)
    assert before["Access-Control-Allow-Origin"] == PORTAL
    assert "idempotency-key" in before["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in before
    answer = portal.get("courses/", Origin=PORTAL)
    assert answer["Access-Control-Allow-Origin"] == PORTAL
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert "origin" in answer["Vary"].lower()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{PORTAL}.evil.example", PORTAL.replace("https", "http"), ""]
)
def test_other_pages_may_not(portal, allowed, origin):
    assert "Access-Control-Allow-Origin" not in preflight("demo.localhost", origin)
    assert "Access-Control-Allow-Origin" not in portal.get("courses/", Origin=origin)


def test_what_one_school_allows_another_does_not(allowed, other_tenant):
    for host in ("other.localhost", "localhost"):
        assert "Access-Control-Allow-Origin" not in preflight(host, PORTAL)


def test_pages_of_the_school_are_never_read_from_elsewhere(student, allowed):
    answer = student.get("/courses/", HTTP_ORIGIN=PORTAL)
    assert "Access-Control-Allow-Origin" not in answer
