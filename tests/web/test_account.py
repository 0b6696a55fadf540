"""One's own name and time zone."""

import pytest

from accounts.names import initials
from tests.conftest import Person


def test_the_menu_of_every_page_leads_to_the_keys_of_class_and_player(student: Person) -> None:
    assert 'href="/keyboard/"' in student.get("/").content.decode()
    page = student.get("/keyboard/").content.decode()
    assert "Keyboard help" in page
    assert "js/keyboard/main" in page


def test_a_name_and_a_time_zone_are_saved(student: Person) -> None:
    assert student.post("/account/", {"name": "Susan", "time_zone": "Asia/Tokyo"}).url == "/account/"
    student.member.user.refresh_from_db()
    assert (student.member.user.name, student.member.user.time_zone) == ("Susan", "Asia/Tokyo")


def test_no_zone_of_ones_own_means_the_schools(student: Person) -> None:
    student.post("/account/", {"name": "Sue", "time_zone": ""})
    student.member.user.refresh_from_db()
    assert student.member.zone.key == "Europe/Berlin"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": " ", "time_zone": ""}, "name"),
        ({"name": "x" * 81, "time_zone": ""}, "name"),
        ({"name": "Sue", "time_zone": "Mars/Base"}, "time_zone"),
    ],
)
def test_bad_input_is_named_and_nothing_is_saved(student: Person, form: dict[str, str], field: str) -> None:
    answer = student.post("/account/", form)
    assert list(answer.context["form"].errors) == [field]
    student.member.user.refresh_from_db()
    assert student.member.user.name == "Sue Student"


def test_rights_cannot_be_slipped_in(student: Person) -> None:
    student.post("/account/", {"name": "Sue", "time_zone": "", "is_staff": "on", "email": "admin@demo.test"})
    student.member.user.refresh_from_db()
    assert (student.member.user.is_staff, student.member.user.email) == (False, "sue@demo.test")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("Ash", "AS"),
        ("Q", "Q"),
        ("Mary Jane van Dyke", "MD"),
        ("  ", "?"),
        ("Zoe\u0308", "ZO"),
        ("E\u0301lodie Petit", "E\u0301P"),
        ("नेहा शर्मा", "नेश"),
        ("👩‍🚀 Mae", "👩‍🚀M"),
    ],
)
def test_initials_keep_letters_whole(name: str, letters: str) -> None:
    assert initials(name) == letters
