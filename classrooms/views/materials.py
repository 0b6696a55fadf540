"""Files for everybody of a class, handed out."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.requests import MemberRequest, member_required
from classrooms.api.materials import asked_material
from classrooms.downloads import send_file


@require_safe
@member_required
def download(request: MemberRequest, public_id: str, material: str) -> HttpResponseBase:
    """As an attachment, never shown: it is not of this site."""
    found = asked_material(request, public_id, material)
    return send_file(request, found.file, name=found.name)
