"""Class materials: files for everybody of a class, over the API and from the class's pages."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from classrooms.downloads import asked_range
from classrooms.models import Material
from tenants.scope import tenant_scope


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Where stored files lie."""
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": options}
    return tmp_path


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def path(session, material=""):
    return f"/api/v1/sessions/{session.public_id}/materials/" + (f"{material}/" if material else "")


def upload(person, session, name="cells.pdf", content=b"%PDF mitosis", kind="application/pdf"):
    return person.post(path(session), {"file": SimpleUploadedFile(name, content, kind)})


def content(answer) -> bytes:
    async def collected() -> bytes:
        return b"".join([piece async for piece in answer.streaming_content])

    return asyncio.run(collected())


def download(person, session, material, **more):
    return person.get(f"/c/{session.public_id}/materials/{material['id']}/", **more)


def test_a_file_of_a_class_is_listed_and_handed_out_to_everybody_of_it(session, teacher, student, files):
    answer = upload(teacher, session)
    added = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(path(session, added["id"]))
    assert added == {
        "id": added["id"],
        "name": "cells.pdf",
        "size": 12,
        "kind": "application/pdf",
        "by": "Tom Teacher",
        "at": "2026-11-25T12:00:00Z",
        "picture": None,
    }
    assert student.get(path(session)).json()["results"] == [added]
    assert student.get(path(session, added["id"])).json() == added
    got = download(student, session, added)
    assert content(got) == b"%PDF mitosis"
    assert got.headers["Content-Disposition"] == 'attachment; filename="cells.pdf"'
    assert got.headers["Content-Type"] == "application/octet-stream"  # never shown as a page of ours
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    [kept] = stored(files)
    assert kept.parent.relative_to(files) == Path("demo/materials")
    assert "cells" not in kept.name


@pytest.mark.parametrize("who", ["classmate", "outsider"])
def test_for_whoever_is_not_of_the_class_there_is_nothing(who, session, teacher, request):
    stranger = request.getfixturevalue(who)
    added = upload(teacher, session).json()
    unknown = stranger.get(path(session).replace(session.public_id, "0" * 32))
    for answer in (
        stranger.get(path(session)),
        stranger.get(path(session, added["id"])),
        upload(stranger, session),
        stranger.browser.delete(path(session, added["id"]), **stranger.environment({})),
    ):
        assert (answer.status_code, answer.content) == (404, unknown.content)
    assert download(stranger, session, added).status_code == 404
    assert len(teacher.get(path(session)).json()["results"]) == 1


def test_the_class_page_lists_its_files(session, teacher, student):
    added = upload(teacher, session).json()
    page = student.get(session.get_absolute_url()).content.decode()
    assert f'href="/c/{session.public_id}/materials/{added["id"]}/"' in page


@pytest.mark.parametrize("state", ["scheduled", "live", "ended"])
def test_before_during_and_after_a_class_its_page_takes_files(state, make_session, teacher, student, admin):
    session = make_session("Enzymes", state=state)
    for person in (teacher, student, admin):
        page = person.get(session.get_absolute_url()).content.decode()
        assert f'data-files="{path(session)}"' in page
        assert "Up to 100 MB each, no programs." in page


def test_who_was_removed_is_not_offered_to_add_files(session, student, tenant):
    with tenant_scope(tenant):
        session.participants.create(membership=student.member, name="Sue", role="student", barred=True)
    assert "data-files" not in student.get(session.get_absolute_url()).content.decode()


def test_the_class_page_lets_those_remove_a_file_who_may(session, teacher, student, person, course, tenant):
    added = upload(student, session).json()
    other = person(tenant, "student", "Ola Other")
    with tenant_scope(tenant):
        course.enrolments.create(membership=other.member)
    button = f'data-remove="{path(session, added["id"])}"'
    offered = [
        button in each.get(session.get_absolute_url()).content.decode() for each in (teacher, student, other)
    ]
    assert offered == [True, True, False]


def test_the_courses_materials_take_files_for_its_next_class(course, make_session, teacher, student):
    make_session("Later", starts=timedelta(days=3))
    coming = make_session("Enzymes", starts=timedelta(days=1))
    make_session("Past", starts=timedelta(days=-1), state="ended")
    for person in (teacher, student):
        page = person.get(f"/courses/{course.public_id}/materials/").content.decode()
        assert f'data-files="{path(coming)}"' in page
        assert f'<a href="{coming.get_absolute_url()}"><bdi>Enzymes</bdi></a>' in page


def test_without_a_next_class_the_courses_materials_say_what_to_do(course, teacher, student):
    pages = [
        each.get(f"/courses/{course.public_id}/materials/").content.decode() for each in (teacher, student)
    ]
    assert all("data-files" not in page for page in pages)
    assert "Schedule a class, then add files to it" in pages[0]
    assert "Files that are added to a class are kept here" in pages[1]


def test_a_file_is_not_found_by_way_of_another_class(session, make_session, teacher):
    added = upload(teacher, session).json()
    other = make_session("Enzymes")
    assert teacher.get(path(other, added["id"])).status_code == 404
    assert download(teacher, other, added).status_code == 404


