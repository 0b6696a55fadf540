"""`manage.py run`: web, media, tasks and jobs under one parent that keeps them running until Ctrl-C."""

import asyncio
import signal
import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from aula.database_checks import TAG as DATABASE_SERVER
from aula.keeper import Keeper
from aula.processes import Process, all_processes, environment
from aula.redis_checks import TAG as REDIS_SERVER
from aula.terminal import Terminal

NAMES = ("web", "media", "tasks", "jobs")
ENDING = 8.0  # seconds for a process to end, beside what the media process takes to drain


class Command(BaseCommand):
    help = "Keep the web, media, tasks and jobs processes running until Ctrl-C; or only those that are named."
    requires_system_checks = "__all__"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("processes", nargs="*", choices=[*NAMES, []], metavar="web|media|tasks|jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options["processes"]
        processes = [each for each in all_processes() if not chosen or each.name in chosen]
        self.check_addresses(processes)
        self.check_servers({each.name for each in processes})
        settings.VAR.mkdir(parents=True, exist_ok=True)
        if not chosen:
            self.prepare()
        sys.exit(asyncio.run(self.keep(processes)))

    def check_servers(self, names: set[str]) -> None:
        """Those that they use."""
        if names - {"media"}:
            self.check(tags=[DATABASE_SERVER, REDIS_SERVER], include_deployment_checks=True)
        if {"web", "tasks"} & names:
            self.check(tags=["storage"], include_deployment_checks=True)

    def prepare(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEBUG:
            call_command("demo", verbosity=0)
        else:
            call_command("collectstatic", interactive=False, verbosity=0)

    def check_addresses(self, processes: list[Process]) -> None:
        for process in processes:
            address = process.address
            if address and not address.is_free:
                raise CommandError(
                    f"{address.host}:{address.port} is in use. Stop the program that uses it, "
                    f"or set {process.setting} to another address."
                )

    async def keep(self, processes: list[Process]) -> int:
        """Until a signal, or until one cannot be started; the exit code."""
        self.stdout.flush()
        self.terminal = Terminal(self.stdout.fileno())
        keeper = Keeper(
            [process.program for process in processes],
            environment=environment(),
            folder=settings.ROOT,
            say=self.say,
            stop_within=settings.MEDIA_DRAIN_SECONDS + ENDING,
        )
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, keeper.stop)
        greeting = asyncio.create_task(self.announce(processes))
        try:
            return await keeper.run()
        finally:
            greeting.cancel()
            self.terminal.close()

    def say(self, who: str, line: str) -> None:
        self.terminal.write(f"{datetime.now():%H:%M:%S} {who:6} | {line}")

    async def announce(self, processes: list[Process]) -> None:
        """Say where everything is once all of it answers."""
        await asyncio.gather(*(process.serves() for process in processes if process.address))
        self.terminal.write("\n".join(self.banner()))

    def banner(self) -> list[str]:
        if not settings.DEBUG:
            return ["", f"Aula is ready on {settings.WEB_BIND}, media on {settings.MEDIA_SERVER_URL}.", ""]
        port = settings.WEB_BIND.rpartition(":")[2]
        base = f"{settings.BASE_DOMAIN}:{port}"
        return [
            "",
            "  Aula is ready. Stop it with Ctrl-C.",
            "",
            f"  School        http://demo.{base}/",
            "                teacher@demo.test · student@demo.test · admin@demo.test",
            f"  Other school  http://other.{base}/",
            "                admin@other.test",
            f"  Operators     http://{base}/admin/",
            "                operator@aula.test",
            "",
            f"  Password of all of them: {settings.DEMO_PASSWORD}",
            "",
        ]
