"""Operators' pages about courses and their classes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from classrooms.models import ClassSession, Course, Enrolment
from tenants.admin import TenantRowsAdmin


class EnrolmentInline(admin.TabularInline[Enrolment, Course]):
    model = Enrolment
    fields = ("membership", "role")
    autocomplete_fields = ("membership",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return super().get_queryset(request).select_related("membership__user")


@admin.register(Course)
class CourseAdmin(TenantRowsAdmin):
    list_display = ("title", "people", "created_at")
    list_select_related = ("tenant",)
    search_fields = ("title", "public_id", "tenant__name")
    autocomplete_fields = ("tenant",)
    readonly_fields = ("public_id", "created_at")
    fields = ("tenant", "title", "description", "public_id", "created_at")
    inlines = (EnrolmentInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        rows: QuerySet[Course] = super().get_queryset(request)
        return rows.annotate(people_count=Count("enrolments"))

    @admin.display(description="people", ordering="people_count")
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
