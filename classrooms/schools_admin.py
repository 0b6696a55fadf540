"""Operators' pages about schools: opened with a first owner, limited, looked at, suspended, deleted."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.audit import differences, note
from accounts.entries import Deed
from accounts.models import Membership, User
from accounts.schools import appoint_first_owner, open_school
from classrooms.going import delete_school, listing
from classrooms.models import ClassSession, Participant, SchoolDeletion
from classrooms.schools import change_school
from classrooms.sizes import size_words
from classrooms.storage import stored
from classrooms.usage import Day, chart, usage
from classrooms.words import storage_words
from tenants.actions import BY_OPERATORS
from tenants.admin import TenantAdmin
from tenants.hosts import site_of
from tenants.models import Domain, Tenant
from tenants.refusals import Refusal
from tenants.requests import SiteRequest

admin.site.unregister(Tenant)  # its page here knows more than tenants may: what a school has stored
LIMITS = ("people_most", "classes_most", "storage_most_bytes")
RULES = (
    *("contact", "direct_calls", "private_chat", "captions", "guests", "guests_wait"),
    *("recording_consent", "recording_downloads", "recordings_kept_days", "api_origins"),
)


def number_of(rows: Any) -> Any:
    """A count of a school's rows, as a part of the list's one query."""
    counted = rows.filter(tenant=OuterRef("pk")).order_by().values("tenant").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


class NewSchoolForm(forms.ModelForm[Tenant]):
    owner_name = forms.CharField(label=gettext_lazy("Name of the first owner"), max_length=80)
    owner_email = forms.EmailField(
        label=gettext_lazy("Email of the first owner"),
        max_length=254,
        help_text=gettext_lazy("They are sent a link to choose a password, and run the school from then on."),
    )


@admin.register(Tenant)
class SchoolAdmin(TenantAdmin):
    list_display: Any = ("called", "people", "classes_on", "limits", "is_active", "opened")
    list_per_page = 20
    actions = ("suspend", "go_on")
    change_form_template = "admin/operators/school.html"
    new_fieldsets: Any = (
        (None, {"fields": ("name", "slug", "time_zone", "language")}),
        (gettext_lazy("First owner"), {"fields": ("owner_name", "owner_email")}),
        (gettext_lazy("Limits"), {"fields": LIMITS}),
    )
    all_fieldsets: Any = (
        (None, {"fields": ("name", "slug", "time_zone", "language", "is_active", "created_at")}),
        (gettext_lazy("Limits"), {"fields": (*LIMITS, "storage_used")}),
        (gettext_lazy("Rules, which the school may change too"), {"fields": RULES}),
    )

    def get_urls(self) -> list[Any]:
        def page(view: Any) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path("suspend/", page(self.suspend_view), name="school-suspend"),
            path("<int:pk>/usage/", page(self.usage_view), name="school-usage"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        live = ClassSession.objects.filter(state=ClassSession.State.LIVE)
        people = Membership.objects.filter(is_active=True)
        return super().get_queryset(request).annotate(n_people=number_of(people), n_on=number_of(live))

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def called(self, tenant: Tenant) -> SafeString:
        """With where it is: its slug, and its own domains."""
        return format_html(
            '{} <small class="under">{}</small>', tenant.name, self.hosts(tenant) or tenant.slug
        )

    @admin.display(description=gettext_lazy("since"), ordering="created_at")
    def opened(self, tenant: Tenant) -> str:
        return date_format(timezone.localtime(tenant.created_at), "DATE_FORMAT")

    @admin.display(description=gettext_lazy("people"), ordering="n_people")
    def people(self, tenant: Any) -> int:
        return int(tenant.n_people)

    @admin.display(description=gettext_lazy("classes on"), ordering="n_on")
    def classes_on(self, tenant: Any) -> int:
        return int(tenant.n_on)

    @admin.display(description=gettext_lazy("limits"))
    def limits(self, tenant: Tenant) -> str:
        """“300 people, 10 classes, 10.0 GB”."""
        words = []
        if tenant.people_most is not None:
            words.append(
                ngettext("%(n)d person", "%(n)d people", tenant.people_most) % {"n": tenant.people_most}
            )
        if tenant.classes_most is not None:
            number = {"n": tenant.classes_most}
            words.append(ngettext("%(n)d class", "%(n)d classes", tenant.classes_most) % number)
        if tenant.storage_most_bytes is not None:
            words.append(size_words(tenant.storage_most_bytes))
        return ", ".join(words) or "–"

    @admin.display(description=gettext_lazy("storage used"))
    def storage_used(self, tenant: Tenant) -> str:
        return storage_words(stored(tenant))

    def get_fieldsets(self, request: HttpRequest, obj: Tenant | None = None) -> Any:
        return self.all_fieldsets if obj else self.new_fieldsets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **more: Any) -> Any:
        return super().get_form(request, obj, change, **more if obj else {**more, "form": NewSchoolForm})

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> tuple[str, ...]:
        fixed = ("is_active", "created_at", "storage_used") if obj else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:
        sent, by, at = form.cleaned_data, operator(request), now(request)
        tenant = Tenant.objects.get(pk=obj.pk) if change else None
        if tenant is None:
            tenant = open_school(by=by, slug=sent["slug"], name=sent["name"], time_zone=sent["time_zone"])
            appoint_first_owner(tenant=tenant, by=by, name=sent["owner_name"], email=sent["owner_email"])
            obj.pk, obj._state.adding = tenant.pk, False
        changes = {name: sent[name] for name in form.changed_data if name in BY_OPERATORS}
        changes = {name: value for name, value in changes.items() if value != getattr(tenant, name)}
        if changes:
            change_school(tenant=tenant, by=by, changes=changes, at=at)

    def response_add(self, request: HttpRequest, obj: Tenant, post_url_continue: Any = None) -> HttpResponse:
        """Where the school is now, and who was told."""
        email = request.POST["owner_email"]
        words = _(
            "{school} is open at {address}. {email} is invited by mail, with a link to choose a password."
        )
        site = site_of(obj)
        address = format_html('<a href="{}/">{}</a>', site, site.partition("://")[2])
        messages.success(request, format_html(words, school=obj.name, address=address, email=email))
        return redirect(reverse("admin:tenants_tenant_changelist"))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Its own domains: who has one is the school, for every browser."""
        tenant: Tenant = form.instance
        before = hosts_of(tenant)
        super().save_formset(request, form, formset, change)
        changes = differences({"domains": before}, {"domains": hosts_of(tenant)})
        if changes:
            note(deed=Deed.SCHOOL_CHANGED, by=operator(request), tenant=tenant, on=tenant, changes=changes)

    def action_checkbox(self, obj: Tenant) -> SafeString:
        """Django's, without a template for each row: that is nearly half of what a row costs."""
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME,
            obj.pk,
            _("Select %(school)s") % {"school": obj},
        )

    # Suspended, and let go on

    @admin.action(description=gettext_lazy("Suspend: asks first"), permissions=["change"])
    def suspend(self, request: HttpRequest, rows: QuerySet[Tenant]) -> HttpResponse:
        ids = ",".join(str(pk) for pk in rows.values_list("pk", flat=True))
        return redirect(f"{reverse('admin:school-suspend')}?{urlencode({'ids': ids})}")

    @admin.action(description=gettext_lazy("Let go on"), permissions=["change"])
    def go_on(self, request: HttpRequest, rows: QuerySet[Tenant]) -> None:
        for tenant in Tenant.objects.filter(pk__in=rows.values("pk"), is_active=False):
            try:
                change_school(
                    tenant=tenant, by=operator(request), changes={"is_active": True}, at=now(request)
                )
            except Refusal as no:
                messages.error(request, f"{tenant}: {no.text}")
            else:
                messages.success(request, _("%(school)s goes on.") % {"school": tenant})

    def suspend_view(self, request: HttpRequest) -> HttpResponse:
        """Says first what ends."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        sent = request.POST if request.method == "POST" else request.GET
        ids = [int(each) for each in sent.get("ids", "").split(",") if each.isdecimal()]
        schools = list(Tenant.objects.filter(pk__in=ids, is_active=True))
        if request.method == "POST":
            for tenant in schools:
                change_school(
                    tenant=tenant, by=operator(request), changes={"is_active": False}, at=now(request)
                )
                messages.success(request, _("%(school)s is suspended.") % {"school": tenant})
            return redirect(reverse("admin:tenants_tenant_changelist"))
        live = ClassSession.objects.filter(state=ClassSession.State.LIVE, tenant__in=schools)
        words = {
            "title": _("Suspend"),
            "schools": schools,
            "ids": ",".join(str(each.pk) for each in schools),
            "classes": live.count(),
            "people": Participant.objects.here(now(request)).filter(tenant__in=schools).count(),
        }
        return self.page(request, "admin/operators/suspend.html", words)

    # Deleted

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What would go, and the slug as the key to it."""
        tenant = self.get_object(request, object_id)
        if tenant is None:
            raise Http404
        if not self.has_delete_permission(request, tenant):
            raise PermissionDenied
        under_way = SchoolDeletion.objects.filter(school=tenant.pk).first()
        if under_way is not None:
            return redirect(reverse("admin:classrooms_schooldeletion_change", args=[under_way.pk]))
        words: dict[str, Any] = {"title": _("Delete %(school)s") % {"school": tenant}, "school_row": tenant}
        if request.method == "POST":
            try:
                typed = request.POST.get("slug", "")
                row = delete_school(tenant=tenant, by=operator(request), slug=typed, at=now(request))
            except Refusal as no:
                words |= {"wrong": no.text, "typed": typed}
            else:
                return redirect(reverse("admin:classrooms_schooldeletion_change", args=[row.pk]))
        return self.page(request, "admin/operators/delete.html", words | {"listing": listing(tenant)})

    # Usage

    def usage_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        tenant = self.get_object(request, str(pk))
        if tenant is None:
            raise Http404
        if not self.has_view_permission(request, tenant):
            raise PermissionDenied
        days = usage(tenant, now(request))
        words = {
            "title": _("Usage of %(school)s") % {"school": tenant},
            "school_row": tenant,
            "charts": charts(days),
            "days": list(reversed(days)),
            "storage": storage_words(stored(tenant)),
            "limits": self.limits(tenant),
        }
        return self.page(request, "admin/operators/usage.html", words)

    def page(self, request: HttpRequest, template: str, words: dict[str, Any]) -> HttpResponse:
        return render(
            request, template, {**self.admin_site.each_context(request), "opts": self.opts, **words}
        )


