"""The demo school: complete after the first run, the same after the second, always with a class on."""

from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, User
from classrooms.demo import ON_NOW, fill
from classrooms.models import ClassSession, Course, Enrolment
from tenants.models import Tenant
from tenants.scope import every_tenant, tenant_scope

PASSWORD = "a-demo-of-aula"
MODELS = (Tenant, User, Membership, Course, Enrolment, ClassSession)


@pytest.fixture
def demo(db: None, now: datetime) -> Tenant:
    fill(password=PASSWORD, now=now)
    return Tenant.objects.get(slug="demo")


def counts() -> list[int]:
    with every_tenant():
        return [
            model.objects.count() for model in (Tenant, User, Membership, Course, Enrolment, ClassSession)
        ]


def current(demo: Tenant, at: datetime) -> list[ClassSession]:
    with tenant_scope(demo):
        return list(ClassSession.objects.not_over(at).filter(starts_at__lte=at))


def test_the_named_people_can_sign_in(demo: Tenant) -> None:
    for email in ("admin@demo.test", "teacher@demo.test", "student@demo.test", "admin@other.test"):
        assert User.objects.get(email=email).check_password(PASSWORD)
    assert User.objects.get(email="operator@aula.test").is_superuser


def test_a_second_run_adds_nothing(demo: Tenant, now: datetime) -> None:
    before = counts()
    fill(password=PASSWORD, now=now + timedelta(minutes=1))
    assert counts() == before


def test_a_new_password_is_taken_over(demo: Tenant, now: datetime) -> None:
    fill(password="another-password", now=now)
    assert User.objects.get(email="teacher@demo.test").check_password("another-password")


def test_a_class_is_on_now_the_next_day_too(demo: Tenant, now: datetime) -> None:
    tomorrow = now + timedelta(days=1, hours=9)
    assert [session.title for session in current(demo, now)] == [ON_NOW]
    assert current(demo, tomorrow) == []
    fill(password=PASSWORD, now=tomorrow)
    assert [session.title for session in current(demo, tomorrow)] == [ON_NOW]


def test_a_class_that_was_held_stays_in_the_past(demo: Tenant, now: datetime) -> None:
    held = current(demo, now)[0]
    held.state, held.started_at, held.ended_at = ClassSession.State.ENDED, now, now + timedelta(minutes=20)
    with tenant_scope(demo):
        held.save()
    fill(password=PASSWORD, now=now + timedelta(minutes=30))
    after = current(demo, now + timedelta(minutes=30))
    assert len(after) == 1
    assert after[0].pk != held.pk


def test_it_is_refused_outside_development(db: None) -> None:
    with pytest.raises(CommandError, match="DEBUG=1"):
        call_command("demo")
    assert counts() == [0] * 6
