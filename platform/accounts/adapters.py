"""Where Aula's rules enter django-allauth (65.22): who belongs to which host, what is said, what is mailed.

Every way to sign in (password, code, passkey, a school's own sign-in) ends in `AccountAdapter.pre_login` and
`login`, so that is where it is asked whether the person belongs here.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.actions import has_email
from accounts.backends import belongs
from accounts.browsers import browser_of
from accounts.mails import SECURITY_CHANGES, send_code, send_security_change
from accounts.models import User
from accounts.school import arriving
from accounts.school.providers import app_of
from accounts.sealed import seal, unseal
from tenants import outgoing
from tenants.hosts import bare_host

MISMATCH = _("Email and password do not match. Check both, or choose “Forgot password?”.")
NOT_HERE = _("That sign-in did not work here. Try again, or sign in another way.")
TOO_MANY = _("Too many wrong attempts. Wait five minutes, or sign in another way.")
WRONG_CODE = _("That code is not right. Check it, or use the next one.")


def tenant_id(request: HttpRequest) -> int | None:
    tenant = getattr(request, "tenant", None)
    return tenant.pk if tenant else None


def guessed_at(request: HttpRequest, email: str) -> str:
    """What attempts are counted by: the person at the school, however its host is written, or at none."""
    return f"{tenant_id(request) or 'base'} {email.strip().lower()}"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": MISMATCH,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("That is not your password. Try again."),
        "rate_limited": _("Too many at once. Wait a minute, then try again."),
        "too_many_login_attempts": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Of this host alone: other schools are on ALLOWED_HOSTS too."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("dashboard" if tenant_id(request) else "admin:index")

    def pre_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse | None:
        if tenant_id(request):
            arriving.admit_if_proved(request, user)
        if belongs(user, request):
            return None
        clear_login(request)
        messages.error(request, NOT_HERE)
        return redirect("sign-in")

    def login(self, request: HttpRequest, user: User) -> None:
        """Once more: between the first step and the last a membership may have ended."""
        if not belongs(user, request):
            clear_login(request)
            raise ImmediateHttpResponse(redirect("sign-in"))
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        if tenant_id(request):
            arriving.link_if_proved(request, user)
        answer: HttpResponse = super().post_login(request, user, **more)
        return answer

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return guessed_at(request, credentials.get("email", credentials.get("username", "")))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, NOT_HERE)
        return redirect("sign-in")

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(context.request, username=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """How somebody who is signed in proves to be who they are: never by a school's own sign-in, for a
        school has no say in what the account is at other schools."""
        if not user.is_authenticated:
            return []
        kinds = set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
        ways = [
            ("password", _("Use your password"), "account_reauthenticate", user.has_usable_password()),
            ("code", _("Use a code of your app"), "mfa_reauthenticate", kinds - {"webauthn"}),
            ("passkey", _("Use a passkey"), "mfa_reauthenticate_webauthn", "webauthn" in kinds),
            ("mail", _("Email me a code"), "prove-by-mail", not kinds and has_email(user)),
        ]
        return [{"id": id, "description": say, "url": reverse(name)} for id, say, name, can in ways if can]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Codes alone; what allauth would write to unknown addresses is not sent."""
        if template_prefix == "account/email/login_code":
            send_code.enqueue(tenant_id=tenant_id(self.request), email=email, code=seal(context["code"]))

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        change = template_prefix.rpartition("/")[2]
        if change in SECURITY_CHANGES and has_email(user):
            tell_of_change(self.request, user, change)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """In Aula's words, or not at all."""
        said = message or MESSAGES.get(message_template or "")
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)


MESSAGES: dict[str, Any] = {
    "mfa/messages/totp_activated.txt": _("Your app now signs in with you."),
    "mfa/messages/totp_deactivated.txt": _("Codes of the app are no longer asked for."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("Here are new recovery codes. Keep them somewhere safe."),
}


def tell_of_change(request: HttpRequest, user: User, change: str) -> None:
    """Mail the person that the security of their account has changed."""
    send_security_change.enqueue(tenant_id=tenant_id(request), email=user.email, change=change)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": WRONG_CODE}

    def get_totp_issuer(self) -> str:
        tenant = getattr(context.request, "tenant", None)
        return tenant.name.replace(":", " ") if tenant else "Aula"

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def encrypt(self, text: str) -> str:
        return seal(text)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return browser_of(context.request.headers.get("User-Agent", ""))

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def is_of_this_host(self, passkey: Authenticator) -> bool:
        """Passkeys are of one host (WebAuthn 5.1.2, RP ID), and good there alone: whoever owns a host could
        have made the one that is shown at another."""
        made_for: bytes = passkey.wrap().authenticator_data.rp_id_hash
        return made_for == sha256(bare_host(context.request.get_host()).encode()).digest()


class SchoolAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """A school's own sign-in: the provider of the request's school, and no other."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> Any:
        apps = app_of(cast(Any, request).tenant)
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id) and client_id in (None, app.client_id)
        ]

    def get_requests_session(self) -> Any:
        return outgoing.session()

    def is_open_for_signup(self, *args: Any, **kwargs: Any) -> bool:
        return False  # accounts.school makes people, not allauth
