"""Fill the database with the demo school (development only)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from classrooms.demo import fill


class Command(BaseCommand):
    help = "Make the demo schools, their people and a class that is on now. Safe to repeat; needs DEBUG."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "Demo accounts share a known password: set DEBUG=1, on a development machine only."
            )
        fill(password=settings.DEMO_PASSWORD, now=timezone.now())
        self.stdout.write("The demo school is ready.")
