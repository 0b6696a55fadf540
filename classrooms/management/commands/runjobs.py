"""`manage.py runjobs`: heavy work on recordings, and what has to be done from time to time."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone

from classrooms.recorded import jobs
from classrooms.refusals import StorageAway

logger = logging.getLogger(__name__)

IDLE = 1.0  # seconds until the next look
AFTER_TROUBLE = 10.0
HOUSEKEEPING = 600.0  # seconds


class Command(BaseCommand):
    help = "Find out who speaks in recordings, make files to download, delete what is old. Until a signal."

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: exit_now())
        jobs.tidy()
        kept_at = 0.0
        while True:
            if time.monotonic() - kept_at > HOUSEKEEPING or not kept_at:
                kept_at = time.monotonic()
                guarded(jobs.keep_house)
            did = guarded(jobs.turn)
            if not did:
                time.sleep(AFTER_TROUBLE if did is None else IDLE)
            close_old_connections()


def exit_now() -> None:
    raise SystemExit(0)


def guarded(work: Callable[[datetime], bool | None]) -> bool | None:
    """What it answers; None when it failed: the next one is not the worse for it."""
    try:
        return bool(work(timezone.now()))
    except StorageAway as error:
        logger.warning("%s waits for the storage: %s", work.__qualname__, error)
        return None
    except Exception:
        logger.exception("%s failed", work.__qualname__)
        return None
