"""The same news for several people, by mail, over one connection."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.mail import EmailMessage, get_connection

from accounts.models import Membership

logger = logging.getLogger(__name__)

BATCH = 25  # people of one task: what is more urgent, such as a forgotten password, comes in between
MOST_ATTEMPTS = 12  # in some four hours


def send_each(members: list[Membership], write: Callable[[Membership], EmailMessage]) -> list[int]:
    """Whom it was not sent to, by key. What smtplib raises is an OSError."""
    unsent = [member.pk for member in members]
    try:
        with get_connection() as connection:
            for member in members:
                made = write(member)
                made.connection = connection
                try:
                    made.send()
                except OSError as error:
                    logger.warning("%s could not be told of a class yet: %s", member.pk, error)
                else:
                    unsent.remove(member.pk)
    except OSError as error:
        logger.warning("%d people could not be told of a class yet: %s", len(unsent), error)
    return unsent
