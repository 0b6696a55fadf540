"""Whether people will get through: a check before class, and what was found when somebody did not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from django.conf import settings
from django.core.cache import cache
from django.db.models import OuterRef, Subquery
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from accounts.models import Membership
from classrooms.live.media import probe_tokens
from classrooms.live.relays import member_id
from classrooms.models import ClassSession, ConnectionReport, Enrolment
from classrooms.refusals import MalformedReport, TooManyReports
from tenants.scope import every_tenant
from turncreds.actions import issue_ice_servers
from turncreds.refusals import RelayFull, TooManyCredentials
from turncreds.servers import IceServer

MOST_MOMENTS = 400
MOST_CHECKS = 30  # begun by one person within an hour
PROBE_LASTS = timedelta(minutes=3)
CHECK_HOLDS = timedelta(days=14)
ORDER = ("good", "warn", "bad")
FIRST = ("bad", "warn", "", "good")  # whom a teacher reads of first; "": not checked
What = Literal[
    "browser",
    "microphone",
    "camera",
    "speaker",
    "secure",
    "udp",
    "tcp",
    "relay_udp",
    "relay_tcp",
    "relay_tls",
    "line",
]


PLAIN = r"^[^\x00]*$"  # PostgreSQL's JSON holds no U+0000
Name = Annotated[str, StringConstraints(max_length=20, pattern=r"^\w+$")]
Number = Annotated[float, Field(allow_inf_nan=False)]
Figure = Number | Annotated[str, StringConstraints(max_length=200, pattern=PLAIN)]


class Finding(BaseModel):
    """One line of a check, as it was shown."""

    model_config = ConfigDict(extra="forbid")
    what: What
    verdict: Literal["good", "warn", "bad", "unknown"]
    words: Annotated[str, StringConstraints(max_length=300, pattern=PLAIN)]
    figures: Annotated[dict[Name, Figure | None], Field(max_length=12)] = {}


class Moment(BaseModel):
    """Something a connection of the page did, `ms` after the page was opened."""

    model_config = ConfigDict(extra="forbid")
    ms: Annotated[int, Field(ge=0, le=10**9)]
    what: Annotated[str, StringConstraints(max_length=40, pattern=PLAIN)]
    detail: Annotated[str, StringConstraints(max_length=400, pattern=PLAIN)] = ""


class Report(BaseModel):
    """What a page sends."""

    model_config = ConfigDict(extra="forbid")
    findings: Annotated[list[Finding], Field(max_length=20)]
    timeline: Annotated[list[Moment], Field(max_length=MOST_MOMENTS)] = []


_report = TypeAdapter(Report)


def read_report(body: bytes) -> Report:
    """Raises MalformedReport."""
    try:
        return _report.validate_json(body)
    except ValidationError:
        raise MalformedReport from None


@dataclass(frozen=True)
class Probes:
    """With what a page tries its ways: a media room of its own, and the relays."""

    whip: str
    whep: str
    publish: str
    watch: str
    servers: list[IceServer]


def begin_check(*, member: Membership, at: datetime) -> Probes:
    """Raises TooManyReports.

    A check is the one occasion at which somebody outside a class is given relays: for three minutes, counted
    and limited like any other. Whoever gets none tries the straight ways, as in a class.
    """
    if not may_check(member):
        raise TooManyReports
    tenant = member.tenant
    publish, watch = probe_tokens(tenant, at, PROBE_LASTS)
    base = settings.MEDIA_SERVER_URL.replace("ws", "http", 1).rstrip("/")
    name, ttl = f"check-{member_id(member)}", int(PROBE_LASTS.total_seconds())
    try:
        servers = issue_ice_servers(tenant=tenant, participant=name, in_class=True, now=at, ttl=ttl).servers
    except (TooManyCredentials, RelayFull):
        servers = []
    return Probes(f"{base}/whip", f"{base}/whep", publish, watch, servers)


def may_check(member: Membership) -> bool:
    """Whether this member has not begun too many checks within the hour, and count one more."""
    key = f"checks-{member.tenant_id}-{member.pk}"
    cache.add(key, 0, timeout=3600)
    with suppress(ValueError):  # the hour ended just now
        return cache.incr(key) <= MOST_CHECKS
    return True


def keep_check(*, member: Membership, report: Report, browser: str, at: datetime) -> ConnectionReport:
    """Raises TooManyReports."""
    return _keep(ConnectionReport.Kind.CHECK, member, None, report, browser, at)


def keep_trouble(
    *, member: Membership, session: ClassSession, report: Report, browser: str, at: datetime
) -> ConnectionReport:
    """Raises TooManyReports."""
    return _keep(ConnectionReport.Kind.TROUBLE, member, session, report, browser, at)


def _keep(
    kind: ConnectionReport.Kind,
    member: Membership,
    session: ClassSession | None,
    report: Report,
    browser: str,
    at: datetime,
) -> ConnectionReport:
    own = ConnectionReport.objects.filter(membership=member)
    if own.filter(at__gt=at - timedelta(hours=1)).count() >= ConnectionReport.MOST_AN_HOUR:
        raise TooManyReports
    forget_old_reports(at)
    made: ConnectionReport = ConnectionReport.objects.create(
        tenant=member.tenant,
        kind=kind,
        membership=member,
        session=session,
        at=at,
        browser=browser[:300],
        verdict=worst(report.findings),
        findings=[each.model_dump() for each in report.findings],
        timeline=[each.model_dump() for each in report.timeline],
    )
    return made


def forget_old_reports(now: datetime) -> None:
    """Also of schools that send none any more."""
    with every_tenant():
        ConnectionReport.objects.filter(at__lt=now - ConnectionReport.KEPT).delete()


def worst(findings: list[Finding]) -> str:
    """What could not be found out says nothing."""
    known = [each.verdict for each in findings if each.verdict in ORDER]
    return max(known, key=ORDER.index, default="warn")


@dataclass(frozen=True)
class LastCheck:
    """What somebody's last check found, and whether it was too long ago to count on."""

    report: ConnectionReport
    is_old: bool

    @property
    def holds(self) -> bool:
        return self.report.verdict == ConnectionReport.Verdict.GOOD and not self.is_old


