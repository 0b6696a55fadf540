"""Opening schools and changing what operators decide about them."""

from __future__ import annotations

import logging
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant
from tenants.refusals import Refusal

logger = logging.getLogger(__name__)

DECIDED = (  # by operators
    *("name", "time_zone", "is_active", "direct_calls", "recording_consent", "recording_downloads"),
    *("contact", "private_chat", "captions", "guests", "guests_wait"),
    *("recordings_kept_days", "people_most", "classes_most", "storage_most_bytes", "api_origins"),
)
BY_OPERATORS = (*DECIDED, "language")  # on their pages

BY_SCHOOL = (  # by the school itself
    *("time_zone", "contact", "direct_calls", "private_chat", "captions", "guests", "guests_wait"),
    *("recording_consent", "recording_downloads", "recordings_kept_days", "api_origins"),
)


class AddressTaken(Refusal):
    code = "address_taken"
    status = 409
    title = _("This address is taken")
    text = _("Another school has this slug.")
    mend = _("Choose another one.")


@transaction.atomic
def open_school(*, slug: str, name: str, time_zone: str) -> Tenant:
    """A school with nobody in it yet. Raises AddressTaken, ValidationError."""
    tenant = Tenant(slug=slug, name=name, time_zone=time_zone)
    tenant.clean_fields()
    try:
        with transaction.atomic():
            tenant.save(force_insert=True)
    except IntegrityError:
        raise AddressTaken from None
    logger.info("A school was opened", extra={"facts": {"tenant": slug}})
    return tenant


@transaction.atomic
def change_school(*, tenant: Tenant, changes: dict[str, Any]) -> None:
    """`changes` has names of BY_OPERATORS. Raises ValidationError."""
    if set(changes) - set(BY_OPERATORS):
        raise ValueError(f"Not decided here: {sorted(set(changes) - set(BY_OPERATORS))}")
    for name, value in changes.items():
        setattr(tenant, name, value)
    tenant.clean_fields(exclude=[each.name for each in Tenant._meta.fields if each.name not in changes])
    tenant.save(update_fields=list(changes))
    logger.info("A school was changed", extra={"facts": {"tenant": tenant.slug, "what": ",".join(changes)}})
