"""A school's own pages about its people, courses, classes, recordings, rules and keys."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership, Role
from accounts.requests import MemberRequest
from accounts.school_people import PeopleAdmin
from accounts.school_rules import RulesAdmin
from accounts.school_site import RefusableForm, SchoolRows, each_one, member, school, words_of
from classrooms.actions import (
    cancel_session,
    change_course,
    create_course,
    enrol,
    remove_enrolment,
    reschedule_session,
    schedule_session,
)
from classrooms.holidays import EndsBeforeItBegins, add_holiday, remove_holiday
from classrooms.keys_admin import ApiKeyAdmin, NewKeyForm
from classrooms.live.departures import change_place
from classrooms.models import ApiKey, ClassSession, Course, Enrolment, Holiday, Recording
from classrooms.recorded.bin import delete_recording, restore_recording
from classrooms.schools import change_school
from classrooms.sizes import size_words
from classrooms.storage import stored
from classrooms.words import storage_words
from tenants.models import Tenant


def now(request: HttpRequest) -> Any:
    return cast(MemberRequest, request).now


@admin.register(Membership, site=school)
class SchoolPeople(PeopleAdmin):
    def place(self, request: HttpRequest, row: Membership, **place: Any) -> None:
        change_place(member=row, by=member(request), at=now(request), **place)


@admin.register(Tenant, site=school)
class SchoolRules(RulesAdmin):
    readonly_fields = ("people_most", "classes_most", "storage_used")
    fieldsets = (*RulesAdmin.fieldsets[:-1], (RulesAdmin.fieldsets[-1][0], {
        **RulesAdmin.fieldsets[-1][1], "fields": readonly_fields
    }))  # fmt: skip

    @admin.display(description=gettext_lazy("storage used"))
    def storage_used(self, tenant: Tenant) -> str:
        return storage_words(stored(tenant))

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        tenant = Tenant.objects.get(pk=obj.pk)
        change_school(tenant=tenant, by=member(request), changes=changes, at=now(request))


class SchoolCourseForm(RefusableForm):
    class Meta:
        model = Course
        fields = ("title", "description", "records", "guests_wait")


@admin.register(Course, site=school)
class SchoolCourses(SchoolRows):
    many = gettext_lazy("Courses")
    adds = gettext_lazy("Add course")
    first_step = gettext_lazy(
        "No courses yet. Add one, then enrol people and put its classes on the calendar."
    )
    changes = gettext_lazy("Course")
    may_add = may_change = True
    form = SchoolCourseForm
    list_display = ("title", "people", "classes", "records", "created_at")
    list_filter = ("records",)
    search_fields = ("title", "public_id")
    ordering = ("title", "pk")
    fields = ("title", "description", "records", "guests_wait")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        rows: QuerySet[Course] = super().get_queryset(request)
        return rows.annotate(
            people_count=Count("enrolments", distinct=True), class_count=Count("sessions", distinct=True)
        )

    @admin.display(description=gettext_lazy("people"), ordering="people_count")
    def people(self, course: Any) -> int:
        return int(course.people_count)

    @admin.display(description=gettext_lazy("classes"), ordering="class_count")
    def classes(self, course: Any) -> int:
        return int(course.class_count)

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        by, sent = member(request), form.cleaned_data
        if change:
            change_course(course=Course.objects.get(pk=obj.pk), by=by, **sent)
        else:
            made = create_course(by=by, **sent)
            obj.pk, obj.public_id, obj.tenant = made.pk, made.public_id, made.tenant


@admin.register(Enrolment, site=school)
class SchoolEnrolments(SchoolRows):
    """Added and taken away; nobody's place is changed into somebody else's."""

    many = gettext_lazy("Enrolments")
    adds = gettext_lazy("Enrol somebody")
    asks = gettext_lazy("Take this person out of the course? What they wrote and attended stays.")
    does = gettext_lazy("Take out")
    changes = gettext_lazy("Enrolment")
    may_add = may_delete = True
    list_display = ("person", "course", "role", "added_at")
    list_filter = ("role", ("course", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("membership__user", "course")
    search_fields = ("membership__user__name", "membership__user__email", "course__title")
    autocomplete_fields = ("course", "membership")
    fields = ("course", "membership", "role")
    actions = ("take_out",)

    @admin.display(description=gettext_lazy("person"), ordering="membership__user__name")
    def person(self, row: Enrolment) -> str:
        return row.membership.name

    def save_model(self, request: HttpRequest, obj: Enrolment, form: Any, change: bool) -> None:
        sent = form.cleaned_data
        course, who = sent["course"], sent["membership"]
        enrol(course=course, by=member(request), members=[who], role=sent["role"], at=now(request))
        obj.pk = course.enrolments.get(membership=who).pk

    def delete_model(self, request: HttpRequest, obj: Enrolment) -> None:
        remove_enrolment(enrolment=obj, by=member(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return [str(each) for each in objs], {}, set(), []

    @admin.action(description=gettext_lazy("Take out of the course"), permissions=["delete"])
    def take_out(self, request: HttpRequest, rows: QuerySet[Enrolment]) -> None:
        by = member(request)
        chosen = rows.select_related("course", "membership__user")
        each_one(request, chosen, lambda row: remove_enrolment(enrolment=row, by=by), _taken_out)


def _taken_out(n: int) -> str:
    words = ngettext("%(n)d person is taken out.", "%(n)d people are taken out.", n)
    return words % {"n": n}


class HolidayForm(RefusableForm):
    class Meta:
        model = Holiday
        fields = ("name", "first_day", "last_day")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", words_of(EndsBeforeItBegins()))
        return cleaned


@admin.register(Holiday, site=school)
class SchoolHolidays(SchoolRows):
    """Added and deleted: whoever mistyped one adds it anew."""

    many = gettext_lazy("Days off")
    adds = gettext_lazy("Add days off")
    asks = gettext_lazy("Delete these days off? Classes stay as they are.")
    does = gettext_lazy("Delete")
    changes = gettext_lazy("Days off")
    first_step = gettext_lazy(
        "No days off yet. Add the holidays, and whoever schedules a series is told which classes are in them."
    )
    may_add = may_delete = True
    form = HolidayForm
    list_display = ("name", "first_day", "last_day")
    search_fields = ("name",)
    ordering = ("-first_day", "pk")
    fields = ("name", "first_day", "last_day")

    def save_model(self, request: HttpRequest, obj: Holiday, form: Any, change: bool) -> None:
        obj.pk = add_holiday(by=member(request), **form.cleaned_data).pk

    def delete_model(self, request: HttpRequest, obj: Holiday) -> None:
        remove_holiday(holiday=obj, by=member(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return [str(each) for each in objs], {}, set(), []


class SchoolClassForm(RefusableForm):
    despite_clash = forms.BooleanField(
        label=gettext_lazy("Even if it clashes"),
        required=False,
        help_text=gettext_lazy("With another class of the course, or of whoever teaches it."),
    )

    class Meta:
        model = ClassSession
        fields = ("title",)  # the page adds the rest: choices are asked for in a scope

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begin, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if begin and end and not timedelta(0) < end - begin <= timedelta(hours=12):
            self.add_error("ends_at", _("It ends after its start, within 12 hours."))
        return cleaned


@admin.register(ClassSession, site=school)
class SchoolClasses(SchoolRows):
    """Put on the calendar, moved and cancelled until they start; afterwards they are looked at."""

    many = gettext_lazy("Classes")
    adds = gettext_lazy("Add class")
    asks = gettext_lazy("Cancel this class? It leaves the calendar, and its people are told by mail.")
    does = gettext_lazy("Cancel the class")
    changes = gettext_lazy("Class")
    may_add = may_change = may_delete = True
    form = SchoolClassForm
    list_display = ("title", "course", "teacher_name", "starts_at", "state")
    list_filter = ("state", ("starts_at", admin.DateFieldListFilter))
    list_select_related = ("course", "teacher__user")
    date_hierarchy = "starts_at"
    search_fields = ("title", "public_id", "course__title", "teacher__user__name")
    autocomplete_fields = ("course", "teacher")

    @admin.display(description=gettext_lazy("teacher"), ordering="teacher__user__name")
    def teacher_name(self, row: ClassSession) -> str:
        return row.teacher.name

    def get_fields(self, request: HttpRequest, obj: ClassSession | None = None) -> tuple[str, ...]:
        fields = ("title", "teacher", "starts_at", "ends_at", "entry")
        if obj is None:
            return ("course", *fields, "despite_clash")
        if not self.has_change_permission(request, obj):
            return ("course", *fields, "state", "started_at", "ended_at")
        return ("course", *fields, "despite_clash")

    def get_readonly_fields(self, request: HttpRequest, obj: ClassSession | None = None) -> tuple[str, ...]:
        return ("course",) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: ClassSession | None = None) -> bool:
        return super().has_change_permission(request, obj) and is_to_come(obj)

    def has_delete_permission(self, request: HttpRequest, obj: ClassSession | None = None) -> bool:
        return super().has_delete_permission(request, obj) and is_to_come(obj)

    def save_model(self, request: HttpRequest, obj: ClassSession, form: Any, change: bool) -> None:
        sent = form.cleaned_data
        chosen = {name: sent[name] for name in ("title", "teacher", "starts_at", "entry", "despite_clash")}
        chosen["duration"] = sent["ends_at"] - sent["starts_at"]
        if change:
            row = ClassSession.objects.select_related("course").get(pk=obj.pk)
            reschedule_session(
                session=row, by=member(request), at=now(request), records=row.records, **chosen
            )
        else:
            made = schedule_session(course=sent["course"], by=member(request), at=now(request), **chosen)
            obj.pk, obj.public_id, obj.tenant = made.pk, made.public_id, made.tenant

    def delete_model(self, request: HttpRequest, obj: ClassSession) -> None:
        cancel_session(session=obj, by=member(request), at=now(request))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return [str(each) for each in objs], {}, set(), []


def is_to_come(session: ClassSession | None) -> bool:
    return session is None or session.state == ClassSession.State.SCHEDULED


class Binned(admin.SimpleListFilter):
    title = gettext_lazy("in the bin")
    parameter_name = "bin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Recording]) -> QuerySet[Recording] | None:
        wanted = {"yes": False, "no": True}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(deleted_at__isnull=wanted)


@admin.register(Recording, site=school)
class SchoolRecordings(SchoolRows):
    """Deleted into the bin, and restored; what is in them is watched on their own pages."""

    many = gettext_lazy("Recordings")
    changes = gettext_lazy("Recording")
    list_display = ("title", "course", "started_at", "state", "size", "deleted_at")
    list_filter = ("state", Binned, ("started_at", admin.DateFieldListFilter))
    list_select_related = ("session__course",)
    search_fields = ("session__title", "session__course__title", "public_id")
    date_hierarchy = "started_at"
    ordering = ("-started_at", "-pk")
    actions = ("put_into_bin", "restore")
    fields = ("title", "course", "started_at", "ended_at", "state", "size", "deleted_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recording]:
        rows: QuerySet[Recording] = super().get_queryset(request)
        return rows.select_related("session__course", "tenant").annotate(bytes=Sum("tracks__size", default=0))

    @admin.display(description=gettext_lazy("class"), ordering="session__title")
    def title(self, row: Recording) -> str:
        return row.session.title

    @admin.display(description=gettext_lazy("course"), ordering="session__course__title")
    def course(self, row: Recording) -> str:
        return row.session.course.title

    @admin.display(description=gettext_lazy("size"), ordering="bytes")
    def size(self, row: Any) -> str:
        return size_words(row.bytes)

    @admin.action(description=gettext_lazy("Delete: into the bin for a week"), permissions=["view"])
    def put_into_bin(self, request: HttpRequest, rows: QuerySet[Recording]) -> None:
        by, at = member(request), now(request)
        words = partial(_recordings, "deleted")
        each_one(request, rows, lambda row: delete_recording(recording=row, by=by, at=at), words)

    @admin.action(description=gettext_lazy("Take out of the bin"), permissions=["view"])
    def restore(self, request: HttpRequest, rows: QuerySet[Recording]) -> None:
        by = member(request)
        each_one(
            request, rows, lambda row: restore_recording(recording=row, by=by), partial(_recordings, "back")
        )


def _recordings(what: str, n: int) -> str:
    words = {
        "deleted": ngettext("%(n)d recording is in the bin.", "%(n)d recordings are in the bin.", n),
        "back": ngettext("%(n)d recording is back.", "%(n)d recordings are back.", n),
    }
    return words[what] % {"n": n}


class SchoolKeyForm(RefusableForm, NewKeyForm):
    """A key acts for somebody whom who makes it may manage."""


@admin.register(ApiKey, site=school)
class SchoolKeys(SchoolRows, ApiKeyAdmin):
    many = gettext_lazy("API keys")
    adds = gettext_lazy("Make a key")
    first_step = gettext_lazy(
        "No API keys yet. A key lets another system, such as the timetable, use the API."
    )
    changes = gettext_lazy("API key")
    may_add = may_change = True
    form = SchoolKeyForm
    list_select_related = ("member__user",)
    search_fields = ("name", "prefix", "member__user__name", "member__user__email")
    autocomplete_fields = ("member",)
    add_fields = tuple(each for each in ApiKeyAdmin.add_fields if each != "tenant")
    shown_fields = tuple(each for each in ApiKeyAdmin.shown_fields if each != "tenant")

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.list_filter

    def has_change_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        return obj is None and self.runs(request)

    def maker(self, request: HttpRequest) -> Membership:
        return member(request)

    def revoked_by(self, request: HttpRequest, keys: QuerySet[ApiKey]) -> QuerySet[ApiKey]:
        """An owner's keys are managed by owners."""
        return keys if self.maker(request).role == Role.OWNER else keys.exclude(member__role=Role.OWNER)
