"""The settings page for a school's own sign-in. What is entered is tried before it is saved."""

from __future__ import annotations

from typing import Any

import requests
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import IdentityProvider
from accounts.requests import MemberRequest, member_required
from accounts.school import actions
from accounts.school.providers import discover, provider_of
from tenants.hosts import hosts_of
from tenants.outgoing import Forbidden

PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class ProviderForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("Stands on the sign-in page: “Use” and this name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter a name such as Northfield account.")},
    )
    issuer = forms.CharField(
        label=gettext_lazy("Issuer"),
        max_length=300,
        help_text=gettext_lazy("The provider’s address, such as https://login.school.org."),
        widget=forms.URLInput(attrs=PLAIN),
        error_messages={"required": gettext_lazy("Enter the provider’s address.")},
    )
    client_id = forms.CharField(
        label=gettext_lazy("Client ID"),
        max_length=200,
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": gettext_lazy("Enter the client ID the provider gave you.")},
    )
    secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    welcomes = forms.BooleanField(
        label=gettext_lazy("Make a student of whoever is new"),
        required=False,
        help_text=gettext_lazy("Without it only people of the school get in."),
    )

    def __init__(self, *args: Any, row: IdentityProvider | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["secret"].help_text = (
            _("Kept sealed and never shown. Leave it empty to keep the one there is.")
            if row
            else _("Kept sealed and never shown again.")
        )

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"].strip().removesuffix("/.well-known/openid-configuration")
        if not issuer.startswith("https://") and not settings.OUTGOING_PRIVATE:
            raise ValidationError(_("Enter an address that begins with https://."))
        try:
            return str(discover(issuer)["issuer"])
        except Forbidden:
            raise ValidationError(_("This address is not on the public internet.")) from None
        except (requests.RequestException, ValueError):
            raise ValidationError(
                _("No OpenID Connect provider answers there. Check the address; it is asked for %(path)s.")
                % {"path": "/.well-known/openid-configuration"}
            ) from None

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"]
        if not secret and self.row is None:
            raise ValidationError(_("Enter the client secret the provider gave you."))
        return secret


@sensitive_post_parameters("secret")
@never_cache
@member_required
def sign_in_settings(request: MemberRequest) -> HttpResponse:
    actions.check_runs(request.membership)
    row = provider_of(request.tenant)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove(by=request.membership)
        messages.success(request, _("The school’s own sign-in is removed. Everybody keeps their account."))
        return redirect("sign-in-settings")
    names = ("name", "issuer", "client_id", "welcomes")
    form = ProviderForm(
        request.POST or None, row=row, initial={each: getattr(row, each) for each in names} if row else {}
    )
    if request.method == "POST" and form.is_valid():
        actions.configure(by=request.membership, **form.cleaned_data)
        messages.success(request, _("Saved. It is on the sign-in page now."))
        return redirect("sign-in-settings")
    words = {
        "form": form,
        "school": row,
        "known": row.identities.count() if row else 0,
        "callbacks": callbacks(request),
        "section": "settings",
    }
    return render(request, "accounts/sign_in_settings.html", words)


def callbacks(request: MemberRequest) -> list[str]:
    """What the provider has to allow: one for each of the school's hosts."""
    _host, colon, port = request.get_host().partition(":")
    path = reverse("school-back")
    return [f"{request.scheme}://{host}{colon}{port}{path}" for host in hosts_of(request.tenant)]
