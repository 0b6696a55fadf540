"""Rows that nobody needs any more, of tables that would grow for ever: tasks that are done, sessions that
have run out, links into a class that nobody can use."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django_tasks_db.models import DBTaskResult

from classrooms.models import JoinLink
from tenants.scope import every_tenant

KEPT = timedelta(days=7)  # tasks, to look into what failed; links, to tell who comes late that theirs ran out


def prune(now: datetime) -> None:
    """Of all tenants."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEPT).delete()
    with every_tenant():
        JoinLink.objects.filter(expires_at__lt=now - KEPT).delete()
