"""A school goes with everything in it: rows, files, and accounts that are nowhere else.

First it is told what would go. Then the school is suspended, and the background worker deletes it in small
steps, files before their rows: killed or held up, the next attempt goes on where this one was.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from accounts.audit import note, who
from accounts.entries import Deed
from accounts.models import Membership, User
from classrooms.models import (
    ClassSession,
    Course,
    Material,
    Recording,
    RecordingDownload,
    RecordingTrack,
    SchoolDeletion,
)
from classrooms.recorded.bin import delete_for_good
from classrooms.retries import LOW, again
from classrooms.schools import change_school
from classrooms.storage import stored
from classrooms.traces import forget_logged, forget_said, forget_tasks
from tenants.at_once import counts
from tenants.models import Tenant
from tenants.refusals import Refusal
from tenants.scope import TenantModel, every_tenant, tenant_scope

logger = logging.getLogger(__name__)

AT_ONCE = 100  # rows of one step


class NotItsSlug(Refusal):
    code = "not_its_slug"
    status = 409
    title = gettext_lazy("That is not its slug")
    text = gettext_lazy("What you typed is not the slug of the school. Nothing is deleted.")


@dataclass(frozen=True)
class Listing:
    """What a school has: rows by kind, files and their bytes, and accounts that are at no other school."""

    rows: list[tuple[str, int]]
    files: int
    bytes: int
    accounts: int
    on: int
    """Classes that are on, and end."""

    @property
    def kept(self) -> list[list[Any]]:
        rows: list[list[Any]] = [[name, number] for name, number in self.rows]
        return [*rows, [_("accounts"), self.accounts], [_("files"), self.files], [_("bytes"), self.bytes]]


def tenant_models() -> list[type[TenantModel]]:
    """Every kind of row that belongs to a school: a new one is among them by itself."""
    return [each for each in apps.get_models() if issubclass(each, TenantModel)]


def listing(tenant: Tenant) -> Listing:
    with tenant_scope(tenant):
        kinds = tenant_models()
        counted = zip(kinds, counts([each.objects.all() for each in kinds]), strict=True)
        on = ClassSession.objects.filter(state=ClassSession.State.LIVE).count()
        accounts = only_here(list(Membership.objects.values_list("user", flat=True))).count()
        files = count_files(tenant)
    named = ((str(kind._meta.verbose_name_plural), number) for kind, number in counted if number)
    rows = sorted(named, key=lambda row: -row[1])
    return Listing(rows, files, stored(tenant).used, accounts, on)


def count_files(tenant: Tenant) -> int:
    ready = RecordingDownload.State.READY
    rows = (
        RecordingTrack.objects.exclude(file=""),
        RecordingDownload.objects.filter(state=ready),
        Recording.objects.exclude(storyboard=""),
        Material.objects.all(),
    )
    return sum(counts(rows)) + bool(tenant.logo) + bool(tenant.logo_dark)


def only_here(users: list[int]) -> models.QuerySet[User]:
    """Of `users`, who are all at the scope's school, those who are at no other and run nothing."""
    here = Membership.objects.filter(user__in=users).values_list("pk", flat=True)
    with every_tenant():
        others = Membership.objects.filter(user__in=users).exclude(pk__in=list(here))
        elsewhere = list(others.values_list("user", flat=True))
    return User.objects.filter(pk__in=users, is_staff=False).exclude(pk__in=elsewhere)


@transaction.atomic
def delete_school(*, tenant: Tenant, by: User, slug: str, at: datetime) -> SchoolDeletion:
    """Suspend it now, and delete it in the background. Asked twice it is begun once. Raises NotItsSlug."""
    if slug.strip() != tenant.slug:
        raise NotItsSlug
    what = listing(tenant)
    change_school(tenant=tenant, by=by, changes={"is_active": False}, at=at)
    words = {"slug": tenant.slug, "name": tenant.name, "by": who(by), "asked_at": at, "listing": what.kept}
    with tenant_scope(tenant):
        words["total"] = left()
    row, new = SchoolDeletion.objects.get_or_create(school=tenant.pk, defaults=words)
    if new:
        changes = {name: [number, 0] for name, number in what.kept}
        note(deed=Deed.SCHOOL_DELETED, by=by, tenant=None, on=tenant, changes=changes)
        carry_out.enqueue(row.pk)
    return row


@task(priority=LOW)
def carry_out(deletion_id: int, attempt: int = 1) -> None:
    """Go on with a deletion until it is done, or the storage does not answer: then later."""
    row = SchoolDeletion.objects.filter(pk=deletion_id).exclude(state=SchoolDeletion.State.DONE).first()
    if row is None:
        return
    tenant = Tenant.objects.filter(pk=row.school).first()
    try:
        if tenant is not None:
            empty(tenant, row)
            with tenant_scope(tenant):
                tenant.delete()
    except OSError as error:
        logger.warning("The school %s is not deleted yet: %s", row.slug, error)
        waits = {"state": SchoolDeletion.State.WAITING, "error": str(error)[:300]}
        SchoolDeletion.objects.filter(pk=row.pk).update(**waits)
        again(carry_out, deletion_id, attempt=attempt)
        return
    over = {"state": SchoolDeletion.State.DONE, "finished_at": timezone.now(), "error": ""}
    SchoolDeletion.objects.filter(pk=row.pk).update(done=row.total, **over)
    logger.info("A school was deleted", extra={"facts": {"tenant": row.slug}})


def empty(tenant: Tenant, row: SchoolDeletion) -> None:
    """All of it but its own row. Raises what storages raise."""
    with tenant_scope(tenant):
        forget_traces(tenant)
        for recording in Recording.objects.all():
            delete_for_good(recording)
            told(row)
        for material in Material.objects.all():
            material.file.storage.delete(str(material.file.name))
            material.delete()
            told(row)
        for kind in (ClassSession, Course):
            while chosen := list(kind.objects.values_list("pk", flat=True)[:AT_ONCE]):
                kind.objects.filter(pk__in=chosen).delete()
                told(row)
        while people := list(Membership.objects.values_list("pk", "user")[:AT_ONCE]):
            forget_people(dict(people))
            told(row)
        forget_tasks(tenant)  # those that were done meanwhile
    clear(tenant.slug)
    shutil.rmtree(settings.RECORDINGS_DIR / tenant.slug, ignore_errors=True)


def forget_traces(tenant: Tenant) -> None:
    """Before its rows go, by which they are known."""
    forget_tasks(tenant)
    for kind in tenant_models():
        forget_logged(kind)
    forget_said(Tenant, [tenant.pk])


@transaction.atomic
def forget_people(people: dict[int, int]) -> None:
    """Memberships (keys → accounts), and the accounts that were nowhere else."""
    gone = list(only_here(list(people.values())).values_list("pk", flat=True))
    Membership.objects.filter(pk__in=people).delete()
    forget_said(User, gone)
    User.objects.filter(pk__in=gone).delete()


def told(row: SchoolDeletion) -> None:
    """How far it is, for whoever watches."""
    running = {"state": SchoolDeletion.State.RUNNING, "error": ""}
    SchoolDeletion.objects.filter(pk=row.pk).update(done=max(0, row.total - left()), **running)


def left() -> int:
    """Steps, in the scope's school."""
    return sum(each.objects.count() for each in (Recording, Material, ClassSession, Course, Membership))


def clear(folder: str) -> None:
    """Every file under `folder` of the storage, also those that no row knows of."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    for name in folders:
        clear(f"{folder}/{name}")
    if isinstance(default_storage, FileSystemStorage):
        default_storage.delete(folder)  # a bucket has no folders
