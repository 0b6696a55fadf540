"""Mail about recordings, in the school's name."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.mails import sender
from accounts.models import Membership
from classrooms.models import Recording
from tenants.hosts import site_of


def send_warning(member: Membership, lines: list[tuple[Recording, datetime]]) -> None:
    """Tell `member` which recordings are deleted, and when. Raises what mail servers raise."""
    tenant = member.tenant
    words = {"tenant": tenant, "name": member.name, "lines": lines, "site": site_of(tenant)}
    with timezone.override(member.zone), translation.override(member.language):
        EmailMessage(
            subject=" ".join(render_to_string("classrooms/mail/recordings_go_subject.txt", words).split()),
            body=render_to_string("classrooms/mail/recordings_go.txt", words),
            from_email=sender(tenant),
            to=[member.user.email],
        ).send()
