"""`manage.py coturnconf`: the configuration of coturn that fits these settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from turncreds.coturn import Profile, configuration
from turncreds.management.tenants import relay_of
from turncreds.plan import relay_plan

OWNER_AND_GROUP = 0o640


class Command(BaseCommand):
    help = "Write a hardened turnserver.conf from the settings, to standard output or to a file."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--profile",
            choices=[each.value for each in Profile],
            help="sfu: relay to the media server only; direct: between two participants too "
            f"(default: TURN_PROFILE, now {settings.TURN_PROFILE})",
        )
        parser.add_argument("--tenant", metavar="SLUG", help="for this tenant's own relay servers")
        parser.add_argument("--output", metavar="FILE", type=Path, help="readable by owner and group only")

    def handle(
        self, *args: Any, profile: str | None, tenant: str | None, output: Path | None, **options: Any
    ) -> None:
        try:
            text = configuration(relay_plan(relay_of(tenant), Profile(profile) if profile else None))
        except ValueError as error:
            raise CommandError(str(error)) from None
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            write(output, text)
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from None
        self.stderr.write(f"Wrote {output}. Restart coturn, then run `manage.py checkturn`.")


def write(path: Path, text: str) -> None:
    """Replace `path` at once, keeping owner and group of what was there; it holds secrets."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_AND_GROUP), "w") as file:
        os.fchmod(file.fileno(), OWNER_AND_GROUP)
        if path.exists():
            before = path.stat()
            os.fchown(file.fileno(), before.st_uid, before.st_gid)
        file.write(text)
    part.replace(path)
