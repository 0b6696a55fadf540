"""Two who want the same at one moment: one gets it. SQLite has one writer anyway: on PostgreSQL alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from classrooms.api import doors, once
from classrooms.live import actions
from classrooms.live.announce import collect
from classrooms.live.holding import collect_orders
from classrooms.live.refusals import ClassFull, TooManyClasses
from classrooms.live.visits import visit
from classrooms.models import ClassSession, Course
from tenants.models import Tenant
from tenants.refusals import Refusal
from tenants.scope import tenant_scope
from tests.api.conftest import System, keyed, portal
from tests.conftest import NOON, MakeSession, Person

__all__ = ["keyed", "portal"]
pytestmark = [
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="python -m tests.postgres tools/tests …"),
    pytest.mark.django_db(transaction=True),
]
PATIENCE = 60.0  # seconds


def holds_somebody_up() -> bool:
    """Whether another transaction waits for a lock of this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])


class Race:
    """Whoever comes through `function` of `module` stays there until the other waits for them, or, where no
    lock is, has come through as well."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any, function: str) -> None:
        self.real = getattr(module, function)
        self.both_began = threading.Barrier(2)
        self.come = 0
        monkeypatch.setattr(module, function, self.pass_)

    def pass_(self, *args: Any, **kwargs: Any) -> Any:
        result = self.real(*args, **kwargs)
        self.come += 1
        until = time.monotonic() + PATIENCE
        while self.come < 2 and not holds_somebody_up():
            assert time.monotonic() < until, "the other one neither waits nor comes"
            time.sleep(0.02)
        return result

    def run(self, *acts: Callable[[], Any]) -> list[Any]:
        """What comes of each of two acts: a Refusal is an outcome too."""

        def act_at_once(act: Callable[[], Any]) -> Any:
            try:
                self.both_began.wait(PATIENCE)
                return act()
            except Refusal as refusal:
                return refusal
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as threads:
            return list(threads.map(act_at_once, acts, timeout=PATIENCE))


def entering(person: Person, session: ClassSession) -> Callable[[], Any]:
    """The act of taking a seat in the class."""

    def act() -> Any:
        with tenant_scope(session.tenant), collect([]), collect_orders([]):
            here = {"user": person.member.user, "session_public_id": session.public_id, "at": NOON}
            met = visit(connection=f"socket-{person.member.pk}", **here)
            assert met
            return actions.enter(seat=met[0], since=None, at=NOON)

    return act


@pytest.fixture
def two_classes(make_session: MakeSession, teacher: Person, admin: Person) -> list[Callable[[], Any]]:
    """Each of two teachers begins a class of their own."""
    soon = timedelta(minutes=-5)
    other = make_session("Enzymes", starts=soon, teacher=admin.member)
    return [entering(teacher, make_session(starts=soon)), entering(admin, other)]


@pytest.mark.parametrize(("limit", "refusal"), [("people_most", ClassFull), ("classes_most", TooManyClasses)])
def test_the_last_place_and_the_last_class_of_a_school_go_to_one(
    limit: str,
    refusal: type[Refusal],
    tenant: Tenant,
    two_classes: list[Callable[[], Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Tenant.objects.filter(pk=tenant.pk).update(**{limit: 1})
    found = Race(monkeypatch, actions, "check_limits").run(*two_classes)
    assert sorted(type(each).__name__ for each in found) == sorted([refusal.__name__, "Entered"])
    with tenant_scope(tenant):
        assert ClassSession.objects.filter(state=ClassSession.State.LIVE).count() == 1


def test_what_is_posted_twice_at_one_moment_with_one_key_is_made_once(
    portal: System, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def post() -> Any:
        return portal.post("courses/", {"title": "Physics"}, Idempotency_Key="one-and-the-same")

    answers = Race(monkeypatch, once, "_take").run(post, post)
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert sorted(each.get("Idempotency-Replayed", "") for each in answers) == ["", "true"]
    with tenant_scope(tenant):
        assert Course.objects.filter(title="Physics").count() == 1


def test_of_two_changes_of_one_state_at_one_moment_one_is_refused(
    portal: System, tenant: Tenant, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"courses/{course.public_id}/"
    tag = portal.get(address)["ETag"]
    changes = [lambda title=title: portal.patch(address, {"title": title}, If_Match=tag) for title in "AB"]
    answers = Race(monkeypatch, doors, "check_match").run(*changes)
    assert sorted(each.status_code for each in answers) == [200, 412]
    kept = next(each.json()["title"] for each in answers if each.status_code == 200)
    with tenant_scope(tenant):
        assert Course.objects.get(pk=course.pk).title == kept
