"""Classes on the calendar; on screen they are called classes, here sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.models import Membership
from classrooms.actions import cancel_session, reschedule_session, schedule_session
from classrooms.api.doors import Door, Listed, OfClass
from classrooms.api.fields import Id, Moment, OneOf
from classrooms.api.filters import Filters, IdFilter, MomentFilter
from classrooms.api.once import once
from classrooms.live.relays import ice_servers_of
from classrooms.models import ClassSession, Course

LONGEST = timedelta(hours=24)


class SessionOut(serializers.ModelSerializer[ClassSession]):
    id = Id(source="public_id")
    course = Id(source="course.public_id")
    teacher = Id(source="teacher.public_id")
    series = Id(source="series.public_id", allow_null=True, default=None)
    entry = serializers.ChoiceField(ClassSession.Entry.choices)
    state = serializers.ChoiceField(ClassSession.State.choices)
    starts_at = Moment()
    ends_at = Moment()
    started_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)
    url = serializers.SerializerMethodField(help_text="The page of the class, for people of the school.")

    class Meta:
        model = ClassSession
        fields = (
            *("id", "course", "title", "teacher", "starts_at", "ends_at", "entry", "state", "started_at"),
            *("ended_at", "series", "url"),
        )

    def get_url(self, session: ClassSession) -> str:
        address: str = self.context["request"].build_absolute_uri(session.get_absolute_url())
        return address


def teachers(member: Membership) -> QuerySet[Membership]:
    found: QuerySet[Membership] = Membership.objects.visible_to(member).active().select_related("user")
    return found


class SessionChange(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    teacher = OneOf(teachers, help_text="Id of a user who teaches at the school.")
    starts_at = Moment()
    ends_at = Moment(help_text="At most 24 hours later.")
    entry = serializers.ChoiceField(ClassSession.Entry.choices, default=ClassSession.Entry.ENROLLED)
    despite_clash = serializers.BooleanField(
        default=False, help_text="Also where the course or the teacher has another class then."
    )


class SessionIn(SessionChange):
    course = OneOf(lambda member: Course.objects.visible_to(member), help_text="Id of a course.")


class SessionFilter(Filters):
    course = IdFilter("course__public_id")
    teacher = IdFilter("teacher__public_id")
    state = django_filters.ChoiceFilter(choices=ClassSession.State.choices)
    starts_after = MomentFilter("starts_at", "gte")
    starts_before = MomentFilter("starts_at", "lt")


def check_times(starts_at: Any, ends_at: Any) -> timedelta:
    """How long it is. Raises ValidationError."""
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise serializers.ValidationError({"ends_at": [_("It ends after its start, within 24 hours.")]})
    length: timedelta = ends_at - starts_at
    return length


class Sessions(Listed):
    """Classes that the asker may see."""

    scope = "sessions"
    serializer_class = SessionOut
    filters = SessionFilter
    sorts = {"starts_at": "starts_at", "title": "title"}
    sort = "starts_at"

    def rows(self) -> QuerySet[ClassSession]:
        visible: QuerySet[ClassSession] = ClassSession.objects.visible_to(self.member)
        return visible.select_related("course", "teacher", "series")

    @extend_schema(request=SessionIn, responses={201: SessionOut})
    @once
    def post(self, request: Request) -> Response:
        """Put a class on the calendar. Its people are told by mail."""
        sent = self.sent(SessionIn)
        sent["duration"] = check_times(sent["starts_at"], sent.pop("ends_at"))
        session = schedule_session(by=self.member, at=self.now, **sent)
        place = reverse("api-session", args=[session.public_id], request=request)
        return self.tagged(self.told(session), status=201, Location=place)


class SessionOne(OfClass):
    scope = "sessions"
    serializer_class = SessionOut

    def get(self, request: Request, public_id: str) -> Response:
        """One class."""
        return self.tagged(self.told(self.session()))

    @extend_schema(request=SessionChange)
    def patch(self, request: Request, public_id: str) -> Response:
        """Change a class that has not started. One of a series is then no longer moved with it."""
        sent = self.sent(SessionChange, partly=True)
        with self.changing(self.classes(), public_id=public_id) as session:
            now = {
                name: getattr(session, name) for name in ("title", "teacher", "starts_at", "entry", "records")
            }
            wanted = now | {"ends_at": sent.get("starts_at", session.starts_at) + session.duration} | sent
            wanted["duration"] = check_times(wanted["starts_at"], wanted.pop("ends_at"))
            reschedule_session(session=session, by=self.member, at=self.now, **wanted)
        return self.tagged(self.told(self.session()))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str) -> Response:
        """Take a class that has not started off the calendar. Its people are told by mail."""
        with self.changing(self.classes(), public_id=public_id) as session:
            cancel_session(session=session, by=self.member, at=self.now)
        return Response(status=204)


class IceServer(serializers.Serializer[Any]):
    urls = serializers.ListField(child=serializers.CharField())
    username = serializers.CharField(required=False)
    credential = serializers.CharField(required=False)


class IceServersOut(serializers.Serializer[Any]):
    ice_servers = IceServer(many=True)
    refresh_at = Moment()
    expires_at = Moment()


class IceServers(OfClass, Door):
    scope = "live"

    @extend_schema(responses=IceServersOut)
    def get(self, request: Request, public_id: str) -> Response:
        """ICE servers of whoever asks, as RTCPeerConnection takes them, while they are in the class."""
        issued = ice_servers_of(session=self.session(), member=self.member, at=self.now)
        said = {
            "ice_servers": issued.servers,
            "refresh_at": issued.refresh_at,
            "expires_at": issued.expires_at,
        }
        return Response(said, headers={"Cache-Control": "no-store"})
