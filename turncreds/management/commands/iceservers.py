"""`manage.py iceservers`: the list a browser would get, as JSON, for trying a relay by hand."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from turncreds.credentials import PARTICIPANT
from turncreds.management.tenants import relay_of


class Command(BaseCommand):
    help = "Print the iceServers of a test participant as JSON; the credential is good for TURN_TTL seconds."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="of this tenant, which may have its own relays")
        parser.add_argument(
            "--participant", help="the id the relay logs and counts by (default: a random one)"
        )

    def handle(self, *args: Any, tenant: str | None, participant: str | None, **options: Any) -> None:
        participant = participant or f"test-{secrets.token_hex(8)}"
        if not PARTICIPANT.fullmatch(participant):
            raise CommandError("--participant takes 1-128 letters, digits, dots, hyphens and underscores.")
        relay = relay_of(tenant)
        if not relay.urls:
            self.stderr.write("TURN_URLS is not set: browsers get no relay. See docs/turn.md.")
        servers = relay.ice_servers(participant, now=time.time(), ttl=settings.TURN_TTL)
        self.stdout.write(json.dumps(servers, indent=2))
