"""Operators' pages about schools, and what their pages about a school's rows have in common."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from tenants.dry_run import dry_run
from tenants.fields import GigabytesField, ZoneField
from tenants.large import LargeAdmin, SchoolFilter
from tenants.models import Domain, Tenant
from tenants.scope import TenantModel

KEY = re.compile(r"[0-9]{1,18}")


class RowForm(forms.ModelForm[Any]):
    """A row on the page of another: what it is of (`stays`) does not change, and is shown without being read
    once for each row."""

    stays: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        told, field = getattr(self.instance, self.stays), self.fields[self.stays]
        field.disabled = True
        field.widget = forms.Select(choices=[(told.pk, str(told))])


class CountedDeletion(admin.ModelAdmin[Any]):
    """Before a deletion it is told how many rows of which kinds go, in a number of queries that does not grow
    with them. Refused, as by Django, where something stands in the way or may not be deleted here."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        site, rows = self.admin_site, list(objs)
        told = dry_run(self.model, [each.pk for each in rows])
        closed = {
            str(kind._meta.verbose_name)
            for kind in told.goes
            if site.is_registered(kind) and not site.get_model_admin(kind).has_delete_permission(request)
        }
        numbers = {str(kind._meta.verbose_name_plural): number for kind, number in told.goes.items()}
        return [named(each) for each in rows], numbers, closed, [named(each) for each in told.named]


def named(row: Model) -> str:
    return f"{capfirst(row._meta.verbose_name)}: {row}"


class FormAdmin(admin.ModelAdmin[Any]):
    """Forms that their address may fill in (`?course=7`): Django breaks on what can be no row's key."""

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        rows = {each.name for each in self.opts.get_fields() if each.is_relation}
        return {name: value for name, value in initial.items() if name not in rows or KEY.fullmatch(value)}


class TenantRowsAdmin(CountedDeletion, LargeAdmin, FormAdmin):
    """Rows that belong to a school: it is always shown, can be filtered by, and never changes."""

    view_on_site = False
    list_per_page = 50

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        first, *rest = super().get_list_display(request)
        return [first, "tenant", *rest]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [SchoolFilter, *super().get_list_filter(request)]

    def get_readonly_fields(self, request: HttpRequest, obj: TenantModel | None = None) -> list[Any]:
        fixed = ["tenant"] if obj is not None else []
        return [*super().get_readonly_fields(request, obj), *fixed]


class DomainInline(admin.TabularInline[Domain, Tenant]):
    model = Domain
    extra = 0


@admin.register(Tenant)
class TenantAdmin(admin.ModelAdmin[Tenant]):
    list_display: Any = ("name", "slug", "hosts", "time_zone", "is_active", "created_at")
    list_filter = ("is_active", "guests", "recording_consent", ("created_at", admin.DateFieldListFilter))
    search_fields = ("name", "slug", "domains__host")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (DomainInline,)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        if db_field.name == "time_zone":
            return ZoneField(label=capfirst(db_field.verbose_name), initial=db_field.default)
        if db_field.name == "storage_most_bytes":
            label, told = _("Storage, in GB"), db_field.help_text
            return GigabytesField(label=label, help_text=told, required=False)
        return super().formfield_for_dbfield(db_field, request, **more)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        return super().get_queryset(request).prefetch_related("domains")

    @admin.display(description=_("own domains"))
    def hosts(self, tenant: Tenant) -> str:
        return ", ".join(domain.host for domain in tenant.domains.all())

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> tuple[str, ...]:
        """The slug is part of every address and of the media rooms' names: chosen once."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Tenant | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}
