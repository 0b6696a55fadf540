"""Guest links as the pages of those who lead a class show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from classrooms.guests.addresses import path_of
from classrooms.models import ClassSession, GuestLink, Participant
from tenants.requests import SiteRequest


@dataclass(frozen=True)
class Shown:
    """`address`: what is sent to guests, None where it cannot be shown any more; `came`: who was in the class
    by this link."""

    link: GuestLink
    address: str | None
    came: list[Participant]
    is_open: bool


def shown_links(
    request: SiteRequest, session: ClassSession, people: Iterable[Participant] | None = None
) -> list[Shown]:
    """All that lead into `session`, open ones first, then the newest. `people`: all of the class, where they
    were read already."""
    if people is None:
        people = Participant.objects.filter(session=session).exclude(guest_link=None)
    came: dict[int | None, list[Participant]] = defaultdict(list)
    for each in sorted(people, key=lambda each: (each.joined_at or request.now, each.pk)):
        if each.joined_at:
            came[each.guest_link_id].append(each)
    links = GuestLink.objects.leading_to(session)
    shown = [_shown(request, link, came[link.pk], request.now) for link in links]
    return sorted(shown, key=lambda each: not each.is_open)


def _shown(request: HttpRequest, link: GuestLink, came: list[Participant], now: datetime) -> Shown:
    is_open = link.is_open(now)
    path = path_of(link) if is_open else None
    address = request.build_absolute_uri(path) if path else None
    return Shown(link, address, came, is_open)
