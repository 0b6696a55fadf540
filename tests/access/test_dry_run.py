"""What an operator is told before a deletion is what Django would delete, and what keeps it from deleting."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.utils import NestedObjects

from classrooms.models import ClassSession
from tenants.dry_run import dry_run
from tenants.scope import every_tenant
from tests.access.many import add_many
from tests.access.schools import School

KINDS = {
    "accounts.User": lambda school: school.mate.user,
    "accounts.Membership": lambda school: school.mate,
    "classrooms.Course": lambda school: school.course,
    "classrooms.Enrolment": lambda school: school.course.enrolments.first(),
    "classrooms.ClassSession": lambda school: school.live,
    "classrooms.Series": lambda school: school.series,
    "classrooms.Webhook": lambda school: school.webhook,
    "tenants.Domain": lambda school: school.tenant.domains.first(),
}


def by_django(row: Any) -> dict[type, int]:
    collector = NestedObjects(using="default")
    collector.collect([row])
    return {kind: len(rows) for kind, rows in collector.model_objs.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_it_tells_as_many_rows_as_django_would_delete(kind: str, ours: School, theirs: School) -> None:
    add_many(ours, range(3))
    with every_tenant():
        row = KINDS[kind](ours)
        told = dry_run(apps.get_model(kind), [row.pk])
        assert told.goes == by_django(row)
    assert not told.stays


def test_it_tells_what_stands_in_the_way(ours: School, theirs: School) -> None:
    teacher = ours.member("teacher")
    with every_tenant():
        told = dry_run(type(teacher), [teacher.pk])
        taught = ClassSession.objects.filter(teacher=teacher)
        assert told.stays == {ClassSession: taught.count()}
        assert set(told.named) == set(taught)
