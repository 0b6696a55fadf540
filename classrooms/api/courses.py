"""Courses, and who is enrolled in them."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import Membership
from classrooms.actions import change_course, create_course, enrol, remove_enrolment
from classrooms.api.doors import Door, Listed
from classrooms.api.fields import Id, Moment, OneOf
from classrooms.api.filters import Filters, IdFilter
from classrooms.api.once import once
from classrooms.models import Course, Enrolment


class CourseOut(serializers.ModelSerializer[Course]):
    id = Id(source="public_id")
    created_at = Moment()

    class Meta:
        model = Course
        fields = ("id", "title", "description", "records", "created_at")


class CourseIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    records = serializers.BooleanField(
        required=False, default=False, help_text="Its classes are recorded from their start."
    )


class CourseFilter(Filters):
    q = django_filters.CharFilter("title", "icontains", help_text="A part of the title.")
    user = IdFilter("enrolments__membership__public_id", help_text="Who is enrolled.")


class Courses(Listed):
    """Courses that the asker takes part in; owners and admins see all."""

    scope = "courses"
    serializer_class = CourseOut
    filters = CourseFilter
    sorts = {"title": "title", "created_at": "created_at"}
    sort = "title"

    def rows(self) -> QuerySet[Course]:
        mine: QuerySet[Course] = Course.objects.filter(
            pk__in=Course.objects.visible_to(self.member).values("pk")
        )
        return mine

    @extend_schema(request=CourseIn, responses={201: CourseOut})
    @once
    def post(self, request: Request) -> Response:
        """Open a course."""
        course = create_course(by=self.member, **self.sent(CourseIn))
        place = reverse("api-course", args=[course.public_id], request=request)
        return self.tagged(self.told(course), status=201, Location=place)


class OfCourse(Door):
    """Something of one course, whose id is in the address."""

    scope = "courses"

    def course(self) -> Course:
        found: Course = self.found(Course.objects.visible_to(self.member), public_id=self.kwargs["public_id"])
        return found


class CourseOne(OfCourse):
    serializer_class = CourseOut

    def get(self, request: Request, public_id: str) -> Response:
        """One course."""
        return self.tagged(self.told(self.course()))

    @extend_schema(request=CourseIn)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change a course. A class that is on goes on as it is: recorded, or not."""
        sent = self.sent(CourseIn, partly=True)
        with self.changing(Course.objects.visible_to(self.member), public_id=public_id) as course:
            now = {name: getattr(course, name) for name in ("title", "description", "records")}
            change_course(course=course, by=self.member, **now | sent)
        return self.tagged(self.told(course))


class EnrolmentOut(serializers.ModelSerializer[Enrolment]):
    user = Id(source="membership.public_id")
    name = serializers.CharField(source="membership.name")
    role = serializers.ChoiceField(Enrolment.Role.choices)
    added_at = Moment(allow_null=True)

    class Meta:
        model = Enrolment
        fields = ("user", "name", "role", "added_at")


class EnrolmentIn(serializers.Serializer[Any]):
    user = OneOf(lambda member: Membership.objects.visible_to(member).active().select_related("user"))
    role = serializers.ChoiceField(Enrolment.Role.choices, default=Enrolment.Role.STUDENT)


class EnrolmentFilter(Filters):
    role = django_filters.ChoiceFilter(choices=Enrolment.Role.choices)


class Enrolments(Listed, OfCourse):
    """Who is in the course."""

    serializer_class = EnrolmentOut
    filters = EnrolmentFilter
    sorts = {"name": "membership__user__name"}
    sort = "name"

    def rows(self) -> QuerySet[Enrolment]:
        found: QuerySet[Enrolment] = self.course().enrolments.select_related("membership__user")
        return found

    @extend_schema(request=EnrolmentIn, responses={201: EnrolmentOut})
    @once
    def post(self, request: Request, public_id: str) -> Response:
        """Put somebody into the course. Who is in it already stays as they are."""
        course, sent = self.course(), self.sent(EnrolmentIn)
        enrol(course=course, by=self.member, members=[sent["user"]], role=sent["role"], at=self.now)
        made = self.rows().get(membership=sent["user"])
        place = reverse("api-enrolment", args=[public_id, sent["user"].public_id], request=request)
        return self.tagged(self.told(made), status=201, Location=place)


class EnrolmentOne(OfCourse):
    serializer_class = EnrolmentOut

    def rows(self) -> QuerySet[Enrolment]:
        found: QuerySet[Enrolment] = self.course().enrolments.select_related("membership__user", "course")
        return found

    def get(self, request: Request, public_id: str, user: str) -> Response:
        """One person's place in the course."""
        return self.tagged(self.told(self.found(self.rows(), membership__public_id=user)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str, user: str) -> Response:
        """Take somebody out of the course."""
        with self.changing(self.rows(), membership__public_id=user) as enrolment:
            remove_enrolment(enrolment=enrolment, by=self.member)
        return Response(status=204)