def test_whoever_is_not_signed_in_is_sent_to_do_so(session, teacher, client):
    added = upload(teacher, session).json()
    answer = client.get(f"/c/{session.public_id}/materials/{added['id']}/", HTTP_HOST="demo.localhost")
    assert answer.status_code == 302
    assert client.get(path(session), HTTP_HOST="demo.localhost").status_code == 401


@pytest.mark.parametrize(("who", "status"), [("teacher", 204), ("student", 204), ("admin", 204)])
def test_whoever_added_a_file_and_who_leads_removes_it_with_all_of_it(
    who, status, session, student, files, request
):
    added = upload(student, session).json()
    remover = request.getfixturevalue(who)
    with mock.patch("django.db.transaction.on_commit", side_effect=lambda effect, **_: effect()):
        answer = remover.browser.delete(path(session, added["id"]), **remover.environment({}))
    assert answer.status_code == status
    assert student.get(path(session)).json()["results"] == []
    assert not stored(files)


def test_a_student_cannot_remove_the_teachers(session, teacher, student):
    added = upload(teacher, session).json()
    answer = student.browser.delete(path(session, added["id"]), **student.environment({}))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_file")


def test_a_class_that_is_deleted_takes_its_files_with_it(session, teacher, files, in_tenant):
    upload(teacher, session)
    with mock.patch("django.db.transaction.on_commit", side_effect=lambda effect, **_: effect()):
        session.delete()
    assert not stored(files)


@pytest.mark.parametrize(
    ("name", "size", "status", "code"),
    [
        ("film.mp4", 1_001, 413, "file_too_large"),
        ("game.EXE", 10, 415, "file_refused"),
        ("script.js", 10, 415, "file_refused"),
    ],
)
def test_what_is_not_taken_says_why_and_leaves_nothing(
    name, size, status, code, session, teacher, files, settings
):
    settings.MATERIAL_MOST_BYTES = 1_000
    answer = upload(teacher, session, name, b"x" * size)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["mend"]
    assert not stored(files)


def test_a_class_has_room_for_so_many_files(session, teacher, monkeypatch):
    monkeypatch.setattr("classrooms.materials.MOST_IN_CLASS", 1)
    upload(teacher, session)
    assert upload(teacher, session).json()["code"] == "too_many_files"


def test_a_request_without_a_file_says_what_is_missing(session, teacher):
    answer = teacher.post(path(session), {"other": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "no_file")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("../../etc/passwd", "passwd"), ("a" * 300 + ".pdf", "a" * 251 + ".pdf"), ("Über.pdf", "Über.pdf")],
)
def test_a_name_is_kept_without_its_folders_and_handed_out_again(sent, kept, session, teacher):
    added = upload(teacher, session, sent).json()
    assert added["name"] == kept
    assert download(teacher, session, added).headers["Content-Disposition"].startswith("attachment; filename")


def test_a_row_that_cannot_be_written_leaves_no_file(session, teacher, files):
    with mock.patch.object(Material, "save", side_effect=DatabaseError), pytest.raises(DatabaseError):
        upload(teacher, session)
    assert not stored(files)


def test_a_part_of_a_file_can_be_asked_for(session, teacher):
    added = upload(teacher, session, content=bytes(range(100))).json()
    part = download(teacher, session, added, HTTP_RANGE="bytes=10-19")
    assert (part.status_code, content(part)) == (206, bytes(range(10, 20)))
    assert part.headers["Content-Range"] == "bytes 10-19/100"
    beyond = download(teacher, session, added, HTTP_RANGE="bytes=100-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */100")


@pytest.mark.parametrize(
    ("header", "size", "expected"),
    [
        ("", 10, (0, 9)),
        ("bytes=0-", 10, (0, 9)),
        ("bytes=5-", 10_000_000, (5, 4 * 1024 * 1024 + 4)),
        ("bytes=5-9999999", 10_000_000, (5, 9_999_999)),
        ("bytes=2-4", 10, (2, 4)),
        ("bytes=2-99", 10, (2, 9)),
        ("bytes=-3", 10, (7, 9)),
        ("bytes=-99", 10, (0, 9)),
        ("bytes=-0", 10, None),
        ("bytes=10-", 10, None),
        ("bytes=4-2", 10, (0, 9)),
        ("bytes=-", 10, (0, 9)),
        ("bytes=0-1,3-4", 10, (0, 9)),
        ("lines=1-2", 10, (0, 9)),
        ("", 0, (0, -1)),
        ("bytes=0-", 0, None),
    ],
)
def test_ranges_are_read_as_the_rfc_has_them(header, size, expected):
    assert asked_range(header, size) == expected


def test_a_live_class_hears_of_files_that_come_and_go(make_session, teacher):
    live = make_session(state="live")
    added = upload(teacher, live).json()
    teacher.browser.delete(path(live, added["id"]), **teacher.environment({}))
    with tenant_scope(live.tenant):
        events = [(each.type, each.payload) for each in live.events.all()]
    assert events == [("material_added", {"material": added}), ("material_removed", {"id": added["id"]})]
