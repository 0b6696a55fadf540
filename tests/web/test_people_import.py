"""Import of people: the file is checked first, every bad line is told, nothing is saved before the end."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from accounts.entries import AuditEntry, Deed
from accounts.models import Membership, Role, User
from accounts.people_csv import Plan, Unreadable, decoded, planned, read, rows_of
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.conftest import MakePerson, Person

PAGE = "/admin/accounts/membership/import/"
GOOD = "name,email,role,external_id\nAda Park,ada@demo.test,student,S1\nNia New,nia@demo.test,Teacher,\n"


@pytest.fixture
def owner(person: MakePerson, tenant: Tenant) -> Person:
    return person(tenant, Role.OWNER, "Olaf Owner")


def choose(person: Person, text: str | bytes) -> HttpResponse:
    body = text.encode() if isinstance(text, str) else text
    return person.post(PAGE, {"file": SimpleUploadedFile("people.csv", body)})


def plan_of(text: str, by: Person) -> Plan:
    with tenant_scope(by.member.tenant):
        return planned(read(rows_of(text)), by.member)


def problems(text: str, by: Person) -> dict[int, str]:
    return {each.number: " ".join(each.problems) for each in plan_of(text, by).bad}


def people(tenant: Tenant) -> set[str]:
    with tenant_scope(tenant):
        return set(Membership.objects.values_list("user__email", flat=True))


def test_a_good_file_is_checked_and_nothing_is_saved_yet(admin: Person, tenant: Tenant) -> None:
    before = people(tenant)
    text = choose(admin, GOOD).content.decode()
    assert "<b>2 new</b>" in text
    assert "Import 2 people" in text
    assert "Nothing is saved yet." in text
    assert people(tenant) == before


def test_then_it_is_imported_and_the_new_people_are_invited(admin: Person, tenant: Tenant) -> None:
    answer = admin.post(PAGE, {"text": GOOD, "do": "import", "invites": "on"})
    assert answer.url == f"{PAGE}?new=2&changed=0&left_out=0"
    assert b"2 people are new." in admin.get(answer.url).content
    with tenant_scope(tenant):
        ada, nia = Membership.objects.filter(user__email__in=["ada@demo.test", "nia@demo.test"])
        assert (ada.role, ada.external_id, nia.role) == ("student", "S1", "teacher")
        deeds = list(AuditEntry.objects.order_by("pk").values_list("deed", flat=True))
    assert deeds[-1] == Deed.PEOPLE_IMPORTED
    assert sorted(letter.to[0] for letter in mail.outbox) == ["ada@demo.test", "nia@demo.test"]


def test_sending_it_twice_imports_it_once(admin: Person, tenant: Tenant) -> None:
    admin.post(PAGE, {"text": GOOD, "do": "import"})
    there = people(tenant)
    text = admin.post(PAGE, {"text": GOOD, "do": "import"}).content.decode()
    assert "2 stay as they are" in text
    assert people(tenant) == there
    assert mail.outbox == []


def test_every_bad_line_says_what_is_wrong_with_it(
    admin: Person, owner: Person, student: Person, classmate: Person
) -> None:
    with tenant_scope(classmate.member.tenant):
        Membership.objects.filter(pk=classmate.member.pk).update(external_id="C-9")
    lines = [
        "name,email,role,external_id",
        "Ada Park,,student,",
        "Bob Brown,bob at demo,student,",
        ",cy@demo.test,,",
        "Dee,dee@demo.test,headmistress,",
        "Eve,eve@demo.test,,",
        "",
        "Eve Again,EVE@demo.test,,",
        "Fay,fay@demo.test,,F1",
        "Gil,gil@demo.test,,F1",
        "Hal,hal@demo.test,,C-9",
        "Ian,ian@demo.test,owner,",
        f"Olaf,{owner.member.user.email},student,",
        "Jo,jo@demo.test,student,,extra",
        f"Sue Student,{student.member.user.email},teacher,",
    ]
    found = problems("\n".join(lines), admin)
    assert found == {
        2: "The email is missing.",
        3: "“bob at demo” is no email.",
        4: "The name is missing.",
        5: "“headmistress” is no role. Write student, teacher or admin.",
        6: "This email is twice in the file.",
        8: "This email is twice in the file.",
        9: "This external id is twice in the file.",
        10: "This external id is twice in the file.",
        11: "Somebody else of the school has this external id.",
        12: "Owners are added and changed by owners alone.",
        13: "Owners are added and changed by owners alone.",
        14: "It has more cells than the first line: is there a comma in a name?",
    }


def test_who_is_here_is_changed_and_empty_cells_leave_them_as_they_are(
    admin: Person, student: Person, tenant: Tenant
) -> None:
    User.objects.filter(pk=student.member.user.pk).update(last_login=None)
    text = f"email,name,role,external_id\n{student.member.user.email},Susan Student,teacher,\n"
    (line,) = plan_of(text, admin).changed
    assert line.changes == {"role": "teacher", "name": "Susan Student"}
    User.objects.filter(pk=student.member.user.pk).update(last_login="2026-11-01T00:00Z")
    (line,) = plan_of(text, admin).changed  # they have signed in: their name is theirs
    assert line.changes == {"role": "teacher"}
    assert not plan_of(f"email,name\n{student.member.user.email},Sue Student\n", admin).changed


def test_bad_lines_are_left_out_and_can_be_mended_or_skipped_in_place(admin: Person, tenant: Tenant) -> None:
    text = GOOD + "Bob,bob at demo,student,\nCy,,student,\n"
    page = choose(admin, text).content.decode()
    assert "2 lines have problems" in page
    assert 'name="line-4"' in page
    mended = {"text": text, "do": "check", "line-4": "Bob,bob@demo.test,student,", "skip-5": "on"}
    page = admin.post(PAGE, mended).content.decode()
    assert "<b>3 new</b>" in page
    assert "0 lines have problems" in page
    answer = admin.post(PAGE, {"text": text, "do": "import"})
    assert answer.url.endswith("?new=2&changed=0&left_out=2")
    assert "bob@demo.test" not in people(tenant)


def test_the_problems_come_as_a_file_that_no_spreadsheet_runs(admin: Person) -> None:
    text = "name,email\n=1+1,x\n"
    answer = admin.post(PAGE, {"text": text, "do": "report"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    body = answer.content.decode("utf-8-sig")
    assert body.splitlines()[0] == "line,problem,what stands there"
    assert "'=1+1" in body


def test_somebody_with_an_account_elsewhere_keeps_it_and_signs_in_with_it(
    admin: Person, outsider: Person, tenant: Tenant
) -> None:
    text = f"name,email\nSomebody Else,{outsider.member.user.email}\n"
    admin.post(PAGE, {"text": text, "do": "import", "invites": "on"})
    outsider.member.user.refresh_from_db()
    assert outsider.member.user.name == "Otto Outsider"
    (letter,) = mail.outbox
    assert "the password you have already" in letter.body


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_any_spreadsheets_delimiter_names_in_two_columns_and_a_mark_at_the_start(
    admin: Person, sign: str
) -> None:
    text = decoded(b"\xef\xbb\xbf" + f"Vorname{sign}Nachname{sign}E-Mail{sign}Rolle\n".encode()) + sign.join(
        ["Zoë", "Müller", "Zoe@Demo.test", "Student"]
    )
    (line,) = plan_of(text, admin).new
    assert (line.name, line.email, line.role) == ("Zoë Müller", "zoe@demo.test", "student")


def test_letters_of_an_old_windows_file_are_read() -> None:
    assert decoded("Zoë".encode("cp1252")) == "Zoë"


@pytest.mark.parametrize(
    "sent", [{"text": GOOD.replace("Park", "P\0rk")}, {"text": GOOD, "line-2": "A\0,a@b.test"}]
)
def test_what_no_database_keeps_is_refused_in_the_second_step_too(
    admin: Person, tenant: Tenant, sent: dict[str, str]
) -> None:
    before = people(tenant)
    assert "no CSV file" in admin.post(PAGE, sent | {"do": "import"}).content.decode()
    assert people(tenant) == before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "The file is empty|It is empty"),
        (b"PK\x03\x04\0\0", "no CSV file"),
        (b"Ada,Park\nx,y\n", "has to name the columns"),
        (b"name,email\n", "nobody in this file"),
        (b"name,email\n" + b"A,a@b.test\n" * 2001, "more than 2000 lines"),
        (b"x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_file_that_is_none_says_what_to_do(admin: Person, body: bytes, said: str) -> None:
    text = choose(admin, body).content.decode()
    assert any(each in text for each in said.split("|")), text[-3000:]


def test_a_file_of_thousands_is_checked_with_few_queries(
    admin: Person, django_assert_max_num_queries: Any
) -> None:
    text = "name,email,external_id\n" + "".join(f"P{n},p{n}@demo.test,X{n}\n" for n in range(2000))
    with django_assert_max_num_queries(4):
        assert len(plan_of(text, admin).new) == 2000


def test_only_those_who_run_the_school_import(
    teacher: Person, student: Person, outsider: Person, tenant: Tenant
) -> None:
    for person in (teacher, student):
        assert choose(person, GOOD).status_code == 404
    assert outsider.post(PAGE, {"text": GOOD, "do": "import"}, HTTP_HOST="demo.localhost").status_code == 302
    assert "ada@demo.test" not in people(tenant)


def test_broken_quotation_marks_are_told() -> None:
    with pytest.raises(Unreadable):
        read(rows_of('name,email\n"Ada,ada@demo.test\n'))
