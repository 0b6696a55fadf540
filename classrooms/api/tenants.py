"""Schools, for operators on the base domain."""

from __future__ import annotations

from typing import Any, cast

import django_filters
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import User
from accounts.schools import open_school
from classrooms.api.doors import Door, Listed
from classrooms.api.fields import Moment
from classrooms.api.filters import Filters
from classrooms.api.permissions import IsOperator, asked_of
from classrooms.schools import change_school
from tenants.actions import DECIDED
from tenants.models import Tenant, known_time_zone, origins

SLUG = r"^[a-z][a-z0-9-]*[a-z0-9]$"


class TenantOut(serializers.ModelSerializer[Tenant]):
    created_at = Moment()

    class Meta:
        model = Tenant
        fields = ("slug", *DECIDED, "created_at")


class TenantIn(serializers.Serializer[Any]):
    slug = serializers.RegexField(SLUG, max_length=40, help_text="Its address before the base domain; stays.")
    name = serializers.CharField(max_length=120)
    time_zone = serializers.CharField(max_length=64, default="UTC", validators=[known_time_zone])


class TenantChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    time_zone = serializers.CharField(max_length=64, validators=[known_time_zone])
    is_active = serializers.BooleanField(help_text="A suspended school answers nobody; nothing is deleted.")
    contact = serializers.EmailField(
        max_length=254, allow_blank=True, help_text="Shown to people who were removed from a class."
    )
    direct_calls = serializers.BooleanField()
    private_chat = serializers.BooleanField(help_text="People may write to one other person.")
    captions = serializers.BooleanField(help_text="What is said may be captioned.")
    guests = serializers.BooleanField(help_text="Teachers may invite people without an account.")
    guests_wait = serializers.BooleanField()
    recording_consent = serializers.BooleanField()
    recording_downloads = serializers.BooleanField()
    recordings_kept_days = serializers.IntegerField(min_value=1, max_value=36_500, allow_null=True)
    people_most = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, allow_null=True, help_text="In all classes at once."
    )
    classes_most = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, allow_null=True, help_text="On at once."
    )
    storage_most_bytes = serializers.IntegerField(min_value=0, max_value=2**63 - 1, allow_null=True)
    api_origins = serializers.CharField(
        max_length=2000, allow_blank=True, validators=[origins], help_text="One in a line (CORS)."
    )


class TenantFilter(Filters):
    is_active = django_filters.BooleanFilter()
    q = django_filters.CharFilter("name", "icontains", help_text="A part of the name.")


class ForOperators(Door):
    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsOperator,)
    serializer_class = TenantOut

    @property
    def operator(self) -> User:
        return cast(User, self.request.user)


class Tenants(Listed, ForOperators):
    """All schools."""

    filters = TenantFilter
    sorts = {"name": "name", "created_at": "created_at", "slug": "slug"}
    sort = "name"

    def rows(self) -> QuerySet[Tenant]:
        return Tenant.objects.all()

    @extend_schema(request=TenantIn, responses={201: TenantOut})
    def post(self, request: Request) -> Response:
        """Open a school. Its slug is its address, so asking twice makes one."""
        tenant = open_school(by=self.operator, **self.sent(TenantIn))
        place = reverse("api-tenant", args=[tenant.slug], request=request)
        return self.tagged(self.told(tenant), status=201, Location=place)


class TenantOne(ForOperators):
    def get(self, request: Request, slug: str) -> Response:
        """One school."""
        return self.tagged(self.told(self.found(Tenant.objects.all(), slug=slug)))

    @extend_schema(request=TenantChange)
    def patch(self, request: Request, slug: str) -> Response:
        """Change what operators decide about a school; suspend it, or let it go on."""
        sent: dict[str, Any] = self.sent(TenantChange, partly=True)
        with self.changing(Tenant.objects.all(), slug=slug) as tenant:
            try:
                change_school(tenant=tenant, by=self.operator, changes=sent, at=asked_of(request).now)
            except DjangoValidationError as error:
                raise serializers.ValidationError(error.message_dict) from None
        return self.tagged(self.told(tenant))
