"""Join links: another system sends its user straight into a class, and nowhere else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts.entries import AuditEntry, Deed
from accounts.models import Membership, User
from classrooms.actions import schedule_session
from classrooms.models import JoinLink
from tenants.scope import every_tenant, tenant_scope
from tests.api.conftest import MINUTE, System, system
from tests.conftest import NOON


def link_of(portal, session, **person):
    answer = portal.post(f"sessions/{session.public_id}/join-links/", person)
    assert answer.status_code == 201, answer.content
    return answer.json()


class Visitor:
    """A browser that nobody is signed in with."""

    def __init__(self, host="demo.localhost", now=NOON):
        self.browser, self.host, self.now = Client(), host, now

    def get(self, path, host=""):
        return self.browser.get(path, HTTP_HOST=host or self.host, **{"aula.now": self.now})


def follow(url, **more):
    visitor = Visitor(**more)
    return visitor, visitor.get(url.removeprefix("http://demo.localhost"))


def test_somebody_of_the_school_is_let_straight_into_the_room(portal, live, student):
    told = link_of(portal, live, user=student.member.public_id)
    assert told["user"] == student.member.public_id
    assert told["expires_at"] == "2026-11-25T12:05:00Z"
    visitor, answer = follow(told["url"])
    assert (answer.status_code, answer.url) == (302, f"/c/{live.public_id}/room/")
    room = visitor.get(answer.url)
    assert room.status_code == 200
    assert "Sue Student" in room.content.decode()


@pytest.mark.parametrize("who", [{"email": "SUE@demo.test"}, {"external_id": "4711"}])
def test_people_are_found_by_what_the_other_system_knows(portal, live, student, who):
    portal.patch(f"users/{student.member.public_id}/", {"external_id": "4711"})
    assert link_of(portal, live, **who)["user"] == student.member.public_id


def test_whoever_is_new_becomes_a_student_of_the_class_by_name(portal, live, tenant):
    told = link_of(portal, live, external_id="s-1", name="Nia New")
    again = link_of(portal, live, external_id="s-1", name="Renamed Meanwhile")
    assert told["user"] == again["user"]
    _, answer = follow(told["url"])
    assert answer.status_code == 302
    with tenant_scope(tenant):
        member = Membership.objects.get(external_id="s-1")
        assert (member.name, member.role) == ("Nia New", "student")
        assert live.course.enrolments.filter(membership=member, role="student").exists()
    assert portal.get(f"users/{told['user']}/").json()["email"] == ""


def test_whoever_has_no_email_is_mailed_nothing(portal, live, course, teacher, tenant):
    link_of(portal, live, external_id="s-1", name="Nia New")
    with tenant_scope(tenant):
        schedule_session(
            course=course,
            by=teacher.member,
            teacher=teacher.member,
            title="Tissues",
            starts_at=NOON + timedelta(days=1),
            duration=45 * MINUTE,
            at=NOON,
        )
    assert not [each for each in mail.outbox if "invalid" in str(each.to)]


def test_whoever_is_unknown_and_has_no_name_is_not_made(portal, live):
    answer = portal.post(f"sessions/{live.public_id}/join-links/", {"external_id": "s-1"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_person")
    answer = portal.post(f"sessions/{live.public_id}/join-links/", {"name": "Nia New"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def link_asked(asker, session, person):
    return asker.post(f"sessions/{session.public_id}/join-links/", {"user": person.member.public_id})


def test_a_teacher_makes_a_link_for_nobody_but_themselves(keyed, live, teacher, student, admin, owner):
    for asker in (system(teacher), keyed(teacher)):
        for other in (student, admin, owner):
            answer = link_asked(asker, live, other)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_your_people")
        assert link_asked(asker, live, teacher).status_code == 201
    with every_tenant():
        assert set(JoinLink.objects.values_list("member", flat=True)) == {teacher.member.pk}


def test_a_teacher_is_not_told_who_is_known(teacher, live, student):
    address = f"sessions/{live.public_id}/join-links/"
    for email in ("sue@demo.test", "nobody@demo.test"):
        assert system(teacher).post(address, {"email": email}).json()["code"] == "not_your_people"


def test_owners_alone_make_links_for_owners(portal, keyed, live, owner):
    refused = link_asked(portal, live, owner)
    assert (refused.status_code, refused.json()["code"]) == (403, "only_owners")
    assert link_asked(keyed(owner), live, owner).status_code == 201


def test_a_link_stands_in_the_audit_log(portal, live, student):
    url = link_of(portal, live, user=student.member.public_id)["url"]
    with every_tenant():
        entry = AuditEntry.objects.get(deed=Deed.JOIN_LINK_MADE)
    assert (entry.object_name, entry.who) == ("Sue Student", "Ann Admin <ann@demo.test>")
    assert entry.changes == {"session": [None, "Mitosis"]}
    assert url.rstrip("/").rpartition("/")[2] not in str(vars(entry))


def test_a_link_is_good_once(portal, live, student):
    url = link_of(portal, live, user=student.member.public_id)["url"]
    assert follow(url)[1].status_code == 302
    _, second = follow(url)
    assert second.status_code == 410
    assert b"good once" in second.content


@pytest.mark.parametrize(("later", "status"), [(59, 302), (60, 410)])
def test_a_link_is_good_for_as_long_as_was_asked(portal, live, student, later, status):
    url = link_of(portal, live, user=student.member.public_id, lasts=60)["url"]
    assert follow(url, now=NOON + timedelta(seconds=later))[1].status_code == status


def test_a_link_that_was_never_made_equals_one_that_is_used(portal, live, student):
    url = link_of(portal, live, user=student.member.public_id)["url"]
    follow(url)
    used, unknown = follow(url)[1], follow("/enter/" + "x" * 43 + "/")[1]
    assert (used.status_code, unknown.status_code) == (410, 410)


def test_a_link_leads_nowhere_on_another_host_and_stays_good(portal, live, student, other_tenant):
    url = link_of(portal, live, user=student.member.public_id)["url"]
    assert follow(url, host="other.localhost")[1].status_code == 410
    assert follow(url, host="localhost")[1].status_code == 404
    assert follow(url)[1].status_code == 302


def test_somebody_deactivated_meanwhile_stays_out(portal, live, student):
    told = link_of(portal, live, user=student.member.public_id)
    visitor, _ = follow(told["url"])
    spare = link_of(portal, live, user=student.member.public_id)
    portal.patch(f"memberships/{told['user']}/", {"is_active": False})
    assert follow(spare["url"])[1].status_code == 410
    assert visitor.get(f"/c/{live.public_id}/room/").status_code == 302  # to the sign-in


@pytest.fixture
def visitor(portal, live, student):
    return follow(link_of(portal, live, user=student.member.public_id)["url"])[0]


def test_a_visitor_is_nobody_outside_the_class(visitor, live, make_session):
    other = make_session("Enzymes")
    for path in ("/", "/courses/", "/account/", f"/c/{other.public_id}/", f"/c/{other.public_id}/room/"):
        assert visitor.get(path).url.startswith("/sign-in/"), path
    for path in ("edit/", "attendance/", "calendar.ics"):
        assert visitor.get(f"/c/{live.public_id}/{path}").status_code == 302, path
    assert visitor.get(f"/c/{live.public_id}/").status_code == 200


def test_a_visitors_cookie_opens_nothing_on_other_hosts(visitor, live, outsider, student, other_tenant):
    """Neither at another school where the same person is, nor on the operators' pages."""
    User.objects.filter(pk=student.member.user.pk).update(is_staff=True, is_superuser=True)
    with tenant_scope(other_tenant):
        Membership.objects.create(tenant=other_tenant, user=student.member.user, role="owner")
    assert visitor.get("/", host="other.localhost").url.startswith("/sign-in/")
    assert visitor.get("/admin/", host="localhost").url.startswith("/admin/login/")


