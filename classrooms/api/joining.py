"""Links that let a named person straight into a class."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from classrooms.api.doors import OfClass
from classrooms.api.fields import Id, Moment, OneOf
from classrooms.api.once import once
from classrooms.api.sessions import teachers as active_people
from classrooms.joining import LONGEST, SHORTEST, USUAL, Named, make_join_link


class JoinLinkIn(serializers.Serializer[Any]):
    user = OneOf(active_people, required=False, help_text="Id of somebody of the school.")
    external_id = serializers.CharField(
        max_length=100, required=False, help_text="How your system knows this person."
    )
    email = serializers.EmailField(max_length=254, required=False)
    name = serializers.CharField(
        max_length=80, required=False, help_text="Who is not known by the others is made, with this name."
    )
    lasts = serializers.IntegerField(
        min_value=int(SHORTEST.total_seconds()),
        max_value=int(LONGEST.total_seconds()),
        default=int(USUAL.total_seconds()),
        help_text="Seconds in which the link can be followed.",
    )

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if not {"user", "external_id", "email"} & set(sent):
            raise serializers.ValidationError({"user": [_("Say who it is: by user, external_id or email.")]})
        return sent


class JoinLinkOut(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="Send the person's browser there. Good once.")
    user = Id()
    expires_at = Moment()


class JoinLinks(OfClass):
    scope = "joining"

    @extend_schema(request=JoinLinkIn, responses={201: JoinLinkOut})
    @once
    def post(self, request: Request, public_id: str) -> Response:
        """Let a named person straight into this class. Whoever follows the link is in the class as that
        person, and nobody anywhere else: it opens no account."""
        sent = self.sent(JoinLinkIn)
        person = Named(
            member=sent.get("user"),
            external_id=sent.get("external_id", ""),
            email=sent.get("email", ""),
            name=sent.get("name", ""),
        )
        lasts = timedelta(seconds=sent["lasts"])
        link, secret = make_join_link(
            session=self.session(), by=self.member, person=person, lasts=lasts, at=self.now
        )
        said = {
            "url": reverse("join", args=[secret], request=request),
            "user": link.member.public_id,
            "expires_at": link.expires_at,
        }
        return Response(JoinLinkOut(said).data, status=201, headers={"Cache-Control": "no-store"})
