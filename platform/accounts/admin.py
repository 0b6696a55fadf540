"""Operators' pages about people and their place in schools."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts import audit_admin  # noqa: F401 (registers its pages)
from accounts.models import Membership, User
from tenants.admin import CountedDeletion, RowForm, TenantRowsAdmin
from tenants.large import LargeAdmin, SchoolFilter

admin.site.unregister([Group, DBTaskResult])
admin.site.disable_action("delete_selected")  # what goes is looked at one by one
admin.site.site_header = "Aula operators"
admin.site.site_title = "Aula"
admin.site.index_title = "Schools and their people"
admin.site.site_url = None


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email", "name")
        field_classes: dict[str, type] = {}


class PlaceForm(RowForm):
    stays = "tenant"


class MembershipInline(admin.TabularInline[Membership, User]):
    model = Membership
    form = PlaceForm
    fields = ("tenant", "role", "is_active")
    autocomplete_fields = ("tenant",)
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("tenant", "user")


class SchoolOfPerson(SchoolFilter):
    path = "memberships__tenant"


@admin.register(User)
class PersonAdmin(CountedDeletion, LargeAdmin, UserAdmin[User]):
    add_form = NewUserForm
    list_display = ("email", "name", "schools", "is_active", "is_staff", "last_login")
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

    @admin.display(description=_("schools"))
    def schools(self, user: User) -> str:
        return ", ".join(f"{each.tenant} ({each.get_role_display()})" for each in user.memberships.all())


@admin.register(Membership)
class MembershipAdmin(TenantRowsAdmin):
    list_display = ("person", "email", "role", "is_active")
    list_filter = ("role", "is_active")
    list_select_related = ("user", "tenant")
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("tenant", "user")
    fields = ("tenant", "user", "role", "is_active")

    @admin.display(description=_("name"), ordering="user__name")
    def person(self, membership: Membership) -> str:
        return membership.name

    @admin.display(description=_("email"), ordering="user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email
