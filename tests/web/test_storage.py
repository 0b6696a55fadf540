"""How much a school may store: what counts, what is refused, and who is told before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from classrooms.models import Material, RecordingDownload
from classrooms.refusals import StorageFull
from classrooms.sizes import size_words
from classrooms.storage import Stored, check_room_for, check_room_to_begin
from classrooms.storage import stored as stored_of
from tenants.scope import tenant_scope
from tests.conftest import NOON
from tests.web.kept import kept, stored, use_folder


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    use_folder(settings, tmp_path)
    return tmp_path


def allow(tenant, most):
    tenant.storage_most_bytes = most
    tenant.save()


def upload(person, session, size):
    file = SimpleUploadedFile("cells.pdf", b"x" * size, "application/pdf")
    return person.post(f"/api/v1/sessions/{session.public_id}/materials/", {"file": file})


def test_tracks_materials_and_downloads_of_the_one_school_count_in_the_bin_too(
    tenant, other_tenant, session, teacher, folder
):
    assert stored_of(tenant) == Stored(0, 0, 0, None)
    kept(session, teacher.member, NOON)
    kept(session, teacher.member, NOON, deleted_at=NOON)
    upload(teacher, session, 10)
    with tenant_scope(tenant):
        RecordingDownload.objects.first().recording.downloads.create(
            kind="audio", asked_at=NOON, size=99, state="running"
        )
    assert stored_of(tenant) == Stored(recordings=8, materials=10, downloads=8, most=None)
    assert stored_of(tenant).used == 26
    assert stored_of(other_tenant).used == 0


@pytest.mark.parametrize(
    ("most", "used", "nearly", "full"),
    [(None, 10**15, False, False), (100, 89, False, False), (100, 90, True, False), (100, 100, True, True)],
)
def test_nearly_is_nine_tenths(most, used, nearly, full):
    has = Stored(used, 0, 0, most)
    assert (has.is_nearly_full, has.is_full) == (nearly, full)


@pytest.mark.parametrize(
    ("most", "more", "refused"), [(None, 10**12, False), (10, 6, False), (10, 7, True), (0, 1, True)]
)
def test_what_fits_may_come(most, more, refused, tenant, session, teacher):
    upload(teacher, session, 4)
    allow(tenant, most)
    if not refused:
        check_room_for(tenant, more)
        return
    with pytest.raises(StorageFull):
        check_room_for(tenant, more)


def test_what_has_no_size_yet_may_begin_while_anything_is_free(tenant, session, teacher):
    upload(teacher, session, 4)
    allow(tenant, 5)
    check_room_to_begin(tenant)
    allow(tenant, 4)
    with pytest.raises(StorageFull):
        check_room_to_begin(tenant)


def test_a_file_too_many_says_how_to_mend_it_and_leaves_nothing(tenant, session, teacher, folder):
    allow(tenant, 15)
    assert upload(teacher, session, 10).status_code == 201
    answer = upload(teacher, session, 6)
    assert (answer.status_code, answer.json()["code"]) == (409, "storage_full")
    assert "ask the school for more room" in answer.json()["mend"]
    assert len(stored(folder)) == 1
    assert upload(teacher, session, 5).status_code == 201


def test_another_schools_full_storage_is_not_ours(tenant, other_tenant, session, teacher):
    allow(other_tenant, 0)
    assert upload(teacher, session, 5).status_code == 201


@pytest.mark.parametrize("state", ["scheduled", "ended"])
def test_who_leads_reads_on_the_class_page_that_it_is_nearly_full(
    state, tenant, make_session, teacher, student
):
    session = make_session(starts=timedelta(hours=1 if state == "scheduled" else -2), state=state)

    def note(person):
        page = " ".join(person.get(session.get_absolute_url()).content.decode().split())
        return page.partition('storage">')[2].partition("</p>")[0]

    upload(teacher, session, 90)
    allow(tenant, 101)
    assert note(teacher) == ""
    allow(tenant, 100)
    assert f"The school has stored {size_words(90)} of {size_words(100)}." in note(teacher)
    assert "Nothing more" not in note(teacher)
    assert note(student) == ""
    allow(tenant, 90)
    assert "Nothing more can be recorded or added." in note(teacher)


def test_operators_read_what_a_school_has_stored(tenant, session, teacher, folder):
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator@aula.test", "correct horse", name="Op"))
    kept(session, teacher.member, NOON)
    upload(teacher, session, 10)

    def page():
        return browser.get(f"/admin/tenants/tenant/{tenant.pk}/change/", HTTP_HOST="localhost")

    kinds = f"recordings {size_words(4)}, materials {size_words(10)}, downloads {size_words(4)}"
    assert f"{size_words(18)}: {kinds}" in page().content.decode()
    allow(tenant, 36)
    assert f"{size_words(18)} of {size_words(36)} (50 %)" in page().content.decode()
    add = browser.get("/admin/tenants/tenant/add/", HTTP_HOST="localhost").content.decode()
    assert "storage used" not in add.lower()
    with tenant_scope(tenant):
        assert Material.objects.count() == 1
