"""A school with a row of everything, and everybody who may come to it.

All that is its own carries a mark, which no other school may ever be told; its name carries another one, as
its own sign-in page shows that to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.test import Client

from accounts.entries import AuditEntry, Deed, OperatorEntry
from accounts.models import Identity, IdentityProvider, Membership, Role, User
from accounts.sealed import seal
from accounts.sessions import HOST
from classrooms.guests import actions as guest_links
from classrooms.guests.addresses import path_of
from classrooms.hooks.events import tell
from classrooms.joining import VISIT, Named, Visit, make_join_link
from classrooms.keys import SCOPES, make_key
from classrooms.models import (
    AttendanceSegment,
    AttendanceSignOff,
    ChatMessage,
    ChatReaction,
    ClassSession,
    ConnectionReport,
    Course,
    Enrolment,
    GuestLink,
    Holiday,
    KeptAnswer,
    Material,
    Participant,
    PersonalCalendar,
    Poll,
    Recording,
    RecordingDownload,
    RecordingView,
    SchoolDeletion,
    Series,
    SessionEvent,
    Webhook,
)
from classrooms.models.polls import PollVote
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import NOON
from tests.web.kept import kept

MINUTE = timedelta(minutes=1)
WORD = "Heron"  # stands in every text, so that a search for it finds all of them
PEOPLE = ("owner", "admin", "teacher", "student", "visitor", "guest", "stranger")


@dataclass
class Asker:
    """Somebody's browser at a host, or another system with a key."""

    host: str
    browser: Client = field(default_factory=Client)
    member: Membership | None = None
    key: str = ""

    def ask(self, verb: str, path: str, form: Any = None, **more: Any) -> HttpResponse:
        """Over TLS, at the tests' noon. `form`: fields, or JSON as bytes."""
        environment = {"HTTP_HOST": self.host, "aula.now": NOON, "secure": True} | more
        if self.key:
            environment["HTTP_AUTHORIZATION"] = f"Bearer {self.key}"
        if isinstance(form, bytes):
            return self.browser.generic(verb, path, form, "application/json", **environment)
        if verb == "POST":
            return self.browser.post(path, form or {}, **environment)
        return self.browser.generic(verb, path, **environment)

    def at(self, host: str) -> Asker:
        """The same browser, with the same cookies, at another host."""
        return Asker(host, self.browser, self.member, self.key)


@dataclass
class School:
    """`mark` stands in all that is its own; `public` in its name. A row: `school.course`."""

    tenant: Tenant
    mark: str
    public: str
    people: dict[str, Asker] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def host(self) -> str:
        return f"{self.tenant.slug}.localhost"

    def text(self, words: str) -> str:
        return f"{WORD} {words} {self.mark}"

    def member(self, role: str) -> Membership:
        found = self.people[role].member
        assert found is not None
        return found


def founded(slug: str, mark: str) -> School:
    """The school, with its people and all that there can be in one. Files go to the test's storage."""
    name = f"College pub{mark}"
    tenant = Tenant.objects.create(slug=slug, name=name, time_zone="Europe/Berlin", recording_downloads=True)
    school = School(tenant, mark, f"pub{mark}")
    with tenant_scope(tenant):
        for add in (_people, _ways_in, _classes, _recorded, _said, _machines, _the_rest):
            add(school)
    _visitor(school)
    _guest(school)
    school.people["stranger"] = Asker(school.host)
    return school


def operator() -> Asker:
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator@aula.test", "correct horse", name="Op"))
    return Asker("localhost", browser)


def clerk() -> Asker:
    """Staff who have no permission."""
    browser = Client()
    browser.force_login(User.objects.create_user("clerk@aula.test", "correct horse", is_staff=True))
    return Asker("localhost", browser)


def _person(school: School, role: str, name: str) -> Membership:
    email = f"{name.lower()}.{school.mark}@{school.tenant.slug}.test"
    user = User.objects.create_user(email, "correct horse", name=school.text(name))
    return Membership.objects.create(user=user, role=role)


