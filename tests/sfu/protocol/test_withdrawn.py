"""Tokens that were withdrawn: to the millisecond, and across the end of the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from signaling.sfu import withdrawn
from signaling.sfu.auth import Claims, Grants
from signaling.sfu.refusals import BadToken
from signaling.sfu.withdrawn import EVERYBODY, Withdrawn

NOON = 1_800_000_000.0


def claims(issued: float, identity: str = "student", room: str = "demo.biology") -> Claims:
    return Claims("aula", identity, Grants(room=room, room_join=True), NOON + 600, issued)


Open = Callable[[Path], Withdrawn]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Open a file; all are closed in the end."""
    everything: list[Withdrawn] = []

    def open_(path: Path) -> Withdrawn:
        everything.append(Withdrawn(path))
        return everything[-1]

    yield open_
    for tokens in everything:
        tokens.close()


def is_refused(tokens: Withdrawn, token: Claims) -> bool:
    try:
        tokens.check(token)
    except BadToken:
        return True
    return False


@pytest.mark.parametrize(
    ("issued", "refused"),
    [
        (NOON - 60, True),
        (NOON, True),  # in whole seconds: perhaps made before, perhaps after
        (NOON + 0.699, True),
        (NOON + 0.7, False),
        (NOON + 1, False),
        (0.0, True),  # says nothing of when it was made
    ],
)
def test_what_was_made_before_the_removal_is_refused(issued: float, refused: bool) -> None:
    tokens = Withdrawn()
    tokens.add("demo.biology", "student", NOON + 0.7)
    assert is_refused(tokens, claims(issued)) == refused


def test_nobody_else_is_refused() -> None:
    tokens = Withdrawn()
    tokens.add("demo.biology", "student", NOON)
    assert not is_refused(tokens, claims(NOON - 60, identity="teacher"))
    assert not is_refused(tokens, claims(NOON - 60, room="demo.chemistry"))


def test_an_older_withdrawal_does_not_undo_a_newer_one() -> None:
    tokens = Withdrawn()
    tokens.add("demo.biology", "student", NOON)
    tokens.add("demo.biology", "student", NOON - 100)
    assert is_refused(tokens, claims(NOON - 1))


def test_it_is_remembered_across_the_end_of_the_process(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "new" / "withdrawn.jsonl"
    first = opened(path)
    first.add("demo.biology", "student", NOON)
    first.add("demo.chemistry", EVERYBODY, NOON)
    with path.open("a") as file:
        file.write('not json\n["demo.biology", "teach')  # the process was killed in the middle of a line
    second = opened(path)
    for tokens in (second, opened(path)):
        assert is_refused(tokens, claims(NOON - 1))
        assert is_refused(tokens, claims(NOON - 1, identity="teacher", room="demo.chemistry"))
        assert not is_refused(tokens, claims(NOON - 1, identity="teacher"))


def test_the_file_does_not_grow_without_end(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawn, "MOST", 10)
    path = tmp_path / "withdrawn.jsonl"
    tokens = opened(path)
    for number in range(100):
        tokens.add("demo.biology", f"student-{number}", NOON)
        assert len(path.read_text().splitlines()) <= 20
    assert is_refused(tokens, claims(NOON - 1, identity="student-99"))
    assert not is_refused(tokens, claims(NOON - 1, identity="student-5"))
    assert is_refused(opened(path), claims(NOON - 1, identity="student-99"))


def test_a_place_that_cannot_be_written_is_said_and_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    tokens = Withdrawn(tmp_path / "file" / "withdrawn.jsonl")
    tokens.add("demo.biology", "student", NOON)
    assert is_refused(tokens, claims(NOON - 1))
    assert "cannot be kept" in caplog.text
