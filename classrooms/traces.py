"""What a school takes along when it goes, from tables that are not its own: tasks that name it, with
addresses and letters in them, and what Django admin's log says of its rows."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from tenants.models import Tenant

AT_ONCE = 100  # rows of one step


def forget_tasks(tenant: Tenant) -> None:
    """Those that are done; the others do what they have to, and go with all that is old."""
    done = DBTaskResult.objects.finished()
    ours = [row.pk for row in done.iterator() if is_of(tenant, arguments(row))]
    for n in range(0, len(ours), AT_ONCE):
        DBTaskResult.objects.filter(pk__in=ours[n : n + AT_ONCE]).delete()


def arguments(row: DBTaskResult[..., Any]) -> dict[str, Any]:
    """By their names; none of a task that there is no more, or that takes others by now."""
    given = row.args_kwargs
    try:
        takes = inspect.signature(import_string(row.task_path).func)
        return takes.bind(*given["args"], **given["kwargs"]).arguments
    except (ImportError, TypeError):
        return {}


def is_of(tenant: Tenant, given: dict[str, Any]) -> bool:
    """Tasks name a school by its key, or by its slug before a media room or a file."""
    named = str(given.get("room") or given.get("name") or "")
    return given.get("tenant_id") == tenant.pk or named.startswith((f"{tenant.slug}.", f"{tenant.slug}/"))


def forget_logged(kind: type[Model]) -> None:
    """What Django admin's log says of rows of this kind. In the scope of the school whose rows they are."""
    said = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(kind))
    named = set(said.values_list("object_id", flat=True))
    rows = kind._default_manager.filter(pk__in=named).values_list("pk", flat=True)
    forget_said(kind, rows)


def forget_said(kind: type[Model], keys: Iterable[int]) -> None:
    said = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(kind))
    said.filter(object_id__in=[str(each) for each in keys]).delete()
