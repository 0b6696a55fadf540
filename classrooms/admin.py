"""Operators' pages about courses and their classes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from classrooms import hooks_admin, keys_admin, people_admin, school_admin, schools_admin  # noqa: F401 (they register)
from classrooms.models import ClassSession, ConnectionReport, Course, Enrolment
from tenants.admin import RowForm, TenantRowsAdmin


class EnrolmentForm(RowForm):
    stays = "membership"


class EnrolmentInline(admin.TabularInline[Enrolment, Course]):
    model = Enrolment
    form = EnrolmentForm
    fields = ("membership", "role")
    autocomplete_fields = ("membership",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return super().get_queryset(request).select_related("membership__user", "course")


@admin.register(Course)
class CourseAdmin(TenantRowsAdmin):
    list_display = ("title", "people", "created_at")
    list_select_related = ("tenant",)
    search_fields = ("title", "public_id", "tenant__name")
    ordering = ("title", "pk")
    autocomplete_fields = ("tenant",)
    readonly_fields = ("public_id", "created_at")
    fields = ("tenant", "title", "description", "records", "guests_wait", "public_id", "created_at")
    inlines = (EnrolmentInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        rows: QuerySet[Course] = super().get_queryset(request)
        enrolled = Enrolment.objects.filter(course=OuterRef("pk")).order_by().values("course")
        people = Subquery(enrolled.annotate(n=Count("pk")).values("n"))
        return rows.annotate(people_count=Coalesce(people, 0))

    @admin.display(description=_("people"), ordering="people_count")
    def people(self, course: Any) -> int:
        return int(course.people_count)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """An enrolment is of the course's school."""
        for each in formset.forms:
            each.instance.tenant = form.instance.tenant
        super().save_formset(request, form, formset, change)


@admin.register(Enrolment)
class EnrolmentAdmin(TenantRowsAdmin):
    list_display = ("membership", "course", "role")
    list_filter = ("role",)
    list_select_related = ("membership__user", "course", "tenant")
    search_fields = ("membership__user__name", "membership__user__email", "course__title")
    autocomplete_fields = ("tenant", "course", "membership")
    fields = ("tenant", "course", "membership", "role")


@admin.register(ClassSession)
class ClassSessionAdmin(TenantRowsAdmin):
    list_display = ("title", "course", "teacher", "starts_at", "state")
    list_filter = ("state", "starts_at")
    list_select_related = ("course", "teacher__user", "tenant")
    date_hierarchy = "starts_at"
    search_fields = ("title", "public_id", "course__title", "teacher__user__name", "teacher__user__email")
    autocomplete_fields = ("tenant", "course", "teacher")
    readonly_fields = ("public_id", "state", "started_at", "ended_at", "last_seq", "created_at")
    fields = (
        "tenant",
        "course",
        "title",
        "teacher",
        ("starts_at", "ends_at"),
        "entry",
        "opens_early",
        "state",
        ("started_at", "ended_at"),
        "public_id",
        "last_seq",
        "created_at",
    )


@admin.register(ConnectionReport)
class ConnectionReportAdmin(TenantRowsAdmin):
    """What a supporter reads under the code that somebody told them."""

    list_display = ("spoken_code", "kind", "verdict", "membership", "session", "at")
    list_filter = ("kind", "verdict", "at")
    list_select_related = ("membership__user", "session", "tenant")
    date_hierarchy = "at"
    search_fields = ("code", "membership__user__name", "membership__user__email", "session__title")
    search_help_text = "A support code, with or without its hyphen; a name, an email, a class."
    fields = readonly_fields = (
        "spoken_code",
        "tenant",
        "kind",
        "verdict",
        "membership",
        "session",
        "at",
        "browser",
        "what_was_found",
        "what_happened",
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ConnectionReport], search_term: str
    ) -> tuple[QuerySet[ConnectionReport], bool]:
        """A code as people say it."""
        code = search_term.strip().upper().replace("-", "").replace(" ", "")
        rows, may_repeat = super().get_search_results(request, queryset, search_term)
        return rows | queryset.filter(code=code), may_repeat

    @admin.display(description=_("code"), ordering="code")
    def spoken_code(self, report: ConnectionReport) -> str:
        return report.spoken_code

    @admin.display(description=_("found"))
    def what_was_found(self, report: ConnectionReport) -> str:
        lines = ((each["what"], each["verdict"], each["words"], figures(each)) for each in report.findings)
        return _table(("what", "verdict", "why", "figures"), lines)

    @admin.display(description=_("timeline"))
    def what_happened(self, report: ConnectionReport) -> str:
        lines = ((f"{each['ms'] / 1000:.3f} s", each["what"], each["detail"]) for each in report.timeline)
        return _table(("after", "what", "detail"), lines)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ConnectionReport | None = None) -> bool:
        return False


def figures(finding: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in finding["figures"].items() if value is not None)


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    """What pages sent is text, whatever it looks like."""
    titles = format_html_join("", "<th>{}</th>", ((each,) for each in head))
    rows = [
        format_html("<tr>{}</tr>", format_html_join("", "<td>{}</td>", ((c,) for c in line)))
        for line in lines
    ]
    if not rows:
        return "–"
    return format_html(
        "<table><tr>{}</tr>{}</table>", titles, format_html_join("", "{}", ((row,) for row in rows))
    )
