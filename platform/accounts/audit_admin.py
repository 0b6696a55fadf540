"""The audit log in both admins: found, filtered, read; nothing there changes it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.entries import AuditEntry, Entry, OperatorEntry
from accounts.school_site import SchoolRows, school
from accounts.words import with_email
from tenants.admin import TenantRowsAdmin

DOORS = {
    "page": gettext_lazy("a page"),
    "admin": gettext_lazy("administration"),
    "api": gettext_lazy("the API"),
    "inside": gettext_lazy("a command"),
}


ABOUT = ("person", "starts_at", "into")
"""Changes that the list tells beside what they were done to, each once."""
OTHERS = {
    "person": gettext_lazy("person"),
    "classes": gettext_lazy("classes"),
    "into": gettext_lazy("into"),
    "domains": gettext_lazy("own domains"),
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

    list_display: Any = ("at", "deed", "told_of", "doer", "way")
    list_filter: ClassVar[Any] = ("deed", ("at", admin.DateFieldListFilter), "by_operator", DoorFilter)
    search_fields = ("who", "object_name", "object_id")
    search_help_text = gettext_lazy("A person, a course, a class, as they were called.")
    date_hierarchy = "at"
    fields: ClassVar[Any] = ("at", "deed", "object_name", "who", "address", "through", "what_changed")
    readonly_fields: ClassVar[Any] = fields

    @admin.display(description=gettext_lazy("on"), ordering="object_name")
    def told_of(self, entry: Entry) -> str:
        """“Astronomy 11c”, with whom it was done to there, or when it is now."""
        parts = [_part(entry.changes.get(name)) for name in ABOUT]
        return format_html(
            '{} <small class="under">{}</small>', entry.object_name, " · ".join(filter(None, parts))
        )

    @admin.display(description=gettext_lazy("who"), ordering="who")
    def doer(self, entry: Entry) -> str:
        name, _open, email = entry.who.partition(" <")
        return with_email(name, email.removesuffix(">"))

    @admin.display(description=gettext_lazy("through"), ordering="door")
    def through(self, entry: Entry) -> str:
        words = str(DOORS.get(entry.door, entry.door))
        return f"{words} (aula_{entry.key}…)" if entry.key else words

    @admin.display(description=gettext_lazy("through"), ordering="door")
    def way(self, entry: Entry) -> str:
        return format_html('{} <small class="under">{}</small>', self.through(entry), entry.address or "")

    @admin.display(description=gettext_lazy("changed"))
    def what_changed(self, entry: Entry) -> str:
        if not entry.changes:
            return "–"
        head = format_html("<tr><th>{}</th><th>{}</th><th>{}</th></tr>", _("what"), _("before"), _("after"))
        rows = (
            (words_for(entry.kind, name), shown(old), shown(new))
            for name, (old, new) in entry.changes.items()
        )
        lines = format_html_join("", "<tr><td>{}</td><td>{}</td><td>{}</td></tr>", rows)
        return format_html("<table>{}{}</table>", head, lines)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _part(change: list[Any] | None) -> str:
    before, after = change or (None, None)
    return str(before or after or "") if before is None or after is None else f"{before} → {after}"


def words_for(kind: str, name: str) -> str:
    """The field `name` of the kind of row that an entry is about, as pages call it."""
    if name in OTHERS:
        return str(OTHERS[name])
    model = next((each for each in apps.get_models() if each._meta.model_name == kind), None)
    try:
        return str(model._meta.get_field(name).verbose_name) if model else name  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


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
