"""To the school's provider and back; linking an account to it; and the settings page that names it."""

from __future__ import annotations

import logging
import secrets
from typing import Any, cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.core.internal.httpkit import add_query_params
from allauth.socialaccount.internal import statekit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.adapters import TOO_MANY, SchoolAdapter, guessed_at, tell_of_change
from accounts.backends import belongs
from accounts.models import Identity, IdentityProvider, Membership, User
from accounts.requests import MemberRequest, member_required
from accounts.school import actions, arriving
from accounts.school.providers import BROKEN, SchoolProvider, SchoolServer, provider_of
from accounts.school.refusals import NoEmail, SchoolSignInFailed, SignInRanOut
from accounts.school.tokens import read_id_token
from accounts.security.views import proving
from tenants.requests import SiteRequest, TenantRequest

logger = logging.getLogger(__name__)
LINK, SIGN_IN = "link", "sign-in"


def provider_here(request: HttpRequest) -> IdentityProvider:
    found = provider_of(cast(SiteRequest, request).tenant)
    if found is None:
        raise Http404
    return found


@never_cache
@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """A link, no form: our CSP lets forms lead to no other site. What comes back is checked against what this
    browser was sent away with."""
    provider = provider_here(request)
    if request.user.is_authenticated:
        return redirect("dashboard")
    return redirect(address_at(request, provider, SIGN_IN, next_url=get_next_redirect_url(request)))


@require_POST
@member_required
@proving  # type: ignore[untyped-decorator]
def link(request: MemberRequest) -> HttpResponse:
    """Shows the way to the provider, to come back known by it."""
    provider = provider_here(request)
    address = address_at(request, provider, LINK, user=request.user.pk)
    return render(request, "accounts/security/school_link.html", {"school": provider, "address": address})


@require_POST
@member_required
@proving  # type: ignore[untyped-decorator]
def unlink(request: MemberRequest) -> HttpResponse:
    actions.unlink(member=request.membership)
    messages.success(request, _("The school’s sign-in does not open your account any more."))
    return redirect("mfa_index")


def address_at(
    request: HttpRequest,
    provider: IdentityProvider,
    process: str,
    *,
    next_url: str | None = None,
    **data: Any,
) -> str:
    """Where the provider asks who somebody is, with state, nonce and PKCE of this session.

    Raises SchoolSignInFailed.
    """
    nonce = secrets.token_urlsafe(32)
    try:
        app = SchoolAdapter(request).get_app(request, provider.public_id)
        answer = SchoolProvider(request, app=app).redirect(
            request, process, next_url=next_url, data={"nonce": nonce, **data}, auth_params={"nonce": nonce}
        )
        return str(answer.url)
    except BROKEN as error:
        raise failed(request, error) from error


@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """From the provider. Raises SignInRanOut, SchoolSignInFailed."""
    provider = provider_here(request)
    state = statekit.unstash_state(
        request, provider_id=provider.public_id, state_id=request.GET.get("state", "")
    )
    if state is None:
        raise SignInRanOut
    if "code" not in request.GET:
        messages.info(request, _("The school’s sign-in was left without signing in."))
        return redirect("sign-in")
    try:
        claims = ask(request, provider, state)
    except BROKEN as error:
        raise failed(request, error) from error
    if state["process"] == LINK:
        return linked(cast(MemberRequest, request), provider, claims, state)
    return arrived(cast(TenantRequest, request), provider, claims, state.get("next"))


def ask(request: HttpRequest, provider: IdentityProvider, state: dict[str, Any]) -> dict[str, Any]:
    """Change the code for what the provider says of who came. Raises what BROKEN names."""
    app = SchoolAdapter(request).get_app(request, provider.public_id)
    server = SchoolServer(request, provider.public_id)
    token = server.get_client(request, app).get_access_token(
        request.GET["code"], pkce_code_verifier=state.get("pkce_code_verifier")
    )
    claims = read_id_token(
        str(token.get("id_token", "")),
        keys=server.keys(),
        issuer=server.openid_config["issuer"],
        client_id=provider.client_id,
        nonce=state["data"]["nonce"],
    )
    if "email" not in claims:
        more = server.userinfo(token["access_token"])
        claims |= more if more.get("sub") == claims["sub"] else {}  # Core 5.3.2
    return claims


