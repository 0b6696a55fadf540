"""Operators' pages about people, who leave their classes when their place at a school ends."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import MembershipAdmin, PersonAdmin
from accounts.models import Membership, User
from classrooms.live.departures import change_place
from classrooms.schools_admin import now, operator
from tenants.scope import tenant_scope


class Placed:
    def place(self, request: HttpRequest, row: Membership) -> None:
        with tenant_scope(row.tenant):
            was = Membership.objects.select_related("user", "tenant").get(pk=row.pk)
            by, at = operator(request), now(request)
            change_place(member=was, by=by, role=row.role, is_active=row.is_active, at=at)


@admin.register(User)
class People(Placed, PersonAdmin):
    """Accounts."""


@admin.register(Membership)
class Memberships(Placed, MembershipAdmin):
    """Of all schools."""
