"""People of the school, as persons."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.actions import add_person, change_person, has_email
from accounts.models import Membership, Role
from classrooms.api.doors import Door, Listed
from classrooms.api.fields import Id, Moment
from classrooms.api.filters import Filters
from classrooms.api.once import once


class UserOut(serializers.ModelSerializer[Membership]):
    id = Id(source="public_id")
    name = serializers.CharField()
    email = serializers.SerializerMethodField(help_text="Empty for who is known by an external id alone.")
    time_zone = serializers.CharField(source="user.time_zone", help_text="Empty: the school's.")
    created_at = Moment()

    class Meta:
        model = Membership
        fields = ("id", "name", "email", "external_id", "time_zone", "created_at")

    def get_email(self, member: Membership) -> str:
        return member.user.email if has_email(member.user) else ""


class UserIn(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    email = serializers.EmailField(max_length=254, required=False, default="", allow_blank=True)
    external_id = serializers.CharField(max_length=100, required=False, default="", allow_blank=True)
    role = serializers.ChoiceField(Role.choices, default=Role.STUDENT)


class UserChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80, required=False)
    external_id = serializers.CharField(max_length=100, required=False, allow_blank=True)


class UserFilter(Filters):
    email = django_filters.CharFilter("user__email", "iexact")
    external_id = django_filters.CharFilter()
    q = django_filters.CharFilter(method="search", help_text="A part of a name or an email.")

    def search(self, rows: QuerySet[Membership], name: str, value: str) -> QuerySet[Membership]:
        return rows.filter(Q(user__name__icontains=value) | Q(user__email__icontains=value))


def people(member: Membership) -> QuerySet[Membership]:
    found: QuerySet[Membership] = Membership.objects.visible_to(member).select_related("user")
    return found


class Users(Listed):
    """People of the school: teachers find everybody, students themselves."""

    scope = "users"
    serializer_class = UserOut
    filters = UserFilter
    sorts = {"name": "user__name", "created_at": "created_at"}
    sort = "name"

    def rows(self) -> QuerySet[Membership]:
        return people(self.member)

    @extend_schema(request=UserIn, responses={201: UserOut})
    @once
    def post(self, request: Request) -> Response:
        """Add somebody to the school. Who has an account already keeps it as it is, name and password too; a
        new account gets a password by “Forgot password?”."""
        member = add_person(by=self.member, **self.sent(UserIn))
        place = reverse("api-user", args=[member.public_id], request=request)
        return self.tagged(self.told(member), status=201, Location=place)


class User(Door):
    scope = "users"
    serializer_class = UserOut

    def get(self, request: Request, public_id: str) -> Response:
        """One person."""
        return self.tagged(self.told(self.found(people(self.member), public_id=public_id)))

    @extend_schema(request=UserChange)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change how a person is called. Accounts that are used elsewhere, or were signed in with, keep the
        name their owner gave them."""
        sent = self.sent(UserChange)
        with self.changing(people(self.member), public_id=public_id) as member:
            change_person(
                member=member,
                by=self.member,
                name=sent.get("name"),
                external_id=sent.get("external_id"),
            )
        return self.tagged(self.told(member))
