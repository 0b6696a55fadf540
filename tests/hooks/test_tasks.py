"""The process that works in the background tells what waits, by itself."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import NewSchool
from tests.hooks.conftest import Timetable
from tests.socket.web import SLOWEST_START, wait_until

SEED = """
import sys, django
django.setup()
from django.utils import timezone
from accounts.sealed import seal
from classrooms.hooks.events import tell
from classrooms.hooks.signing import new_secret
from classrooms.models import ClassSession, Webhook
from tenants.models import Tenant
from tenants.scope import tenant_scope
now, secret, tenant = timezone.now(), new_secret(), Tenant.objects.get()
with tenant_scope(tenant):
    webhook = Webhook.objects.create(
        name="Timetable", url=sys.argv[1], sealed_secret=seal(secret), created_at=now)
    tell([webhook], "session.started", now, {"n": 1}, ClassSession.objects.get())
print(secret)
"""


def test_what_waits_is_told_signed_and_once(
    tmp_path: Path, new_school: NewSchool, timetable: Timetable
) -> None:
    school = new_school(tmp_path)
    timetable.secret = school.run("-c", SEED, timetable.url).strip()
    with school.tasks():
        timetable.wait_for("/hooks", within=SLOWEST_START)
        wait_until(lambda: school.ask("SELECT state FROM classrooms_webhookdelivery") == [("delivered",)])
    (told,) = timetable.got  # which checks the signature
    assert (told["type"], told["data"]) == ("session.started", {"n": 1})
