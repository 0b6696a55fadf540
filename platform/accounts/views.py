"""Choosing a new password, and one's own account."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.forms import AccountForm, ForgotForm, NewPasswordForm
from accounts.mails import send_password_link
from accounts.models import Membership, Theme, User
from accounts.requests import MemberRequest, member_required
from accounts.security.views import proving
from tenants.languages import is_known
from tenants.requests import TenantRequest


class Forgot(auth.PasswordResetView):
    form_class = ForgotForm
    template_name = "accounts/password_forgot.html"
    success_url = reverse_lazy("password-sent")

    def form_valid(self, form: Any) -> HttpResponse:
        member = form.member()
        request = cast(TenantRequest, self.request)
        if member is not None and ratelimit.consume(request, action="reset_password", key=str(member.pk)):
            site = f"{request.scheme}://{request.get_host()}"
            send_password_link.enqueue(tenant_id=request.tenant.pk, membership_id=member.pk, site=site)
        return redirect(self.get_success_url())


class LinkSent(auth.PasswordResetDoneView):
    template_name = "accounts/password_sent.html"


class ChoosePassword(auth.PasswordResetConfirmView):
    form_class = NewPasswordForm
    template_name = "accounts/password_choose.html"
    success_url = reverse_lazy("sign-in")

    def get_user(self, uidb64: str) -> User | None:
        """Members of this school only."""
        user = super().get_user(uidb64)
        return user if user is not None and Membership.objects.of(user) is not None else None

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        messages.success(self.request, _("Your new password is saved. Sign in with it."))
        return answer


@require_POST
def choose_language(request: TenantRequest) -> HttpResponse:
    """From any page, and back to it: kept for the person, and in this browser until somebody signs in."""
    code, response = request.POST.get("language", ""), redirect(page_before(request))
    if not is_known(code):
        return response
    if request.user.is_authenticated:
        request.user.language = code
        request.user.save(update_fields=["language"])
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
    )
    return response


@require_POST
@member_required
def choose_theme(request: MemberRequest) -> HttpResponse:
    """From any page, and back to it: light, dark, or (empty) as the device says."""
    theme = request.POST.get("theme", "")
    if theme in ("", *Theme):
        user = request.membership.user
        user.theme = theme
        user.save(update_fields=["theme"])
    return redirect(page_before(request))


def page_before(request: HttpRequest) -> str:
    """The page of this host that a form was sent from."""
    back = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours else "/"


@member_required
def account(request: MemberRequest) -> HttpResponseBase:
    """One's own name, language and time zone, at every school: whoever came by a school's own sign-in proves
    first who they are."""
    came_by = {each["method"] for each in get_authentication_records(request, request.user)}
    changes = request.method == "POST" and "socialaccount" in came_by
    answer: HttpResponseBase = (proving(own_account) if changes else own_account)(request)
    return answer


def own_account(request: MemberRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=request.membership.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    return render(request, "accounts/account.html", {"form": form})
