"""Pages about how one's own account is opened. Each change is proved first: with the password, a code of the
app, a passkey; where there is none of them, with a code by mail."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.forms import ReauthenticateForm
from allauth.account.internal.flows.reauthenticate_by_code import ConfirmReauthenticationCodeProcess
from allauth.account.models import EmailAddress
from allauth.account.views import ReauthenticateView
from allauth.account.views._reauthenticate import BaseReauthenticateView
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from allauth.mfa.base.views import ReauthenticateView as AppReauthenticateView
from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import sessions
from accounts.adapters import TOO_MANY, WRONG_CODE, tell_of_change
from accounts.browsers import browser_of, is_handheld
from accounts.forms import ChangePasswordForm
from accounts.models import User
from accounts.school.providers import identity_of, provider_of
from accounts.security.passkeys import keys_of
from accounts.signin.forms import (
    CODE_ERRORS,
    RUBBISH,
    EnterCodeForm,
    ProveByAppForm,
    ProveByPasskeyForm,
)


def person(request: HttpRequest) -> User:
    return cast(User, request.user)


@never_cache
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """What opens the account, and the way to change each."""
    user = person(request)
    words = {
        **keys_of(user),
        "has_password": user.has_usable_password(),
        "school": provider_of(getattr(request, "tenant", None)),
        "identity": identity_of(getattr(request, "membership", None)),
        "sessions": len(sessions.listed(user, request)),
    }
    return render(request, "accounts/security/security.html", words)


@sensitive_post_parameters()
@never_cache
@login_required
@rate_limit(action="change_password")  # type: ignore[untyped-decorator]
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password signs out every other browser, at every school."""
    user = person(request)
    if not user.has_usable_password():
        return redirect("password-reset")
    form = ChangePasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            update_session_auth_hash(request, user)
            sessions.end_others(user, request, everywhere=True)
        tell_of_change(request, user, "password_changed")
        messages.success(request, _("Your new password is saved. Other browsers are signed out."))
        return redirect("mfa_index")
    return render(request, "accounts/security/password.html", {"form": form})


@never_cache
@login_required
def session_list(request: HttpRequest) -> HttpResponse:
    """Where one is signed in, and out again."""
    user = person(request)
    if request.method == "POST":
        if "others" in request.POST:
            count = sessions.end_others(user, request)
            said = ngettext("%(n)d browser is signed out.", "%(n)d browsers are signed out.", count)
            messages.success(request, said % {"n": count})
        elif sessions.end_one(user, request, request.POST.get("end", "")):
            messages.success(request, _("That browser is signed out."))
        return redirect("sessions")
    rows = [
        {
            "row": row,
            "name": browser_of(row.browser),
            "handheld": is_handheld(row.browser),
            "is_this": row.session_key == request.session.session_key,
        }
        for row in sessions.listed(user, request)
    ]
    rows.sort(key=lambda each: not each["is_this"])
    return render(request, "accounts/security/sessions.html", {"rows": rows})


class PasswordProofForm(ReauthenticateForm):  # type: ignore[misc]
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": gettext_lazy("Enter your password.")},
    )


class Prove(ReauthenticateView):  # type: ignore[misc]
    template_name = "accounts/security/prove_password.html"

    def get_form_class(self) -> type[Form]:
        return PasswordProofForm


class ProveByApp(AppReauthenticateView):  # type: ignore[misc]
    template_name = "accounts/security/prove_app.html"

    def get_form_class(self) -> type[Form]:
        return ProveByAppForm


class ProveByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    template_name = "accounts/security/prove_passkey.html"

    def get_form_class(self) -> type[Form]:
        return ProveByPasskeyForm

    def form_invalid(self, form: Form) -> HttpResponse:
        messages.error(self.request, _("That passkey is not one of yours here."))
        return redirect(self.request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words: dict[str, Any] = super().get_context_data(**kwargs)
        return {**words, "reauthentication_alternatives": self.get_reauthentication_alternatives()}


@method_decorator(login_required, name="dispatch")
class ProveByMail(BaseReauthenticateView):  # type: ignore[misc]
    """First it is asked whether to send a code, then for the code."""

    reauthentication_method = "code"
    template_name = "accounts/security/prove_mail.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.process = ConfirmReauthenticationCodeProcess.resume(request)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "send" in request.POST or self.process is None:
            return self.send()
        answer: HttpResponse = super().post(request, *args, **kwargs)
        return answer

    def send(self) -> HttpResponse:
        email = person(self.request).email
        if ratelimit.consume(self.request, action="request_login_code", key=email):
            ConfirmReauthenticationCodeProcess.initiate(
                request=self.request, user=self.request.user, email=email
            )
        else:
            messages.error(self.request, TOO_MANY)
        return redirect(self.request.get_full_path())

    def get_form_class(self) -> type[Form]:
        return EnterCodeForm if self.process else Form

    def get_form_kwargs(self) -> dict[str, Any]:
        code = {"code": self.process.code} if self.process else {}
        return {**super().get_form_kwargs(), **code}

    def form_valid(self, form: Form) -> HttpResponse:
        remember_email(person(self.request))
        self.process.finish()
        answer: HttpResponse = super().form_valid(form)
        return answer

    def form_invalid(self, form: Form) -> HttpResponse:
        if not self.process.record_invalid_attempt():
            messages.error(self.request, TOO_MANY)
            return redirect(self.request.get_full_path())
        answer: HttpResponse = super().form_invalid(form)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words: dict[str, Any] = super().get_context_data(**kwargs)
        return {**words, "sent": self.process is not None, "email": person(self.request).email}


def remember_email(user: User) -> None:
    """allauth counts a proof by mail only for emails in a table of its own; nothing else of Aula reads it."""
    email = user.email.lower()
    EmailAddress.objects.filter(email=email).exclude(user=user).delete()
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    code = forms.CharField(
        label=gettext_lazy("Code the app shows"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages=CODE_ERRORS,
    )


@method_decorator([never_cache, login_required], name="dispatch")
class AddApp(ActivateTOTPView):  # type: ignore[misc]
    template_name = "accounts/security/app_add.html"

    def get_form_class(self) -> type[Form]:
        return AppForm


@method_decorator([never_cache, login_required], name="dispatch")
class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]
    template_name = "accounts/security/app_remove.html"


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """One that signs in by itself: it asks its owner for a finger, a face or a PIN."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("So that you know it again in your list."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    passwordless = None

    def clean(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = super().clean()
        except RUBBISH:
            raise ValidationError(WRONG_CODE, code="incorrect_code") from None
        return found


@method_decorator([never_cache, login_required], name="dispatch")
class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    template_name = "accounts/security/passkey_add.html"

    def get_form_class(self) -> type[Form]:
        return PasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words: dict[str, Any] = super(AddWebAuthnView, self).get_context_data(**kwargs)
        return words | {"js_data": {"creation_options": begin_registration(self.request.user, True)}}


@method_decorator([never_cache, login_required], name="dispatch")
class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "accounts/security/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")


@method_decorator([never_cache, login_required], name="dispatch")
class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    template_name = "accounts/security/recovery.html"


@method_decorator([never_cache, login_required], name="dispatch")
class NewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "accounts/security/recovery_new.html"


@method_decorator([never_cache, login_required], name="dispatch")
class DownloadRecoveryCodes(DownloadRecoveryCodesView):  # type: ignore[misc]
    template_name = "accounts/security/recovery.txt"


proving = reauthentication_required()
