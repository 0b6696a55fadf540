"""A class's materials as the sockets and the API tell of them: plain JSON in the socket schema's shape."""

from __future__ import annotations

from typing import Any

from classrooms.live.log import iso
from classrooms.models import ClassSession, Material


def material_told(material: Material) -> dict[str, Any]:
    return {
        "id": material.public_id,
        "name": material.name,
        "size": material.size,
        "kind": material.kind,
        "by": material.by.name if material.by else "",
        "at": iso(material.added_at),
        "picture": {"width": material.width, "height": material.height} if material.picture else None,
    }


def materials_told(session: ClassSession) -> list[dict[str, Any]]:
    """All, oldest first."""
    return [material_told(each) for each in session.materials.select_related("by__user")]
