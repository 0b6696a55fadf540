from __future__ import annotations

import pytest

from tests.sfu.protocol.doubles import Person, School, make_school


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def teacher(school: School) -> Person:
    return school.join("teacher", name="Tom Teacher")


@pytest.fixture
def student(school: School, teacher: Person) -> Person:
    return school.join("student", name="Sue Student")


@pytest.fixture
def admin(school: School) -> Person:
    return school.join("admin", name="Ann Admin")


@pytest.fixture
def outsider(school: School) -> Person:
    """Somebody of another school, in another room."""
    return school.join("outsider", room="other.history")
