"""What the API says of one class."""

from __future__ import annotations

from typing import cast

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.requests import MemberRequest
from classrooms.live.relays import ice_servers_of
from classrooms.views.live import visible_session


class IceServers(APIView):
    """ICE servers of the person who asks, as RTCPeerConnection takes them, while they are in the class."""

    def get(self, request: Request, public_id: str) -> Response:
        """403 `not_in_class` for whoever is not inside just now; 429 for whoever asks too often."""
        asked = cast(MemberRequest, request)  # DRF's request shows what ours has
        session = visible_session(asked, public_id)
        issued = ice_servers_of(session=session, member=asked.membership, at=asked.now)
        said = {
            "ice_servers": issued.servers,
            "refresh_at": issued.refresh_at,
            "expires_at": issued.expires_at,
        }
        return Response(said, headers={"Cache-Control": "no-store"})
