"""Shapes of what is typed on the way in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import ratelimit
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.adapters import (
    MISMATCH,
    TOO_MANY,
    WRONG_CODE,
    AccountAdapter,
    SecondFactorAdapter,
    guessed_at,
)
from accounts.backends import belongs
from accounts.models import User

EMAIL_ERRORS = {
    "required": _("Enter your email."),
    "invalid": _("Enter an email such as name@school.org."),
}
RUBBISH = (AttributeError, KeyError, TypeError, ValueError)  # what fido2 says of what is no credential
CODE_ERRORS = {"required": _("Enter the code.")}


class SignInForm(forms.Form):
    """Email and password. One message for every cause: no way to find out who has an account."""

    username = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username webauthn", "autofocus": True}),
        error_messages=EMAIL_ERRORS,
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )
    error_messages = {"invalid_login": MISMATCH}

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            credentials = {"username": found["username"].strip(), "password": found["password"]}
            self.user = AccountAdapter(self.request).authenticate(self.request, **credentials)
            if self.user is None:
                raise ValidationError(MISMATCH, code="invalid_login")
        return found

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        login = Login(user=self.user, email=self.user.email if self.user else None, redirect_url=redirect_url)
        answer: HttpResponse = perform_password_login(request, {}, login)
        return answer


class AskForCodeForm(forms.Form):
    """The email a code is sent to. Whether it is known here is not told."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
        error_messages=EMAIL_ERRORS,
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self._user: User | None = None  # what allauth's view reads

    def clean_email(self) -> str:
        """The person's own, not as typed: another one may look the same to the database."""
        email: str = self.cleaned_data["email"].strip().lower()
        key = guessed_at(self.request, email)
        if not ratelimit.consume(self.request, action="request_login_code", key=key):
            raise ValidationError(TOO_MANY, code="too_many_login_attempts")
        user = User.objects.filter(email__iexact=email).first()
        self._user = user if user and belongs(user, self.request) else None
        return self._user.email if self._user else email


class EnterCodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that came by mail."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
        error_messages=CODE_ERRORS,
    )


def app_code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Six digits from your app, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
        error_messages=CODE_ERRORS,
    )


class SecondStepForm(AuthenticateForm):  # type: ignore[misc]
    code = app_code_field()


class ProveByAppForm(ReauthenticateForm):  # type: ignore[misc]
    code = app_code_field()


class OfThisHost:
    """A passkey that was made at this host: see SecondFactorAdapter."""

    def clean_credential(self) -> Authenticator:
        said = self.cleaned_data["credential"]  # type: ignore[attr-defined]
        if not isinstance(said, dict) or not isinstance(said.get("response"), dict):
            raise ValidationError(WRONG_CODE, code="incorrect_code")
        try:
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
        except RUBBISH:
            raise ValidationError(WRONG_CODE, code="incorrect_code") from None
        if not SecondFactorAdapter().is_of_this_host(found):
            raise ValidationError(WRONG_CODE, code="incorrect_code")
        return found


class PasskeySignInForm(OfThisHost, LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeySecondForm(OfThisHost, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class ProveByPasskeyForm(OfThisHost, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass
