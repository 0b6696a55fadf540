"""Recordings over the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Membership
from classrooms.api.doors import Door, Listed
from classrooms.api.fields import Id, Moment
from classrooms.api.filters import Filters, IdFilter, MomentFilter
from classrooms.api.once import once, once_apart
from classrooms.models import ClassSession, Course, Recording, RecordingTrack
from classrooms.recorded.bin import delete_recording, restore_recording
from classrooms.recorded.sofar import ask_so_far
from classrooms.views.recordings import visible_recording


class TrackOut(serializers.ModelSerializer[RecordingTrack]):
    id = Id(source="public_id")
    state = serializers.ChoiceField(RecordingTrack.State.choices)
    started_at = Moment(allow_null=True)
    ended_at = Moment(allow_null=True)

    class Meta:
        model = RecordingTrack
        fields = ("id", "name", "source", "state", "kind", "size", "sha256", "started_at", "ended_at")


class RecordingOut(serializers.ModelSerializer[Recording]):
    id = Id(source="public_id")
    session = Id(source="session.public_id")
    state = serializers.ChoiceField(Recording.State.choices)
    started_at = Moment()
    ended_at = Moment(allow_null=True)
    deleted_at = Moment(allow_null=True)
    tracks = TrackOut(many=True)
    url = serializers.SerializerMethodField(help_text="Where people of the school watch it.")

    class Meta:
        model = Recording
        fields = ("id", "session", "state", "started_at", "ended_at", "deleted_at", "tracks", "url")

    def get_url(self, recording: Recording) -> str:
        address: str = self.context["request"].build_absolute_uri(recording.get_absolute_url())
        return address


class RecordingFilter(Filters):
    session = IdFilter("session__public_id")
    course = IdFilter("session__course__public_id")
    state = django_filters.ChoiceFilter(choices=Recording.State.choices)
    started_after = MomentFilter("started_at", "gte")
    started_before = MomentFilter("started_at", "lt")
    deleted = django_filters.BooleanFilter("deleted_at", "isnull", exclude=True, help_text="In the bin.")


def seen_by(member: Membership) -> QuerySet[Recording]:
    """Of classes that `member` may see; what is in the bin, or cannot be played, for who leads them only."""
    visible = Recording.objects.filter(session__in=ClassSession.objects.visible_to(member))
    plays = RecordingTrack.objects.filter(
        recording=OuterRef("pk"), state__in=[RecordingTrack.State.READY, RecordingTrack.State.WRITING]
    )
    there = visible.filter(Exists(plays), deleted_at=None)
    led = visible.filter(session__course__in=Course.objects.taught_by(member))
    own = visible.filter(session__teacher=member) if member.teaches else visible.none()
    keys = [rows.values("pk") for rows in (there, led, own)]
    found = Recording.objects.filter(pk__in=keys[0]) | Recording.objects.filter(pk__in=keys[1])
    found |= Recording.objects.filter(pk__in=keys[2])
    tracks = Prefetch("tracks", queryset=RecordingTrack.objects.all())
    rows: QuerySet[Recording] = found.select_related("session__course").prefetch_related(tracks)
    return rows


class Recordings(Listed):
    """Recordings of classes that the asker may see. Those in the bin are shown to who leads the class."""

    scope = "recordings"
    serializer_class = RecordingOut
    filters = RecordingFilter
    sorts = {"started_at": "started_at"}
    sort = "-started_at"

    def rows(self) -> QuerySet[Recording]:
        return seen_by(self.member)


class OfRecording(Door):
    """Something of one recording."""

    scope = "recordings"

    @property
    def which(self) -> dict[str, str]:
        return {
            "public_id": self.kwargs["recording"],
            "session__public_id": self.kwargs["public_id"],
        }

    def recording(self) -> Recording:
        """It, or 404; one in the bin for those who lead its class."""
        found: Recording = self.found(seen_by(self.member), **self.which)
        return found


class RecordingOne(OfRecording):
    serializer_class = RecordingOut

    def get(self, request: Request, public_id: str, recording: str) -> Response:
        """One recording with its tracks."""
        return self.tagged(self.told(self.recording()))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str, recording: str) -> Response:
        """Put a recording into the bin, from where it can be restored for a week."""
        with self.changing(seen_by(self.member), **self.which) as found:
            delete_recording(recording=found, by=self.member, at=self.now)
        return Response(status=204)


class Restore(OfRecording):
    serializer_class = RecordingOut

    @extend_schema(request=None, responses=RecordingOut)
    @once
    def post(self, request: Request, public_id: str, recording: str) -> Response:
        """Take a recording out of the bin."""
        restore_recording(recording=self.recording(), by=self.member)
        return self.tagged(self.told(self.recording()))


class SoFar(Door):
    """A recording that goes on, to be watched from its beginning."""

    scope = "recordings"

    @extend_schema(request=None, responses={202: None})
    @once_apart
    def post(self, request: Request, public_id: str, recording: str) -> Response:
        """Have files made of what there is so far; the recording's data has them some seconds later."""
        asked: Any = request
        ask_so_far(visible_recording(asked, public_id, recording))
        return Response(status=202)
