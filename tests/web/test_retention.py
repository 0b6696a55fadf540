"""What is kept no longer: the school's rule, the warning a week before, and the bin."""

from __future__ import annotations

import logging
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail
from django.core.files.storage import FileSystemStorage

from classrooms.models import ConnectionReport, Recording
from classrooms.recorded import retention
from classrooms.recorded.retention import sweep
from tenants.scope import tenant_scope
from tests.conftest import NOON
from tests.web.kept import exists, fresh, kept, page_of, stored, use_folder

DAY = timedelta(days=1)
AGO = timedelta(hours=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    use_folder(settings, tmp_path)
    with mock.patch("django.db.transaction.on_commit", side_effect=lambda effect, **_: effect()):
        yield tmp_path


@pytest.fixture
def over(make_session):
    return make_session(starts=timedelta(hours=-2), state="ended", ended_at=NOON - AGO)


@pytest.fixture
def recording(over, teacher, folder):
    """It ended an hour ago."""
    return kept(over, teacher.member, NOON - AGO)


def keep_for(tenant, days):
    tenant.recordings_kept_days = days
    tenant.save()


def test_without_a_rule_everything_stays(recording):
    sweep(NOON + 4000 * DAY)
    assert exists(recording)
    assert mail.outbox == []


def test_the_teacher_is_warned_a_week_before_and_then_it_goes_with_every_file(
    recording, tenant, folder, caplog
):
    keep_for(tenant, 30)
    sweep(NOON + 22 * DAY)
    assert mail.outbox == []
    sweep(NOON + 23 * DAY)
    [letter] = mail.outbox
    assert letter.to == ["tom@demo.test"]
    assert letter.from_email.startswith('"Northfield College"')
    assert letter.subject == "A recording of yours will be deleted"
    assert "“Cell division” of 25 November 2026: deleted on Friday, 25 December 2026" in letter.body
    assert f"https://demo.localhost/c/{recording.session.public_id}/" in letter.body
    for hours in range(1, 24 * 7, 12):
        sweep(NOON + 23 * DAY + timedelta(hours=hours))
    assert exists(recording)
    caplog.set_level(logging.INFO, "classrooms")
    sweep(NOON + 30 * DAY)
    assert not exists(recording)
    assert stored(folder) == []
    assert f"Recording {recording.public_id} of “Cell division” is deleted for good" in caplog.text
    sweep(NOON + 30 * DAY)
    assert len(mail.outbox) == 1


def test_a_school_that_begins_to_delete_loses_nothing_for_a_week(recording, tenant):
    keep_for(tenant, 1)
    begun = NOON + 400 * DAY
    sweep(begun)
    assert "deleted on Thursday, 6 January 2028" in mail.outbox[0].body
    sweep(begun + 7 * DAY - AGO)
    assert exists(recording)
    sweep(begun + 7 * DAY)
    assert not exists(recording)


@pytest.mark.parametrize("meanwhile", ["no rule", "a longer rule", "suspended"])
def test_an_old_warning_does_not_hold_for_another_rule(meanwhile, recording, tenant):
    keep_for(tenant, 10)
    sweep(NOON + 5 * DAY)
    assert len(mail.outbox) == 1
    if meanwhile == "suspended":
        tenant.is_active = False
        tenant.save()
    else:
        keep_for(tenant, None if meanwhile == "no rule" else 100)
    sweep(NOON + 20 * DAY)
    assert exists(recording)
    assert fresh(recording).warned_at is None
    tenant.is_active = True
    keep_for(tenant, 10)
    sweep(NOON + 21 * DAY)
    assert exists(recording)
    assert len(mail.outbox) == 2
    sweep(NOON + 28 * DAY)
    assert not exists(recording)


def test_a_suspended_schools_bin_is_left_alone(recording, tenant):
    Recording._base_manager.update(deleted_at=NOON)
    tenant.is_active = False
    tenant.save()
    sweep(NOON + 30 * DAY)
    assert exists(recording)


def test_the_bin_is_emptied_after_a_week(recording, teacher, folder):
    teacher.post(page_of(recording) + "delete/")
    sweep(NOON + 7 * DAY - AGO)
    assert exists(recording)
    sweep(NOON + 7 * DAY)
    assert not exists(recording)
    assert stored(folder) == []


def test_what_was_restored_gets_a_week_of_its_own(recording, tenant, teacher):
    keep_for(tenant, 10)
    sweep(NOON + 3 * DAY)
    teacher.at(NOON + 9 * DAY).post(page_of(recording) + "delete/")
    sweep(NOON + 12 * DAY)  # in the bin, for the teacher asked for it
    teacher.at(NOON + 13 * DAY).post(page_of(recording) + "restore/")
    sweep(NOON + 13 * DAY)
    assert exists(recording)
    assert len(mail.outbox) == 2
    sweep(NOON + 20 * DAY)
    assert not exists(recording)


def test_a_recording_that_is_on_is_left_alone(make_session, tenant):
    keep_for(tenant, 1)
    live = make_session(starts=timedelta(minutes=-5), state="live")
    with tenant_scope(tenant):
        running = Recording.objects.create(session=live, started_at=NOON, changed_at=NOON)
    sweep(NOON + 90 * DAY)
    assert exists(running)
    assert mail.outbox == []


def test_who_recorded_and_who_teaches_are_each_written_to_once_for_all(
    over, make_session, tenant, teacher, admin, folder
):
    for session in (over, make_session("Enzymes", starts=timedelta(hours=-5), state="ended")):
        kept(session, admin.member, NOON - AGO)
    keep_for(tenant, 7)
    sweep(NOON)
    assert sorted(letter.to[0] for letter in mail.outbox) == ["ann@demo.test", "tom@demo.test"]
    for letter in mail.outbox:
        assert letter.subject == "2 recordings of yours will be deleted"
        assert "Cell division" in letter.body
        assert "Enzymes" in letter.body


def test_where_no_teacher_is_left_the_school_is_told(recording, tenant, teacher, admin):
    keep_for(tenant, 7)
    with tenant_scope(tenant):
        teacher.member.is_active = False
        teacher.member.save()
    sweep(NOON)
    assert [letter.to for letter in mail.outbox] == [["ann@demo.test"]]


def test_who_could_not_be_written_to_is_written_to_the_next_time(recording, tenant, caplog):
    keep_for(tenant, 7)
    with mock.patch("django.core.mail.EmailMessage.send", side_effect=OSError("no mail server")):
        sweep(NOON)
    assert fresh(recording).warned_at is None
    assert "could not be warned" in caplog.text
    sweep(NOON + AGO)
    assert fresh(recording).warned_at == NOON + AGO


def test_what_is_restored_while_others_are_deleted_stays(recording, over, teacher):
    other = kept(over, teacher.member, NOON - AGO)
    for each in (recording, other):
        teacher.post(page_of(each) + "delete/")
    real = retention.delete_for_good

    def delete(one):
        teacher.post(page_of(other if one.pk == recording.pk else recording) + "restore/")
        real(one)

    with mock.patch.object(retention, "delete_for_good", delete):
        sweep(NOON + 8 * DAY)
    assert [exists(recording), exists(other)].count(True) == 1


def test_a_file_that_cannot_be_deleted_keeps_its_row_until_it_can(recording, over, teacher, folder, caplog):
    other = kept(over, teacher.member, NOON - AGO)
    for each in (recording, other):
        teacher.post(page_of(each) + "delete/")
    stuck = recording.storyboard.path
    real = FileSystemStorage.delete

    def delete(storage, name):
        if stuck.endswith(name):
            raise OSError("read-only")
        real(storage, name)

    with mock.patch("django.core.files.storage.FileSystemStorage.delete", delete):
        sweep(NOON + 8 * DAY)
    assert exists(recording)
    assert not exists(other)
    assert f"Recording {recording.public_id} could not be deleted" in caplog.text
    sweep(NOON + 9 * DAY)
    assert stored(folder) == []


def test_a_school_that_fails_does_not_stop_the_others(recording, tenant, outsider, caplog):
    real = retention._sweep

    def broken(one, now):
        if one.slug == "demo":
            raise RuntimeError
        swept.append(one.slug)
        real(one, now)

    swept: list[str] = []
    with mock.patch.object(retention, "_sweep", broken):
        sweep(NOON)
    assert swept == ["other"]
    assert "School demo could not be swept" in caplog.text


def test_another_schools_rule_is_not_ours(recording, other_tenant):
    keep_for(other_tenant, 1)
    for days in (0, 8, 16):
        sweep(NOON + days * DAY)
    assert exists(recording)


@pytest.mark.parametrize(("days", "shown"), [(30, False), (15, False), (14, True), (3, True)])
def test_pages_say_when_it_goes_in_the_last_fortnight(days, shown, recording, over, tenant, teacher, student):
    keep_for(tenant, days)
    words = {30: "25 December", 15: "10 December", 14: "9 December", 3: "2 December"}[days]
    for person in (teacher, student):
        for path in (over.get_absolute_url(), page_of(recording)):
            page = person.get(path).content.decode()
            assert (f"Will be deleted on {words}" in page) is shown
            assert ("Will be deleted" in page) is shown


def test_old_reports_go_without_a_new_one(student, in_tenant):
    for age in (89, 91):
        ConnectionReport.objects.create(
            membership=student.member, kind="check", at=NOON - age * DAY, verdict="good"
        )
    sweep(NOON)
    assert [report.at for report in ConnectionReport.objects.all()] == [NOON - 89 * DAY]
