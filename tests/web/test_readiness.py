"""The check before class and reports of trouble: who may send and read them, and what becomes of them."""

import json
import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from unittest import mock

import jwt
import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from classrooms import reminders
from classrooms.models import ConnectionReport
from classrooms.reports import Finding, worst
from tenants.scope import tenant_scope
from tests.conftest import NOON
from turncreds.credentials import Credential, Verdict, check

GOOD = {
    "what": "udp",
    "verdict": "good",
    "words": "Sound and video go the fastest way.",
    "figures": {"ms": 31},
}
BAD = {"what": "tcp", "verdict": "bad", "words": "This network blocks <b>live</b> video.", "figures": {}}
WARN = {"what": "camera", "verdict": "warn", "words": "Your browser blocks the camera."}
MOMENT = {"ms": 2253, "what": "connection 1: ICE", "detail": "checking"}
REPORT = "/check/report/"


def send(person, path, body, **more):
    text = body if isinstance(body, str) else json.dumps(body)
    return person.browser.post(path, text, content_type="application/json", **person.environment(more))


def keep_check_of(person, kind="check", **more):
    with tenant_scope(person.member.tenant):
        ConnectionReport.objects.create(kind=kind, membership=person.member, **more)


def trouble(session):
    return f"/c/{session.public_id}/trouble/"


def remind(session):
    return f"/c/{session.public_id}/remind/"


# ── the check ────────────────────────────────────────────────────────────────


def test_the_check_is_one_step_away_from_every_page(student, teacher, admin):
    assert '<a href="/check/">Check my device</a>' in student.get("/courses/").content.decode()
    assert '<a href="/check/" aria-current="page">' in teacher.get("/check/").content.decode()
    assert '<a href="/check/">Check my device</a>' in admin.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("verdict", "days", "said"),
    [
        ("good", 0, "<b>Ready</b> Checked today"),
        ("good", 14, "<b>Ready</b> Checked 14 days ago"),
        ("good", 15, "<b>Your check is old</b> Checked 15 days ago"),
        ("warn", 1, "<b>May have trouble</b> Checked yesterday"),
        ("bad", 3, "<b>Cannot take part</b> Checked 3 days ago"),
    ],
)
def test_today_says_how_the_last_check_went(student, session, verdict, days, said):
    words = [{"what": "udp", "verdict": verdict, "words": "This network blocks it.", "figures": {}}]
    keep_check_of(student, verdict="bad", at=student.now - timedelta(days=40))
    keep_check_of(student, verdict=verdict, at=student.now - timedelta(days=days), findings=words)
    page = re.sub(r"</?time[^>]*>", "", " ".join(student.get("/").content.decode().split()))
    assert said in page
    holds = verdict == "good" and days <= 14
    assert ("Check again" in page) is not holds
    assert ("This network blocks it." in page) is (verdict != "good")


def test_somebody_who_has_not_checked_is_told_in_one_line_whatever_others_found(
    student, classmate, outsider, session
):
    for other in (classmate, outsider):
        keep_check_of(other, verdict="good", at=student.now)
    keep_check_of(student, verdict="good", at=student.now, kind="trouble", session=session)
    page = student.get("/").content.decode()
    assert "Your device has not been checked." in page
    assert "Checked today" not in page


