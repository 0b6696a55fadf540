"""A school's own page about its rules: one row, its own; limits are read there and set by operators."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.requests import MemberRequest
from accounts.school_site import RefusableForm, SchoolRows, member
from tenants.actions import BY_SCHOOL
from tenants.fields import ZoneField
from tenants.models import Tenant


class RulesForm(RefusableForm):
    time_zone = ZoneField(label=_("Time zone"))

    class Meta:
        model = Tenant
        fields = BY_SCHOOL


class RulesAdmin(SchoolRows):
    """Registered by classrooms, which knows what a school has stored."""

    many = _("Rules")
    changes = _("Rules of the school")
    may_change = True
    form = RulesForm
    readonly_fields: ClassVar[Any] = ("people_most", "classes_most")
    fieldsets: ClassVar[Any] = (
        (_("School"), {"fields": ("time_zone", "contact")}),
        (_("Guests"), {"fields": ("guests", "guests_wait")}),
        (_("In class"), {"fields": ("private_chat", "direct_calls", "captions")}),
        (_("Recording"), {"fields": ("recording_consent", "recording_downloads", "recordings_kept_days")}),
        (_("Other systems"), {"fields": ("api_origins",)}),
        (_("Limits"), {"fields": readonly_fields, "description": _("Set by whoever runs Aula for you.")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return Tenant.objects.filter(pk=member(request).tenant_id)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        own = cast(MemberRequest, request).tenant
        return redirect(reverse("admin:tenants_tenant_change", args=[own.pk]))

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:
        """Given by classrooms."""
        raise NotImplementedError
