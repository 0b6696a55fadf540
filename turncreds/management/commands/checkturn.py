"""`manage.py checkturn`: does the relay work from here, over each transport?"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from turncreds.management.tenants import relay_of
from turncreds.plan import check_target
from turncreds.reachability import Finding, check_relay


class Command(BaseCommand):
    help = "Make a real allocation over each transport; say what is wrong and how to mend it."
    requires_system_checks = ["security"]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", metavar="SLUG", help="check this tenant's relay servers")
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> None:
        try:
            target = check_target(relay_of(tenant))
        except (ValueError, ssl.SSLError, OSError) as error:
            raise CommandError(str(error)) from None
        logging.getLogger("aioice").setLevel(logging.WARNING)
        findings = asyncio.run(check_relay(target))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(each) for each in findings], indent=2))
        else:
            for each in findings:
                self.tell(each)
        if not all(each.ok for each in findings):
            sys.exit(1)

    def tell(self, finding: Finding) -> None:
        mark = self.style.SUCCESS("ok  ") if finding.ok else self.style.ERROR("FAIL")
        self.stdout.write(f"{mark} {finding.url}  {finding.text}")
        if finding.mend:
            self.stdout.write(f"     → {finding.mend}")
