"""The personal calendar feed: read without signing in, it shows what its person may see."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership
from classrooms.invitations.events import single
from classrooms.invitations.ics import Sheet, write
from classrooms.models import ClassSession, PersonalCalendar, feed_secret
from tenants.hosts import site_of

MOST = 2000  # classes
READ_EVERY = timedelta(minutes=15)
KEPT = 86_400  # seconds in the cache
FORM = 1  # counted up when the text of the same rows becomes another


@dataclass(frozen=True)
class Feed:
    """What is read: when it last changed, a tag that changes with it, and how to write it."""

    calendar: PersonalCalendar
    tag: str
    changed_at: datetime

    def text(self) -> str:
        """Written once for each change, then kept for a while."""
        key = f"feed-{self.calendar.tenant_id}-{self.calendar.pk}-{self.tag}"
        found: str | None = cache.get(key)
        if found is None:
            found = _written(self.calendar.membership, self.changed_at)
            cache.set(key, found, KEPT)
        return found


def feed(secret: str, now: datetime) -> Feed | None:
    """The feed at an address of the scope's school; None for an unknown one and for who has left."""
    calendar: PersonalCalendar | None = (
        PersonalCalendar.objects.filter(secret=secret)
        .select_related("membership__user", "membership__tenant")
        .first()
    )
    if calendar is None or not (calendar.membership.is_active and calendar.membership.user.is_active):
        return None
    tag = tag_of(calendar.membership)
    if tag != calendar.read_tag or calendar.read_changed_at is None:
        calendar.read_tag, calendar.read_changed_at = tag, now.replace(microsecond=0)
        calendar.save(update_fields=["read_tag", "read_changed_at"])
    assert calendar.read_changed_at is not None
    return Feed(calendar, tag, calendar.read_changed_at)


def rows_for(member: Membership) -> list[ClassSession]:
    """What the member may see, the latest first."""
    found = ClassSession.objects.visible_to(member).order_by("-starts_at", "pk")
    return list(found.select_related("course", "teacher__user", "tenant")[:MOST])


def tag_of(member: Membership) -> str:
    """Changes when anything the text is made of does."""
    seen = ("public_id", "sequence", "title", "starts_at", "ends_at", "course__title", "teacher__user__name")
    rows = ClassSession.objects.visible_to(member).order_by("-starts_at", "pk").values_list(*seen)[:MOST]
    school = member.tenant
    about = [FORM, site_of(school), school.name, school.time_zone, [list(row) for row in rows]]
    return hashlib.sha256(json.dumps(about, default=str).encode()).hexdigest()


def _written(member: Membership, changed_at: datetime) -> str:
    """One event for each class: whatever series they are of, calendars read every one as it is."""
    site = site_of(member.tenant)
    happenings = [single(session, site=site) for session in rows_for(member)]
    name = _("%(school)s: classes") % {"school": member.tenant.name}
    sheet = Sheet(happenings)
    return write(sheet, zone=member.tenant.zone, stamp=changed_at, name=name, fresh=READ_EVERY)


def calendar_of(member: Membership) -> PersonalCalendar:
    """The member's choices, saved or not."""
    found: PersonalCalendar | None = PersonalCalendar.objects.filter(membership=member).first()
    return found or PersonalCalendar(tenant=member.tenant, membership=member)


@transaction.atomic
def new_address(member: Membership) -> None:
    """Make the feed's address, or another one: whoever has the old one reads nothing any more."""
    _change(member, secret=feed_secret())


@transaction.atomic
def no_address(member: Membership) -> None:
    _change(member, secret=None)


@transaction.atomic
def choose_mails(member: Membership, wanted: bool) -> None:
    _change(member, mails=wanted)


def _change(member: Membership, **values: object) -> None:
    fresh = {"read_tag": "", "read_changed_at": None} if "secret" in values else {}
    PersonalCalendar.objects.update_or_create(
        membership=member, defaults={"tenant": member.tenant, **values, **fresh}
    )
