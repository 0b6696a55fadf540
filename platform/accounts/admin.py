"""Operators' pages about people and their place in schools. Classrooms register them: whoever is deactivated
leaves the classes that they are in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts import audit_admin  # noqa: F401 (registers its pages)
from accounts.actions import is_last_owner
from accounts.audit import note
from accounts.entries import Deed
from accounts.models import Membership, Role, User
from accounts.refusals import LastOwner
from accounts.school_site import words_of
from accounts.words import with_email
from tenants.admin import CountedDeletion, RowForm, TenantRowsAdmin
from tenants.large import LargeAdmin, SchoolFilter

admin.site.unregister([Group, DBTaskResult])
admin.site.disable_action("delete_selected")  # what goes is looked at one by one


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email", "name")
        field_classes: dict[str, type] = {}


class PlaceForm(forms.ModelForm[Any]):
    """A school keeps an owner."""

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        stays = sent.get("role") == Role.OWNER and sent.get("is_active")
        if self.instance.pk and not stays and is_last_owner(self.instance):
            raise forms.ValidationError(words_of(LastOwner()))
        return sent


class PlaceRowForm(PlaceForm, RowForm):
    stays = "tenant"


class MembershipInline(admin.TabularInline[Membership, User]):
    model = Membership
    form = PlaceRowForm
    fields = ("tenant", "role", "is_active")
    autocomplete_fields = ("tenant",)
    extra = 0
    can_delete = False  # on its own page, which tells what goes with it

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("tenant", "user")


class SchoolOfPerson(SchoolFilter):
    path = "memberships__tenant"


class PersonAdmin(CountedDeletion, LargeAdmin, UserAdmin[User]):
    add_form = NewUserForm
    list_display = ("email", "name", "schools", "is_active", "is_staff", "signed_in")
    list_filter = ("is_staff", "is_active", "memberships__role", SchoolOfPerson)
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ("user_permissions",)
    readonly_fields = ("last_login", "date_joined")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "time_zone")}),
        (_("Rights"), {"fields": ("is_active", "is_staff", "is_superuser", "user_permissions")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": ("email", "name", "usable_password", "password1", "password2")},
        ),
    )

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        return super().get_queryset(request).prefetch_related("memberships__tenant")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            if row.pk:
                self.place(request, row)
            else:
                row.save()
                changes = {"role": [None, row.role]}
                note(deed=Deed.PERSON_ADDED, by=request.user, tenant=row.tenant, on=row, changes=changes)  # type: ignore[arg-type]

    def place(self, request: HttpRequest, row: Membership) -> None:
        """As the form has it. Given by classrooms."""
        raise NotImplementedError

    @admin.display(description=_("last sign-in"), ordering="last_login")
    def signed_in(self, user: User) -> Any:
        return user.last_login

    @admin.display(description=_("schools"))
    def schools(self, user: User) -> str:
        return ", ".join(f"{each.tenant} ({each.get_role_display()})" for each in user.memberships.all())


class MembershipAdmin(TenantRowsAdmin):
    form = PlaceForm
    list_display = ("person", "role", "is_active")
    list_filter = ("role", "is_active")
    list_select_related = ("user", "tenant")
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("tenant", "user")
    fields = ("tenant", "user", "role", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What somebody did at the school never becomes another's."""
        return [*super().get_readonly_fields(request, obj), *(["user"] if obj else [])]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        rows, numbers, closed, kept = super().get_deleted_objects(objs, request)
        kept += [f"{each}: {words_of(LastOwner())}" for each in objs if is_last_owner(each)]
        return rows, numbers, closed, kept

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        if change:
            self.place(request, obj)
        else:
            super().save_model(request, obj, form, change)

    def place(self, request: HttpRequest, row: Membership) -> None:
        """As the form has it. Given by classrooms."""
        raise NotImplementedError

    @admin.display(description=_("name"), ordering="user__name")
    def person(self, membership: Membership) -> str:
        return with_email(membership.name, membership.user.email)
