"""How a school looks is changed by those who run it."""

from __future__ import annotations

import logging
from functools import partial
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy

from accounts.audit import note
from accounts.entries import Deed
from accounts.models import Membership
from tenants.logos import Logo
from tenants.models import Tenant
from tenants.refusals import Refusal
from tenants.theme import AULA

logger = logging.getLogger(__name__)


class NotYourSchool(Refusal):
    code = "not_your_school"
    title = gettext_lazy("Only owners and admins can do that")
    text = gettext_lazy("How the school looks is decided by its owners and admins.")
    mend = gettext_lazy("Ask one of them.")


def check_runs(member: Membership) -> None:
    """Raises NotYourSchool."""
    if not member.runs_school:
        raise NotYourSchool


def change_colour(*, by: Membership, accent: str) -> None:
    """To "#ffd400"; "" for Aula's own. Raises NotYourSchool, ValidationError."""
    check_runs(by)
    tenant = Tenant.objects.get(pk=by.tenant_id)
    before = tenant.accent
    tenant.accent = "" if accent.lower() == AULA.light.fill else accent.lower()
    tenant.clean_fields(exclude=[field.name for field in Tenant._meta.fields if field.name != "accent"])
    tenant.save(update_fields=["accent"])
    if before != tenant.accent:
        changes = {"accent": [before, tenant.accent]}
        note(deed=Deed.LOOK_CHANGED, by=by, tenant=tenant, on=tenant, changes=changes)


def change_logo(*, by: Membership, logo: Logo | None, dark: bool = False) -> None:
    """To what logos.py has read; None: to none, and then to none for dark pages either. The former file goes.

    Raises NotYourSchool, OSError where the storage is away.
    """
    check_runs(by)
    name = ""
    if logo is not None:
        path = f"{by.tenant.slug}/look/logo-{uuid4().hex}.{logo.kind}"
        name = default_storage.save(path, ContentFile(logo.body))
    try:
        enter(by, name, logo.width if logo else 0, dark)
    except BaseException:
        forget(name)
        raise


@transaction.atomic
def enter(by: Membership, name: str, width: int, dark: bool) -> None:
    tenant = Tenant.objects.select_for_update().get(pk=by.tenant_id)
    former = [tenant.logo_dark.name] if dark else [tenant.logo.name]
    if dark:
        tenant.logo_dark, tenant.logo_dark_width = name, width
    else:
        tenant.logo, tenant.logo_width = name, width
    if not dark and not name:
        former.append(tenant.logo_dark.name)
        tenant.logo_dark, tenant.logo_dark_width = "", 0
    tenant.save(update_fields=["logo", "logo_width", "logo_dark", "logo_dark_width"])
    for each in former:
        transaction.on_commit(partial(forget, each))
    changes = {"logo_dark" if dark else "logo": [bool(former[0]), bool(name)]}
    note(deed=Deed.LOOK_CHANGED, by=by, tenant=tenant, on=tenant, changes=changes)


@receiver(post_delete, sender=Tenant, dispatch_uid="look-files")
def forget_all(instance: Tenant, **_: object) -> None:
    """A school that goes takes its logo along."""
    for each in (instance.logo.name, instance.logo_dark.name):
        transaction.on_commit(partial(forget, each))


def forget(name: str | None) -> None:
    """Delete a stored file. Where that fails it stays, without an address."""
    if not name:
        return
    try:
        default_storage.delete(name)
    except OSError as error:
        logger.warning("%s is not deleted: %s", name, error)
