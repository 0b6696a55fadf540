"""Invitations by mail, in the school's name: words, and the same for calendars beside them (RFC 6047)."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from accounts.mails import sender
from accounts.models import Membership
from classrooms.invitations.ics import addressed
from classrooms.retries import again
from tenants.hosts import site_of
from tenants.scope import every_tenant

logger = logging.getLogger(__name__)


@task()
def deliver(membership_ids: list[int], letter: dict[str, Any]) -> None:
    """A task for each person, so that one address that fails holds up nobody."""
    for membership_id in membership_ids:
        deliver_to.enqueue(membership_id=membership_id, letter=letter)


@task()
def deliver_to(membership_id: int, letter: dict[str, Any], attempt: int = 1) -> None:
    """Mail `letter` (classrooms.invitations.letters.Letter); tried again while the mail server is away."""
    with every_tenant():
        found = Membership.objects.active().exclude(calendar__mails=False)
        member = found.select_related("user", "tenant").filter(pk=membership_id).first()
    if member is None or not member.tenant.is_active:
        return
    try:
        mail(member, letter).send()
    except OSError as error:  # smtplib's errors are among them
        logger.warning("%s could not be told of a class yet: %s", membership_id, error)
        again(deliver_to, membership_id, letter, attempt=attempt)


def mail(member: Membership, letter: dict[str, Any]) -> EmailMultiAlternatives:
    tenant, site = member.tenant, site_of(member.tenant)
    times = {
        key: datetime.fromisoformat(letter[key]) for key in ("starts_at", "ends_at", "was") if letter[key]
    }
    words = letter | {"was": None} | times | {"name": member.name, "tenant": tenant}
    words |= {"account": site + reverse("account"), "zone": member.zone.key, "school_zone": tenant.time_zone}
    with timezone.override(member.zone):
        made = EmailMultiAlternatives(
            subject=" ".join(render_to_string("classrooms/mail/class_subject.txt", words).split()),
            body=render_to_string("classrooms/mail/class.txt", words),
            from_email=sender(tenant),
            to=[member.user.email],
            headers={"Auto-Submitted": "auto-generated"},  # RFC 3834: no out-of-office answers
        )
    calendar = addressed(letter["calendar"], email=member.user.email, name=member.name)
    made.attach_alternative(calendar, f"text/calendar; method={letter['method']}")
    return made
