"""A forgotten password, by mail in the school's name."""

import re

import pytest
from django.core import mail

from tenants.models import Tenant
from tests.conftest import Person

LINK = re.compile(r"http://(\S+?)(/password/\S+)")


@pytest.fixture
def link(student: Person) -> str:
    """The path of the link in the mail that was asked for."""
    student.browser.logout()
    student.post("/password/", {"email": student.member.user.email.upper()})
    found = LINK.search(mail.outbox[0].body)
    assert found is not None
    assert found.group(1) == "demo.localhost"
    return found.group(2)


def choose(person: Person, link: str, password: str, again: str | None = None) -> bytes:
    form_page = person.get(link, follow=True)
    path = form_page.redirect_chain[-1][0]
    form = {"new_password1": password, "new_password2": password if again is None else again}
    return person.post(path, form, follow=True).content


def test_the_mail_comes_in_the_schools_name(link: str, student: Person) -> None:
    sent = mail.outbox[0]
    assert sent.to == [student.member.user.email]
    assert sent.from_email.startswith('"Northfield College" <')
    assert sent.subject == "Choose a new password for Northfield College"


def test_a_member_cannot_be_flooded_with_mail(link: str, student: Person, teacher: Person) -> None:
    again = student.post("/password/", {"email": student.member.user.email}, follow=True)
    assert b"Look into your mail" in again.content, "the answer tells strangers nothing"
    assert len(mail.outbox) == 1
    student.post("/password/", {"email": teacher.member.user.email})
    assert len(mail.outbox) == 2


def test_a_name_cannot_add_headers_to_the_mail(student: Person, tenant: Tenant) -> None:
    tenant.name = 'Evil" <a@b.test>\r\nBcc: all@b.test'
    tenant.save()
    student.post("/password/", {"email": student.member.user.email})
    assert "\n" not in mail.outbox[0].message()["From"].replace("\n ", "")
    assert mail.outbox[0].message()["Bcc"] is None


def test_the_link_sets_a_new_password_once(link: str, student: Person) -> None:
    assert b"Your new password is saved" in choose(student, link, "a far better horse")
    student.member.user.refresh_from_db()
    assert student.member.user.check_password("a far better horse")
    assert b"This link does not work any more" in student.get(link, follow=True).content


def test_a_weak_or_mistyped_password_is_named_beside_the_field(link: str, student: Person) -> None:
    assert b"too short" in choose(student, link, "short")
    assert b"didn" in choose(student, link, "a far better horse", "another horse")
    student.member.user.refresh_from_db()
    assert student.member.user.check_password("correct horse")


def test_an_unknown_email_gets_the_same_page_and_no_mail(student: Person, outsider: Person) -> None:
    known = student.post("/password/", {"email": student.member.user.email}, follow=True)
    mail.outbox.clear()
    for email in ("nobody@demo.test", outsider.member.user.email):
        answer = student.post("/password/", {"email": email}, follow=True)
        assert answer.redirect_chain == known.redirect_chain
    assert mail.outbox == []


def test_a_link_works_at_its_own_school_only(link: str, outsider: Person) -> None:
    assert b"This link does not work any more" in outsider.get(link, follow=True).content
