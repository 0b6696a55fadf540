"""Operators' pages about schools' relay servers and what they used of ours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tenants.admin import TenantRowsAdmin
from turncreds.models import RelayCount, RelayPolicy


class RelayPolicyForm(forms.ModelForm[RelayPolicy]):
    """The secrets go in, but are never shown again."""

    secrets = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Of the school's own relay servers, one in a line; the first one signs. Stored encrypted, "
            "never shown. Left empty: those that are stored."
        ),
    )

    class Meta:
        model = RelayPolicy
        fields = ("urls", "secrets", "max_participants")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["secrets"] = ""

    def clean(self) -> dict[str, Any]:
        """Left empty, the stored secrets stay; with the addresses they go."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("urls") and not cleaned.get("secrets"):
            cleaned["secrets"] = self.instance.secrets
        return cleaned


@admin.register(RelayPolicy)
class RelayPolicyAdmin(TenantRowsAdmin):
    form = RelayPolicyForm
    list_display = ("__str__", "max_participants")
    list_select_related = ("tenant",)
    search_fields = ("tenant__name", "tenant__slug")
    autocomplete_fields = ("tenant",)
    fields = ("tenant", "urls", "secrets", "max_participants")


@admin.register(RelayCount)
class RelayCountAdmin(TenantRowsAdmin):
    """Counters are for reading."""

    list_display = ("day", "participants", "issued", "not_in_class", "too_fast", "relay_full")
    list_select_related = ("tenant",)
    date_hierarchy = "day"
    search_fields = ("tenant__name", "tenant__slug")
    fields = readonly_fields = (
        *("tenant", "day", "participants", "issued", "not_in_class", "too_fast", "relay_full"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RelayCount | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RelayCount | None = None) -> bool:
        return False
