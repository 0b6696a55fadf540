"""Sizes of files are written alike on pages and in the room (tests/js/unit/files.js has the same table)."""

from __future__ import annotations

import pytest
from django.utils import translation

from classrooms.sizes import size_words
from tests.web.test_materials import files, upload  # noqa: F401


@pytest.mark.parametrize(
    ("bytes", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (4_240, "4.2 kB"),
        (12_500, "13 kB"),
        (31_000, "31 kB"),
        (999_400_000, "999 MB"),
        (1_500_000_000, "1.5 GB"),
    ],
)
def test_sizes_are_told_in_the_units_people_know(bytes, words):
    assert size_words(bytes) == f"\u2068{words}\u2069"


def test_sizes_are_told_as_the_language_writes_numbers():
    with translation.override("de"):
        assert "4,2 kB" in size_words(4_240)


def test_the_page_of_a_class_tells_the_size_of_its_files(session, teacher, student):
    upload(teacher, session, content=b"x" * 23_200)
    for page in (session.get_absolute_url(), f"/courses/{session.course.public_id}/materials/"):
        assert size_words(23_200) in student.get(page).content.decode()
