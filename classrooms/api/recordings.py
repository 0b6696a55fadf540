"""Recordings over the API."""

from __future__ import annotations

from typing import cast

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import MemberRequest
from classrooms.recorded.sofar import ask_so_far
from classrooms.views.recordings import visible_recording


class SoFar(APIView):
    """A recording that goes on, to be watched from its beginning."""

    def post(self, request: Request, public_id: str, recording: str) -> Response:
        """Have files made of what there is; the recording's data has them some seconds later."""
        ask_so_far(visible_recording(cast(MemberRequest, request), public_id, recording))
        return Response(status=202)
