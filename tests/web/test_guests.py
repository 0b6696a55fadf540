"""Guest links: who makes and revokes them, what is kept, and what opens behind them."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.entries import AuditEntry, Deed
from aula.logs import NoSecrets
from classrooms.guests.addresses import path_of, token_of
from classrooms.guests.passes import cookie_name, guest_of
from classrooms.guests.tries import MOST_WRONG
from classrooms.models import ClassSession, Course, GuestLink, Material, Participant
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import Guest

UNKNOWN = "A" * 43
HOUR = timedelta(hours=1)


def words(answer) -> str:
    return answer.content.decode()


def guests_page(session: ClassSession) -> str:
    return f"{session.get_absolute_url()}guests/"


def made(session: ClassSession) -> GuestLink:
    with tenant_scope(session.tenant):
        return GuestLink.objects.select_related("tenant", "session", "course").get()


def participants(session: ClassSession) -> list[Participant]:
    with tenant_scope(session.tenant):
        return list(session.participants.select_related("guest_link"))


def entries(session: ClassSession) -> list[tuple[str, str]]:
    """Of the audit log: what was done, and to what."""
    with tenant_scope(session.tenant):
        return list(AuditEntry.objects.order_by("pk").values_list("deed", "object_id"))


# ── making and revoking ──────────────────────────────────────────────────────────────────────────


def test_a_teacher_makes_a_link_that_ends_an_hour_after_the_class(session, teacher):
    answer = teacher.post(guests_page(session), {"name": "Parents", "into": "class"})
    assert answer.status_code == 302
    link = made(session)
    assert (link.name, link.session, link.course) == ("Parents", session, session.course)
    assert link.expires_at == session.ends_at + HOUR
    assert not link.has_passcode
    assert entries(session) == [(Deed.GUEST_LINK_MADE, link.public_id)]
    page = words(teacher.get(guests_page(session)))
    assert f'data-copy="http://demo.localhost{path_of(link)}"' in page


def test_a_link_has_the_end_and_the_passcode_that_were_chosen(session, teacher):
    form = {"name": "Parents", "into": "class", "expires_at": "2026-12-01T18:30", "passcode": "tulip"}
    teacher.post(guests_page(session), form)
    link = made(session)
    assert link.expires_at.isoformat() == "2026-12-01T17:30:00+00:00"  # typed in Berlin
    assert check_password("tulip", link.passcode_hash)
    assert "tulip" not in words(teacher.get(guests_page(session)))


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"name": ""}, "Enter whom the link is for."),
        ({"name": "P", "passcode": "abc"}, "Enter at least four letters or digits."),
        ({"name": "P", "expires_at": "2026-11-25T12:59"}, "That time has passed."),
        ({"name": "P", "expires_at": "2028-01-01T12:00"}, "a year at most"),
        ({"name": "P", "expires_at": "soon"}, "Choose a day and a time."),
        ({"name": "P", "into": "school"}, "Select a valid choice"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_beside_its_field(session, teacher, form, complaint):
    answer = teacher.post(guests_page(session), {"into": "class"} | form)
    assert complaint in words(answer)
    with tenant_scope(session.tenant):
        assert not GuestLink.objects.exists()


def test_what_stands_in_the_address_is_not_kept(session, make_link):
    path = make_link(session, passcode="tulip")
    link = made(session)
    token = path.split("/")[2]
    assert len(token) == 43
    kept = [str(getattr(link, field.attname)) for field in link._meta.concrete_fields]
    assert not any(token in each or "tulip" in each for each in kept)


def test_a_link_outlives_the_key_it_was_made_under(session, make_link, guest, settings):
    path = make_link(session)
    link = made(session)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key", [settings.SECRET_KEY]
    assert path_of(link) == path
    settings.SECRET_KEY_FALLBACKS = []
    assert token_of(link) is None
    assert guest.get(path).status_code == 200


def test_a_link_that_cannot_be_shown_says_so(session, make_link, teacher, settings):
    make_link(session)
    settings.SECRET_KEY = "the next key"
    teacher.browser.force_login(teacher.member.user)
    page = words(teacher.get(guests_page(session)))
    assert "cannot be shown" in page
    assert "data-copy" not in page


def test_who_came_is_told_for_each_link(session, make_link, teacher, guest):
    guest.come(make_link(session), "Gwen Guest")
    assert "Nobody came by it yet." in words(teacher.get(guests_page(session)))
    with tenant_scope(session.tenant):
        Participant.objects.update(joined_at=teacher.now)
    page = words(teacher.get(session.get_absolute_url()))
    assert "1 guest came by it:" in page
    assert "Gwen Guest" in page


def test_a_revoked_link_lets_nobody_in_and_is_said_to_be_withdrawn(session, make_link, teacher, guest):
    path = make_link(session)
    guest.come(path)
    room = f"{session.get_absolute_url()}guest/"
    assert guest.get(room).status_code == 200
    answer = teacher.post(f"{guests_page(session)}{made(session).public_id}/revoke/")
    assert answer.status_code == 302
    assert "Withdrawn" in words(teacher.get(guests_page(session)))
    assert entries(session)[-1] == (Deed.GUEST_LINK_WITHDRAWN, made(session).public_id)
    for again in (guest.get(path), guest.come(path), guest.get(room)):
        assert again.status_code == 410
    assert "The teacher withdrew this link." in words(guest.get(path))


def test_a_link_into_a_course_leads_to_the_class_that_is_on_or_the_next(make_session, make_link, guest):
    later = make_session("Enzymes", starts=timedelta(days=2))
    make_session("Cells", starts=timedelta(days=-3), state="ended")
    path = make_link(later, session=None)
    assert "Enzymes" in words(guest.get(path))
    now_on = make_session("Mitosis", starts=timedelta(minutes=-5), state="live")
    assert "Mitosis" in words(guest.get(path))
    answer = guest.come(path)
    assert answer.url == f"{now_on.get_absolute_url()}guest/"
    assert guest.get(f"{later.get_absolute_url()}guest/").status_code == 404, "one class only"


def test_a_link_into_a_course_without_a_class_says_so(make_session, make_link, guest):
    session = make_session(state="ended")
    answer = guest.get(make_link(session, session=None))
    assert answer.status_code == 404
    assert "no class ahead" in words(answer)


def test_a_link_into_a_course_ends_an_hour_after_its_last_class(make_session, teacher):
    session, last = make_session(), make_session(starts=timedelta(days=20))
    teacher.post(guests_page(session), {"name": "Parents", "into": "course"})
    link = made(session)
    assert link.session is None
    assert link.expires_at == last.ends_at + HOUR


# ── who may ──────────────────────────────────────────────────────────────────────────────────────


def test_whoever_leads_may_invite(session, teacher, admin):
    for person in (teacher, admin):
        assert person.post(guests_page(session), {"name": "P", "into": "class"}).status_code == 302
        assert "Invite guests" in words(person.get(session.get_absolute_url()))
        assert guests_page(session) in words(person.get(f"{session.get_absolute_url()}room/"))


def test_a_co_teacher_invites_to_the_one_class(session, make_session, student):
    with tenant_scope(session.tenant):
        Participant.objects.create(
            session=session, membership=student.member, name="Sue", role="teacher", co_teacher=True
        )
    assert student.post(guests_page(session), {"name": "P"}).status_code == 302
    assert made(session).session == session
    student.post(guests_page(session), {"name": "P", "into": "course"})
    with tenant_scope(session.tenant):
        assert not GuestLink.objects.filter(session=None).exists()
    assert student.post(guests_page(make_session()), {"name": "P"}).status_code == 403


def test_a_co_teacher_revokes_no_link_of_the_course(session, make_link, student):
    make_link(session, session=None)
    with tenant_scope(session.tenant):
        Participant.objects.create(
            session=session, membership=student.member, name="Sue", role="teacher", co_teacher=True
        )
    assert student.post(f"{guests_page(session)}{made(session).public_id}/revoke/").status_code == 403
    assert made(session).revoked_at is None


def test_a_student_invites_nobody_and_sees_no_links(session, make_link, student):
    make_link(session)
    assert student.get(guests_page(session)).status_code == 403
    assert student.post(guests_page(session), {"name": "P"}).status_code == 403
    assert student.post(f"{guests_page(session)}{made(session).public_id}/revoke/").status_code == 403
    page = words(student.get(session.get_absolute_url()))
    assert "/join/" not in page
    assert "Invite guests" not in page


@pytest.mark.parametrize("who", ["outsider", "classmate"])
def test_for_others_there_is_nothing(session, make_link, who, request):
    stranger = request.getfixturevalue(who)
    make_link(session)
    revoke = f"{guests_page(session)}{made(session).public_id}/revoke/"
    assert stranger.get(guests_page(session)).status_code == 404
    assert stranger.post(guests_page(session), {"name": "P"}).status_code == 404
    assert stranger.post(revoke).status_code == 404
    assert made(session).revoked_at is None


def test_a_link_of_another_class_is_not_revoked_here(session, make_session, make_link, teacher):
    make_link(make_session("Another"))
    assert teacher.post(f"{guests_page(session)}{made(session).public_id}/revoke/").status_code == 404


def test_nobody_is_invited_to_a_class_that_is_over(make_session, teacher):
    session = make_session(state="ended")
    assert teacher.post(guests_page(session), {"name": "P", "into": "class"}).status_code == 410
    assert "Invite guests" not in words(teacher.get(session.get_absolute_url()))


def test_a_school_without_guests_makes_no_links_and_lets_nobody_in(session, make_link, teacher, guest):
    path = make_link(session)
    guest.come(path)
    Tenant.objects.update(guests=False)
    assert teacher.get(guests_page(session)).status_code == 403
    assert "Invite guests" not in words(teacher.get(session.get_absolute_url()))
    assert guests_page(session) not in words(teacher.get(f"{session.get_absolute_url()}room/"))
    for answer in (guest.get(path), guest.come(path), guest.get(f"{session.get_absolute_url()}guest/")):
        assert answer.status_code == 403
        assert "This school takes no guests" in words(answer)


# ── the door ─────────────────────────────────────────────────────────────────────────────────────


def test_a_guest_gives_a_name_and_is_before_the_room(session, make_link, guest):
    path = make_link(session)
    page = words(guest.get(path))
    assert "Cell division" in page
    assert 'name="passcode"' not in page
    answer = guest.come(path, "  Gwen\t Guest ")
    assert answer.url == f"{session.get_absolute_url()}guest/"
    room = guest.get(answer.url)
    assert room.status_code == 200
    assert f'"/ws/sessions/{session.public_id}/guest/"' in words(room)
    (person,) = participants(session)
    assert (person.name, person.role, person.membership) == ("Gwen Guest", "guest", None)


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "\u200d", "x" * 61])
def test_a_name_is_needed(session, make_link, guest, name):
    answer = guest.come(make_link(session), name)
    assert answer.status_code == 200
    assert "field__error" in words(answer)
    assert not participants(session)


def test_the_name_is_remembered_for_the_next_link(session, make_session, make_link, guest):
    guest.come(make_link(session), "Zoë Äußerst; 李")
    page = words(guest.get(make_link(make_session("Enzymes"))))
    assert 'value="Zoë Äußerst; 李"' in page


def test_whoever_comes_again_goes_on_to_the_room_and_may_change_the_name(session, make_link, guest):
    path = make_link(session)
    guest.come(path)
    assert guest.get(path).url == f"{session.get_absolute_url()}guest/"
    assert "Gwen Guest" in words(guest.get(f"{path}?new"))


def test_the_passcode_is_asked_for_and_checked(session, make_link, guest):
    path = make_link(session, passcode="tulip")
    assert 'name="passcode"' in words(guest.get(path))
    assert "Enter the passcode." in words(guest.come(path))
    wrong = guest.come(path, passcode="rose")
    assert wrong.status_code == 403
    assert "That is not the passcode of this link." in words(wrong)
    assert not participants(session)
    assert guest.come(path, passcode="tulip").status_code == 302


def test_guessing_is_paused_for_an_address_and_its_right_guess_too(session, make_link, guest):
    path = make_link(session, passcode="tulip")
    for _ in range(MOST_WRONG):
        assert guest.come(path, passcode="rose").status_code == 403
    paused = guest.come(path, passcode="tulip")
    assert paused.status_code == 429
    assert "Wait five minutes" in words(paused)
    elsewhere = Guest(None, Client(REMOTE_ADDR="192.0.2.7"), guest.now)
    assert elsewhere.come(path, passcode="tulip").status_code == 302


def test_guessing_from_everywhere_is_paused_for_the_link(session, make_link, guest, monkeypatch):
    monkeypatch.setattr("classrooms.guests.tries.MOST_WRONG_AT_ALL", 6)
    path = make_link(session, passcode="tulip")
    for number in range(6):
        stranger = Guest(None, Client(REMOTE_ADDR=f"192.0.2.{number}"), guest.now)
        assert stranger.come(path, passcode="rose").status_code == 403
    assert guest.come(path, passcode="tulip").status_code == 429


def test_a_link_ends(session, make_link, guest):
    path = make_link(session)
    guest.come(path)
    late = guest.at(session.ends_at + HOUR)
    for answer in (late.get(path), late.come(path)):
        assert answer.status_code == 410
        assert "This link ended on 25 November at 15:45." in words(answer)
    assert late.get(f"{session.get_absolute_url()}guest/").status_code == 410


def test_a_class_that_is_over_takes_no_new_guests(make_session, make_link, guest):
    session = make_session(state="ended")
    answer = guest.come(make_link(session))
    assert answer.status_code == 410
    assert "Class is over" in words(answer)


def test_only_so_many_come_by_one_link(session, make_link, guest, monkeypatch):
    monkeypatch.setattr("classrooms.guests.actions.MOST_GUESTS", 2)
    path = make_link(session)
    answers = [Guest(None, Client(), guest.now).come(path).status_code for _ in range(3)]
    assert answers == [302, 302, 409]


def test_whoever_has_an_account_comes_as_themselves(session, make_link, student, classmate):
    path = make_link(session)
    assert student.get(path).url == session.get_absolute_url()
    assert classmate.get(path).status_code == 200, "not in the course: a guest like others"


def test_at_another_schools_host_there_is_no_such_link(session, make_link, outsider, guest):
    path = make_link(session)
    there = Guest(None, Client(), guest.now, "other")
    Tenant.objects.get_or_create(slug="other", defaults={"name": "Southgate School"})
    for stranger in (outsider, there):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"name": "X"}).status_code == 404
    assert guest.get(f"/join/{UNKNOWN}/").status_code == 404
    assert not participants(session)


# ── the pass ─────────────────────────────────────────────────────────────────────────────────────


def test_the_pass_is_for_this_host_and_class_alone_and_no_script_reads_it(session, make_link, guest):
    guest.come(make_link(session))
    cookie = guest.browser.cookies[cookie_name(session.public_id)]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]
    assert int(cookie["max-age"]) == int((session.ends_at + HOUR - guest.now).total_seconds())


def test_a_pass_is_worth_nothing_at_another_school(session, make_link, guest, other_tenant):
    guest.come(make_link(session))
    carried = guest.browser.cookies[cookie_name(session.public_id)].value
    browser = Client()
    browser.cookies[cookie_name(session.public_id)] = carried
    there = Guest(None, browser, guest.now, "other")
    assert there.get(f"{session.get_absolute_url()}guest/").status_code == 404
    cookies = {cookie_name(session.public_id): carried}
    with tenant_scope(session.tenant):  # even where the row can be seen
        assert guest_of(session.tenant, session.public_id, cookies) is not None
        assert guest_of(other_tenant, session.public_id, cookies) is None


@pytest.mark.parametrize(
    "bend", [lambda each: each[:-1] + "A", lambda each: each.split(":")[0], lambda _: ""]
)
def test_a_bent_pass_opens_nothing(session, make_link, guest, bend):
    guest.come(make_link(session))
    cookie = guest.browser.cookies[cookie_name(session.public_id)]
    bent = bend(cookie.value)
    if bent == cookie.value:
        bent += "A"
    guest.browser.cookies[cookie_name(session.public_id)] = bent
    assert guest.get(f"{session.get_absolute_url()}guest/").status_code == 404


def test_a_pass_of_one_class_opens_no_other(session, make_session, make_link, guest):
    other = make_session("Enzymes")
    guest.come(make_link(session))
    guest.browser.cookies[cookie_name(other.public_id)] = guest.browser.cookies[
        cookie_name(session.public_id)
    ].value
    assert guest.get(f"{other.get_absolute_url()}guest/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/courses/", "/account/", "/check/", "/settings/look/"),
        *("/c/{0}/", "/c/{0}/room/", "/c/{0}/edit/", "/c/{0}/attendance/", "/c/{0}/calendar.ics"),
        *("/c/{0}/guests/", "/c/{0}/recordings/now/", "/courses/{1}/", "/courses/{1}/people/"),
    ],
)
def test_a_guest_sees_nothing_else_of_the_school(session, make_link, guest, path):
    guest.come(make_link(session))
    answer = guest.get(path.format(session.public_id, session.course.public_id))
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")


@pytest.mark.parametrize("path", ["materials/", "recordings/", "ice-servers/"])
def test_the_api_is_not_for_guests(session, make_link, guest, path):
    guest.come(make_link(session))
    assert guest.get(f"/api/v1/sessions/{session.public_id}/{path}").status_code in (401, 403, 404, 405)


def test_the_room_leads_a_guest_nowhere_else(session, make_link, guest):
    guest.come(make_link(session))
    page = words(guest.get(f"{session.get_absolute_url()}guest/"))
    for path in ("/courses/", "/check/", "/recordings/", "/api/", session.course.public_id):
        assert path not in page
    assert not re.search(r'href="/"', page)


def test_a_guest_in_the_class_gets_its_files_and_nobody_else_does(session, make_link, guest):
    guest.come(make_link(session))
    with tenant_scope(session.tenant):
        file = Material(tenant=session.tenant, session=session, name="phases.pdf", size=3, added_at=guest.now)
        file.file.save("phases.pdf", ContentFile(b"abc"))
    path = f"{session.get_absolute_url()}guest/materials/{file.public_id}/"
    assert guest.get(path).status_code == 409, "at the door"
    with tenant_scope(session.tenant):
        Participant.objects.update(connection="a channel", seen_at=guest.now)
    answer = guest.get(path)
    assert answer.status_code == 200
    assert "phases.pdf" in answer["Content-Disposition"]
    assert guest.get(f"{path}picture/").status_code == 404, "it is none"
    with tenant_scope(session.tenant):
        Material.objects.update(picture="image/png")
    shown = guest.get(f"{path}picture/")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Guest(None, Client(), guest.now).get(f"{path}picture/").status_code == 404
    assert Guest(None, Client(), guest.now).get(path).status_code == 404


# ── rows and lines ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("both", [True, False])
def test_a_participant_is_a_member_or_a_guest(session, make_link, student, both):
    make_link(session)
    who = {"membership": student.member, "guest_link": made(session)} if both else {}
    with tenant_scope(session.tenant), pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(session=session, name="X", **who)


def test_no_log_line_holds_what_opens_a_class(session, make_link, guest, caplog):
    path = make_link(session, passcode="tulip")
    caplog.handler.addFilter(NoSecrets())
    with caplog.at_level(logging.WARNING, logger="django.request"):
        guest.come(path, passcode="rose")
    assert "Forbidden: /join/…/" in caplog.text
    assert path.split("/")[2] not in caplog.text


def test_guests_are_on_the_sheet_of_attendance(make_session, make_link, teacher, guest):
    session = make_session(starts=timedelta(minutes=-40), state="live")
    guest.come(make_link(session))
    with tenant_scope(session.tenant):
        person = Participant.objects.get()
        person.segments.create(
            tenant=session.tenant,
            began_at=teacher.now - timedelta(minutes=30),
            ended_at=teacher.now - timedelta(minutes=10),
            why="left",
        )
    page = words(teacher.get(f"{session.get_absolute_url()}attendance/"))
    assert "People without an account" in page
    assert "Gwen Guest" in page
    lines = words(teacher.get(f"{session.get_absolute_url()}attendance.csv"))
    assert re.search(r"Gwen Guest,,Guest,yes", lines)


def test_a_guest_who_never_came_in_was_not_there(make_session, make_link, teacher, guest):
    session = make_session(starts=timedelta(minutes=-40), state="live")
    guest.come(make_link(session))
    assert "Gwen Guest" not in words(teacher.get(f"{session.get_absolute_url()}attendance/"))


def test_a_guest_who_is_here_is_counted_on_the_pages(make_session, make_link, teacher, guest):
    session = make_session(starts=timedelta(minutes=-5), state="live")
    guest.come(make_link(session))
    with tenant_scope(session.tenant):
        Participant.objects.update(connection="a channel", seen_at=guest.now, joined_at=guest.now)
    for path in ("/", session.get_absolute_url()):
        assert "1 person is here" in words(teacher.get(path))


def test_the_course_and_its_links_go_together(session, make_link):
    make_link(session)
    with tenant_scope(session.tenant):
        Course.objects.get().sessions.all().delete()
        assert not GuestLink.objects.exists()


# ── the waiting room is chosen ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("asked", "kept"), [("yes", True), ("no", False), ("", None)])
def test_whoever_leads_chooses_whether_guests_wait(session, teacher, asked, kept):
    path = f"{guests_page(session)}waiting-room/"
    assert teacher.post(path, {"wait": asked}).status_code == 302
    with tenant_scope(session.tenant):
        session.refresh_from_db()
    assert session.guests_wait is kept
    assert "As the course has it: guests wait" in words(teacher.get(guests_page(session)))


def test_nobody_else_chooses_it(session, student, outsider):
    path = f"{guests_page(session)}waiting-room/"
    assert student.post(path, {"wait": "no"}).status_code == 403
    assert outsider.post(path, {"wait": "no"}).status_code == 404
    with tenant_scope(session.tenant):
        session.refresh_from_db()
    assert session.guests_wait is None


def test_once_the_class_is_on_it_is_chosen_inside(make_session, teacher):
    session = make_session(starts=timedelta(minutes=-5), state="live")
    assert teacher.post(f"{guests_page(session)}waiting-room/", {"wait": "no"}).status_code == 409
    assert "chosen in the class" in words(teacher.get(guests_page(session)))


@pytest.mark.parametrize(("asked", "kept"), [("true", True), ("false", False), ("unknown", None)])
def test_a_course_chooses_it_for_its_classes(course, teacher, asked, kept):
    form = {"title": "Biology 9b", "description": "", "guests_wait": asked}
    path = f"{course.get_absolute_url()}edit/"
    assert "As the school has it: guests wait" in words(teacher.get(path))
    assert teacher.post(path, form).status_code == 302
    with tenant_scope(course.tenant):
        course.refresh_from_db()
    assert course.guests_wait is kept


def test_a_school_without_guests_does_not_ask_and_keeps_what_was_chosen(course, teacher):
    Tenant.objects.update(guests=False)
    with tenant_scope(course.tenant):
        Course.objects.update(guests_wait=False)
    path = f"{course.get_absolute_url()}edit/"
    assert "Waiting room" not in words(teacher.get(path))
    teacher.post(path, {"title": "Biology 9c"})
    with tenant_scope(course.tenant):
        course.refresh_from_db()
    assert (course.title, course.guests_wait) == ("Biology 9c", False)
