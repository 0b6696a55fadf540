"""Files for everybody of a class, over the API."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.requests import MemberRequest
from classrooms.api.doors import Listed, OfClass
from classrooms.api.fields import Id, Moment
from classrooms.api.once import once_apart
from classrooms.downloads import send_file
from classrooms.live.materials import material_told
from classrooms.live.seats import find_session
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


class PictureOut(serializers.Serializer[Any]):
    width = serializers.IntegerField()
    height = serializers.IntegerField()


class MaterialOut(serializers.ModelSerializer[Material]):
    """As `live.materials.material_told` says it to the sockets."""

    id = Id(source="public_id")
    by = serializers.CharField(help_text="Who added it, by name.")
    at = Moment(source="added_at")
    picture = PictureOut(allow_null=True, help_text="Its size in px, where it is one.")

    class Meta:
        model = Material
        fields = ("id", "name", "size", "kind", "by", "at", "picture")

    def to_representation(self, material: Material) -> dict[str, object]:
        return material_told(material)


class MaterialIn(serializers.Serializer[Any]):
    file = serializers.FileField()


class OfClassMaterials(OfClass):
    scope = "materials"
    serializer_class = MaterialOut

    def rows(self) -> QuerySet[Material]:
        found: QuerySet[Material] = self.session().materials.select_related("by__user", "session")
        return found

    def material(self) -> Material:
        found: Material = self.found(self.rows(), public_id=self.kwargs["material"])
        return found


class Materials(Listed, OfClassMaterials):
    """All files of a class; another one, sent as multipart/form-data in the field `file`."""

    parser_classes = (MultiPartParser,)
    sorts = {"at": "added_at", "name": "name"}
    sort = "at"

    def rows(self) -> QuerySet[Material]:
        return OfClassMaterials.rows(self)

    @extend_schema(request={"multipart/form-data": MaterialIn}, responses={201: MaterialOut})
    @once_apart
    def post(self, request: Request, public_id: str) -> Response:
        """Add a file for everybody of the class."""
        session = self.session()
        file = request.FILES.get("file")
        if file is None:
            raise NoFile
        added = add_material(session=session, by=self.member, file=file, at=self.now)
        place = reverse("api-material", args=[session.public_id, added.public_id], request=request)
        return self.tagged(self.told(added), status=201, Location=place)


class MaterialDetail(OfClassMaterials):
    """One file of a class: what it is, and its end."""

    def get(self, request: Request, public_id: str, material: str) -> Response:
        """One file of a class: what it is. Its content is at …/file/."""
        return self.tagged(self.told(self.material()))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: str, material: str) -> Response:
        """Remove a file. Whoever added it may, and whoever leads the class."""
        with transaction.atomic():
            find_session(self.session().pk, locked=True)  # before its files, as everywhere else
            with self.changing(self.rows(), public_id=material) as found:
                remove_material(material=found, by=self.member, at=self.now)
        return Response(status=204)


class MaterialFile(OfClassMaterials):
    """Its content."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, public_id: str, material: str) -> HttpResponseBase:
        """The content of a file, whole or in parts (Range)."""
        found = self.material()
        return send_file(request._request, found.file, name=found.name)
