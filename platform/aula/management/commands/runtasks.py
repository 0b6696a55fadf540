"""`manage.py runtasks`: work in the background, each piece of it in spite of killed processes."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from aula.workers import worker
from classrooms.hooks.sending import Sender


class Command(BaseCommand):
    help = "Do work in the background (mail, webhooks, recordings into the storage). Until a signal."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        with worker() as name, Sender():
            call_command(
                "db_worker",
                queue_name="*",
                reload=False,
                startup_delay=False,
                worker_id=name,
                verbosity=verbosity,
            )
