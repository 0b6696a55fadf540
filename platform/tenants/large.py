"""Operators' lists stay as quick with a thousand schools as with ten.

As long as no school is chosen a list holds the rows of all: the newest first, which every table has an index
for, without sorting by columns or the years and months of all of them, and counted up to a number only.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant

MOST_COUNTED = 1000
MOST_NAMED = 20
CHOSEN = ("school", "tenant__id__exact", "tenant")  # in an address: one school's rows are asked for


def is_of_one_school(request: HttpRequest) -> bool:
    return any(request.GET.get(name) for name in CHOSEN)


class CappedPaginator(Paginator[Any]):
    """Counts up to MOST_COUNTED rows; what is behind them is found by search and filters."""

    @cached_property
    def counted(self) -> int:
        rows: Any = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        return self.counted > MOST_COUNTED


class LargeList(ChangeList):
    def __init__(
        self,
        request: HttpRequest,
        model: Any,
        list_display: Any,
        list_display_links: Any,
        list_filter: Any,
        date_hierarchy: Any,
        *more: Any,
    ) -> None:
        dates = date_hierarchy if is_of_one_school(request) else None
        super().__init__(request, model, list_display, list_display_links, list_filter, dates, *more)


class SchoolFilter(admin.SimpleListFilter):
    """By the slug of a school; a few schools are named, of many the one that was typed."""

    title = _("school")
    parameter_name = "school"
    template = "admin/operators/school_filter.html"
    path: ClassVar[str] = "tenant"
    """From a row to its school."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.others = [
            (name, value) for name, value in request.GET.items() if name not in (*CHOSEN, PAGE_VAR)
        ]
        schools = Tenant.objects.order_by("name")
        named = list(schools.values_list("slug", "name")[: MOST_NAMED + 1])
        self.is_typed = len(named) > MOST_NAMED
        if self.is_typed:
            chosen = schools.filter(slug=self.value()) if self.value() else schools.none()
            named = list(chosen.values_list("slug", "name"))
        return named

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        school = Tenant.objects.filter(slug=self.value()).first()
        return queryset.filter(**{self.path: school}) if school else queryset.none()


class LargeAdmin(admin.ModelAdmin[Any]):
    """Rows of all schools."""

    paginator = CappedPaginator
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **more: Any) -> type[ChangeList]:
        return LargeList

    def get_ordering(self, request: HttpRequest) -> Any:
        return super().get_ordering(request) if is_of_one_school(request) else ("-pk",)

    def get_sortable_by(self, request: HttpRequest) -> Any:
        return super().get_sortable_by(request) if is_of_one_school(request) else ()
