"""What people read of `manage.py run`, on a terminal that may be paused."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from aula.terminal import Terminal

PATIENCE = 20  # seconds
PIPE = 65_536  # octets that a pipe takes before its writer waits


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reads, writes = os.pipe()
    yield reads, writes
    os.close(reads)
    os.close(writes)


def test_lines_come_in_their_order(pipe: tuple[int, int]) -> None:
    terminal = Terminal(pipe[1])
    for number in range(3):
        terminal.write(f"line {number} ü")
    terminal.close(PATIENCE)
    assert os.read(pipe[0], PIPE).decode() == "line 0 ü\nline 1 ü\nline 2 ü\n"


def test_a_paused_terminal_holds_up_nobody_and_says_how_much_was_left_out(pipe: tuple[int, int]) -> None:
    terminal = Terminal(pipe[1], most=4)
    for _ in range(50):
        terminal.write("x" * PIPE)  # returns although nobody reads
    read = b""
    while b"left out here)\nlast\n" not in read:
        read = (read + os.read(pipe[0], PIPE))[-200:]
        if terminal._waiting.empty():
            terminal.write("last")
    terminal.close(PATIENCE)
