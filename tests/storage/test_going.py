"""A school that goes takes along what it has in the bucket."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from accounts.branding import change_logo
from accounts.models import User
from classrooms import going
from classrooms.models import Material
from tenants.logos import Logo
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.storage.files import all_in
from tests.web.kept import kept


@pytest.fixture
def account(db) -> User:
    return User.objects.create_superuser("operator@aula.test", "correct horse", name="Op")


@pytest.fixture
def full(bucket, written, session, teacher, admin, other_tenant, now) -> Tenant:
    """A school with a recording, a material and a logo there, and an object that no row knows of."""
    kept(session, teacher.member, now)
    with tenant_scope(session.tenant):
        material = Material(tenant=session.tenant, session=session, name="a.txt", size=5, added_at=now)
        material.file.save("a.txt", ContentFile(b"hello"))
        change_logo(by=admin.member, logo=Logo("png", b"png", 100))
    bucket.save("demo/recordings/unknown.webm", ContentFile(b"lost"))
    bucket.save("other/look/logo-1.png", ContentFile(b"png"))
    return session.tenant


def test_a_school_goes_with_everything_in_the_bucket_and_the_others_stay(bucket, full, account, now, at_once):
    assert len(all_in(bucket)) == 7
    row = going.delete_school(tenant=full, by=account, slug="demo", at=now)
    row.refresh_from_db()
    assert row.state == "done"
    assert not Tenant.objects.filter(slug="demo").exists()
    assert all_in(bucket) == {"other/look/logo-1.png"}


def test_a_bucket_that_is_away_holds_a_school_up_that_has_no_file(bucket, wire, tenant, account, now):
    wire.close()
    row = going.delete_school(tenant=tenant, by=account, slug="demo", at=now)
    row.refresh_from_db()
    assert row.state == "waiting"
    assert "does not answer" in row.error
    assert Tenant.objects.filter(slug="demo").exists()