def test_a_check_is_given_a_media_room_of_its_own_and_relays_for_three_minutes(student, settings):
    settings.TURN_URLS, settings.TURN_SECRETS = ["turn:turn.example.org"], ["s" * 32]
    given = student.post("/check/begin/").json()
    assert given["whip"].endswith("/whip")
    claims = [
        jwt.decode(
            given[name],
            settings.MEDIA_API_SECRET,
            algorithms=["HS256"],
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
        for name in ("publish", "watch")
    ]
    rooms = {each["video"]["room"] for each in claims}
    assert len(rooms) == 1
    assert rooms.pop().startswith("demo.check-")
    assert [each["video"]["canPublish"] for each in claims] == [True, False]
    assert [each["exp"] - NOON.timestamp() for each in claims] == [180, 180]
    relay = given["servers"][-1]
    credential = Credential(relay["username"], relay["credential"])
    assert check(credential, secrets=["s" * 32], now=NOON.timestamp() + 179) is Verdict.GENUINE
    assert check(credential, secrets=["s" * 32], now=NOON.timestamp() + 181) is not Verdict.GENUINE
    assert "student" not in relay["username"]
    again = student.post("/check/begin/").json()
    assert again["publish"] != given["publish"]
    assert again["servers"][-1]["username"] == relay["username"]  # the same to the relay's quota


def test_whoever_gets_no_relays_just_now_tries_the_straight_ways(student, settings):
    settings.TURN_URLS, settings.TURN_SECRETS = ["turn:turn.example.org"], ["s" * 32]
    settings.TURN_ISSUES_PER_MINUTE = 2
    answers = [student.post("/check/begin/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [bool(answer.json()["servers"]) for answer in answers] == [True, True, False]


def test_thirty_checks_an_hour_are_enough(student, classmate):
    answers = [student.post("/check/begin/").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert classmate.post("/check/begin/").status_code == 200


def test_the_result_is_kept_under_a_code(student, in_tenant):
    answer = send(student, REPORT, {"findings": [GOOD, WARN]}, HTTP_USER_AGENT="Firefox/140")
    kept = ConnectionReport.objects.get()
    assert answer.json() == {"code": kept.spoken_code}
    assert (kept.membership, kept.verdict, kept.browser) == (student.member, "warn", "Firefox/140")
    assert kept.reasons == ["Your browser blocks the camera."]


@pytest.mark.parametrize(
    ("verdicts", "is_worst"),
    [
        (["good"], "good"),
        (["good", "unknown"], "good"),
        (["warn", "good"], "warn"),
        (["bad", "warn"], "bad"),
        ([], "warn"),
    ],
)
def test_the_worst_finding_counts_and_what_is_not_known_does_not(verdicts, is_worst):
    assert worst([Finding(what="udp", verdict=each, words="") for each in verdicts]) == is_worst


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        {"findings": [GOOD | {"what": "heart"}]},
        {"findings": [GOOD | {"verdict": "fine"}]},
        {"findings": [GOOD | {"words": "w" * 301}]},
        {"findings": [GOOD] * 21},
        {"findings": [], "timeline": [MOMENT] * 401},
        {"findings": [], "timeline": [MOMENT | {"ms": -1}]},
        {"findings": [], "secret": 1},
        {"findings": [GOOD | {"figures": {"f" * 21: 1}}]},
        {"findings": [GOOD | {"figures": {"cause": "c" * 201}}]},
        {"findings": [GOOD | {"words": "\x00"}]},
        '{"findings": [{"what": "udp", "verdict": "good", "words": "", "figures": {"ms": NaN}}]}',
    ],
)
def test_a_report_that_is_none_is_refused_and_nothing_kept(student, in_tenant, body):
    answer = send(student, REPORT, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert not ConnectionReport.objects.exists()


def test_twenty_reports_an_hour_are_enough_and_old_ones_go(student, in_tenant):
    send(student.at(NOON - timedelta(days=91)), REPORT, {"findings": [GOOD]})
    answers = [send(student, REPORT, {"findings": [GOOD]}).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert ConnectionReport.objects.count() == 20
    assert send(student.at(NOON + timedelta(hours=2)), REPORT, {"findings": [GOOD]}).status_code == 200


@pytest.mark.parametrize("path", ["/check/begin/", REPORT])
def test_the_doors_of_the_check_are_for_members_and_for_posts(student, person, tenant, path):
    stranger = person(tenant, "student", "Nick Nobody", signed_in=False)
    assert stranger.post(path).status_code == 302
    assert student.get(path).status_code == 405
    forged = Client(enforce_csrf_checks=True)
    forged.cookies = student.browser.cookies
    assert forged.post(path, **student.environment({})).status_code == 403


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [
        ("/c/1/", "/c/1/"),
        ("", "/"),
        ("https://evil.test/", "/"),
        ("//evil.test/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_way_back_stays_in_the_school(student, asked, goes_to):
    page = student.get("/check/", QUERY_STRING=f"next={asked}").content.decode()
    assert f'"back": "{goes_to}"' in page


# ── the teacher ──────────────────────────────────────────────────────────────


def test_the_teacher_sees_before_class_who_will_have_trouble(teacher, student, session):
    page = teacher.get(session.get_absolute_url()).content.decode()
    assert "Not checked" in page
    send(student, REPORT, {"findings": [GOOD, BAD]})
    page = teacher.get(session.get_absolute_url()).content.decode()
    assert "Cannot take part" in page
    assert "This network blocks &lt;b&gt;live&lt;/b&gt; video." in page
    send(student, REPORT, {"findings": [GOOD]})
    page = teacher.get(session.get_absolute_url()).content.decode()
    assert "Ready" in page
    assert "Cannot take part" not in page


def test_a_student_sees_nobody_elses_check(student, session, in_tenant):
    send(student, REPORT, {"findings": [BAD]})
    page = student.get(session.get_absolute_url()).content.decode()
    assert "Who is ready" not in page
    assert "Check camera, sound and network" in page


@pytest.fixture
def second(classmate, tenant, course, in_tenant):
    """Another student of the course."""
    course.enrolments.create(tenant=tenant, membership=classmate.member)
    return classmate


def test_the_teacher_reminds_those_who_have_not_checked_once_a_day(teacher, student, second, session):
    send(student, REPORT, {"findings": [GOOD]})
    page = teacher.get(session.get_absolute_url()).content.decode()
    assert "1 ready · 0 may have trouble · 1 not checked" in page
    assert "Remind 1 person" in page
    page = teacher.post(remind(session), follow=True).content.decode()
    [letter] = mail.outbox
    assert letter.to == [second.member.user.email]
    assert letter.from_email.startswith('"Northfield College" <')
    assert f"https://demo.localhost/check/?next={session.get_absolute_url()}" in letter.body
    assert "Cell division" in letter.subject
    assert "1 person is reminded by mail." in page
    assert "reminded by mail within the last day" in page
    assert "Remind 1 person" not in page
    assert teacher.post(remind(session)).status_code == 429
    assert len(mail.outbox) == 1


def test_where_everybody_has_checked_nobody_is_reminded(teacher, student, session):
    send(student, REPORT, {"findings": [BAD]})
    page = teacher.post(remind(session), follow=True).content.decode()
    assert "Nobody is left to remind." in page
    assert "1 may have trouble" in page
    assert mail.outbox == []


def test_whoever_wants_no_mails_of_classes_is_left_alone(teacher, student, session, in_tenant):
    student.post("/account/calendar/mails/", {})
    teacher.post(remind(session))
    assert mail.outbox == []


def test_only_who_leads_a_class_reminds_and_only_before_it(teacher, student, outsider, make_session):
    coming, running = make_session(), make_session(state="live")
    assert student.post(remind(coming)).status_code == 403
    assert outsider.post(remind(coming)).status_code == 404
    assert teacher.post(remind(running)).status_code == 409
    assert mail.outbox == []


def test_a_reminder_that_could_not_be_sent_is_tried_again_until_the_class_begins(
    teacher, student, session, in_tenant, monkeypatch
):
    def refuse(self):
        raise SMTPRecipientsRefused({})

    again = mock.Mock()
    monkeypatch.setattr(reminders, "again", again)
    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", refuse)
        teacher.post(remind(session))
    again.assert_called_once_with(
        reminders.deliver, session.tenant_id, session.pk, [student.member.pk], attempt=1
    )
    reminders.deliver.call(session.tenant_id, session.pk, [student.member.pk], attempt=2)
    assert len(mail.outbox) == 1
    session.state = "live"
    session.save()
    reminders.deliver.call(session.tenant_id, session.pk, [student.member.pk], attempt=3)
    assert len(mail.outbox) == 1


def test_many_students_cost_no_more_queries_than_one(teacher, person, tenant, course, session, in_tenant):
    def queries():
        with CaptureQueriesContext(connection) as made:
            teacher.get(session.get_absolute_url())
        return len(made)

    few = queries()
    for number in range(10):
        extra = person(tenant, "student", f"S{number} Student")
        course.enrolments.create(tenant=tenant, membership=extra.member)
        send(extra, REPORT, {"findings": [GOOD]})
    assert queries() <= few + 1  # the checks themselves, once


# ── trouble ──────────────────────────────────────────────────────────────────


def test_trouble_in_class_is_kept_with_its_timeline_for_the_operator(
    student, session, admin_client, in_tenant
):
    answer = send(student, trouble(session), {"findings": [BAD], "timeline": [MOMENT]})
    code = answer.json()["code"]
    host = {"HTTP_HOST": "localhost"}
    for said in (code, code.lower(), code.replace("-", " ")):
        found = admin_client.get("/admin/classrooms/connectionreport/", {"q": said}, **host).content.decode()
        assert "1 connection report" in found, said
    kept = ConnectionReport.objects.get()
    page = admin_client.get(f"/admin/classrooms/connectionreport/{kept.pk}/change/", **host).content.decode()
    assert "<td>2.253 s</td><td>connection 1: ICE</td><td>checking</td>" in page
    assert "This network blocks &lt;b&gt;live&lt;/b&gt; video." in page
    assert kept.session == session


def test_trouble_in_a_class_that_one_may_not_see_is_trouble_in_none(
    classmate, outsider, student, session, in_tenant
):
    answers = [
        send(someone, path, {"findings": [BAD]})
        for someone, path in (
            (classmate, trouble(session)),
            (outsider, trouble(session)),
            (student, f"/c/{'0' * 32}/trouble/"),
        )
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert not ConnectionReport.objects.exists()