def _people(school: School) -> None:
    roles = {"owner": Role.OWNER, "admin": Role.ADMIN, "teacher": Role.TEACHER, "student": Role.STUDENT}
    for role, place in roles.items():
        member, browser = _person(school, place, role.capitalize()), Client()
        browser.force_login(member.user)
        school.people[role] = Asker(school.host, browser, member)
    mate = school.rows["mate"] = _person(school, Role.STUDENT, "Mate")
    school.rows["banished"] = _person(school, Role.STUDENT, "Banished")
    data = {"name": school.text("key"), "credential": {}}
    school.rows["passkey"] = Authenticator.objects.create(user=mate.user, type="webauthn", data=data)


def _ways_in(school: School) -> None:
    """An app and recovery codes, all but the teacher's; the owner has just proved who she is."""
    for role in ("owner", "admin", "student"):
        TOTP.activate(school.member(role).user, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(school.member(role).user).mark_as_viewed()  # which only the first look notes
    _proved(school.people["owner"])
    provider = school.rows["identityprovider"] = IdentityProvider.objects.create(
        name=f"Account of {school.public}", issuer=f"https://127.0.0.1:9/{school.public}",
        client_id=school.mark, secret=seal(school.text("client")), welcomes=True,
    )  # fmt: skip
    school.rows["identity"] = Identity.objects.create(
        provider=provider, subject=school.mark, membership=school.member("owner"), linked_at=NOON
    )


def _proved(asker: Asker) -> None:
    request = HttpRequest()
    request.session, request.user = asker.browser.session, asker.member.user  # type: ignore[union-attr]
    record_authentication(request, request.user, "password", reauthenticated=True)
    request.session.save()


def _classes(school: School) -> None:
    teacher = school.member("teacher")
    course = school.rows["course"] = Course.objects.create(
        title=school.text("course"), description=school.text("about")
    )
    course.enrolments.create(membership=teacher, role=Enrolment.Role.TEACHER)
    for who in (school.member("student"), school.mate, school.banished):
        course.enrolments.create(membership=who, role=Enrolment.Role.STUDENT)

    def session(name: str, minutes: int, **more: Any) -> ClassSession:
        begin = NOON + minutes * MINUTE
        values = {"starts_at": begin, "ends_at": begin + 45 * MINUTE, "teacher": teacher, "course": course}
        made = ClassSession.objects.create(title=school.text(name), **values, **more)
        school.rows[name] = made
        return made

    day = (NOON + timedelta(days=3)).date()
    series = school.rows["series"] = Series.objects.create(
        course=course, zone_name="Europe/Berlin", weekdays=[day.weekday()], starts_on=day,
        clock=NOON.time(), minutes=45, count=1,
    )  # fmt: skip
    session("scheduled", 120)
    school.rows["holiday"] = Holiday.objects.create(name=school.text("Holidays"), first_day=day, last_day=day)
    session("of_series", 3 * 24 * 60, series=series, slot=day)
    ended = {"started_at": NOON - 120 * MINUTE, "ended_at": NOON - 70 * MINUTE, "last_seq": 1}
    over = session("over", -120, state="ended", **ended)
    SessionEvent.objects.create(
        session=over, seq=1, type="class_ended", at=over.ended_at, payload={"by": school.text("Teacher")}
    )
    school.rows["sign_off"] = AttendanceSignOff.objects.create(
        session=over, by=school.member("teacher"), name=school.text("Signer"), at=NOON, digest=""
    )
    live = session("live", -5, state="live", started_at=NOON - 4 * MINUTE)
    for role in ("teacher", "student"):
        school.rows[f"{role}_here"] = _seat(live, school.member(role), role=role)
    away = {"connection": "", "barred": True, "removed_at": NOON, "left_at": NOON}
    school.rows["barred"] = _seat(live, school.banished, **away)
    live.lead = school.teacher_here
    live.save()


def _seat(session: ClassSession, member: Membership, **more: Any) -> Participant:
    """In the class since its start."""
    values = {"connection": f"c{member.pk}", "seen_at": NOON, "joined_at": NOON - MINUTE} | more
    seat = Participant.objects.create(session=session, membership=member, name=member.name, **values)
    AttendanceSegment.objects.create(participant=seat, began_at=NOON - MINUTE)
    return seat


def _recorded(school: School) -> None:
    teacher, over = school.member("teacher"), school.over
    recording = school.rows["recording"] = kept(over, teacher, NOON - 75 * MINUTE, storyboard_every=5.0)
    school.rows["binned"] = kept(over, teacher, NOON - 71 * MINUTE, deleted_at=NOON)
    recording.tracks.update(name=school.text("track"))
    track = school.rows["track"] = recording.tracks.get()
    track.file.save("track", ContentFile(school.text("film").encode()))
    school.rows["download"] = recording.downloads.get()
    RecordingDownload.objects.filter(recording=recording).update(beat_at=NOON)
    at = NOON - 76 * MINUTE
    school.rows["chapter"] = recording.marks.create(
        kind="chapter", by=teacher, at=at, title=school.text("chapter")
    )
    school.rows["captions"] = recording.captions.create(
        language="en", text=f"WEBVTT\n\n00:01.000 --> 00:02.000\n{school.text('said')}\n", added_at=NOON
    )
    RecordingView.objects.create(
        recording=recording, membership=school.member("student"), first_at=NOON, last_at=NOON, seen=[[0, 5]]
    )
    running = school.rows["running"] = Recording.objects.create(
        session=school.live, by=teacher, started_at=NOON - MINUTE, changed_at=NOON
    )
    running.tracks.create(
        name=school.text("now"), source="camera", egress_id=f"EG_{school.mark}", started_at=NOON - MINUTE
    )


def _said(school: School) -> None:
    live, teacher, pupil = school.live, school.teacher_here, school.student_here
    material = Material(
        tenant=school.tenant, session=live, by=school.member("teacher"), name=f"{WORD}-{school.mark}.png",
        kind="image/png", picture="image/png", width=1, height=1, size=4, added_at=NOON,
    )  # fmt: skip
    material.file.save("", ContentFile(school.text("picture").encode()), save=False)
    material.save()
    school.rows["material"] = material
    told = {"session": live, "said_at": NOON}
    to_all = ChatMessage.objects.create(number=1, by=teacher, key="1", text=school.text("to all"), **told)
    ChatReaction.objects.create(message=to_all, by=pupil, emoji="👍")
    ChatMessage.objects.create(number=2, by=pupil, to=teacher, key="2", text=school.text("to one"), **told)
    poll = Poll.objects.create(
        session=live, number=3, by=teacher, key="3", question=school.text("why"), choices=["a", "b"],
        asked_at=NOON, counted_at=NOON,
    )  # fmt: skip
    PollVote.objects.create(poll=poll, by=pupil, chosen=[0])
    ClassSession.objects.filter(pk=live.pk).update(last_seq=3)


def _machines(school: School) -> None:
    admin = school.member("admin")
    for name, member in (("key", admin), ("student_key", school.member("student"))):
        row, school.secrets[name] = make_key(
            member=member, name=school.text("timetable"), scopes=SCOPES, expires_at=None, by=None, at=NOON
        )
        school.rows[name] = row
    asker = f"key-{school.key.pk}"
    KeptAnswer.objects.create(
        asker=asker, key=f"once-{school.mark}", fingerprint="0" * 64, status=201,
        sealed_body=f'{{"title": "{school.text("kept")}"}}', at=NOON,
    )  # fmt: skip
    hook = {"name": school.text("hook"), "url": f"https://{school.mark}.example.org/"}
    webhook = school.rows["webhook"] = Webhook.objects.create(
        created_at=NOON, sealed_secret=seal("whsec_"), **hook
    )
    school.rows["told"] = tell([webhook], "session.started", NOON, {"title": school.mark}, school.live)
    school.rows["delivery"] = webhook.deliveries.get()


def _the_rest(school: School) -> None:
    teacher, student = school.member("teacher"), school.member("student")
    link = {"course": school.course, "session": school.live, "by": teacher, "name": school.text("parents")}
    school.rows["link"] = guest_links.make_link(**link, expires_at=NOON + 90 * MINUTE, at=NOON)
    school.secrets["link"] = (path_of(school.link) or "").strip("/").split("/")[-1]
    for role in ("teacher", "student"):
        secret = sha256(f"{role} {school.mark}".encode()).hexdigest()[:43]
        row = PersonalCalendar.objects.create(membership=school.member(role), secret=secret)
        school.secrets[f"{role}_feed"] = row.secret
    school.rows["connectionreport"] = ConnectionReport.objects.create(
        kind="check", membership=student, session=school.live, at=NOON, verdict="bad",
        browser=school.text("browser"), code=sha256(school.mark.encode()).hexdigest()[:8].upper(),
    )  # fmt: skip
    entry = {"who": school.text("Ann"), "deed": Deed.PERSON_ADDED, "door": "page"}
    school.rows["auditentry"] = AuditEntry.objects.create(object_name=school.text("somebody"), **entry)
    _for_operators(school)


def _for_operators(school: School) -> None:
    from turncreds.models import RelayCount, RelayGrant, RelayPolicy

    school.rows["relaypolicy"] = RelayPolicy.objects.create(max_participants=50)
    school.rows["relaycount"] = RelayCount.objects.create(day=NOON.date())
    RelayGrant.objects.create(
        participant=school.mark, expires_at=NOON + 60 * MINUTE, burst_started_at=NOON, burst=1
    )
    entry = {"who": school.text("Op"), "deed": Deed.SCHOOL_OPENED, "door": "admin"}
    school.rows["operatorentry"] = OperatorEntry.objects.create(**entry)
    school.rows["schooldeletion"] = SchoolDeletion.objects.create(
        school=10**6 + school.tenant.pk, slug="gone", name=school.text("gone"), by="Op", asked_at=NOON
    )


def _visitor(school: School) -> None:
    """Whom another system sent into the live class by a join link."""
    with tenant_scope(school.tenant):
        visitor, admin = _person(school, Role.STUDENT, "Visitor"), school.member("admin")
        _, secret = make_join_link(
            session=school.live, by=admin, person=Named(member=visitor), lasts=5 * MINUTE, at=NOON
        )
        _seat(school.live, visitor)
    school.secrets["join"] = secret
    browser, until = Client(), (NOON + 60 * MINUTE).timestamp()
    session = browser.session
    session[HOST] = school.host
    session[VISIT] = vars(Visit(school.tenant.pk, visitor.pk, school.live.public_id, until))
    session.save()
    browser.cookies["sessionid"] = session.session_key
    school.people["visitor"] = Asker(school.host, browser, visitor)


def _guest(school: School) -> None:
    """Who came by the link, gave a name, and is in the class."""
    guest = school.people["guest"] = Asker(school.host)
    answer = guest.ask("POST", f"/join/{school.secrets['link']}/", {"name": school.text("Gwen")})
    assert answer.status_code == 302, answer.content
    with tenant_scope(school.tenant):
        here = Participant.objects.filter(guest_link=school.link)
        here.update(connection="guest", seen_at=NOON, joined_at=NOON)


def every_row(school: School, model: Any) -> Any:
    """Of this school; asked in the scope of every tenant (PostgreSQL has a wall of its own)."""
    return model._base_manager.filter(tenant=school.tenant)


__all__ = ["MINUTE", "PEOPLE", "Asker", "GuestLink", "School", "clerk", "every_row", "founded", "operator"]