def last_check(member: Membership, now: datetime) -> LastCheck | None:
    report = ConnectionReport.objects.checks().filter(membership=member).order_by("-at", "-pk").first()
    return LastCheck(report, is_old=now - report.at > CHECK_HOLDS) if report else None


@dataclass(frozen=True)
class Readiness:
    """The students of a class with their last check, and how many of them there are of each kind."""

    people: list[tuple[Membership, ConnectionReport | None]]

    @property
    def ready(self) -> int:
        return sum(1 for _, check in self.people if check and check.verdict == "good")

    @property
    def unchecked(self) -> list[Membership]:
        return [member for member, check in self.people if check is None]

    @property
    def weak(self) -> int:
        return len(self.people) - self.ready - len(self.unchecked)


def readiness(session: ClassSession) -> Readiness:
    """The students of a class's course with their last check, those who will have trouble first, then those
    who have not checked."""
    last = ConnectionReport.objects.checks().filter(membership=OuterRef("membership")).order_by("-at", "-pk")
    enrolments = (
        Enrolment.objects.filter(
            course=session.course, role=Enrolment.Role.STUDENT, membership__is_active=True
        )
        .select_related("membership__user")
        .annotate(last_check=Subquery(last.values("pk")[:1]))
    )
    students = [(each.membership, each.last_check) for each in enrolments]
    found = ConnectionReport.objects.in_bulk([pk for _, pk in students if pk])
    pairs = [(member, found.get(pk)) for member, pk in students]
    pairs.sort(key=lambda pair: (FIRST.index(pair[1].verdict if pair[1] else ""), pair[0].name))
    return Readiness(pairs)
