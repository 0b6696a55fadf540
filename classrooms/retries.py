"""Work in which another machine has a part: tried again, after a while that doubles, until it is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks.base import Task

FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
LOW = -50  # large files wait for what running classes need


def wait(attempt: int) -> timedelta:
    """After the `attempt`th, counted from 1."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempt - 1, 16)
    return min(doubled, LONGEST_WAIT)


def again(work: Task[Any, Any], *arguments: Any, attempt: int) -> None:
    """Arrange the attempt after this one."""
    if work.get_backend().supports_defer:
        later = work.using(run_after=timezone.now() + wait(attempt))
        later.enqueue(*arguments, attempt=attempt + 1)
