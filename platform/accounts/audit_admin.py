"""The audit log in both admins: found, filtered, read; nothing there changes it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.entries import AuditEntry, Entry, OperatorEntry
from accounts.school_site import SchoolRows, school
from tenants.admin import TenantRowsAdmin

DOORS = {
    "page": gettext_lazy("a page"),
    "admin": gettext_lazy("administration"),
    "api": gettext_lazy("the API"),
    "inside": gettext_lazy("a command"),
}


class DoorFilter(admin.SimpleListFilter):
    """Those there are: a look through all entries for them would take the longer the more there are."""

    title = gettext_lazy("through")
    parameter_name = "door"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(DOORS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(door=self.value()) if self.value() else queryset


class EntryAdmin(admin.ModelAdmin[Any]):
    """How an entry looks, whoever reads it."""

    list_display: Any = ("at", "deed", "object_name", "who", "address", "through")
    list_filter: ClassVar[Any] = ("deed", ("at", admin.DateFieldListFilter), "by_operator", DoorFilter)
    search_fields = ("who", "object_name", "object_id")
    search_help_text = gettext_lazy("A person, a course, a class, as they were called.")
    date_hierarchy = "at"
    fields: ClassVar[Any] = ("at", "deed", "object_name", "who", "address", "through", "what_changed")
    readonly_fields: ClassVar[Any] = fields

    @admin.display(description=gettext_lazy("through"), ordering="door")
    def through(self, entry: Entry) -> str:
        words = str(DOORS.get(entry.door, entry.door))
        return f"{words} (aula_{entry.key}…)" if entry.key else words

    @admin.display(description=gettext_lazy("changed"))
    def what_changed(self, entry: Entry) -> str:
        if not entry.changes:
            return "–"
        head = format_html("<tr><th>{}</th><th>{}</th><th>{}</th></tr>", _("what"), _("before"), _("after"))
        rows = ((name, shown(old), shown(new)) for name, (old, new) in entry.changes.items())
        lines = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        return format_html("<table>{}{}</table>", head, lines)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def shown(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return (_("yes") if value else _("no")) if isinstance(value, bool) else str(value)


@admin.register(AuditEntry)
class AuditOfSchools(EntryAdmin, TenantRowsAdmin):
    list_select_related = ("tenant",)
    fields = ("tenant", *EntryAdmin.fields)


@admin.register(OperatorEntry)
class AuditOfOperators(EntryAdmin):
    list_per_page = 50


@admin.register(AuditEntry, site=school)
class AuditOfSchool(EntryAdmin, SchoolRows):
    """Of this school."""

    many = gettext_lazy("Audit log")
    changes = gettext_lazy("What was done")
