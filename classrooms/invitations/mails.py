"""Invitations by mail, in the school's name: words, and the same for calendars beside them (RFC 6047)."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import task

from accounts.mails import sender
from accounts.models import Membership
from classrooms.invitations.ics import addressed
from classrooms.mailing import MOST_ATTEMPTS, send_each
from classrooms.retries import LOW, again
from tenants.hosts import site_of
from tenants.models import Tenant
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)


@task(priority=LOW)
def deliver(tenant_id: int, membership_ids: list[int], letter: dict[str, Any], attempt: int = 1) -> None:
    """Mail `letter` (classrooms.invitations.letters.Letter) to some people of a school, each by themselves,
    over one connection. Whom it could not be sent to is tried again, for some hours; the others get it once.
    A suspended school writes to nobody."""
    tenant = Tenant.objects.filter(pk=tenant_id, is_active=True).first()
    if tenant is None:
        return
    with tenant_scope(tenant):
        found = Membership.objects.active().exclude(calendar__mails=False)
        members = list(found.select_related("user", "tenant").filter(pk__in=membership_ids))
        unsent = send_each(members, partial(mail, letter=letter))
    if unsent and attempt < MOST_ATTEMPTS:
        again(deliver, tenant_id, unsent, letter, attempt=attempt)
    elif unsent:
        logger.error("%d people could not be told of a class", len(unsent))


def mail(member: Membership, letter: dict[str, Any]) -> EmailMultiAlternatives:
    tenant, site = member.tenant, site_of(member.tenant)
    times = {
        key: datetime.fromisoformat(letter[key]) for key in ("starts_at", "ends_at", "was") if letter[key]
    }
    words = letter | {"was": None} | times | {"name": member.name, "tenant": tenant}
    words["sentence"] = letter["sentence"].get(member.language, "")
    words |= {"account": site + reverse("account"), "zone": member.zone.key, "school_zone": tenant.time_zone}
    with timezone.override(member.zone), translation.override(member.language):
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
