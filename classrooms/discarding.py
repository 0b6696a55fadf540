"""Stored files go with their rows, also where the storage does not answer at that moment."""

from __future__ import annotations

import logging

from django.core.files.storage import default_storage
from django_tasks import task

from classrooms.retries import LOW, again

logger = logging.getLogger(__name__)


@task(priority=LOW)
def discard(name: str, attempt: int = 1) -> None:
    """Delete a stored file; tried again while that cannot be done."""
    try:
        default_storage.delete(name)
    except OSError as error:
        logger.warning("%s is not deleted yet: %s", name, error)
        again(discard, name, attempt=attempt)
