"""Django admin: operators only, on the base domain only, every school in view."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Membership, User
from classrooms.models import ClassSession, Course, Enrolment
from tenants.models import Domain, Tenant
from tenants.scope import every_tenant, tenant_scope
from tests.conftest import MakePerson, MakeSession, Person
from tests.web.test_sign_in import MOST_FAILURES

LISTS = [
    "/admin/tenants/tenant/",
    "/admin/accounts/user/",
    "/admin/accounts/membership/",
    "/admin/classrooms/course/",
    "/admin/classrooms/enrolment/",
    "/admin/classrooms/classsession/",
]
MODELS = [Tenant, User, Membership, Course, Enrolment, ClassSession]
BASE = {"HTTP_HOST": "localhost"}


@pytest.fixture
def operator(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("operator@aula.test", "correct horse", name="Op"))
    return browser


def rows(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_operators_see_schools_and_people_and_no_machinery(operator: Client) -> None:
    text = rows(operator.get("/admin/", **BASE))
    assert text.index("/admin/tenants/tenant/") < text.index("/admin/accounts/user/"), "schools come first"
    assert "Task" not in text
    assert 'rel="icon"' in text


def test_only_operators_sign_in_on_the_base_domain(teacher: Person, operator: Client) -> None:
    operator.logout()
    for email, status in (("tom@demo.test", 200), ("operator@aula.test", 302)):
        form = {"username": email, "password": "correct horse"}
        assert operator.post("/sign-in/?next=/admin/", form, **BASE).status_code == status


def test_guessing_an_operators_password_is_paused(operator: Client) -> None:
    operator.logout()
    form = {"username": "operator@aula.test", "password": "wrong horse"}
    for _ in range(MOST_FAILURES):
        assert operator.post("/sign-in/", form, **BASE).status_code == 200
    assert operator.post("/sign-in/", form | {"password": "correct horse"}, **BASE).status_code == 429


@pytest.mark.parametrize("path", ["/admin/", *LISTS])
def test_on_a_schools_host_an_operator_is_a_stranger(operator: Client, tenant: Tenant, path: str) -> None:
    answer = operator.get(path, HTTP_HOST="demo.localhost")
    assert answer.url.partition("?")[0] == "/sign-in/"


@pytest.mark.parametrize("path", ["/admin/", *LISTS])
def test_who_is_no_operator_is_asked_to_sign_in(teacher: Person, path: str) -> None:
    assert teacher.get(path, **BASE).url.startswith("/admin/login/")


@pytest.mark.parametrize("path", LISTS)
def test_every_list_opens_searches_and_names_its_columns(
    operator: Client, session: ClassSession, path: str
) -> None:
    for query in ("", "?q=bio", "?q=tom"):
        assert operator.get(path + query, **BASE).status_code == 200


@pytest.mark.parametrize("path", LISTS[2:])
def test_rows_of_every_school_are_listed_with_the_school(
    operator: Client, session: ClassSession, outsider: Person, path: str
) -> None:
    with tenant_scope(outsider.member.tenant):
        course = Course.objects.create(title="Physics")
        course.enrolments.create(membership=outsider.member, role="teacher")
        begin, end = session.starts_at, session.ends_at
        course.sessions.create(title="Optics", teacher=outsider.member, starts_at=begin, ends_at=end)
    text = rows(operator.get(path, **BASE))
    assert text.count("Northfield College") > 1
    assert text.count("Southgate School") > 1
    filtered = rows(operator.get(f"{path}?tenant__id__exact={outsider.member.tenant_id}", **BASE))
    assert filtered.count("Southgate School") > 1
    assert ">Northfield College</td>" not in filtered


def test_the_number_of_queries_does_not_grow_with_rows(
    operator: Client,
    tenant: Tenant,
    person: MakePerson,
    make_session: MakeSession,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for n in range(8):
        someone = person(tenant, "student", f"Student{n} Name", signed_in=False)
        session = make_session(f"Class {n}")
        with tenant_scope(tenant):
            session.course.enrolments.create(membership=someone.member)
    for path in LISTS:
        with django_assert_max_num_queries(12):
            operator.get(path, **BASE)


@pytest.mark.parametrize("path", LISTS)
def test_every_add_page_and_change_page_opens(operator: Client, session: ClassSession, path: str) -> None:
    assert operator.get(f"{path}add/", **BASE).status_code == 200
    model = next(each for each in MODELS if each._meta.model_name == path.split("/")[3])
    with every_tenant():
        pk = model.objects.first().pk
    assert operator.get(f"{path}{pk}/change/", **BASE).status_code == 200


def test_an_operator_opens_a_school_with_its_own_domain(operator: Client) -> None:
    form = {
        "name": "Westgate",
        "slug": "westgate",
        "time_zone": "Europe/Paris",
        "language": "en",
        "owner_name": "Wanda West",
        "owner_email": "wanda@west.test",
        "domains-TOTAL_FORMS": "1",
        "domains-INITIAL_FORMS": "0",
        "domains-0-host": "Live.Westgate.test",
    }
    assert operator.post("/admin/tenants/tenant/add/", form, **BASE).status_code == 302
    assert Domain.objects.get().host == "live.westgate.test"


@pytest.mark.parametrize(
    "host", ["demo.localhost", "localhost", "https://x.test", "x.test:80", "no spaces.test"]
)
def test_a_domain_that_cannot_work_is_refused(operator: Client, tenant: Tenant, host: str) -> None:
    form = {
        "name": "Northfield College",
        "time_zone": "UTC",
        "language": "en",
        "domains-TOTAL_FORMS": "1",
        "domains-INITIAL_FORMS": "0",
        "domains-0-host": host,
    }
    assert operator.post(f"/admin/tenants/tenant/{tenant.pk}/change/", form, **BASE).status_code == 200
    assert not Domain.objects.exists()


def test_an_operator_enrols_people_of_the_courses_own_school_only(
    operator: Client, course: Course, classmate: Person, outsider: Person
) -> None:
    path = f"/admin/classrooms/course/{course.pk}/change/"

    def enrol(person: Person) -> HttpResponse:
        form = {
            "title": course.title,
            "enrolments-TOTAL_FORMS": "1",
            "enrolments-INITIAL_FORMS": "0",
            "enrolments-0-membership": person.member.pk,
            "enrolments-0-role": "student",
        }
        return operator.post(path, form, **BASE)

    assert enrol(outsider).status_code == 200
    assert enrol(classmate).status_code == 302
    with every_tenant():
        found = Enrolment.objects.get(membership=classmate.member)
        assert found.tenant == course.tenant
        assert not Enrolment.objects.filter(membership=outsider.member).exists()


def test_a_place_in_a_school_cannot_be_moved_to_another(
    operator: Client, student: Person, other_tenant: Tenant
) -> None:
    user = student.member.user
    form = {
        "email": user.email,
        "name": user.name,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "1",
        "memberships-0-id": student.member.pk,
        "memberships-0-user": user.pk,
        "memberships-0-tenant": other_tenant.pk,
        "memberships-0-role": "teacher",
        "memberships-0-is_active": "on",
    }
    answer = operator.post(f"/admin/accounts/user/{user.pk}/change/", form, **BASE)
    assert answer.status_code == 302, answer.content
    with every_tenant():
        place = Membership.objects.get(user=user)
    assert (place.tenant, place.role) == (student.member.tenant, "teacher")


def test_a_row_that_mixes_two_schools_is_refused(operator: Client, course: Course, outsider: Person) -> None:
    form = {
        "tenant": course.tenant_id,
        "course": course.pk,
        "membership": outsider.member.pk,
        "role": "student",
    }
    answer = operator.post("/admin/classrooms/enrolment/add/", form, **BASE)
    assert b"These belong to different schools" in answer.content


def test_a_new_account_needs_an_email_nobody_has(operator: Client, teacher: Person) -> None:
    form = {
        "email": "TOM@demo.test",
        "name": "Tom Twin",
        "usable_password": "true",
        "password1": "a far better horse",
        "password2": "a far better horse",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    assert operator.post("/admin/accounts/user/add/", form, **BASE).status_code == 200
    new = form | {"email": "New@demo.test"}
    assert operator.post("/admin/accounts/user/add/", new, **BASE).status_code == 302
    assert User.objects.filter(email="new@demo.test").exists()
