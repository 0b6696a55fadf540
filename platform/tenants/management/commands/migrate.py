"""`manage.py migrate`: Django's own, in no school's scope and therefore in every one's."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from tenants.scope import every_tenant


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        """Behind the second wall (tenants.wall) a migration would find no rows to change otherwise."""
        with every_tenant():
            super().handle(*args, **options)
