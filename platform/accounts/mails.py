"""Mail about accounts: written and sent by the background worker, in the school's name."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_tasks import task

from accounts.models import Membership
from tenants.models import Tenant
from tenants.scope import tenant_scope


def address() -> str:
    """What mail comes from, without a name: `aula@example.org`."""
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("<")[2].rstrip(">")


def sender(tenant: Tenant) -> str:
    """The school's name on the platform's address: `"Northfield College" <aula@example.org>`."""
    name = "".join(sign for sign in tenant.name if sign.isprintable()).replace("\\", "").replace('"', "")
    return f'"{name}" <{address()}>'


@task()
def send_password_link(tenant_id: int, membership_id: int, site: str) -> None:
    """Mail a link to choose a new password; `site` is the tenant's own address ("https://demo.example.org")."""
    tenant = Tenant.objects.get(pk=tenant_id)
    with tenant_scope(tenant):
        member = Membership.objects.active().select_related("user", "tenant").filter(pk=membership_id).first()
    if member is None:
        return
    user = member.user
    place = reverse(
        "password-choose",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )
    words = {"tenant": tenant, "name": member.name, "link": site + place}
    with translation.override(member.language):
        EmailMessage(
            subject=" ".join(render_to_string("accounts/mail/password_subject.txt", words).split()),
            body=render_to_string("accounts/mail/password.txt", words),
            from_email=sender(tenant),
            to=[user.email],
        ).send()
