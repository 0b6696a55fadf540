"""`manage.py mediatoken`: a token that lets an encoder (OBS) or a room display into a class."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from classrooms.live.media import device_token
from classrooms.models import ClassSession
from tenants.models import Tenant
from tenants.scope import tenant_scope

LONGEST = 48  # hours


class Command(BaseCommand):
    help = "Print a token for WHIP or WHEP (docs/media-protocol.md): what OBS calls the bearer token."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("session", help="the class: the last part of its page's address")
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--for", dest="purpose", choices=("publish", "watch"), default="publish")
        parser.add_argument("--name", default="Studio", help="what the class sees (default: Studio)")
        parser.add_argument("--hours", type=int, default=12, help=f"how long it is good for, up to {LONGEST}")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"], is_active=True).first()
        if tenant is None:
            raise CommandError(f"There is no school “{options['tenant']}”.")
        if not 0 < options["hours"] <= LONGEST:
            raise CommandError(f"--hours takes 1 to {LONGEST}.")
        with tenant_scope(tenant):
            session = (
                ClassSession.objects.select_related("tenant").filter(public_id=options["session"]).first()
            )
            if session is None or session.state == ClassSession.State.ENDED:
                raise CommandError(f"{tenant.name} has no class “{options['session']}” that is not over.")
            token = device_token(
                session,
                name=options["name"],
                publishes=options["purpose"] == "publish",
                at=timezone.now(),
                lasts=timedelta(hours=options["hours"]),
            )
        self.stdout.write(token)
