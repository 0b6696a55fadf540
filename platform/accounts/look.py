"""The settings page for a school's colour and logo. It shows a colour in both themes before it is saved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.branding import change_colour, change_logo, check_runs
from accounts.requests import MemberRequest, member_required
from tenants.logos import MOST_BYTES, Logo, read_logo
from tenants.look import themed
from tenants.models import Tenant
from tenants.theme import AULA, HEX

FILES = {"accept": ".svg,.png,image/svg+xml,image/png"}


class LookForm(forms.Form):
    """Uploads are read here: `cleaned_data` holds Logos."""

    accent = forms.CharField(
        label=gettext_lazy("Colour"),
        max_length=9,
        help_text=gettext_lazy("For buttons, links and marks. Six digits or letters, such as #0f6a73."),
        error_messages={
            "required": gettext_lazy("Enter a colour."),
            "max_length": gettext_lazy("Enter a colour such as #0f6a73."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            "SVG or PNG, shown 30 px high, at most 180 px wide. Wide ones stand for the name."
        ),
        widget=forms.FileInput(attrs=FILES),
    )
    logo_dark = forms.FileField(
        label=gettext_lazy("Logo on dark pages"),
        required=False,
        help_text=gettext_lazy("Without one the logo stands on a white plate there."),
        widget=forms.FileInput(attrs=FILES),
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant

    def clean_accent(self) -> str:
        colour = colour_of(self.cleaned_data["accent"])
        if colour is None:
            raise ValidationError(_("Enter a colour such as #0f6a73."))
        return colour

    def clean_logo(self) -> Logo | None:
        return read(self.cleaned_data["logo"])

    def clean_logo_dark(self) -> Logo | None:
        logo = read(self.cleaned_data["logo_dark"])
        if logo and not self.tenant.logo and not self.files.get("logo"):
            raise ValidationError(_("Choose a logo for light pages too."))
        return logo


def read(file: UploadedFile[bytes] | None) -> Logo | None:
    if not file:
        return None
    try:
        return read_logo(file.read(MOST_BYTES + 1))
    except ValueError as error:
        raise ValidationError(str(error)) from None


def colour_of(typed: str) -> str | None:
    """“#FFD400”, “ffd400” and “#fd0” as "#ffd400"; None for what is no colour."""
    digits = typed.strip().removeprefix("#").lower()
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}" if HEX.fullmatch(f"#{digits}") else None


@never_cache
@member_required
def look(request: MemberRequest) -> HttpResponse:
    check_runs(request.membership)
    now = request.tenant.accent or AULA.light.fill
    if request.method == "POST" and request.POST.get("do") in DEEDS:
        messages.success(request, DEEDS[request.POST["do"]](request))
        return redirect("look")
    saving = request.method == "POST" and request.POST.get("do") != "show"
    data = (request.POST, request.FILES) if saving else ()
    asked = request.POST.get("accent") or request.GET.get("accent") or now
    form = LookForm(*data, tenant=request.tenant, initial={"accent": asked})
    if saving and form.is_valid():
        save(request, form)
        messages.success(request, _("Saved. Everyone sees it on the next page they open."))
        return redirect("look")
    tried = colour_of(asked) or now
    words = {"form": form, "tried": tried, "theme": themed(tried), "section": "settings"}
    return render(request, "accounts/look.html", words)


def save(request: MemberRequest, form: LookForm) -> None:
    chosen = form.cleaned_data
    change_colour(by=request.membership, accent=chosen["accent"])
    for name, dark in (("logo", False), ("logo_dark", True)):
        if chosen[name]:
            change_logo(by=request.membership, logo=chosen[name], dark=dark)


def back_to_aula(request: MemberRequest) -> str:
    change_colour(by=request.membership, accent="")
    return _("The school has Aula's colours again.")


def remove_logo(request: MemberRequest) -> str:
    change_logo(by=request.membership, logo=None)
    return _("The logo is removed. The initial stands in its place.")


def remove_dark_logo(request: MemberRequest) -> str:
    change_logo(by=request.membership, logo=None, dark=True)
    return _("The logo for dark pages is removed.")


DEEDS = {"reset": back_to_aula, "remove-logo": remove_logo, "remove-logo-dark": remove_dark_logo}
