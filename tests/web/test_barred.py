"""Somebody barred from a class: no way in on any page, and no file into it over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from classrooms.models import ClassSession, Participant
from tenants.scope import tenant_scope


@pytest.fixture
def barred(make_session, student) -> ClassSession:
    """A class that is on, from which the student was removed for good."""
    session = make_session(starts=timedelta(minutes=-5), state="live", started_at=student.now)
    with tenant_scope(session.tenant):
        Participant.objects.create(
            session=session, membership=student.member, name="Sue", barred=True, removed_at=student.now
        )
    return session


@pytest.mark.parametrize("page", ["class", "dashboard"])
def test_no_page_offers_a_way_in(barred, student, page):
    path = barred.get_absolute_url() if page == "class" else "/"
    words = student.get(path).content.decode()
    assert "The teacher removed you from this class" in words
    assert "Join class" not in words


def test_they_write_to_the_school_where_it_gives_an_address(barred, student, teacher, tenant):
    room = f"/c/{barred.public_id}/room/"
    assert b"Write to the school" not in student.get(barred.get_absolute_url()).content
    assert student.get(room).context["room_data"]["school"]["contact"] == ""
    tenant.contact = "office@north.test"
    tenant.save()
    assert b'href="mailto:office@north.test"' in student.get(barred.get_absolute_url()).content
    assert student.get(room).context["room_data"]["school"]["contact"] == "office@north.test"
    assert b"mailto:" not in teacher.get(barred.get_absolute_url()).content


def test_others_join_as_ever(barred, teacher):
    assert "Join class" in teacher.get(barred.get_absolute_url()).content.decode()


def test_no_file_goes_in(barred, student):
    path = f"/api/v1/sessions/{barred.public_id}/materials/"
    answer = student.post(path, {"file": SimpleUploadedFile("a.txt", b"x")})
    assert (answer.status_code, answer.json()["code"]) == (403, "barred")
