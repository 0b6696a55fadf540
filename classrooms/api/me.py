"""Who one is here: the first thing to ask with a new key."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from classrooms.api.doors import Door
from classrooms.api.fields import Id
from classrooms.models import ApiKey


class MeOut(serializers.Serializer[Any]):
    user = Id()
    name = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    school = serializers.CharField()
    time_zone = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True, help_text="Of a key.")


class Me(Door):
    scope = ""

    @extend_schema(responses=MeOut)
    def get(self, request: Request) -> Response:
        """For whom requests are made, and what a key may do."""
        said = {
            "user": self.member.public_id,
            "name": self.member.name,
            "role": self.member.role,
            "school": self.member.tenant.name,
            "time_zone": str(self.member.zone),
            "scopes": cast(ApiKey, request.auth).scopes if request.auth else None,
        }
        return self.tagged(MeOut(said).data)