def failed(request: HttpRequest, error: Exception) -> SchoolSignInFailed:
    """What the provider said stays out of the log: only what kind of trouble, and ours about the ID token."""
    tenant = cast(TenantRequest, request).tenant
    about = str(error) if isinstance(error, ValueError) else ""
    facts = {"tenant": tenant.slug, "error": type(error).__name__, "about": about[:200]}
    logger.warning("A school's own sign-in failed", extra={"facts": facts})
    return SchoolSignInFailed()


def linked(
    request: MemberRequest, provider: IdentityProvider, claims: dict[str, Any], state: dict[str, Any]
) -> HttpResponse:
    """Raises SignInRanOut where another person has signed in since, KnownAsAnother."""
    member = request.membership
    if member is None or member.user_id != state["data"].get("user"):
        raise SignInRanOut
    actions.link(provider=provider, subject=claims["sub"], member=member, at=request.now)
    tell_of_change(request, member.user, "school_linked")
    messages.success(request, _("“%(name)s” now signs you in.") % {"name": provider.name})
    return redirect("mfa_index")


def arrived(
    request: TenantRequest, provider: IdentityProvider, claims: dict[str, Any], next_url: str | None
) -> HttpResponse:
    """Sign in whoever is known by the subject. Others prove that the account with their email is theirs, or
    are made a student where the school wants it. Raises NoEmail."""
    known = Identity.objects.filter(provider=provider, subject=claims["sub"]).select_related(
        "membership__user"
    )
    if identity := known.first():
        return enter(request, provider, identity.membership.user, next_url)
    email = email_of(claims)
    if not email:
        raise NoEmail
    user = User.objects.filter(email__iexact=email).first()
    if user is None and provider.welcomes:
        name = str(claims.get("name") or "").replace("\0", "").strip() or email.split("@")[0]
        member = actions.welcome(
            provider=provider, subject=claims["sub"], email=email, name=name, at=request.now
        )
        return enter(request, provider, member.user, next_url)
    if not may_mail(request, email):
        messages.error(request, TOO_MANY)
        return redirect("sign-in")
    arriving.keep(request, provider, claims["sub"], user.email if user else email)
    may = user is not None and (belongs(user, request) or may_be_admitted(provider, user))
    LoginCodeVerificationProcess.initiate(
        request=request, user=user if may else None, email=user.email if user else email
    )
    place = reverse("account_confirm_login_code")
    return redirect(add_query_params(place, {"next": next_url}) if next_url else place)


def may_mail(request: HttpRequest, email: str) -> bool:
    key = guessed_at(request, email)
    limit = {"app": "allauth.account", "action": "request_login_code"}
    return bool(ratelimit.consume(request, key=key, limit_get=True, **limit))


def may_be_admitted(provider: IdentityProvider, user: User) -> bool:
    return provider.welcomes and user.is_active and not Membership.objects.filter(user=user).exists()


def enter(request: HttpRequest, provider: IdentityProvider, user: User, next_url: str | None) -> HttpResponse:
    """On through allauth's stages: a second step is asked for as ever."""
    record_authentication(request, user, "socialaccount", provider=provider.public_id)
    try:
        answer: HttpResponse = perform_login(
            request, Login(user=user, email=user.email, redirect_url=next_url)
        )
    except ImmediateHttpResponse as error:
        return cast(HttpResponse, error.response)
    return answer


def email_of(claims: dict[str, Any]) -> str:
    email = str(claims.get("email") or "").strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if len(email) <= 254 else ""
