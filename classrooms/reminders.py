"""A word to those who have not checked whether they will get through."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import task

from accounts.mails import sender
from accounts.models import Membership
from classrooms.mailing import BATCH, MOST_ATTEMPTS, send_each
from classrooms.models import ClassSession
from classrooms.refusals import ClassBegun, NotYourClass, RemindedAlready
from classrooms.reports import readiness
from classrooms.retries import LOW, again
from tenants.hosts import site_of
from tenants.models import Tenant
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)
AT_MOST_EVERY = timedelta(days=1)  # for one class


@transaction.atomic
def remind(*, session: ClassSession, by: Membership) -> int:
    """Mail the students of a coming class who have not made a check, and want mails of classes; how many
    there are.

    Raises NotYourClass, ClassBegun, RemindedAlready.
    """
    if not session.led_by(by):
        raise NotYourClass
    if session.state != ClassSession.State.SCHEDULED:
        raise ClassBegun
    unchecked = [member.pk for member in readiness(session).unchecked]
    asked = list(_willing(unchecked).values_list("pk", flat=True))
    if asked and not cache.add(_key(session), True, timeout=int(AT_MOST_EVERY.total_seconds())):
        raise RemindedAlready
    for start in range(0, len(asked), BATCH):
        deliver.enqueue(session.tenant_id, session.pk, asked[start : start + BATCH])
    return len(asked)


def was_reminded(session: ClassSession) -> bool:
    """Whether it would be too early to do so again."""
    return bool(cache.get(_key(session)))


def _key(session: ClassSession) -> str:
    return f"reminded-{session.tenant_id}-{session.public_id}"


@task(priority=LOW)
def deliver(tenant_id: int, session_id: int, membership_ids: list[int], attempt: int = 1) -> None:
    """Whom it could not be sent to is tried again, until the class begins. A suspended school writes to
    nobody."""
    tenant = Tenant.objects.filter(pk=tenant_id, is_active=True).first()
    if tenant is None:
        return
    with tenant_scope(tenant):
        coming = ClassSession.objects.filter(pk=session_id, state=ClassSession.State.SCHEDULED)
        session = coming.select_related("course", "teacher__user").first()
        members = list(_willing(membership_ids).select_related("user", "tenant"))
    if session is None:
        return
    unsent = send_each(members, lambda member: _mail(member, session))
    if unsent and attempt < MOST_ATTEMPTS:
        again(deliver, tenant_id, session_id, unsent, attempt=attempt)
    elif unsent:
        logger.error("%d people could not be reminded of a check", len(unsent))


def _willing(membership_ids: list[int]) -> QuerySet[Membership]:
    found: QuerySet[Membership] = Membership.objects.active().filter(pk__in=membership_ids)
    return found.exclude(calendar__mails=False)


def _mail(member: Membership, session: ClassSession) -> EmailMessage:
    tenant = member.tenant
    site = site_of(tenant)
    words = {
        "tenant": tenant,
        "name": member.name,
        "session": session,
        "zone": member.zone.key,
        "link": f"{site}{reverse('check')}?next={session.get_absolute_url()}",
        "account": site + reverse("account"),
    }
    with timezone.override(member.zone), translation.override(member.language):
        return EmailMessage(
            subject=" ".join(render_to_string("classrooms/mail/check_subject.txt", words).split()),
            body=render_to_string("classrooms/mail/check.txt", words),
            from_email=sender(tenant),
            to=[member.user.email],
            headers={"Auto-Submitted": "auto-generated"},  # RFC 3834: no out-of-office answers
        )
