"""Files for a class, in a bucket."""

from __future__ import annotations

import os
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from classrooms.models import Material
from tenants.scope import tenant_scope
from tests.storage.files import all_in, content

PAGES = os.urandom(3_000_000)


def path(session, material=""):
    return f"/api/v1/sessions/{session.public_id}/materials/" + (f"{material}/" if material else "")


def upload(person, session, pages=PAGES):
    return person.post(path(session), {"file": SimpleUploadedFile("cells.pdf", pages, "application/pdf")})


def download(person, session, added, **more):
    return person.get(f"/c/{session.public_id}/materials/{added['id']}/", **more)


def test_a_file_is_added_fetched_in_whole_and_in_part_and_removed(
    bucket, session, teacher, student, outsider, at_once
):
    added = upload(teacher, session).json()
    [name] = all_in(bucket)
    assert name.startswith("demo/materials/")
    assert "cells" not in name
    assert content(download(student, session, added)) == PAGES
    part = download(student, session, added, HTTP_RANGE="bytes=100-199")
    assert (part.status_code, content(part)) == (206, PAGES[100:200])
    assert download(outsider, session, added).status_code == 404
    teacher.browser.delete(path(session, added["id"]), **teacher.environment({}))
    assert all_in(bucket) == set()


def test_two_schools_keep_their_files_apart(bucket, session, teacher, outsider, other_tenant):
    upload(teacher, session)
    with tenant_scope(other_tenant):
        assert not Material.objects.exists()
    assert {name.split("/")[0] for name in all_in(bucket)} == {"demo"}


def test_a_row_that_cannot_be_written_leaves_no_object(bucket, session, teacher):
    with mock.patch.object(Material, "save", side_effect=DatabaseError), pytest.raises(DatabaseError):
        upload(teacher, session)
    assert all_in(bucket) == set()


def test_where_the_storage_is_away_people_are_told_so_and_no_row_is_left(bucket, wire, session, teacher):
    wire.close()
    answer = upload(teacher, session)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_away")
    assert answer.json()["mend"] == "Try again in a minute."
    assert bucket.bucket_name not in answer.content.decode()
    with tenant_scope(session.tenant):
        assert not Material.objects.exists()
