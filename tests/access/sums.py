"""Whether anything of a school was changed: its rows in one sum, taken where something was written at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import connection

from accounts.models import SignIn, User
from tenants.models import Domain, Tenant
from tenants.scope import TenantModel, every_tenant
from tests.access.schools import School, every_row

WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE")
OWN_TABLES = ("django_session", "accounts_signin")  # of whoever asks


def tables() -> list[type[TenantModel]]:
    """Of all schools' rows."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


@every_tenant()
def sum_of(school: School) -> str:
    """Changes with anything that is the school's: its rows, its people, its places."""
    sums = sha256()
    for model in tables():
        sums.update(_told(every_row(school, model)))
    people = [each.user_id for each in every_row(school, apps.get_model("accounts.Membership"))]
    for rows in (
        User.objects.filter(pk__in=people),
        SignIn.objects.filter(user__in=people),
        Tenant.objects.filter(pk=school.tenant.pk),
        Domain.objects.filter(tenant=school.tenant),
    ):
        sums.update(_told(rows))
    return sums.hexdigest()


def _told(rows: Any) -> bytes:
    return repr(list(rows.order_by("pk").values_list())).encode()


class Written:
    """The statements that wrote something other than the asker's own session."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITING) and not any(table in sql for table in OWN_TABLES):
            self.statements.append(sql)
        return execute(sql, *more)


@contextmanager
def written() -> Iterator[Written]:
    found = Written()
    with connection.execute_wrapper(found):
        yield found
