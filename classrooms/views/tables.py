"""What pages with tables have in common: an order that is asked for, and the same as a file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpResponse
from django.utils.text import slugify

from classrooms.tables import plain

Row = TypeVar("Row")
Key = Callable[[Row], Any]


@dataclass(frozen=True)
class Order:
    """By which column; downwards if it `falls`; somebody `asked` for it."""

    name: str
    falls: bool = False
    asked: bool = False


def asked_order(asked: str, names: Iterable[str], usual: str) -> Order:
    """What `?sort=` says ("late", "-late"); `usual` for anything else."""
    name = asked.removeprefix("-")
    return Order(name, asked.startswith("-"), True) if name in names else Order(usual)


def ordered(rows: Iterable[Row], keys: Mapping[str, Key[Row]], order: Order) -> list[Row]:
    """Rows whose key is None have nothing to sort by: last in both directions. Equal ones stay in order."""
    key = keys[order.name]
    found = list(rows)
    known = sorted((row for row in found if key(row) is not None), key=key, reverse=order.falls)
    return [*known, *(row for row in found if key(row) is None)]


def csv_answer(title: str, head: Sequence[str], lines: Iterable[Sequence[object]]) -> HttpResponse:
    """A table for spreadsheets (RFC 4180): text is never taken for a formula."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slugify(title) or "attendance"}.csv"'
    answer.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # without it Excel takes UTF-8 for Latin-1
    writer = csv.writer(answer)
    for line in (head, *lines):
        writer.writerow([plain(cell) if isinstance(cell, str) else cell for cell in line])
    return answer
