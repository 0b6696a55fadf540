"""Files for everybody of a class, over the API."""

from __future__ import annotations

from typing import cast

from django.http import Http404
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.requests import MemberRequest
from classrooms.live.materials import material_told, materials_told
from classrooms.materials import add_material, remove_material
from classrooms.models import Material
from classrooms.refusals import NoFile
from classrooms.views.live import visible_session


def asked_material(request: MemberRequest, public_id: str, material: str) -> Material:
    """The file, or 404 for an unknown one and one of a class that this person may not see."""
    session = visible_session(request, public_id)
    found = session.materials.select_related("by__user", "session").filter(public_id=material).first()
    if found is None:
        raise Http404
    return found


class Materials(APIView):
    """All files of a class; another one, sent as multipart/form-data in the field `file`."""

    parser_classes = (MultiPartParser,)

    def get(self, request: Request, public_id: str) -> Response:
        return Response(
            {"materials": materials_told(visible_session(cast(MemberRequest, request), public_id))}
        )

    def post(self, request: Request, public_id: str) -> Response:
        """413 `file_too_large`, 415 `file_refused`, 409 `too_many_files`, `storage_full`, 400 `no_file`."""
        asked = cast(MemberRequest, request)
        session = visible_session(asked, public_id)
        file = request.FILES.get("file")
        if file is None:
            raise NoFile
        added = add_material(session=session, by=asked.membership, file=file, at=asked.now)
        place = reverse("api-material", args=[session.public_id, added.public_id], request=request)
        return Response(material_told(added), status=201, headers={"Location": place})


class MaterialDetail(APIView):
    """One file of a class: what it is, and its end. Its content is on the class's own pages."""

    def get(self, request: Request, public_id: str, material: str) -> Response:
        return Response(material_told(asked_material(cast(MemberRequest, request), public_id, material)))

    def delete(self, request: Request, public_id: str, material: str) -> Response:
        """403 `not_your_file`."""
        asked = cast(MemberRequest, request)
        found = asked_material(asked, public_id, material)
        remove_material(material=found, by=asked.membership, at=asked.now)
        return Response(status=204)