def hosts_of(tenant: Tenant) -> str:
    """Its own ones."""
    return ", ".join(Domain.objects.filter(tenant=tenant).values_list("host", flat=True))


def charts(days: list[Day]) -> list[Any]:
    minutes, classes = [each.minutes for each in days], [each.classes for each in days]
    recordings, bytes_ = [each.recordings for each in days], [each.stored for each in days]
    n, most = len(days), size_words(max(bytes_))
    told = {
        "minutes": _("%(sum)d in %(n)d days, at most %(most)d in one") % summed(minutes, n),
        "classes": _("%(sum)d in %(n)d days, at most %(most)d in one") % summed(classes, n),
        "recordings": _("%(sum)d in %(n)d days, at most %(most)d in one") % summed(recordings, n),
        "stored": _("%(now)s now, at most %(most)s") % {"now": size_words(bytes_[-1]), "most": most},
    }
    return [
        chart(_("Minutes of people in class"), told["minutes"], days, minutes),
        chart(_("Classes held"), told["classes"], days, classes),
        chart(_("Recordings made"), told["recordings"], days, recordings),
        chart(_("Stored, of what is still there"), told["stored"], days, bytes_),
    ]


def summed(values: list[int], n: int) -> dict[str, int]:
    return {"sum": sum(values), "n": n, "most": max(values)}


def operator(request: HttpRequest) -> User:
    return cast(User, request.user)


def now(request: HttpRequest) -> Any:
    return cast(SiteRequest, request).now


@admin.register(SchoolDeletion)
class SchoolDeletionAdmin(admin.ModelAdmin[SchoolDeletion]):
    """How far the deletion of a school is."""

    list_display = ("name", "slug", "progress", "state", "by", "asked_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("name", "slug", "by")
    change_form_template = "admin/operators/deletion.html"
    fields = readonly_fields = ("name", "slug", "by", "asked_at", "finished_at", "state", "error")

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, row: SchoolDeletion) -> str:
        return f"{row.percent} %"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SchoolDeletion | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SchoolDeletion | None = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """While it runs the page comes anew every few seconds, without a script."""
        answer: HttpResponse = super().change_view(request, object_id, *args, **kwargs)
        row = SchoolDeletion.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        if row is not None and row.state != SchoolDeletion.State.DONE:
            answer.headers["Refresh"] = "3"
        return answer
