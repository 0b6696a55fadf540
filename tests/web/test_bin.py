"""Deleting a recording: who may, that nobody plays it from then on, and the way back."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest

from classrooms.models import Recording, RecordingTrack
from tenants.scope import tenant_scope
from tests.conftest import NOON
from tests.web.kept import fresh, kept, page_of, stored, use_folder


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    use_folder(settings, tmp_path)
    with mock.patch("django.db.transaction.on_commit", side_effect=lambda effect, **_: effect()):
        yield tmp_path


@pytest.fixture
def over(make_session):
    begun = NOON - timedelta(hours=2)
    return make_session(starts=timedelta(hours=-2), state="ended", started_at=begun, ended_at=NOON)


@pytest.fixture
def recording(over, teacher, folder):
    return kept(over, teacher.member, NOON - timedelta(hours=1))


def class_page(person, session):
    return " ".join(person.get(session.get_absolute_url()).content.decode().split())


@pytest.mark.parametrize("who", ["teacher", "admin"])
def test_who_leads_the_class_deletes_and_restores(who, recording, over, request):
    leading = request.getfixturevalue(who)
    assert "Delete this recording?" in class_page(leading, over)
    answer = leading.post(page_of(recording) + "delete/")
    assert (answer.status_code, answer.url) == (302, over.get_absolute_url())
    assert fresh(recording).deleted_at == NOON
    page = class_page(leading, over)
    assert "Deleted, gone for good on 2 December at 13:00" in page
    assert "Play recording" not in page
    leading.post(page_of(recording) + "restore/")
    assert fresh(recording).deleted_at is None
    assert "Play recording" in class_page(leading, over)


def test_in_the_bin_nobody_plays_it_and_links_that_are_out_end_at_once(recording, over, teacher, student):
    link = student.get(page_of(recording) + "data/").json()["tracks"][0]["url"]
    assert student.get(link).status_code == 200
    teacher.post(page_of(recording) + "delete/")
    for person in (teacher, student):
        for path in (page_of(recording), page_of(recording) + "data/"):
            assert person.get(path).status_code == 404
    assert student.get(link).status_code == 404
    teacher.post(page_of(recording) + "restore/")
    assert student.get(link).status_code == 200


def test_students_see_nothing_of_what_is_in_the_bin(recording, over, teacher, student):
    teacher.post(page_of(recording) + "delete/")
    page = class_page(student, over).partition("<main")[2]  # the header leads to all recordings
    for word in ("Recording", "Restore", "gone for good", recording.public_id):
        assert word not in page
    assert "button--primary" in page  # the way back to the course


def test_students_neither_delete_nor_restore(recording, over, student, teacher):
    assert "Delete" not in class_page(student, over)
    assert student.post(page_of(recording) + "delete/").status_code == 403
    assert fresh(recording).deleted_at is None
    teacher.post(page_of(recording) + "delete/")
    assert student.post(page_of(recording) + "restore/").status_code == 403
    assert fresh(recording).deleted_at == NOON


@pytest.mark.parametrize("who", ["classmate", "outsider"])
@pytest.mark.parametrize("what", ["delete/", "restore/"])
def test_for_whoever_is_not_of_the_class_there_is_nothing(what, who, recording, request):
    stranger = request.getfixturevalue(who)
    assert stranger.post(page_of(recording) + what).status_code == 404
    assert fresh(recording).deleted_at is None


def test_only_a_form_deletes(recording, teacher):
    assert teacher.get(page_of(recording) + "delete/").status_code == 405
    assert teacher.get(page_of(recording) + "restore/").status_code == 405


def test_what_is_on_cannot_be_deleted(make_session, teacher):
    live = make_session(starts=timedelta(minutes=-5), state="live")
    with tenant_scope(live.tenant):
        running = Recording.objects.create(session=live, started_at=NOON, changed_at=NOON)
    answer = teacher.post(page_of(running) + "delete/")
    assert answer.status_code == 409
    assert "recording_runs" in answer.content.decode()
    assert fresh(running).deleted_at is None


def test_deleting_twice_does_not_begin_the_week_anew(recording, teacher):
    teacher.post(page_of(recording) + "delete/")
    teacher.at(NOON + timedelta(days=3)).post(page_of(recording) + "delete/")
    assert fresh(recording).deleted_at == NOON


def test_every_file_goes_with_its_row(recording, over, folder):
    written = folder / "written/demo/recordings/b.webm"
    written.parent.mkdir(parents=True)
    written.write_bytes(b"never taken over")
    with tenant_scope(over.tenant):
        RecordingTrack.objects.create(
            recording=recording, egress_id="EG_b", written="demo/recordings/b.webm", state="failed"
        )
        assert len(stored(folder)) == 4
        over.delete()
    assert stored(folder) == []
