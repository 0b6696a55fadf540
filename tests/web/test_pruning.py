"""The tables of tasks, sessions and links do not grow for ever, and keep nothing of a school that went."""

from __future__ import annotations

import inspect
import sys
from datetime import datetime, timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from accounts.mails import send_code
from accounts.models import User
from classrooms import going
from classrooms.discarding import discard
from classrooms.invitations.mails import deliver
from classrooms.live.media import close_media
from classrooms.models import ClassSession, Course, JoinLink
from classrooms.recorded.jobs import keep_house
from tenants.models import Tenant
from tenants.scope import every_tenant, tenant_scope
from tests.conftest import Person
from tests.web.kept import use_folder

DAY = timedelta(days=1)
NAMES = {"tenant_id", "room", "name"}  # of arguments, by which a task's school is known


def queued(task: Task[Any, Any], *args: Any, at: datetime | None = None, **kwargs: Any) -> str:
    """Done at that time; without one it waits."""
    row = DBTaskResult.objects.create(
        status="SUCCESSFUL" if at else "READY",
        finished_at=at,
        args_kwargs={"args": args, "kwargs": kwargs},
        task_path=task.module_path,
        backend_name="default",
        run_after=timezone.now(),
    )
    return str(row.pk)


def left() -> set[str]:
    return {str(pk) for pk in DBTaskResult.objects.values_list("pk", flat=True)}


def test_tasks_go_a_week_after_they_were_done_and_never_before(db: None, now: datetime) -> None:
    queued(discard, "demo/a", at=now - 8 * DAY)
    stay = {queued(discard, "demo/b", at=now - 6 * DAY), queued(discard, "demo/c")}
    keep_house(now)
    assert left() == stay


def test_sessions_go_when_they_have_run_out(student: Person, teacher: Person) -> None:
    key = student.browser.session.session_key
    Session.objects.filter(session_key=key).update(expire_date=timezone.now() - DAY)
    keep_house(timezone.now())
    assert not Session.objects.filter(session_key=key).exists()
    assert teacher.get("/").status_code == 200


def test_join_links_go_a_week_after_nobody_can_use_them(
    session: ClassSession, teacher: Person, student: Person, now: datetime
) -> None:
    with tenant_scope(session.tenant):
        for n, ago in enumerate((8 * DAY, 6 * DAY, -DAY)):
            times = {"made_at": now - 9 * DAY, "expires_at": now - ago}
            who = {"member": student.member, "by": teacher.member}
            JoinLink.objects.create(session=session, digest=str(n), **who, **times)
    keep_house(now)
    with every_tenant():
        assert set(JoinLink.objects.values_list("digest", flat=True)) == {"1", "2"}


def test_a_school_takes_along_what_tasks_and_the_admins_log_say_of_it(
    tenant: Tenant,
    student: Person,
    outsider: Person,
    course: Course,
    now: datetime,
    settings: Any,
    tmp_path: Any,
) -> None:
    use_folder(settings, tmp_path)
    operator = User.objects.create_superuser("operator@aula.test", "correct horse", name="Op")
    other = outsider.member
    queued(send_code, at=now, tenant_id=tenant.pk, email="sue@demo.test", code="sealed")
    queued(deliver, at=now, tenant_id=tenant.pk, membership_ids=[student.member.pk], letter={"title": "C"})
    queued(close_media, "demo.abc", None, at=now)
    queued(discard, "demo/materials/a.txt", at=now)
    stay = {
        queued(send_code, at=now, tenant_id=other.tenant_id, email="otto@other.test", code="sealed"),
        queued(deliver, at=now, tenant_id=other.tenant_id, membership_ids=[other.pk], letter={}),
        queued(close_media, "other.abc", None, at=now),
        queued(discard, "demography/a.txt", at=now),
        queued(discard, "demo/materials/b.txt"),
    }
    for row in (tenant, course, student.member.user, student.member, other.tenant, other, other.user):
        logged(operator, row)
    going.delete_school(tenant=tenant, by=operator, slug="demo", at=now)
    assert left() == stay
    told = set(LogEntry.objects.values_list("object_repr", flat=True))
    assert told == {str(each) for each in (other.tenant, other, other.user)}


def logged(operator: User, row: Model) -> None:
    LogEntry.objects.log_actions(operator.pk, [row], CHANGE, change_message="", single_object=True)


def test_every_task_says_which_school_it_is_of() -> None:
    modules = [
        each for name, each in sys.modules.items() if name.partition(".")[0] in ("accounts", "classrooms")
    ]
    tasks = {each for module in modules for each in vars(module).values() if isinstance(each, Task)}
    unknown = [each.name for each in tasks if not NAMES & set(inspect.signature(each.func).parameters)]
    assert len(tasks) > 8
    assert unknown == [going.carry_out.name]
