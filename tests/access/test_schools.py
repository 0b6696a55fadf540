"""What is asked for here is there: a school without a row of something proves nothing about it."""

from __future__ import annotations

from tenants.scope import every_tenant
from tests.access.schools import School, every_row
from tests.access.sums import tables


@every_tenant()
def test_both_schools_have_a_row_of_everything(ours: School, theirs: School) -> None:
    missing = [
        (school.tenant.slug, model._meta.label)
        for school in (ours, theirs)
        for model in tables()
        if not every_row(school, model).exists()
    ]
    assert not missing
