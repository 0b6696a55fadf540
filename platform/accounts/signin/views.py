"""The pages on the way in. Each ends in allauth's chain of stages, and that in AccountAdapter."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import ConfirmLoginCodeView, LoginView, RequestLoginCodeView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.adapters import NOT_HERE
from accounts.school import arriving
from accounts.school.providers import provider_of
from accounts.security.passkeys import keys_of
from accounts.signin.forms import (
    AskForCodeForm,
    EnterCodeForm,
    PasskeySecondForm,
    PasskeySignInForm,
    SecondStepForm,
    SignInForm,
)

TOO_MANY = 429  # RFC 6585


class SignIn(LoginView):  # type: ignore[misc]
    template_name = "accounts/sign_in.html"

    def get_form_class(self) -> type[Form]:
        return SignInForm

    def form_invalid(self, form: Form) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            answer.status_code = TOO_MANY
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words: dict[str, Any] = super().get_context_data(**kwargs)
        return words | {"school": provider_of(self.request.tenant)}


class SignOut(auth.LogoutView):
    """POST only (Django's own rule)."""


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """In place of Django admin's own page, which knows one step alone."""
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"), reverse("sign-in"))


@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    """Away from a code or a second step, back to the first page."""
    clear_login(request)
    request.session.pop(arriving.KEY, None)
    return redirect("sign-in")


class AskForCode(RequestLoginCodeView):  # type: ignore[misc]
    template_name = "accounts/code_ask.html"

    def get_form_class(self) -> type[Form]:
        return AskForCodeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


class EnterCode(ConfirmLoginCodeView):  # type: ignore[misc]
    template_name = "accounts/code_enter.html"
    _process: LoginCodeVerificationProcess

    def get_form_class(self) -> type[Form]:
        return Form if self._action == "resend" else EnterCodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether somebody came from the school's own sign-in, and proves an account."""
        words: dict[str, Any] = super().get_context_data(**kwargs)
        return words | {
            "proves": arriving.kept(self.request) is not None,
            "school": provider_of(self.request.tenant),
        }


class SecondStep(AuthenticateView):  # type: ignore[misc]
    template_name = "accounts/second_step.html"

    def get_form_class(self) -> type[Form]:
        return SecondStepForm

    def get_webauthn_form_class(self) -> type[Form]:
        return PasskeySecondForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words: dict[str, Any] = super().get_context_data(**kwargs)
        return words | keys_of(self.stage.login.user)


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]
    """GET answers a script with what to ask of the browser, POST takes what the passkey signed."""

    def get_form_class(self) -> type[Form]:
        return PasskeySignInForm

    def form_invalid(self, form: Form) -> HttpResponse:
        messages.error(self.request, NOT_HERE)
        return redirect("sign-in")
