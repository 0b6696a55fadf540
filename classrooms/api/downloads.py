"""Recordings as one file, over the API: the player's page asks for them here and follows them."""

from __future__ import annotations

from typing import cast

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import MemberRequest
from classrooms.models import RecordingDownload
from classrooms.recorded.downloads import ask_download, check_may, downloads_told, drop_download
from classrooms.views.recordings import visible_recording

FRESH = {"Cache-Control": "no-store"}


class Downloads(APIView):
    """What there is of both kinds: nothing, how far it is, or a link that is good for five minutes."""

    def get(self, request: Request, public_id: str, recording: str) -> Response:
        """403 `no_downloads`."""
        asked = cast(MemberRequest, request)
        found = visible_recording(asked, public_id, recording)
        check_may(found, asked.membership)
        return Response(downloads_told(found, asked.membership), headers=FRESH)


class Download(APIView):
    """One kind, `video` or `audio`."""

    def post(self, request: Request, public_id: str, recording: str, kind: str) -> Response:
        """Have it made. 403 `no_downloads`, 409 `not_recorded_yet`, `storage_full`."""
        if kind not in RecordingDownload.Kind.values:
            raise Http404
        asked = cast(MemberRequest, request)
        found = visible_recording(asked, public_id, recording)
        ask_download(recording=found, kind=kind, by=asked.membership, now=asked.now)
        return Response(downloads_told(found, asked.membership), status=202, headers=FRESH)

    def delete(self, request: Request, public_id: str, recording: str, kind: str) -> Response:
        """Cancel it, or delete what was made. 403 `no_downloads`."""
        asked = cast(MemberRequest, request)
        found = visible_recording(asked, public_id, recording)
        drop_download(recording=found, kind=kind, by=asked.membership)
        return Response(downloads_told(found, asked.membership), headers=FRESH)
