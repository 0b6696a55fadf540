"""Who may open the socket at all: origin, host, session, and the class itself."""

import pytest
from channels.layers import get_channel_layer

from accounts.models import Membership
from accounts.sessions import HOST
from classrooms.models import Enrolment
from signaling.classroom.page import SIGNED_OUT
from signaling.doors import is_same_origin
from tenants.models import Domain, Tenant
from tests.socket.conftest import Page, beat, rows, wire

UNKNOWN = "0" * 32


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("https://demo.aula.example", "demo.aula.example", True),
        ("https://demo.aula.example", "demo.aula.example:443", True),
        ("https://demo.aula.example:443", "demo.aula.example", True),
        ("http://demo.localhost:8000", "demo.localhost:8000", True),
        ("http://DEMO.localhost:8000", "demo.LOCALHOST:8000", True),
        ("http://demo.localhost:8000", "demo.localhost:8001", False),
        ("http://demo.localhost", "demo.localhost:443", False),
        ("http://other.localhost:8000", "demo.localhost:8000", False),
        ("http://localhost:8000", "demo.localhost:8000", False),
        ("http://demo.localhost.evil.example", "demo.localhost", False),
        ("http://demo.localhost@evil.example", "demo.localhost", False),
        ("file://demo.localhost", "demo.localhost", False),
        ("null", "demo.localhost", False),
        ("http://[", "demo.localhost", False),
        ("", "demo.localhost", False),
        ("", "", False),
    ],
)
def test_only_a_page_of_the_same_host_may_open_a_socket(origin, host, same):
    assert is_same_origin(origin, host) is same


async def turned_away(person, path, clock, **headers) -> bool:
    accepted, code = await Page(wire(person, path, clock, **headers)).open()
    return not accepted and code == 4404


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://other.localhost"},
        {"origin": "https://evil.example"},
        {"origin": ""},
        {"host": "localhost", "origin": "http://localhost"},
        {"host": "nobody.localhost", "origin": "http://nobody.localhost"},
        {"host": ""},
    ],
    ids=str,
)
async def test_a_foreign_origin_and_an_unknown_host_are_turned_away(page, student, live, clock, headers):
    assert await turned_away(student, f"/ws/sessions/{live.public_id}/", clock, **headers)


async def test_two_origins_are_as_bad_as_none(page, student, live, clock):
    socket = wire(student, f"/ws/sessions/{live.public_id}/", clock)
    socket.scope["headers"].append((b"origin", b"http://demo.localhost"))
    assert not (await Page(socket).open())[0]


async def test_a_cookie_copied_from_another_host_is_no_sign_in(page, outsider, tenant, live):
    """Not even where its owner belongs to both schools."""
    user = outsider.member.user
    await rows(live, lambda: Membership.objects.create(tenant=tenant, user=user, role="admin"))
    at_demo = {"host": "demo.localhost", "origin": "http://demo.localhost"}
    assert (await page(outsider, live, **at_demo)).hello == {"type": "close", "code": SIGNED_OUT}


async def test_a_foreign_class_is_turned_away_like_one_that_never_existed(
    page, student, classmate, outsider, live, clock
):
    path = f"/ws/sessions/{live.public_id}/"
    assert await turned_away(outsider, path, clock)
    assert await turned_away(classmate, path, clock)
    assert await turned_away(student, f"/ws/sessions/{UNKNOWN}/", clock)
    assert await turned_away(student, "/ws/sessions/1/", clock)
    assert await turned_away(student, "/ws/other/", clock)
    assert get_channel_layer().groups == {}


@pytest.mark.parametrize("known", [True, False])
async def test_whoever_is_not_signed_in_is_told_so_whatever_class_it_is(
    page, person, live, tenant, clock, known
):
    nobody = await rows(live, lambda: person(tenant, "student", "Nick Nobody", signed_in=False))
    public_id = live.public_id if known else UNKNOWN
    visit = Page(wire(nobody, f"/ws/sessions/{public_id}/", clock))
    assert (await visit.open())[0]
    assert await visit.next() == {"type": "close", "code": 4401}


def move(browser, host: str) -> None:
    """As if its owner had signed in there."""
    kept = browser.session
    kept[HOST] = host
    kept.save()


async def test_a_tenants_own_domain_serves_its_classes(page, student, live, tenant):
    await rows(live, lambda: Domain.objects.create(tenant=tenant, host="classes.northfield.example"))
    own = {"host": "classes.northfield.example", "origin": "https://classes.northfield.example"}
    await rows(live, lambda: move(student.browser, own["host"]))
    assert (await page(student, live, **own)).hello["session"]["id"] == live.public_id


async def test_a_suspended_school_answers_nobody(page, student, live, tenant, clock):
    await rows(live, lambda: Tenant.objects.update(is_active=False))
    assert await turned_away(student, f"/ws/sessions/{live.public_id}/", clock)


async def test_an_admin_may_open_every_class_of_the_school_and_a_school_wide_one_is_open_to_all(
    page, admin, classmate, live
):
    assert (await page(admin, live)).hello["you"]["role"] == "teacher"
    await rows(live, lambda: type(live).objects.update(entry="school"))
    assert (await page(classmate, live)).hello["you"]["role"] == "student"


async def test_a_cancelled_enrolment_ends_the_visit_within_a_beat(inside, teacher, student, live):
    leading, gone = await inside(teacher, live), await inside(student, live)
    await rows(live, lambda: Enrolment.objects.filter(membership=student.member).delete())
    await beat(live)
    assert (await gone.get("refused"))["code"] == "no_longer_member"
    assert (await gone.next()) == {"type": "close", "code": 4403}
    assert (await leading.get("participant_left"))["participant"] == gone.id


async def test_a_deactivated_member_is_put_out_at_the_next_message(inside, teacher, student, live, clock):
    leading, gone = await inside(teacher, live), await inside(student, live)
    await rows(live, lambda: Membership.objects.filter(pk=student.member.pk).update(is_active=False))
    await gone.send("raise_hand")
    assert (await gone.get("refused"))["code"] == "no_longer_member"
    assert (await gone.next()) == {"type": "close", "code": 4403}
    assert (await leading.get("participant_left"))["participant"] == gone.id
    assert await turned_away(student, f"/ws/sessions/{live.public_id}/", clock)


async def test_a_person_who_signs_out_elsewhere_is_signed_out_here(inside, teacher, student, live):
    leading, gone = await inside(teacher, live), await inside(student, live)
    await rows(live, lambda: student.browser.logout())
    await beat(live)
    assert (await gone.get("close"))["code"] == 4401
    assert (await leading.get("participant_left"))["participant"] == gone.id


async def test_a_suspended_school_ends_its_classes_within_a_beat(inside, teacher, live):
    leading = await inside(teacher, live)
    await rows(live, lambda: Tenant.objects.update(is_active=False))
    await beat(live)
    assert (await leading.get("close"))["code"] == 4403
