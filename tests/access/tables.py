"""Who is answered what: the tables beside this file, one line for an address and a method.

A cell is a status, or `in`: sent to a sign-in page. `school.txt`: at a school's address; the outsider, who
owns another school, asks at her own, with this one's ids; the operator has a cookie of the platform.
`operators.txt`: at the platform's address, everybody with their own cookies.
"""

from __future__ import annotations

from pathlib import Path

WHO = ("operator", "owner", "admin", "teacher", "student", "visitor", "guest", "stranger", "outsider")
Line = tuple[str, str]  # address, method
Cells = dict[str, str]


def read(name: str) -> dict[Line, Cells]:
    head, *lines = (Path(__file__).parent / f"{name}.txt").read_text().splitlines()
    assert head.split() == ["address", "method", *WHO]
    table: dict[Line, Cells] = {}
    for line in lines:
        address, method, *cells = line.split()
        key = (address.removeprefix("/"), method)
        assert key not in table, f"{key} is declared twice"
        table[key] = dict(zip(WHO, cells, strict=True))
    return table


def written(line: Line, cells: Cells) -> str:
    """As it stands in the file."""
    return f"{line[0] or '/':70}{line[1]:8}" + "".join(f"{cells[who]:10}" for who in WHO).rstrip()


def changed(declared: dict[Line, Cells], found: dict[Line, Cells]) -> str:
    """Lines that are not as declared, as they would have to stand in the file."""
    wrong = [line for line in found if declared.get(line) != found[line]]
    return "\n".join(f"\n- {written(line, declared[line])}\n+ {written(line, found[line])}" for line in wrong)
