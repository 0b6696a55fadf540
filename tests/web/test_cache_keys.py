"""What is kept in the cache for a school is kept under its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache

from accounts.sessions import store
from classrooms.guests.tries import count_wrong
from classrooms.live.egress import ATTEMPTS, later
from classrooms.models import ClassSession, GuestLink, Recording
from classrooms.recorded.sofar import ask_so_far
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.access import tables
from tests.access.conftest import ours, quiet, storage
from tests.access.schools import School
from tests.access.walk import asked
from tests.conftest import MakeLink, Person

__all__ = ["ours", "quiet", "storage"]


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys that are added to the cache."""
    keys: list[str] = []
    add: Callable[..., bool] = cache.add
    monkeypatch.setattr(cache, "add", lambda key, *rest, **more: keys.append(key) or add(key, *rest, **more))
    return keys


def test_a_key_carries_the_school(
    added: list[str], tenant: Tenant, session: ClassSession, make_link: MakeLink, student: Person, now: Any
) -> None:
    make_link(session)
    with tenant_scope(tenant):
        count_wrong(GuestLink.objects.get(), "192.0.2.7")
        ask_so_far(Recording.objects.create(session=session, started_at=now, changed_at=now))
        later(tenant.pk, session.pk, timedelta(seconds=60), ATTEMPTS)
    browser = store(student.browser.session.session_key)
    browser["sign-in"] = 1
    browser.save()
    student.get("/")
    begun = {key.partition(f"-{tenant.pk}-")[0] for key in added if f"-{tenant.pk}-" in key}
    assert {"guest-tries", "so-far", "drive", "session-seen"} <= begun
    assert not [key for key in added if not key.partition(f"-{tenant.pk}-")[1]]


# Every key of every method, wherever in Aula or in a library, while a school's pages and its API are asked

RATE = r":1:allauth:rl:[a-z_.]+:[a-z_]+:\d+/[\d.]+/[a-z]+:"
DECLARED = {  # keys without a school in them, and why
    RATE + r"ip:127\.0\.0\.1(:lock)?": "an address of the internet, whatever school it asks",
    RATE + r"user:\d+(:lock)?": "a person proves to be who they are, whatever school they are at",
    r":1:allauth\.mfa\.totp\.used\?user=\d+&code=\d+": "a code of a person's app, good once anywhere",
    r":1:api-\d+-address-127\.0\.0\.1": "an address of the internet that has no key",
}


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What the cache is asked for, by any method."""
    asked_for: set[str] = set()
    make = BaseCache.make_and_validate_key

    def made(self: BaseCache, key: str, version: int | None = None) -> str:
        asked_for.add(whole := make(self, key, version))
        return whole

    monkeypatch.setattr(BaseCache, "make_and_validate_key", made)
    return asked_for


def of_school(school: School) -> Iterator[str]:
    """Patterns of keys that carry the school, or somebody of it."""
    pk = school.tenant.pk
    yield rf":1:[a-z-]+-({pk}|{school.tenant.slug})[-.].*"
    yield rf":1:api-\d+-{pk}-.*"
    members = [asker.member for asker in school.people.values() if asker.member]
    counted = [f"{pk} {each.user.email}" for each in members] + [str(each.pk) for each in members]
    hashes = "|".join(sha256(each.encode()).hexdigest() for each in counted)
    yield rf"{RATE}({hashes})(:lock)?"


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_every_key_names_the_school_or_is_declared_with_its_reason(ours: School, keys: set[str]) -> None:
    for address, verb in tables.read("school"):
        everybody = ("owner", "student", "guest", "stranger")
        for who in everybody[: 1 if address.startswith("admin/") else None]:
            asked(ours.people[who], verb, address, ours)
    stranger, email = ours.people["stranger"], ours.member("student").user.email
    stranger.ask("POST", "/sign-in/", {"username": email, "password": "wrong horse"})
    stranger.ask("POST", "/sign-in/code/", {"email": email})
    stranger.ask("POST", "/password/", {"email": email})
    for who in ("owner", "stranger"):
        ours.people[who].ask("GET", "/api/v1/courses/")
    mine = [re.compile(pattern) for pattern in of_school(ours)]
    assert all(any(pattern.fullmatch(key) for key in keys) for pattern in mine), sorted(keys)
    others = sorted(key for key in keys if not any(pattern.fullmatch(key) for pattern in mine))
    assert not [key for key in others if not any(re.fullmatch(pattern, key) for pattern in DECLARED)]
