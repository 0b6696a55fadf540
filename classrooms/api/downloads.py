"""Recordings as one file, over the API: the player's page asks for them here and follows them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from classrooms.api.doors import Door
from classrooms.api.fields import Moment
from classrooms.api.once import once
from classrooms.downloads import send_file
from classrooms.models import Recording, RecordingDownload
from classrooms.recorded.downloads import ask_download, check_may, downloads_told, drop_download
from classrooms.views.downloads import file_name
from classrooms.views.recordings import visible_recording

FRESH = {"Cache-Control": "no-store"}


class DownloadOut(serializers.Serializer[Any]):
    state = serializers.ChoiceField(RecordingDownload.State.choices)
    done = serializers.FloatField(help_text="Part that is made, 0 to 1.")
    size = serializers.IntegerField(help_text="Bytes.")
    keptUntil = Moment(allow_null=True)
    url = serializers.CharField(
        allow_null=True, help_text="For people who are signed in; with a key, ask for …/file/."
    )


class DownloadsOut(serializers.Serializer[Any]):
    video = DownloadOut(allow_null=True)
    audio = DownloadOut(allow_null=True)


class OfRecording(Door):
    scope = "recordings"
    serializer_class = DownloadsOut

    def recording(self) -> Recording:
        """As the player finds it."""
        asked: Any = self.request
        return visible_recording(asked, self.kwargs["public_id"], self.kwargs["recording"])

    def kind(self) -> str:
        kind: str = self.kwargs["kind"]
        if kind not in RecordingDownload.Kind.values:
            raise Http404
        return kind


class Downloads(OfRecording):
    """What there is of both kinds: nothing, how far it is, or a link that is good for five minutes."""

    def get(self, request: Request, public_id: str, recording: str) -> Response:
        """What there is of a recording as one file: nothing, how far it is, or a link for five minutes."""
        found = self.recording()
        check_may(found, self.member)
        return Response(downloads_told(found, self.member), headers=FRESH)


KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=RecordingDownload.Kind.values)


@extend_schema(parameters=[KIND])
class Download(OfRecording):
    """One kind, `video` or `audio`."""

    @extend_schema(request=None, responses={202: DownloadsOut})
    @once
    def post(self, request: Request, public_id: str, recording: str, kind: str) -> Response:
        """Have the file made."""
        wanted, found = self.kind(), self.recording()
        ask_download(recording=found, kind=wanted, by=self.member, now=self.now)
        return Response(downloads_told(found, self.member), status=202, headers=FRESH)

    @extend_schema(responses={200: DownloadsOut})
    def delete(self, request: Request, public_id: str, recording: str, kind: str) -> Response:
        """Cancel it, or delete what was made."""
        wanted, found = self.kind(), self.recording()
        drop_download(recording=found, kind=wanted, by=self.member)
        return Response(downloads_told(found, self.member), headers=FRESH)


@extend_schema(parameters=[KIND])
class DownloadFile(OfRecording):
    """The file itself."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str, recording: str, kind: str) -> HttpResponseBase:
        """The file, whole or in parts (Range)."""
        wanted, found = self.kind(), self.recording()
        check_may(found, self.member)
        ready = RecordingDownload.objects.select_related("recording__session__course")
        file = self.found(ready, recording=found, kind=wanted, state=RecordingDownload.State.READY)
        return send_file(request._request, file.file, name=file_name(file))
