"""Shapes of what people type about themselves; what follows from it is in actions and views."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import PasswordChangeForm, PasswordResetForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from tenants.fields import places


class ForgotForm(PasswordResetForm):
    """The email a new password is asked for. Whether it is known here is not told."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your email."),
            "invalid": _("Enter an email such as name@school.org."),
        },
    )

    def member(self) -> Membership | None:
        """The active member of this school with that email."""
        email = self.cleaned_data["email"].strip()
        return Membership.objects.active().filter(user__email__iexact=email).first()


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    new_password1 = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 8 characters; not one that many people use."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter a new password.")},
    )
    new_password2 = forms.CharField(
        label=_("The same again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter the new password once more.")},
    )

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        password_validation.validate_password(password, self.user)
        return password

    def validate_password_for_user(self, *args: Any, **kwargs: Any) -> None:
        """Checked with the first field, so that the message stands beside it."""


class ChangePasswordForm(NewPasswordForm, PasswordChangeForm):
    old_password = forms.CharField(
        label=_("Your password now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )
    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("That is not your password. Try again."),
    }
    field_order = ("old_password", "new_password1", "new_password2")


def zones() -> list[tuple[str, str]]:
    return [("", str(_("The school’s time zone"))), *places()]


class AccountForm(forms.ModelForm[User]):
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, required=False, help_text=_("Every time is shown in it.")
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        labels = {"name": _("Name"), "language": _("Language")}
        help_texts = {"language": _("Of pages and of mail to you.")}
        error_messages = {"name": {"required": _("Enter the name others see in class.")}}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}
