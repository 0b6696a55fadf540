"""What people are at the school. A membership has the id of its person."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Membership, Role
from classrooms.api.doors import Door, Listed
from classrooms.api.fields import Id, Moment
from classrooms.api.filters import Filters
from classrooms.api.permissions import asked_of
from classrooms.api.users import people
from classrooms.live.departures import change_place


class MembershipOut(serializers.ModelSerializer[Membership]):
    id = Id(source="public_id")
    user = Id(source="public_id")
    role = serializers.ChoiceField(Role.choices)
    created_at = Moment()

    class Meta:
        model = Membership
        fields = ("id", "user", "role", "is_active", "created_at")


class MembershipChange(serializers.Serializer[Any]):
    role = serializers.ChoiceField(Role.choices, required=False)
    is_active = serializers.BooleanField(required=False)


class MembershipFilter(Filters):
    role = django_filters.ChoiceFilter(choices=Role.choices)
    is_active = django_filters.BooleanFilter()


class Memberships(Listed):
    """What people are at the school."""

    scope = "memberships"
    serializer_class = MembershipOut
    filters = MembershipFilter
    sorts = {"created_at": "created_at", "role": "role"}
    sort = "created_at"

    def rows(self) -> QuerySet[Membership]:
        return people(self.member)


class MembershipOne(Door):
    scope = "memberships"
    serializer_class = MembershipOut

    def get(self, request: Request, public_id: str) -> Response:
        """What one person is at the school."""
        return self.tagged(self.told(self.found(people(self.member), public_id=public_id)))

    @extend_schema(request=MembershipChange)
    def patch(self, request: Request, public_id: str) -> Response:
        """Give somebody another role, deactivate them, or let them in again. A school keeps one owner."""
        sent = self.sent(MembershipChange)
        with self.changing(people(self.member), public_id=public_id) as member:
            change_place(
                member=member,
                by=self.member,
                role=sent.get("role", member.role),
                is_active=sent.get("is_active", member.is_active),
                at=asked_of(request).now,
            )
        return self.tagged(self.told(member))
