"""A school's own pages about its people: added and invited, changed, deactivated."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actions import add_person, change_person, has_email, invite, is_schools_alone
from accounts.models import Membership, Role
from accounts.people_import import import_page
from accounts.school_site import RefusableForm, SchoolRows, each_one, member
from accounts.words import with_email


def name_field() -> forms.CharField:
    return forms.CharField(max_length=80, label=gettext_lazy("Name"))


class PlaceForm(RefusableForm):
    """Owners are made by owners."""

    by: Membership

    class Meta:
        model = Membership
        fields: ClassVar[Any] = ("role", "external_id")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields and self.by.role != Role.OWNER:
            self.fields["role"].choices = [each for each in Role.choices if each[0] != Role.OWNER]  # type: ignore[attr-defined]


class NewPersonForm(PlaceForm):
    name = name_field()
    email = forms.EmailField(label=gettext_lazy("Email"), max_length=254)
    invites = forms.BooleanField(
        label=gettext_lazy("Send an invitation"),
        required=False,
        initial=True,
        help_text=gettext_lazy("By mail, with a link to choose a password."),
    )


class PersonForm(PlaceForm):
    """`name` belongs to whoever the account belongs to (accounts.actions.is_schools_alone)."""

    name = name_field()

    class Meta(PlaceForm.Meta):
        fields: ClassVar[Any] = ("role", "is_active", "external_id")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" not in self.fields:
            return
        self.fields["name"].initial = self.instance.user.name
        if not is_schools_alone(self.instance):
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _(
                "The account is its owner's: they change their name themselves."
            )


class SignedIn(admin.SimpleListFilter):
    title = gettext_lazy("last sign-in")
    parameter_name = "signed_in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("never", gettext_lazy("Never yet")), ("once", gettext_lazy("At least once"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> QuerySet[Membership]:
        never = {"never": True, "once": False}.get(self.value() or "")
        return queryset if never is None else queryset.filter(signed_in_at__isnull=never)


class PeopleAdmin(SchoolRows):
    many = gettext_lazy("People")
    adds = gettext_lazy("Add person")
    changes = gettext_lazy("Person")
    may_add = may_change = True
    form = PersonForm
    list_display = ("person", "role", "is_active", "signed_in", "created_at")
    list_filter = ("role", "is_active", SignedIn)
    list_select_related = ("user", "tenant")
    search_fields = ("user__name", "user__email", "external_id")
    search_help_text = gettext_lazy("A name, an email, or an id of another system.")
    actions = ("deactivate", "reactivate", "make_teachers", "make_students", "invite_again")
    change_list_template = "admin/school/people.html"

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.import_view)
        return [path("import/", page, name="people-import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        return import_page(request, self.admin_site)

    @admin.display(description=gettext_lazy("name"), ordering="user__name")
    def person(self, row: Membership) -> str:
        return with_email(row.name, self.email(row))

    @admin.display(description=gettext_lazy("name"))
    def name(self, row: Membership) -> str:
        return row.name

    @admin.display(description=gettext_lazy("email"))
    def email(self, row: Membership) -> str:
        return row.user.email if has_email(row.user) else "–"

    @admin.display(description=gettext_lazy("last sign-in"), ordering="signed_in_at")
    def signed_in(self, row: Membership) -> Any:
        return row.signed_in_at

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any) -> Any:
        return super().get_form(request, obj, change, **more | {"form": PersonForm if obj else NewPersonForm})

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[Any]:
        if obj is None:
            return ["name", "email", "role", "external_id", "invites"]
        return ["name", "email", "role", "is_active", "external_id", "signed_in", "created_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[Any]:
        if obj is None:
            return []
        fixed = ["email", "signed_in", "created_at"]
        return fixed if self.has_change_permission(request, obj) else ["name", *fixed]

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """Only owners manage owners."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or obj.role != Role.OWNER or member(request).role == Role.OWNER

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        by, sent = member(request), form.cleaned_data
        if change:
            self.change(request, obj, sent, set(form.changed_data))
            return
        told = {name: sent[name] for name in ("name", "email", "role", "external_id")}
        made = add_person(by=by, **told)
        obj.pk, obj.public_id, obj.tenant, obj.user = made.pk, made.public_id, made.tenant, made.user
        if sent["invites"]:
            invite(member=made, by=by)

    def change(self, request: HttpRequest, obj: Membership, sent: dict[str, Any], what: set[str]) -> None:
        by = member(request)
        row = self.get_queryset(request).get(pk=obj.pk)  # as it was: `obj` has the form's values already
        name = sent["name"] if "name" in what else None
        change_person(member=row, by=by, name=name, external_id=sent["external_id"])
        self.place(request, row, role=sent["role"], is_active=sent["is_active"])

    def place(self, request: HttpRequest, row: Membership, **place: Any) -> None:
        """Given by classrooms, whose classes people leave with the school."""
        raise NotImplementedError

    def placed(self, request: HttpRequest, rows: QuerySet[Membership], done: Any, **place: Any) -> None:
        def do(row: Membership) -> None:
            self.place(request, row, **{"role": row.role, "is_active": row.is_active} | place)

        each_one(request, rows.select_related("user", "tenant"), do, done)

    @admin.action(
        description=gettext_lazy("Deactivate: signed out, and out of every class"), permissions=["change"]
    )
    def deactivate(self, request: HttpRequest, rows: QuerySet[Membership]) -> None:
        self.placed(request, rows, partial(_people, "deactivated"), is_active=False)

    @admin.action(description=gettext_lazy("Let in again"), permissions=["change"])
    def reactivate(self, request: HttpRequest, rows: QuerySet[Membership]) -> None:
        self.placed(request, rows, partial(_people, "reactivated"), is_active=True)

    @admin.action(description=gettext_lazy("Make teachers"), permissions=["change"])
    def make_teachers(self, request: HttpRequest, rows: QuerySet[Membership]) -> None:
        self.placed(request, rows, partial(_people, "teachers"), role=Role.TEACHER)

    @admin.action(description=gettext_lazy("Make students"), permissions=["change"])
    def make_students(self, request: HttpRequest, rows: QuerySet[Membership]) -> None:
        self.placed(request, rows, partial(_people, "students"), role=Role.STUDENT)

    @admin.action(description=gettext_lazy("Send the invitation again"), permissions=["change"])
    def invite_again(self, request: HttpRequest, rows: QuerySet[Membership]) -> None:
        by, told = member(request), 0
        for row in rows.select_related("user", "tenant"):
            if has_email(row.user) and row.is_active:
                invite(member=row, by=by)
                told += 1
        messages.success(request, _people("invited", told))


def _people(what: str, n: int) -> str:
    words = {
        "deactivated": ngettext("%(n)d person is deactivated.", "%(n)d people are deactivated.", n),
        "reactivated": ngettext("%(n)d person is let in again.", "%(n)d people are let in again.", n),
        "teachers": ngettext("%(n)d person is a teacher now.", "%(n)d people are teachers now.", n),
        "students": ngettext("%(n)d person is a student now.", "%(n)d people are students now.", n),
        "invited": ngettext("%(n)d invitation is on its way.", "%(n)d invitations are on their way.", n),
    }
    return words[what] % {"n": n}
