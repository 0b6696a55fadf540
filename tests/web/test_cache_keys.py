"""What is kept in the cache for a school is kept under its name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from accounts.sessions import store
from classrooms.guests.tries import count_wrong
from classrooms.live.egress import ATTEMPTS, later
from classrooms.models import ClassSession, GuestLink, Recording
from classrooms.recorded.sofar import ask_so_far
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakeLink, Person


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
