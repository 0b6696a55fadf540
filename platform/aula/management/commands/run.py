"""`manage.py run`: web, media and tasks under one parent, stopped together by Ctrl-C."""

import signal
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from honcho.manager import Manager
from honcho.printer import Printer

from aula.processes import Process, all_processes, environment, serves

SLOWEST_START = 60.0  # seconds
INTERRUPTED = 128 + signal.SIGINT


class Command(BaseCommand):
    help = "Prepare the database, then run the web, media and tasks processes until Ctrl-C."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        processes = all_processes()
        self.check_addresses(processes)
        settings.VAR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEBUG:
            call_command("demo", verbosity=0)
        else:
            call_command("collectstatic", interactive=False, verbosity=0)
        sys.exit(self.supervise(processes))

    def check_addresses(self, processes: list[Process]) -> None:
        for process in processes:
            address = process.address
            if address and not address.is_free:
                raise CommandError(
                    f"{address.host}:{address.port} is in use. Stop the program that uses it, "
                    f"or set {process.setting} to another address."
                )

    def supervise(self, processes: list[Process]) -> int:
        """Run all until one ends or a signal comes; 0 after Ctrl-C, else the exit code of what ended."""
        manager = Manager(Printer(sys.stdout))
        for process in processes:
            manager.add_process(process.name, process.command, env=environment(), cwd=settings.ROOT)
        threading.Thread(target=self.announce, args=(processes,), daemon=True).start()
        manager.loop()
        code = manager.returncode or 0
        return 0 if code == INTERRUPTED else code

    def announce(self, processes: list[Process]) -> None:
        """Say where everything is once all of it answers."""
        addresses = [process.address for process in processes if process.address]
        if all(serves(address, SLOWEST_START) for address in addresses):
            self.stdout.write("\n".join(self.banner()))
            self.stdout.flush()

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
