"""Django admin at a school's own address: for its owners and admins, of its own rows alone.

Operators have another site on the base domain (`admin.site`); `aula.school_urls` puts this one in its place.
Four walls: the middleware lets nobody else in, this site asks again, every query runs in the school's scope,
and `SchoolRows` filters once more. What nobody thought of may neither be added, changed nor deleted.
"""

from __future__ import annotations

from typing import Any, NoReturn, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership
from accounts.requests import MemberRequest
from tenants.admin import FormAdmin
from tenants.refusals import Refusal

LEFT_OUT = {"password_change", "password_change_done", "view_on_site"}  # the product has its own pages


def member(request: HttpRequest) -> Membership:
    """Who is asking. Raises Http404 where that is nobody of the school who runs it."""
    found = cast(MemberRequest, request).membership
    if found is None or not found.runs_school:
        raise Http404
    return found


class SchoolSite(admin.AdminSite):
    site_title = _("Administration")
    index_title = _("Administration")
    site_url = "/"
    empty_value_display = "–"
    index_template = "admin/school/index.html"
    ORDER = ("membership", "course", "enrolment", "classsession", "recording", "tenant", "holiday",
             "apikey", "webhook", "webhookdelivery")  # fmt: skip

    def has_permission(self, request: HttpRequest) -> bool:
        found = getattr(request, "membership", None)
        return found is not None and found.runs_school

    def get_urls(self) -> list[Any]:
        return [each for each in super().get_urls() if getattr(each, "name", None) not in LEFT_OUT]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect_to_login(reverse("admin:index"), reverse("sign-in"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> NoReturn:
        raise Http404

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        words = super().each_context(request)
        school = cast(MemberRequest, request).tenant
        return words | {"site_header": school.name, "school": school, "log_entries": None}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """One list, in the order in which a school is built up."""
        apps = super().get_app_list(request, app_label)
        rows = [row for app in apps for row in app["models"]]
        for row in rows:
            page = self._registry[row["model"]]
            row["name"] = getattr(page, "many", row["name"])
        rows.sort(key=lambda row: self.place_of(row["model"]._meta.model_name))
        if not rows:
            return []
        return [{**apps[0], "name": _("School"), "app_url": reverse("admin:index"), "models": rows}]

    def place_of(self, name: str) -> int:
        return self.ORDER.index(name) if name in self.ORDER else len(self.ORDER)


school = SchoolSite(name="admin")
school.disable_action("delete_selected")


class RefusableForm(forms.ModelForm[Any]):
    """A page whose action said no: it is shown again, with what was typed and with the reason."""

    refused: Refusal | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.refused is not None:
            raise forms.ValidationError(words_of(self.refused))
        return cleaned


def words_of(no: Refusal) -> str:
    return f"{no.text} {no.mend}" if no.mend else str(no.text)


class SchoolRows(FormAdmin):
    """Rows of the school whose host this is. Saving and deleting go through actions, which write the audit
    log: Django admin's own log holds nothing of a school."""

    form = RefusableForm
    many: Any = ""
    """What the rows are called at a school; `adds`, `changes`: the titles of their pages."""
    adds: Any = ""
    changes: Any = ""
    change_list_template = "admin/school/list.html"
    change_form_template = "admin/school/form.html"
    delete_confirmation_template = "admin/school/delete.html"
    asks: Any = ""
    """What a deletion asks first; `does`: the words of its button."""
    does: Any = ""
    first_step: Any = _("There is nothing here yet.")
    """What an empty list says."""
    may_add = may_change = may_delete = False
    view_on_site = False
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Raises ScopeError outside a scope."""
        return super().get_queryset(request).filter(tenant=member(request).tenant_id)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.runs(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.runs(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and self.runs(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change and self.runs(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete and self.runs(request)

    def runs(self, request: HttpRequest) -> bool:
        return school.has_permission(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any) -> Any:
        form = super().get_form(request, obj, change=change, **more)
        refused = getattr(request, "refused", None)
        return type(form.__name__, (form,), {"refused": refused, "by": member(request)})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """People and courses are chosen here and made on their own pages."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        words = {"title": self.many, "many": self.many, "adds": self.adds, "first_step": self.first_step} | (
            extra_context or {}
        )
        return super().changelist_view(request, words)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """A refusal is shown where any other mistake in the form is."""
        title = self.changes if object_id else self.adds
        words = {"title": title, "many": self.many} | (extra_context or {})
        try:
            return super().changeform_view(request, object_id, form_url, words)
        except Refusal as no:
            request.refused = no  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, words)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        words = {"title": self.does, "many": self.many, "asks": self.asks, "does": self.does}
        words |= extra_context or {}
        try:
            return super().delete_view(request, object_id, words)
        except Refusal as no:
            messages.error(request, words_of(no))
            return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What happened to it stands in the audit log."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        asked = urlencode({"q": getattr(row, "public_id", "") or getattr(row, "slug", "")})
        return redirect(f"{reverse('admin:accounts_auditentry_changelist')}?{asked}")

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """Private name of Django 5.2: what is another school's is as absent as what never was."""
        raise Http404

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:  # type: ignore[override]
        """See the audit log."""

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:  # type: ignore[override]
        """See the audit log."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """See the audit log."""


def each_one(request: HttpRequest, rows: Any, do: Any, done: Any) -> None:
    """A bulk action: `do` for each of the rows, and a message of what came of it. `done` makes its words of
    a number."""
    good = 0
    for row in rows:
        try:
            do(row)
        except Refusal as no:
            messages.warning(request, f"{row}: {words_of(no)}")
        else:
            good += 1
    if good:
        messages.success(request, done(good))
