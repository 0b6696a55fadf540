"""Class materials: files that everybody of a class may fetch, in the class and after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.models import Membership
from classrooms.discarding import discard
from classrooms.live.commit import after_commit
from classrooms.live.log import record
from classrooms.live.materials import material_told
from classrooms.live.refusals import Barred
from classrooms.models import ClassSession, Material, Participant
from classrooms.pictures import HEAD, picture_of
from classrooms.programs import REFUSED_KINDS
from classrooms.refusals import FileRefused, FileTooLarge, NotYourFile, TooManyFiles
from classrooms.storage import check_room_for

MOST_IN_CLASS = 200


@dataclass(frozen=True)
class Adding:
    """What a page tells before somebody adds files to a class: which, and how many bytes one may have."""

    session: ClassSession

    @property
    def most(self) -> int:
        most: int = settings.MATERIAL_MOST_BYTES
        return most

    @property
    def most_mb(self) -> int:
        return self.most // 1_000_000


def add_material(
    *, session: ClassSession, by: Membership, file: UploadedFile[bytes], at: datetime
) -> Material:
    """Keep `file` for the class; whoever is in it hears of it at once.

    Raises Barred, FileTooLarge, FileRefused, StorageFull, TooManyFiles.
    """
    name = PurePosixPath((file.name or "").replace("\\", "/")).name.strip() or "file"
    size = file.size or 0
    if size > settings.MATERIAL_MOST_BYTES:
        raise FileTooLarge(settings.MATERIAL_MOST_BYTES)
    if PurePosixPath(name).suffix.lower() in REFUSED_KINDS:
        raise FileRefused
    if Participant.objects.filter(session=session, membership=by, barred=True).exists():
        raise Barred
    check_room_for(session.tenant, size)
    kind = (file.content_type or "")[:127]
    material = Material(
        tenant=session.tenant,
        session=session,
        by=by,
        name=name[-255:],
        kind=kind,
        size=size,
        added_at=at,
    )
    if picture := picture_of(beginning(file), size):
        material.picture, material.width, material.height = picture.kind, picture.width, picture.height
    with no_file_without_row(material):
        material.file.save("", file, save=False)  # it may be copied: nobody waits for that
        _enter(material, at)
    return material


def beginning(file: UploadedFile[bytes]) -> bytes:
    file.seek(0)
    head: bytes = file.read(HEAD)
    file.seek(0)
    return head


@transaction.atomic
def _enter(material: Material, at: datetime) -> None:
    session = ClassSession.objects.select_for_update().get(pk=material.session_id)
    if session.materials.count() >= MOST_IN_CLASS:
        raise TooManyFiles
    material.save()
    if session.state == ClassSession.State.LIVE:
        record(session, at=at, type="material_added", payload={"material": material_told(material)})


@transaction.atomic
def remove_material(*, material: Material, by: Membership, at: datetime) -> None:
    """Delete it with its file. Whoever added it may, and whoever leads the class. Raises NotYourFile."""
    session = ClassSession.objects.select_for_update().get(pk=material.session_id)
    if not may_remove(material, session, by):
        raise NotYourFile
    take_away(material, session, at)


def take_away(material: Material, session: ClassSession, at: datetime) -> None:
    """Delete it with its file, and tell the class. `session` must be locked by the caller's transaction."""
    public_id = material.public_id
    material.delete()
    if session.state == ClassSession.State.LIVE:
        record(session, at=at, type="material_removed", payload={"id": public_id})


def may_remove(material: Material, session: ClassSession, by: Membership) -> bool:
    return material.by_id == by.pk or session.led_by(by)


@contextmanager
def no_file_without_row(material: Material) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if material.file.name:
            discard.call(material.file.name)
        raise


@receiver(post_delete, sender=Material, dispatch_uid="material-file")
def delete_file(instance: Material, **_: Any) -> None:
    """However a row goes, with its class or its school too, the file goes."""
    after_commit(discard.enqueue, str(instance.file.name))