def test_a_visit_ends_after_twelve_hours(visitor, live):
    visitor.now = NOON + timedelta(hours=12)
    assert visitor.get(f"/c/{live.public_id}/room/").status_code == 302


def test_nothing_of_whoever_used_the_browser_before_is_left(portal, live, student, classmate):
    url = link_of(portal, live, user=student.member.public_id)["url"]
    before = classmate.browser.session.session_key
    assert classmate.get(url.removeprefix("http://demo.localhost")).status_code == 302
    assert classmate.browser.session.session_key != before
    assert classmate.get("/").url.startswith("/sign-in/")


def test_who_is_signed_in_as_that_person_stays_signed_in(portal, live, student):
    url = link_of(portal, live, user=student.member.public_id)["url"]
    assert student.get(url.removeprefix("http://demo.localhost")).status_code == 302
    assert student.get("/courses/").status_code == 200


def test_a_class_that_is_over_takes_nobody(portal, make_session, student):
    over = make_session(starts=-90 * MINUTE, state="ended", started_at=NOON - 90 * MINUTE)
    answer = portal.post(f"sessions/{over.public_id}/join-links/", {"user": student.member.public_id})
    assert (answer.status_code, answer.json()["code"]) == (410, "ended")


def test_the_link_itself_is_kept_nowhere(portal, live, student):
    url = link_of(portal, live, user=student.member.public_id)["url"]
    secret = url.rstrip("/").rpartition("/")[2]
    with every_tenant():
        kept = JoinLink.objects.values().get()
    assert secret not in str(kept)
    assert len(kept["digest"]) == 64


def test_an_account_of_another_school_is_joined_without_being_opened(portal, live, outsider, tenant):
    """The email alone gives this school nothing of what that person is elsewhere."""
    told = link_of(portal, live, email="otto@other.test", name="Somebody")
    visitor, answer = follow(told["url"])
    assert answer.status_code == 302
    assert visitor.get("/courses/", host="other.localhost").url.startswith("/sign-in/")
    outsider.member.user.refresh_from_db()
    assert outsider.member.user.name == "Otto Outsider"
    assert outsider.member.user.check_password("correct horse")


def test_a_visitor_uses_the_api_for_its_class_alone(visitor, live, make_session):
    asker = System("demo.localhost", visitor.browser)
    assert asker.get(f"sessions/{live.public_id}/materials/").status_code == 200
    other = make_session("Enzymes")
    assert asker.get(f"sessions/{other.public_id}/materials/").status_code == 401
    assert asker.get("courses/").status_code == 401
