"""Files for everybody of the class."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from signaling.schema.base import Count, Event, Id, Message


class Picture(Message):
    """A picture's size in pixels."""

    width: Count
    height: Count


class Material(Message):
    """A file for everybody of the class; its content is at `<address of the class>materials/<id>/`.
    `picture`: it is one by its first bytes, and is shown at `…/<id>/picture/`."""

    id: Id
    name: str
    size: Count
    kind: str
    by: str
    at: datetime
    picture: Picture | None


class MaterialAdded(Event):
    """There is another file for everybody."""

    type: Literal["material_added"] = "material_added"
    material: Material


class MaterialRemoved(Event):
    """A file for everybody is gone."""

    type: Literal["material_removed"] = "material_removed"
    id: Id
