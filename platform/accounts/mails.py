"""Mail about accounts: written and sent by the background worker, in the school's name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from accounts.models import Membership, User
from accounts.sealed import unseal
from tenants.hosts import site_of
from tenants.languages import spoken
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
    _send("password", member, link=site + password_place(member.user))


@task()
def send_invitation(tenant_id: int, membership_id: int) -> None:
    """Mail somebody that they are at the school now: with a link to choose a password, or, to who has one
    from elsewhere, to sign in."""
    tenant = Tenant.objects.get(pk=tenant_id)
    with tenant_scope(tenant):
        members = Membership.objects.active().select_related("user", "tenant")
        member = members.filter(pk=membership_id).first()
    if member is None:
        return
    known = member.user.has_usable_password()
    place = reverse("sign-in") if known else password_place(member.user)
    _send("invitation", member, link=site_of(tenant) + place, known=known)


def password_place(user: User) -> str:
    """Where this person chooses a new password, once."""
    token = default_token_generator.make_token(user)
    return reverse("password-choose", args=[urlsafe_base64_encode(force_bytes(user.pk)), token])


def _send(letter: str, member: Membership, **words: Any) -> None:
    """In the language of whoever reads it."""
    words |= {"tenant": member.tenant, "name": member.name}
    with translation.override(member.language):
        EmailMessage(
            subject=" ".join(render_to_string(f"accounts/mail/{letter}_subject.txt", words).split()),
            body=render_to_string(f"accounts/mail/{letter}.txt", words),
            from_email=sender(member.tenant),
            to=[member.user.email],
        ).send()


SECURITY_CHANGES = {
    "totp_activated": _("An app for codes was added: signing in with your password now asks for one."),
    "totp_deactivated": _("The app for codes was removed."),
    "webauthn_added": _("A passkey was added."),
    "webauthn_removed": _("A passkey was removed."),
    "recovery_codes_generated": _("New recovery codes were made; the former ones are void."),
    "password_changed": _("Your password was changed; other browsers are signed out."),
    "school_linked": _("Your account can now be opened by the school's own sign-in."),
}


@task()
def send_code(tenant_id: int | None, email: str, code: str) -> None:
    """Mail a code to sign in with, or to prove who one is. It comes sealed, for tasks are kept."""
    _write(tenant_id, email, "code", {"code": unseal(code)})


@task()
def send_security_change(tenant_id: int | None, email: str, change: str) -> None:
    """Tell somebody what was changed about how their account is opened: a key of SECURITY_CHANGES."""
    _write(tenant_id, email, "security", {"change": SECURITY_CHANGES[change]})


def _write(tenant_id: int | None, email: str, mail: str, words: dict[str, Any]) -> None:
    """In the school's name; on the base domain in Aula's."""
    tenant = Tenant.objects.filter(pk=tenant_id).first() if tenant_id else None
    words = {"tenant": tenant, "school": tenant.name if tenant else "Aula", **words}
    own = User.objects.filter(email=email).values_list("language", flat=True).first() or ""
    with translation.override(spoken(own, tenant.language if tenant else "")):
        EmailMessage(
            subject=" ".join(render_to_string(f"accounts/mail/{mail}_subject.txt", words).split()),
            body=render_to_string(f"accounts/mail/{mail}.txt", words),
            from_email=sender(tenant) if tenant else str(settings.DEFAULT_FROM_EMAIL),
            to=[email],
        ).send()
